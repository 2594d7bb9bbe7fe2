import Foundation
import Testing

@testable import Web

@Suite struct APITokenTests {
    private static func form(_ fields: [(String, String)]) -> [UInt8] {
        Array(fields.map { "\($0)=\(Redirect.percentEncoded($1))" }.joined(separator: "&").utf8)
    }

    private static let type = ["Content-Type": "application/x-www-form-urlencoded"]

    private static func basic(_ id: String, _ secret: String) -> [String: String] {
        type.merging(["Authorization": "Basic " + Data("\(id):\(secret)".utf8).base64EncodedString()]) { old, _ in old }
    }

    @Test func `a client's id and secret get a bearer token, in the form or by Basic`() async throws {
        try await TestSite.run { site in
            let program = try await site.program(of: "med-a")
            let inForm = try await site.send(
                .post,
                "/oauth/token",
                Self.type,
                body: Self.form([
                    ("grant_type", "client_credentials"), ("client_id", program.id),
                    ("client_secret", program.secret),
                ])
            )
            let byBasic = try await site.send(
                .post,
                "/oauth/token",
                Self.basic(program.id, program.secret),
                body: Self.form([("grant_type", "client_credentials")])
            )
            for answer in [inForm, byBasic] {
                #expect(answer.status == 200)
                #expect(answer.header("Cache-Control") == "no-store")
                #expect(answer.json["token_type"] == "Bearer")
                #expect(answer.json["expires_in"] == 3600)
                let token = try #require(answer.json["access_token"]?.text)
                let list = try await site.send(.get, "/api/v1/cases", ["Authorization": "bearer \(token)"])
                #expect(list.status == 200)
            }
        }
    }

    @Test func `an unknown client and a wrong secret answer the same`() async throws {
        try await TestSite.run { site in
            let program = try await site.program(of: "med-a")
            var answers: [String] = []
            for (id, secret) in [(program.id, "wrong"), ("client-unknown", program.secret), ("client-unknown", "x")] {
                let answer = try await site.send(
                    .post,
                    "/oauth/token",
                    Self.basic(id, secret),
                    body: Self.form([("grant_type", "client_credentials")])
                )
                #expect(answer.status == 401)
                #expect(answer.json["error"] == "invalid_client")
                #expect(answer.header("WWW-Authenticate")?.hasPrefix("Basic") == true)
                answers.append(answer.text)
            }
            #expect(Set(answers).count == 1)
        }
    }

    @Test(arguments: [
        ("grant_type=client_credentials", 401, "invalid_client"), ("", 400, "invalid_request"),
        ("grant_type=", 400, "invalid_request"), ("client_id=a&client_secret=b", 400, "invalid_request"),
        ("grant_type=password&username=a", 400, "unsupported_grant_type"),
        ("grant_type=client_credentials&client_id=a&client_id=a&client_secret=b", 400, "invalid_request"),
        ("grant_type=client_credentials&client_id=%FF&client_secret=b", 400, "invalid_request"),
        ("grant_type=client_credentials&client_id=a", 401, "invalid_client"),
    ])
    func `a request that isn't one says which way`(body: String, status: Int, error: String) async throws {
        try await TestSite.run { site in
            let answer = try await site.send(.post, "/oauth/token", Self.type, body: Array(body.utf8))
            #expect(answer.status == status)
            #expect(answer.json["error"]?.text == error)
        }
    }

    @Test func `two ways at once, broken Basic, JSON and a large body are refused`() async throws {
        try await TestSite.run { site in
            let body = Self.form([("grant_type", "client_credentials"), ("client_secret", "b")])
            #expect(try await site.send(.post, "/oauth/token", Self.basic("a", "b"), body: body).status == 400)
            let grant = Self.form([("grant_type", "client_credentials")])
            for header in ["Basic", "Basic !!!", "Basic YQ==", "Bearer x", "Basic /////w=="] {
                let headers = Self.type.merging(["Authorization": header]) { old, _ in old }
                #expect(try await site.send(.post, "/oauth/token", headers, body: grant).status == 401)
            }
            let json = try await site.send(
                .post,
                "/oauth/token",
                ["Content-Type": "application/json"],
                body: Array("{}".utf8)
            )
            #expect(json.status == 400)
            let large = [UInt8](repeating: UInt8(ascii: "a"), count: 20_000)
            #expect(try await site.send(.post, "/oauth/token", Self.type, body: large).status == 413)
        }
    }
}
