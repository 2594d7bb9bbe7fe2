import Access
import Casework
import Catalogue
import Foundation
import HTTPTypes
import Testing

@testable import Web

/// 管理: accounts on the screen.
struct AdminPageTests {
    @Test(
        arguments: [
            ([], []), ([.supervisor], ["/admin/accounts", "/reading-review"]),
            ([.manager], ["/admin/accounts", "/reading-review"]),
            ([.issuer], ["/admin/accounts", "/admin/issue", "/admin/account-files", "/reading-review"]),
        ] as [(Set<Duty>, [String])]
    )
    func `the page of links shows what one's duties allow`(duties: Set<Duty>, links: [String]) async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "hc-a", duties: duties)
            let page = try await browser.get("/admin")
            #expect(page.status == (duties.isEmpty ? 404 : 200))
            for link in ["/admin/accounts", "/admin/issue", "/admin/account-files", "/reading-review"] {
                let isThere = page.text.contains(#"<a href="\#(link)">"#)
                #expect(isThere == links.contains(link), "\(link)")
                if !isThere, link != "/reading-review" { #expect(try await browser.get(link).status == 404, "\(link)") }
            }
            let hasEntry = try await browser.get("/account").text.contains(#"<a href="/admin">管理</a>"#)
            #expect(hasEntry == !duties.isEmpty)
        }
    }

    @Test func `an account is issued, its sheet is shown to this session, and its holder comes in`() async throws {
        try await TestSite.run { site in
            let issuer = try await site.browser(of: "hc-a", duties: [.issuer])
            let choice = try await issuer.get("/admin/issue")
            #expect(choice.text.contains("みなと病院") && !choice.text.contains("しぶや診療所"))
            let form = try await issuer.get("/admin/issue?organisation=med-a")
            #expect(form.text.contains(#"name="login" type="text" value="med-a""#))
            #expect(try await issuer.get("/admin/issue?organisation=med-b").status == 404)
            let fields = [
                ("organisation", "med-a"), ("login", "med-a"), ("name", "みなと病院"), ("phone", "03-1234-5678"),
                ("duties", "manager"),
            ]
            let wrong = try await issuer.post("/admin/issue", fields.map { $0.0 == "phone" ? ("phone", "1") : $0 })
            #expect(wrong.status == 422 && wrong.text.contains(#"id="error-phone""#))
            let issued = try await issuer.post("/admin/issue", fields)
            let address = issued.header("Location") ?? ""
            #expect(issued.status == 303 && address.hasPrefix("/admin/slips/"))
            let sheet = try await issuer.get(address, ["Host": "hersys.example"])
            #expect(sheet.status == 200 && sheet.header("Cache-Control") == "no-store")
            let password = sheet.text.matches(of: /<span class="slip-group">([a-z0-9]+)<\/span>/).map { String($0.1) }
                .joined()
            #expect(password.count == 16)
            let colleague = try await site.browser(of: "hc-a", duties: [.issuer])
            #expect(try await colleague.get(address).status == 404)
            let clinic = try await site.signIn("med-a", password)
            #expect(try await clinic.get("/").header("Location") == "/first-use/password")
            #expect(try await issuer.post("\(address)/done").status == 303)
            #expect(try await issuer.get(address).status == 404)
            #expect(try await !issuer.get("/admin/accounts/med-a").text.contains(password))
        }
    }

    @Test func `stopping on the screen ends a session with its next request`() async throws {
        try await TestSite.run { site in
            let nurse = try await site.plainBrowser("nurse", of: "hc-a")
            try await site.casework.acceptTerms(logins: ["nurse"])
            #expect(try await nurse.get("/").status == 200)
            let issuer = try await site.browser(of: "hc-a", duties: [.issuer])
            let without = try await issuer.post("/admin/accounts/nurse/stop", [("reason", "")])
            #expect(without.status == 422 && without.text.contains(##"href="#field-stop-reason""##))
            #expect(try await nurse.get("/").status == 200)
            #expect(try await issuer.post("/admin/accounts/nurse/stop", [("reason", "退職")]).status == 303)
            #expect(try await nurse.get("/").header("Location")?.hasPrefix("/sign-in") == true)
            #expect(try await nurse.get("/events").status == 204)
            let page = try await issuer.get("/admin/accounts/nurse?done=stop")
            #expect(page.text.contains("理由：退職") && page.text.contains("再開する"))
            #expect(try await issuer.get("/admin/accounts?state=stopped").text.contains("nurse"))
            #expect(try await issuer.post("/admin/accounts/nurse/resume", [("reason", "復職")]).status == 303)
            _ = try await site.signIn("nurse", TestSite.password)
        }
    }

    @Test(arguments: ["nobody-here", "far"])
    func `an account that isn't one's to see answers as one that doesn't exist`(login: String) async throws {
        try await TestSite.run { site in
            _ = try await site.plainBrowser("far", of: "hc-b")
            let issuer = try await site.browser(of: "hc-a", duties: [.issuer])
            #expect(try await issuer.get("/admin/accounts/\(login)").status == 404)
            for deed in ["", "/stop", "/resume", "/reset"] {
                let fields = [("reason", "理由"), ("name", "名"), ("phone", "03-1234-5678")]
                #expect(try await issuer.post("/admin/accounts/\(login)\(deed)", fields).status == 404, "\(deed)")
            }
        }
    }

    @Test func `a file is looked through, issued, and its refused rows saved`() async throws {
        try await TestSite.run { site in
            let issuer = try await site.browser(of: "hc-a", duties: [.issuer])
            #expect(try await issuer.upload("/admin/account-files", []).status == 422)
            #expect(try await issuer.upload("/admin/account-files", [0x80, 0x00, 0xFF]).status == 422)
            let text = """
                ユーザーID,氏名,組織,電話番号,役割
                ,みなと病院,1310000011,03-1234-5678,
                two,<b>二</b>,med-a,03-1234-5678,
                two,三,med-a,03-1234-5678,
                four,四,nowhere,03-1234-5678,

                """
            let sent = try await issuer.upload("/admin/account-files", Array(text.utf8))
            let address = sent.header("Location") ?? ""
            let page = try await issuer.get(address)
            #expect(page.text.contains("2件を発行する") && page.text.contains("受け付けられない行（2件）"))
            #expect(page.text.contains("&lt;b&gt;二") && !page.text.contains("<b>二"))
            let rejects = try await issuer.get("\(address)/rejects.csv")
            #expect(rejects.header("Content-Type") == "text/csv; charset=utf-8")
            let name = rejects.header("Content-Disposition") ?? ""
            #expect(name.hasPrefix(#"attachment; filename="hersys-account-rejects.csv"; filename*=UTF-8''%E5%8F%97"#))
            #expect(rejects.text.contains("3行目と同じ") && rejects.text.contains("この組織は登録されていません"))
            let other = try await site.browser(of: "hc-a", duties: [.issuer])
            for path in [address, "\(address)/rejects.csv"] { #expect(try await other.get(path).status == 404) }
            for deed in ["issue", "slips", "drop"] {
                #expect(try await other.post("\(address)/\(deed)").status == 404, "\(deed)")
            }
            #expect(try await issuer.post("\(address)/issue").status == 303)
            #expect(try await issuer.get(address).text.contains(#"data-progress="issuing""#))
        }
    }

    @Test func `a file to begin with is saved by whoever issues, and by nobody else`() async throws {
        try await TestSite.run { site in
            let issuer = try await site.browser(of: "hc-a", duties: [.issuer])
            let file = try await issuer.get("/admin/account-files/template.csv")
            #expect(file.status == 200 && file.text.contains("ユーザーID,氏名,組織コード,電話番号,役割"))
            let nurse = try await site.browser(of: "hc-a")
            #expect(try await nurse.get("/admin/account-files/template.csv").status == 404)
        }
    }

    @Test(arguments: [
        ("hersys.example", "hersys.example"), ("localhost:8443", "localhost:8443"), ("[::1]:8443", "[::1]:8443"),
        ("", ""), ("evil.example/<script>", ""), ("a b", ""), ("ｘ.example", ""),
    ])
    func `the address on a sheet is a server's name or nothing`(authority: String, expected: String) {
        #expect(SlipPages.host(authority) == expected)
    }
}
