import Access
import Casework
import Catalogue
import Foundation
import Storage
import Testing

@testable import Web

@Suite struct ClientPageTests {
    /// Somebody of an organisation who issues its accounts.
    private func issuer(_ site: TestSite, of organisation: OrganisationKey) async throws -> Browser {
        let login = "issuer-\(organisation)"
        try await site.casework.issueAccount(
            login: login,
            name: "発行 花子",
            organisation: organisation,
            phone: "03-9999-0000",
            password: TestSite.password,
            duties: [.issuer]
        )
        try await site.casework.acceptTerms(logins: [login])
        let pending = try await site.casework.signIn(
            login: login,
            password: TestSite.password,
            address: "test",
            returnTo: "/"
        )
        let code = try await site.code()
        let opened = try await site.casework.completeSignIn(pending.secret, code: code, address: "test")
        return Browser(site: site, session: opened.session)
    }

    /// What stands in the cell beside a word.
    private func cell(_ name: String, _ answer: Answer) throws -> String {
        let found = answer.text.firstMatch(of: try Regex("\(name)</th><td[^>]*><code>([^<]+)</code>"))
        return String(try #require(found?.output[1].substring))
    }

    @Test func `a client is issued, shown once, changed and stopped, and all of it stands in its history`() async throws
    {
        try await TestSite.run { site in
            let browser = try await issuer(site, of: "hc-a")
            let made = try await browser.post(
                "/admin/clients",
                [("organisation", "med-a"), ("name", "みなと病院 電子カルテ"), ("scope", "write"), ("certificate", "")]
            )
            #expect(made.status == 200)
            let (id, secret) = (try cell("client_id", made), try cell("client_secret", made))
            #expect(try await site.casework.token(client: id, secret: secret)?.writes == true)
            let list = try await browser.get("/admin/clients")
            #expect(list.status == 200 && list.text.contains(id) && !list.text.contains(secret))
            let page = try await browser.get("/admin/clients/\(id)")
            #expect(page.status == 200 && !page.text.contains(secret))
            let changed = try await browser.post("/admin/clients/\(id)/rotate", [("earlier", "end")])
            let fresh = try cell("client_secret", changed)
            #expect(try await site.casework.token(client: id, secret: secret) == nil)
            #expect(try await site.casework.token(client: id, secret: fresh) != nil)
            let wrong = try await browser.post("/admin/clients/\(id)/certificate", [("certificate", "x")])
            #expect(wrong.status == 422 && wrong.text.contains("PEM"))
            let digits = String(repeating: "0a", count: 32)
            let bound = try await browser.post("/admin/clients/\(id)/certificate", [("certificate", digits)])
            #expect(bound.status == 303)
            #expect(try await browser.get("/admin/clients/\(id)").text.contains(digits))
            #expect(try await browser.post("/admin/clients/\(id)/stop").status == 422, "not by one careless press")
            #expect(try await browser.post("/admin/clients/\(id)/stop", [("sure", "1")]).status == 303)
            let after = try await browser.get("/admin/clients/\(id)").text
            for words in ["停止", "クライアント証明書の登録", "秘密の交換（前の秘密はすぐに終了）", "発行 花子", "みなと保健所"] {
                #expect(after.contains(words), "\(words)")
            }
            #expect(!after.contains("停止する</button>"))
        }
    }

    @Test func `whoever issues no accounts, or others', finds nothing there`() async throws {
        try await TestSite.run { site in
            let (id, secret) = try await site.casework.issueClient(organisation: "med-a", name: "電子カルテ")
            let (nurse, foreign) = (try await site.browser(of: "hc-a"), try await issuer(site, of: "hc-c"))
            #expect(try await nurse.get("/admin/clients").status == 404)
            #expect(try await nurse.post("/admin/clients", [("organisation", "hc-a"), ("name", "x")]).status == 404)
            #expect(try await foreign.get("/admin/clients").status == 200)
            for organisation in ["med-a", "no-such"] {
                let refused = try await foreign.post("/admin/clients", [("organisation", organisation), ("name", "x")])
                #expect(refused.status == 422 && refused.text.contains("この組織には発行できません"))
            }
            for browser in [nurse, foreign] {
                #expect(try await browser.get("/admin/clients/\(id)").status == 404)
                for deed in ["rotate", "certificate", "stop"] {
                    let refused = try await browser.post(
                        "/admin/clients/\(id)/\(deed)",
                        [("sure", "1"), ("earlier", "end"), ("certificate", String(repeating: "0a", count: 32))]
                    )
                    #expect(refused.status == 404, "\(deed)")
                }
            }
            #expect(try await site.casework.token(client: id, secret: secret) != nil)
        }
    }

    @Test func `an organisation and rights are chosen, never given by default`() async throws {
        try await TestSite.run { site in
            let browser = try await issuer(site, of: "hc-a")
            let page = try await browser.get("/admin/clients").text
            #expect(page.contains(#"<option value="" selected>選んでください</option>"#))
            #expect(page.contains(#"value="read" checked"#) && !page.contains(#"value="write" checked"#))
            let refused = try await browser.post("/admin/clients", [("organisation", ""), ("name", "x")])
            #expect(refused.status == 422 && refused.text.contains("組織を選んでください"))
            let made = try await browser.post("/admin/clients", [("organisation", "med-a"), ("name", "x")])
            #expect(made.status == 200)
            #expect(try await site.casework.clients().map(\.writes) == [false])
        }
    }

    @Test func `the ministry's page knows programs of the ministry only`() async throws {
        try await TestSite.run { site in
            let (id, secret) = try await site.casework.issueClient(organisation: "hc-a", name: "保健所システム")
            let ministry = try await issuer(site, of: "mhlw")
            let list = try await ministry.get("/admin/clients")
            #expect(list.status == 200 && !list.text.contains(id) && !list.text.contains("hc-a"))
            for organisation in ["hc-a", "med-a"] {
                let refused = try await ministry.post(
                    "/admin/clients",
                    [("organisation", organisation), ("name", "x")]
                )
                #expect(refused.status == 422 && refused.text.contains("この組織には発行できません"))
            }
            #expect(try await ministry.get("/admin/clients/\(id)").status == 404)
            for deed in ["rotate", "certificate", "stop"] {
                let refused = try await ministry.post(
                    "/admin/clients/\(id)/\(deed)",
                    [("sure", "1"), ("earlier", "end")]
                )
                #expect(refused.status == 404, "\(deed)")
            }
            #expect(try await site.casework.token(client: id, secret: secret) != nil)
            let own = try await ministry.post("/admin/clients", [("organisation", "mhlw"), ("name", "集計")])
            #expect(own.status == 200)
        }
    }

    @Test(arguments: [
        ("", "名称を入力してください"), (String(repeating: "長", count: 101), "100文字以内"), ("a\u{7}b", "名称に"),
    ])
    func `a name that can't be one is refused at its field`(name: String, words: String) async throws {
        try await TestSite.run { site in
            let browser = try await issuer(site, of: "hc-a")
            let refused = try await browser.post("/admin/clients", [("organisation", "med-a"), ("name", name)])
            #expect(refused.status == 422 && refused.text.contains("error-name") && refused.text.contains(words))
            #expect(try await site.casework.clients().isEmpty)
        }
    }
}
