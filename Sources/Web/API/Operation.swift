import Casework
import Catalogue
import HTTPTypes
import Hummingbird

/// One call with what the description says of it: the address and its documentation can't drift apart.
struct Operation: Sendable {
    /// A parameter of the address or a header.
    struct Parameter: Sendable {
        let name: String
        /// `path`, `query` or `header`.
        let place: String
        let schema: JSON
        let description: String
        var isRequired = false
    }

    /// What a call can be answered with.
    struct Answer: Sendable {
        let status: Int
        let description: String
        /// The schema of the body; nil for none.
        var schema: String?
        var type = "application/json"
        /// Headers by name with their descriptions.
        var headers: [(name: String, description: String)] = []
    }

    let route: Route
    /// Name for generated clients.
    let id: String
    /// What it does, in a few words.
    let summary: Wording
    let description: String
    var parameters: [Parameter] = []
    /// Schema of the body and its media type.
    var body: (schema: String, type: String)?
    /// An example of the body by name.
    var example: String?
    let answers: [Answer]
}

extension Operation.Answer {
    /// A refusal.
    static func problem(_ status: Int, _ description: String, headers: [(String, String)] = []) -> Self {
        Self(
            status: status,
            description: description,
            schema: "Problem",
            type: "application/problem+json",
            headers: headers.map { (name: $0.0, description: $0.1) }
        )
    }

    /// The case, with its version.
    static func theCase(_ status: Int = 200, _ description: String) -> Self {
        Self(
            status: status,
            description: description,
            schema: "Case",
            headers: [(name: "ETag", description: "The version of the case, for If-Match and If-None-Match.")]
        )
    }

    /// What every call can come to.
    static let always: [Self] = [
        .problem(429, "Too many requests.", headers: [("Retry-After", "Seconds to wait.")]),
        .problem(500, "The server failed."),
        .problem(503, "The database can't be reached or is full.", headers: [("Retry-After", "Seconds to wait.")]),
    ]

    /// What every call with a token can come to.
    static let authorized: [Self] =
        [.problem(401, "No valid bearer token.", headers: [("WWW-Authenticate", "Bearer.")])] + always

    /// What every call about one case can come to.
    static let aboutCase: [Self] =
        [.problem(404, "There is no such case for this client: it doesn't exist or the client is no party of it.")]
        + authorized

    /// What every call with a JSON body can come to.
    static let withBody: [Self] = [
        .problem(400, "Not JSON, not UTF-8, or a malformed header."),
        .problem(413, "The body is larger than 1 MiB."),
        .problem(415, "The body isn't application/json."),
        .problem(
            422,
            "What was sent can't be accepted: `errors` names each item, with severity `warning` for what is only "
                + "unlikely and can be sent again with `keep_warnings`."
        ),
    ]

    static let forbidden: Self = .problem(403, "The client sees the case but may not do this.")
}

extension Operation.Parameter {
    static let caseID = Self(
        name: "id",
        place: "path",
        schema: ["type": "string", "pattern": "^[0-9]{12}$"],
        description: "HER-SYS ID, twelve digits.",
        isRequired: true
    )

    static let ifNoneMatch = Self(
        name: "If-None-Match",
        place: "header",
        schema: ["type": "string"],
        description: "ETag of the version that the client has."
    )

    static let ifMatch = Self(
        name: "If-Match",
        place: "header",
        schema: ["type": "string", "pattern": #"^"[1-9][0-9]{0,8}"$"#],
        description: "ETag of the version that the change starts from. Changes of others to other items stand.",
        isRequired: true
    )

    static let repeatKey = Self(
        name: "Idempotency-Key",
        place: "header",
        schema: ["type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"],
        description: "A key of the client's choice: the same key with the same body makes one case."
    )
}
