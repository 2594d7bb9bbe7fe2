import Casework
import Crypto
import Foundation
import HTTPTypes
import Testing

@testable import Web

/// はじめての利用: nothing of the system answers before a new password and the terms.
struct FirstUsePageTests {
    private static let fresh = "atarashii-aikotoba-2020"

    private static func filled(_ route: Route) -> String {
        "/"
            + route.path.split(separator: "/").map { $0.hasPrefix("{") || $0 == "**" ? "123456789012" : String($0) }
            .joined(separator: "/")
    }

    @Test(arguments: [(true, "/first-use/password"), (false, "/first-use/terms")])
    func `every staff address leads to what is owed, but that page and signing out`(
        firstUse: Bool,
        owed: String
    ) async throws {
        try await TestSite.run { site in
            let browser = try await site.plainBrowser("nurse", of: "hc-a", firstUse: firstUse)
            var met = 0
            for route in WebApplication.routes where route.policy == .staff {
                guard !route.path.hasPrefix("/first-use/"), route.path != "/sign-out" else { continue }
                let path = Self.filled(route)
                let answer = route.method == .post ? try await browser.post(path) : try await browser.get(path)
                met += 1
                #expect(answer.bytes.isEmpty, "\(route.path)")
                guard route.path != "/events" else {
                    #expect(answer.status == 204)
                    continue
                }
                #expect(answer.status == 303 && answer.header("Location") == owed, "\(route.method) \(route.path)")
            }
            #expect(met > 100)
            #expect(try await browser.get(owed).status == 200)
            #expect(try await browser.post("/sign-out").header("Location")?.hasPrefix("/sign-in") == true)
        }
    }

    @Test func `a new password, then the terms, then the first page`() async throws {
        try await TestSite.run { site in
            let browser = try await site.plainBrowser("nurse", of: "hc-a", firstUse: true)
            let page = try await browser.get("/first-use/password")
            #expect(!page.text.contains(#"class="nav""#))
            let short = try await browser.post("/first-use/password", [("password", "short"), ("again", "short")])
            #expect(short.status == 422 && short.text.contains("12文字以上"))
            let fields = [("password", Self.fresh), ("again", Self.fresh)]
            #expect(try await browser.post("/first-use/password", fields).header("Location") == "/")
            #expect(try await browser.get("/").header("Location") == "/first-use/terms")
            // Neither without a tick nor with another version's.
            let version = String(Casework.termsVersion)
            #expect(try await browser.post("/first-use/terms", [("version", version)]).status == 422)
            #expect(try await browser.post("/first-use/terms", [("version", "0"), ("accepted", "1")]).status == 422)
            let accepted = try await browser.post("/first-use/terms", [("version", version), ("accepted", "1")])
            #expect(accepted.status == 303)
            #expect(try await browser.get("/").status == 200)
            #expect(try await browser.get("/first-use/terms").header("Location") == "/")
            #expect(try await browser.get("/first-use/password").header("Location") == "/")
            #expect(try await browser.get("/account/terms").text.contains("に同意しました"))
        }
    }

    @Test func `a password that was typed into a lost session is in no page`() async throws {
        try await TestSite.run { site in
            let answer = try await site.form(
                "/account/password",
                [("old", "geheim-geheim-1"), ("password", "geheim-geheim-2"), ("csrf", "x")],
                ["Sec-Fetch-Site": "same-origin"]
            )
            #expect(answer.status == 303 && answer.bytes.isEmpty)
            let browser = try await site.browser(of: "hc-a")
            let stale = try await browser.post("/account/password", [("password", "geheim-geheim-2")], csrf: "stale")
            #expect(stale.status == 303 && stale.bytes.isEmpty)
        }
    }

    @Test func `changing the password keeps this session and ends the others`() async throws {
        try await TestSite.run { site in
            let mine = try await site.plainBrowser("nurse", of: "hc-a")
            try await site.casework.acceptTerms(logins: ["nurse"])
            let other = try await site.signIn("nurse", TestSite.password)
            let wrong = try await mine.post(
                "/account/password",
                [("old", "falsch-falsch-1"), ("password", Self.fresh), ("again", Self.fresh)]
            )
            #expect(wrong.status == 422 && !wrong.text.contains("falsch") && !wrong.text.contains(Self.fresh))
            let done = try await mine.post(
                "/account/password",
                [("old", TestSite.password), ("password", Self.fresh), ("again", Self.fresh)]
            )
            #expect(done.header("Location") == "/account?done=password")
            #expect(try await mine.get("/account").status == 200)
            #expect(try await other.get("/account").status == 303)
        }
    }

    @Test func `the text of the terms changes with their version only`() {
        let digest = SHA256.hash(data: Data(TermsText.whole.utf8)).prefix(6).map { String($0, radix: 16) }
        // A changed text is a new version: raise Casework.termsVersion with it.
        #expect("\(Casework.termsVersion) \(digest.joined(separator: " "))" == "1 82 1a 4a 12 39 d3")
        for word in ["第73条", "第74条", "個人情報の保護に関する法律", "貸したり", "記録されます", "事故", "目的外"] {
            #expect(TermsText.whole.contains(word), "\(word)")
        }
    }
}
