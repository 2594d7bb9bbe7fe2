import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird

// Every call of the API with its documentation.

extension Operation {
    static let token = Operation(
        route: .open(.post, "/oauth/token", TokenCall.answer),
        id: "token",
        summary: Wording("アクセストークンの取得", "Get a bearer token"),
        description: "Client credentials (RFC 6749, 4.4), in the form or by HTTP Basic.",
        body: ("TokenRequest", "application/x-www-form-urlencoded"),
        answers: [
            Answer(
                status: 200,
                description: "A bearer token.",
                schema: "Token",
                headers: [(name: "Cache-Control", description: "no-store")]
            ),
            Answer(
                status: 400,
                description: "invalid_request, unsupported_grant_type or invalid_scope.",
                schema: "TokenFailure"
            ),
            Answer(
                status: 401,
                description: "invalid_client.",
                schema: "TokenFailure",
                headers: [(name: "WWW-Authenticate", description: "Basic.")]
            ),
            .problem(413, "The body is larger than 16 KiB."),
        ] + Answer.always
    )

    static let createCase = Operation(
        route: .client(.post, "/api/v1/cases", CaseCalls.create),
        id: "createCase",
        summary: Wording("発生届の提出", "File a notification (発生届)"),
        description: "The health centre in charge sees it at once. Which items are required follows from the form's "
            + "version: see `x-hersys-forms`.",
        parameters: [.repeatKey],
        body: ("Notification", "application/json"),
        example: "notification",
        answers: [
            Answer(
                status: 201,
                description: "The case.",
                schema: "Case",
                headers: [
                    (name: "Location", description: "The case's address."),
                    (name: "ETag", description: "The version of the case."),
                ]
            ),
            .problem(403, "The organisation doesn't notify."),
        ] + Answer.withBody + Answer.authorized
    )

    static let listCases = Operation(
        route: .client(.get, "/api/v1/cases", CaseCalls.list),
        id: "listCases",
        summary: Wording("対象者の一覧・検索", "List and search cases"),
        description:
            "The cases of which the client's organisation is a party, as it may see them; the reading is logged. "
            + "A case that a health centre or hospital only follows up stands in lists alone that are neither narrowed nor "
            + "put in order by what it may not read there.",
        parameters: listParameters,
        answers: [
            Answer(status: 200, description: "One page.", schema: "CaseList"),
            .problem(400, "The query isn't UTF-8."),
            .problem(413, "The query is too long."),
            .problem(422, "A parameter is wrong, unknown or comes twice: `errors` names it."),
        ] + Answer.authorized
    )

    static let readCase = Operation(
        route: .client(.get, "/api/v1/cases/{id}", CaseCalls.read),
        id: "readCase",
        summary: Wording("対象者の閲覧", "Read a case"),
        description: "The case as the client may see it; the reading is logged.",
        parameters: [.caseID, .ifNoneMatch],
        answers: [
            .theCase(200, "The case."),
            Answer(
                status: 304,
                description: "The client has this version.",
                headers: [(name: "ETag", description: "The version of the case.")]
            ),
        ] + Answer.aboutCase
    )

    static let reviseCase = Operation(
        route: .client(.patch, "/api/v1/cases/{id}", CaseCalls.revise),
        id: "reviseCase",
        summary: Wording("対象者の変更", "Change a case"),
        description: "Items that aren't named stay as they are, `null` empties one. A test with `id` is changed, one "
            + "without is added. An item that the client may not see answers like one that doesn't exist.",
        parameters: [.caseID, .ifMatch],
        body: ("Revision", "application/json"),
        answers: [
            .theCase(200, "The case after the change."),
            .forbidden,
            .problem(409, "Others changed the same items meanwhile: `conflicts` holds the values."),
            .problem(412, "The case never had the version of If-Match."),
            .problem(428, "If-Match is missing."),
        ] + Answer.withBody + Answer.aboutCase
    )

    static let confirmCase = Operation(
        route: .client(.post, "/api/v1/cases/{id}/confirm", CaseCalls.confirm),
        id: "confirmCase",
        summary: Wording("保健所確認済にする", "Confirm a notification (保健所確認済)"),
        description: "By the health centre in charge.",
        parameters: [.caseID],
        answers: [.theCase(200, "The case, confirmed."), .forbidden] + Answer.aboutCase
    )

