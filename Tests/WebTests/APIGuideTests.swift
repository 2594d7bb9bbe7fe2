import Catalogue
import Foundation
import HTTPTypes
import Testing

@testable import Web

/// The page that explains the API.
@Suite struct APIGuideTests {
    @Test func `every call has a summary in every language, and stands on the page in both`() async throws {
        try await TestSite.run { site in
            let pages = [
                (Language.ja, try await site.send(.get, "/api").text),
                (.en, try await site.send(.get, "/api?lang=en").text),
            ]
            for operation in API.operations {
                #expect(
                    !operation.summary.ja.isEmpty && operation.summary.ja != operation.summary.en,
                    "\(operation.id)"
                )
                #expect(operation.summary.en.contains(/[A-Z][a-z]/), "\(operation.id)")
                #expect(operation.summary.ja.unicodeScalars.contains { $0.value > 0x3000 }, "\(operation.id)")
                for (language, text) in pages {
                    let row = "<code>\(operation.route.method.rawValue) \(operation.route.path)</code>"
                    let summary: HTML = "\(operation.summary[language])"
                    #expect(text.contains(row), "\(operation.id)")
                    #expect(text.contains(String(decoding: summary.bytes, as: UTF8.self)), "\(operation.id)")
                }
            }
        }
    }

    @Test func `the page is for people, every other method and address below it for programs`() async throws {
        try await TestSite.run { site in
            let page = try await site.send(.get, "/api")
            #expect(page.status == 200)
            #expect(page.header("Content-Type") == "text/html; charset=utf-8")
            #expect(try await site.send(.head, "/api").status == 200)
            for method in [HTTPRequest.Method.post, .put, .patch, .delete] {
                let answer = try await site.send(method, "/api")
                #expect(answer.status == 404)
                #expect(answer.header("Content-Type") == "application/problem+json")
            }
        }
    }

    @Test func `limits are those of the server, and FHIR is promised only where it is`() async throws {
        try await TestSite.run { site in
            let english = try await site.send(.get, "/api?lang=en").text
            #expect(english.contains("\(Int(site.site.limits.perSecond)) calls a second"))
            #expect(english.contains("\(Int(site.site.limits.burst)) at once"))
            let hasFHIR = WebApplication.routes.contains { $0.path.hasPrefix("/fhir") }
            #expect(english.contains("FHIR is not offered yet") == !hasFHIR)
            // In English but for the field's own words, which stand in brackets behind it.
            let rest = english.replacing(/\([^()]*[^\x00-\x7F][^()]*\)/, with: "")
            #expect(SelfReportEnglishTests.japanese(rest) == "")
        }
    }

    @Test func `the token request on the page works as it stands`() async throws {
        try await TestSite.run { site in
            let text = try await site.send(.get, "/api").text
            #expect(text.contains("grant_type=client_credentials"))
            let program = try await site.program(of: "hc-a")
            let pair = Data("\(program.id):\(program.secret)".utf8).base64EncodedString()
            let answer = try await site.form(
                "/oauth/token",
                [("grant_type", "client_credentials")],
                ["Authorization": "Basic \(pair)"]
            )
            #expect(answer.status == 200)
            // Its answer has the members that the page shows, and no others.
            let shown = try #require(text.firstMatch(of: /\{&quot;access_token.*\}/)).0.replacing("&quot;", with: "\"")
            let example = try JSONParser.parse(Array(shown.utf8))
            #expect(example.members?.map(\.name) == answer.json.members?.map(\.name))
            #expect(example["expires_in"] == answer.json["expires_in"] && example["scope"] == answer.json["scope"])
        }
    }

    @Test(arguments: ["a\"><script>", "her-sys.example:8443"])
    func `a name of the server that is none doesn't come back`(host: String) async throws {
        try await TestSite.run { site in
            let text = try await site.send(.get, "/api", ["Host": host]).text
            #expect(!text.contains("<script>"))
        }
    }
}
