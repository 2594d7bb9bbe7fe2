import Casework
import FoundationEssentials
import HTTPTypes
import Hummingbird

/// `POST /oauth/token`: a client's id and secret for a bearer token (RFC 6749, 4.4).
enum TokenCall {
    /// What the standard answers instead of a token.
    struct Failure: Error {
        let error: String
        let description: String
        var status: HTTPResponse.Status = .badRequest
        var headers: HTTPFields = [:]

        static let client = Failure(
            error: "invalid_client",
            description: "client_id or client_secret is wrong",
            status: .unauthorized,
            headers: [.wwwAuthenticate: #"Basic realm="hersys", charset="UTF-8""#]
        )

        static func request(_ description: String) -> Failure {
            Failure(error: "invalid_request", description: description)
        }
    }

    @Sendable
    static func answer(_ request: Request, _ context: WebContext, _ site: Site) async throws -> Response {
        try await Problem.answering {
            do {
                let asked = try await credentials(request, context)
                let granted = try await site.casework.token(
                    client: asked.client,
                    secret: asked.secret,
                    readsOnly: !asked.writes,
                    certificate: await context.certificate?.thumbprint(),
                    address: context.address
                )
                guard let granted else { throw Failure.client }
                return response(.ok) { object in
                    object.member("access_token", granted.token)
                    object.member("token_type", "Bearer")
                    object.member("expires_in", granted.seconds)
                    object.member("scope", granted.writes ? "read write" : "read")
                }
            } catch let failure as Failure {
                var response = response(failure.status) { object in
                    object.member("error", failure.error)
                    object.member("error_description", failure.description)
                }
                for field in failure.headers { response.headers[field.name] = field.value }
                return response
            }
        }
    }

    private static func response(
        _ status: HTTPResponse.Status,
        _ body: (inout JSONWriter) -> Void
    ) -> Response {
        .api(JSONWriter.object(body), status: status, headers: [.cacheControl: "no-store"])
    }

    /// Who asks for what.
    private struct Asked {
        let client: String
        let secret: String
        /// Whether more than reading is asked for; without `scope` it is all that the client may do.
        let writes: Bool
    }

    /// What `scope` asks for (RFC 6749, 3.3).
    private static func writes(_ scope: String?) throws -> Bool {
        guard let scope else { return true }
        let words = Set(scope.split(separator: " "))
        guard !words.isEmpty, words.isSubset(of: ["read", "write"]) else {
            throw Failure(error: "invalid_scope", description: "scope takes read and write")
        }
        return words.contains("write")
    }

    /// The client's id and secret from the form or from HTTP Basic, never from both.
    private static func credentials(_ request: Request, _ context: WebContext) async throws -> Asked {
        guard request.mediaType == "application/x-www-form-urlencoded" else {
            throw Failure.request("the body has to be application/x-www-form-urlencoded")
        }
        let form: FormData
        do {
            form = try FormData.parse(try await request.bytes(upTo: 1 << 14))
        } catch PageFailure.badEncoding {
            throw Failure.request("the body isn't UTF-8")
        }
        for name in ["grant_type", "client_id", "client_secret", "scope"] where form.all(name).count > 1 {
            throw Failure.request("\(name) comes more than once")
        }
        guard let grant = form["grant_type"], !grant.isEmpty else { throw Failure.request("grant_type is missing") }
        guard grant == "client_credentials" else {
            throw Failure(error: "unsupported_grant_type", description: "only client_credentials is granted")
        }
        let writes = try writes(form["scope"])
        if let header = request.headers[.authorization] {
            guard form["client_secret"] == nil else { throw Failure.request("two ways of authentication") }
            guard let pair = try basic(header), form["client_id"] == nil || form["client_id"] == pair.client else {
                throw Failure.client
            }
            return Asked(client: pair.client, secret: pair.secret, writes: writes)
        }
        guard let client = form["client_id"], let secret = form["client_secret"], !client.isEmpty, !secret.isEmpty
        else { throw Failure.client }
        return Asked(client: client, secret: secret, writes: writes)
    }

    /// Both halves are form-encoded before they are joined (RFC 6749, 2.3.1).
    private static func basic(_ header: String) throws -> (client: String, secret: String)? {
        guard header.lowercased().hasPrefix("basic "), header.utf8.count <= 4096,
            let data = Data(base64Encoded: String(header.dropFirst(6)))
        else { return nil }
        let parts = Array(data).split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let client = try? decoded(parts[0]), let secret = try? decoded(parts[1]) else {
            return nil
        }
        return (client, secret)
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) throws -> String? {
        // A name that stands before an equals sign can hold none itself.
        guard !bytes.contains(UInt8(ascii: "&")) else { return nil }
        return try FormData.parse(Array("v=".utf8) + bytes)["v"]
    }
}