    static let returnCase = Operation(
        route: .client(.post, "/api/v1/cases/{id}/return", CaseCalls.sendBack),
        id: "returnCase",
        summary: Wording("発生届の差し戻し", "Send a notification back (差し戻し)"),
        description: "By the health centre in charge, with the reason.",
        parameters: [.caseID],
        body: ("Return", "application/json"),
        example: "return",
        answers: [.theCase(200, "The case, sent back."), .forbidden] + Answer.withBody + Answer.aboutCase
    )

    static let resubmitCase = Operation(
        route: .client(.post, "/api/v1/cases/{id}/resubmit", CaseCalls.resubmit),
        id: "resubmitCase",
        summary: Wording("発生届の再提出", "Hand a notification in again (再提出)"),
        description: "By the institution that it was sent back to.",
        parameters: [.caseID],
        answers: [.theCase(200, "The case, handed in."), .forbidden] + Answer.aboutCase
    )

    static let relateCase = Operation(
        route: .client(.post, "/api/v1/cases/{id}/related", CaseCalls.relate),
        id: "relateCase",
        summary: Wording("関係保健所の設定", "Set the related health centres (関係保健所)"),
        description: "By the health centre in charge: all of them, each sees the case at once.",
        parameters: [.caseID],
        body: ("Related", "application/json"),
        answers: [.theCase(200, "The case."), .forbidden] + Answer.withBody + Answer.aboutCase
    )

    static let caseHistory = Operation(
        route: .client(.get, "/api/v1/cases/{id}/history", CaseCalls.history),
        id: "caseHistory",
        summary: Wording("変更履歴の閲覧", "Read a case's history"),
        description: "Changes of items that the client may see, oldest first.",
        parameters: [.caseID],
        answers: [Answer(status: 200, description: "The history.", schema: "History")] + Answer.aboutCase
    )

    static let description = Operation(
        route: .open(.get, "/api/v1/openapi.json") { _, _, _ in .api(OpenAPI.bytes) },
        id: "description",
        summary: Wording("このAPIの記述（OpenAPI）", "This description"),
        description: "Derived from the catalogue of items.",
        answers: [Answer(status: 200, description: "OpenAPI 3.1.", schema: "Description")]
    )
}

extension Operation {
    private static let listParameters: [Parameter] = [
        query("q", ["type": "string", "maxLength": 200], "A name, kana, telephone, birth date or HER-SYS ID."),
        query(
            "status",
            ["$ref": "#/components/schemas/Code_status"],
            "Present status; nothing is found where the client may not see it."
        ),
        query("office", ["type": "string", "maxLength": 64], "Key of the health centre in charge."),
        query(
            "confirmed",
            ["type": "boolean"],
            "`true`: confirmed by the health centre; `false`: waiting for it. Not together with `intake`."
        ),
        query(
            "intake",
            ["type": "string", "enum": .list(Intake.allCases.map { .text($0.rawValue) })],
            "Where the notification stands."
        ),
        query(
            "updated_since",
            ["type": "string", "format": "date-time", "pattern": .text(OpenAPI.momentPattern)],
            "Only cases changed at or after this moment."
        ),
        query(
            "sort",
            ["type": "string", "enum": .list(sorts.map { .text($0) })],
            "Newest first, oldest first, latest change first, or by an item, with `-` the greatest first. Items that the "
                + "client may never see aren't accepted; by others than coded facts at most "
                + "\(ListSort.mostSealed) cases can be put in order (`too_many`)."
        ),
        query("limit", ["type": "integer", "minimum": 1, "maximum": 500, "default": 50], "Cases on a page."),
        query("cursor", ["type": "string", "pattern": "^[0-9]{12}$"], "`next` of the page before."),
    ]

    /// The names of all orders.
    private static let sorts =
        ["newest", "oldest", "updated", ListSort.person, "-\(ListSort.person)"]
        + Catalogue.items.filter { !$0.section.repeats }.flatMap { [$0.key, "-\($0.key)"] }

    private static func query(_ name: String, _ schema: JSON, _ description: String) -> Parameter {
        Parameter(name: name, place: "query", schema: schema, description: description)
    }
}
