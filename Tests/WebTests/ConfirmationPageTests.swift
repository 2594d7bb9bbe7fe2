import Access
import Casework
import Catalogue
import HTTPTypes
import Storage
import Testing

@testable import Web

/// Pages and forms that ask again who is there.
@Suite struct ConfirmationPageTests {
    /// All of them, with the fields of a form.
    private static let forms: [(path: String, fields: [(String, String)])] = [
        ("/account/authenticator", [("secret", "JBSWY3DPEHPK3PXP"), ("code", "123456")]),
        ("/account/authenticator/remove", []), ("/account/passkeys", [("name", "職場 \"1\""), ("client", "x")]),
        ("/account/passkeys/remove", [("id", "7")]), ("/account/recovery-codes", []),
        ("/account/code-channel", [("channel", "sms")]), ("/account/sessions/end", [("session", "abc")]),
        ("/account/sessions/end-others", []),
    ]
    private static let pages = ["/account/authenticator", "/account/passkeys"]

    /// As if everybody had signed in six minutes ago.
    private static func wait(_ site: TestSite) async throws {
        _ = try await site.engine.write {
            try $0.execute("UPDATE sessions SET created_at = created_at - 360, confirmed_at = confirmed_at - 360")
        }
    }

    @Test func `whatever changes how one signs in asks again, and nothing else does`() {
        func paths(_ method: HTTPRequest.Method) -> Set<String> {
            Set(WebApplication.routes.filter { $0.confirms && $0.method == method }.map(\.path))
        }
        #expect(paths(.get) == Set(Self.pages))
        #expect(paths(.post) == Set(Self.forms.map(\.path)))
        // A form that may compare a password waits with those that do.
        #expect(WebApplication.routes.filter { $0.confirms && $0.method == .post }.allSatisfy { $0.share == .password })
    }

    @Test func `a page sends to the question and is shown after the password`() async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "hc-a")
            for page in Self.pages { #expect(try await browser.get(page).status == 200, "\(page)") }
            try await Self.wait(site)
            for page in Self.pages {
                let asked = try await browser.get(page)
                let way = "/account/confirm?next=\(Redirect.percentEncoded(page))"
                #expect(asked.status == 303 && asked.header("Location") == way)
                #expect(!asked.text.contains("secret"))
            }
            let question = try await browser.get("/account/confirm?next=%2Faccount%2Fpasskeys")
            #expect(question.text.contains(#"name="next" value="/account/passkeys""#))
            let next = ("next", "/account/passkeys")
            let wrong = try await browser.post("/account/confirm", [next, ("confirm-password", "wrong-wrong-wrong")])
            #expect(wrong.status == 422 && wrong.text.contains(#"name="next" value="/account/passkeys""#))
            #expect(!wrong.text.contains("wrong-wrong-wrong"))
            #expect(try await browser.post("/account/confirm", [next, ("confirm-password", "")]).status == 422)
            #expect(try await browser.get("/account/passkeys").status == 303)
            let right = try await browser.post("/account/confirm", [next, ("confirm-password", TestSite.password)])
            #expect(right.header("Location") == "/account/passkeys")
            #expect(try await browser.get("/account/passkeys").status == 200)
            // Nobody is sent to another site.
            let foreign = [("next", "https://example.com/"), ("confirm-password", TestSite.password)]
            #expect(try await browser.post("/account/confirm", foreign).header("Location") == "/")
        }
    }

    @Test(arguments: forms.map(\.path))
    func `a form that comes late is asked for the password and carries what was typed along`(
        path: String
    ) async throws {
        let fields = try #require(Self.forms.first { $0.path == path }).fields
        try await TestSite.run { site in
            let browser = try await site.browser(of: "hc-a")
            let late = try await site.browser(of: "hc-a")
            try await Self.wait(site)
            let fresh = try await late.post("/account/confirm", [("confirm-password", TestSite.password)])
            #expect(fresh.status == 303)
            let asked = try await browser.post(path, fields)
            #expect(asked.status == 403 && asked.text.contains("<h1>本人の確認</h1>"))
            #expect(asked.text.contains(#"<form method="post" action="\#(path)""#))
            for (name, value) in fields {
                let value = value.replacing("\"", with: "&quot;")
                #expect(asked.text.contains(#"name="\#(name)" value="\#(value)""#), "\(name)")
            }
            let wrong = try await browser.post(path, fields + [("confirm-password", "wrong-wrong-wrong")])
            #expect(wrong.status == 422 && wrong.text.contains("パスワードが正しくありません"))
            // With the password it is answered as it is to somebody who has just said who they are.
            let right = try await browser.post(path, fields + [("confirm-password", TestSite.password)])
            let usual = try await late.post(path, fields)
            #expect(right.status == usual.status)
            #expect(right.header("Location") == usual.header("Location"))
            #expect(!right.text.contains("<h1>本人の確認</h1>"))
            #expect(!right.text.contains(TestSite.password))
        }
    }

    @Test func `nothing is done before the answer, and once it is right all is done with what was typed`() async throws
    {
        try await TestSite.run { site in
            let login = "minato-09"
            try await site.casework.issueAccount(
                login: login,
                name: "佐藤 看護師",
                organisation: "hc-a",
                phone: "090-9999-1234",
                password: TestSite.password
            )
            try await site.casework.acceptTerms(logins: [login])
            let browser = try await site.signIn(login, TestSite.password)
            try await Self.wait(site)
            let sms = #"type="radio" value="sms" checked"#
            _ = try await browser.post("/account/code-channel", [("channel", "sms")])
            #expect(try await !browser.get("/account").text.contains(sms))
            let fields = [("channel", "sms"), ("confirm-password", TestSite.password)]
            #expect(try await browser.post("/account/code-channel", fields).status == 303)
            #expect(try await browser.get("/account").text.contains(sms))
        }
    }

    @Test func `a password that was typed into a session that has ended is written into no page`() async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "hc-a")
            try await Self.wait(site)
            let other = try await site.browser(of: "hc-a")
            let fields = [("channel", "call"), ("confirm-password", TestSite.password)]
            let foreign = try await browser.post("/account/code-channel", fields, csrf: other.csrf)
            #expect(foreign.status == 409 && !foreign.text.contains(TestSite.password))
            try await site.casework.signOut(session: browser.session)
            let lost = try await browser.post("/account/code-channel", fields)
            #expect(lost.status == 401 && !lost.text.contains(TestSite.password))
            #expect(lost.text.contains(#"name="channel" value="call""#))
        }
    }

    @Test func `too many wrong ones are told how long to wait`() async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "hc-a")
            try await Self.wait(site)
            for _ in 0..<6 {
                _ = try await browser.post("/account/recovery-codes", [("confirm-password", "wrong-wrong-wrong")])
            }
            let locked = try await browser.post("/account/recovery-codes", [("confirm-password", TestSite.password)])
            #expect(locked.status == 429 && locked.header("Retry-After") == "30")
            #expect(locked.text.contains("30秒後にもう一度"))
        }
    }
}
