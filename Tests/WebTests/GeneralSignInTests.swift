import Casework
import Catalogue
import Foundation
import HTTPTypes
import Testing

@testable import Web

struct GeneralSignInTests {
    private let login = "minato-01"

    private func issue(_ site: TestSite) async throws {
        try await site.casework.issueAccount(
            login: login,
            name: "佐藤 看護師",
            organisation: "med-a",
            phone: "03-9999-1234",
            password: TestSite.password
        )
        try await site.casework.acceptTerms(logins: [login])
    }

    private func begin(_ site: TestSite, _ password: String = TestSite.password) async throws -> Answer {
        try await site.form(
            "/sign-in",
            [("login", login), ("password", password), ("return", "/cases?intake=returned")]
        )
    }

    @Test func `user ID and password, then the one-time password, then where one wanted to go`() async throws {
        try await TestSite.run { site in
            try await issue(site)
            let asked = try await site.send(.get, "/cases?intake=returned")
            #expect(asked.header("Location") == "/sign-in?return=%2Fcases%3Fintake%3Dreturned")
            let page = try await site.send(.get, asked.header("Location") ?? "")
            #expect(page.text.contains(#"name="return" value="/cases?intake=returned""#))
            #expect(page.text.contains(#"autocomplete="current-password""#))
            #expect(page.text.matches(of: /<input [^>]*name="login"[^>]* autofocus>/).count == 1)

            let first = try await begin(site)
            #expect(first.status == 303)
            #expect(first.header("Location") == "/sign-in/code")
            #expect(
                first.cookies["__Host-sign-in"]?.hasSuffix("; Path=/; Secure; HttpOnly; SameSite=Lax") == true
            )
            let cookie = ["Cookie": "__Host-sign-in=\(first.cookieValue("__Host-sign-in") ?? "")"]
            let code = try await site.send(.get, "/sign-in/code", cookie)
            #expect(code.text.contains("末尾が<strong class=\"number\">1234</strong>"))
            #expect(code.text.contains(#"autocomplete="one-time-code""#))
            #expect(!code.text.contains("/outbox"))

            let wrong = try await site.form("/sign-in/code", [("code", "12")], cookie)
            #expect(wrong.status == 422)
            #expect(wrong.text.contains(##"<a href="#field-code">"##))

            let second = try await site.form("/sign-in/code", [("code", try await site.code())], cookie)
            #expect(second.status == 303)
            #expect(second.header("Location") == "/cases?intake=returned")
            #expect(
                second.cookies["__Host-session"]?.hasSuffix("; Path=/; Secure; HttpOnly; SameSite=Lax") == true
            )
            #expect(second.cookies["__Host-sign-in"]?.contains("Max-Age=0") == true)
            let session = second.cookieValue("__Host-session") ?? ""
            let home = try await site.send(.get, "/", ["Cookie": "__Host-session=\(session)"])
            #expect(home.status == 200)
            #expect(home.text.contains("佐藤 看護師"))
            #expect(!home.text.contains(session))
        }
    }

    @Test func `a wrong password and an unknown user ID are told alike and nothing typed but the ID comes back`()
        async throws
    {
        try await TestSite.run { site in
            try await issue(site)
            let wrong = try await begin(site, "wrong password 123")
            let unknown = try await site.form(
                "/sign-in",
                [("login", login + "x"), ("password", "wrong password 123"), ("return", "/")]
            )
            for answer in [wrong, unknown] {
                #expect(answer.status == 422)
                #expect(answer.text.contains("ユーザーIDまたはパスワードが正しくありません"))
                #expect(answer.text.contains("<title>エラー：ログイン"))
                #expect(!answer.text.contains("wrong password"))
                #expect(answer.cookies.isEmpty)
            }
            #expect(wrong.text.contains("value=\"\(login)\""))
        }
    }

    @Test func `empty fields are named`() async throws {
        try await TestSite.run { site in
            let answer = try await site.form("/sign-in", [("login", "  "), ("password", "")])
            #expect(answer.status == 422)
            #expect(answer.text.contains("ユーザーIDを入力してください"))
            #expect(answer.text.contains("パスワードを入力してください"))
            // The script puts the focus on what is wrong.
            #expect(answer.text.contains(Assets.address("hersys.js")) && !answer.text.contains("autofocus"))
        }
    }

    @Test func `after too many tries the wait is told`() async throws {
        try await TestSite.run { site in
            try await issue(site)
            for _ in 0..<6 { _ = try await begin(site, "wrong password 123") }
            let answer = try await begin(site)
            #expect(answer.status == 429)
            #expect(Int(answer.header("Retry-After") ?? "").map { $0 > 0 } == true)
            #expect(answer.text.contains("後にもう一度お試しください"))
        }
    }

    @Test func `another site can't sign anybody in`() async throws {
        try await TestSite.run { site in
            try await issue(site)
            for path in ["/sign-in", "/sign-in/code", "/sign-in/resend"] {
                let answer = try await site.form(
                    path,
                    [("login", login), ("password", TestSite.password)],
                    ["Sec-Fetch-Site": "cross-site"]
                )
                #expect(answer.status == 403)
                #expect(answer.cookies.isEmpty)
            }
        }
    }

    @Test func `without a sign-in begun there is no second step`() async throws {
        try await TestSite.run { site in
            for answer in [
                try await site.send(.get, "/sign-in/code"), try await site.form("/sign-in/code", [("code", "123456")]),
                try await site.form("/sign-in/resend", []),
            ] {
                #expect(answer.status == 303)
                #expect(answer.header("Location") == "/sign-in?ended=1")
            }
            #expect(try await site.send(.get, "/sign-in?ended=1").text.contains("もう一度ログインしてください"))
        }
    }

    @Test func `a second call comes after a minute`() async throws {
        try await TestSite.run { site in
            try await issue(site)
            let first = try await begin(site)
            let cookie = ["Cookie": "__Host-sign-in=\(first.cookieValue("__Host-sign-in") ?? "")"]
            let answer = try await site.form("/sign-in/resend", [], cookie)
            #expect(answer.status == 429)
            #expect(answer.header("Retry-After") == "60")
            #expect(answer.text.contains("あと1分お待ちください"))
        }
    }

    @Test func `whoever is signed in isn't asked again`() async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "med-a")
            let answer = try await browser.get("/sign-in?return=%2Faccount")
            #expect(answer.header("Location") == "/account")
        }
    }

    @Test func `signing out ends the session and takes the cookie away`() async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "med-a")
            let answer = try await browser.post("/sign-out")
            #expect(answer.header("Location") == "/sign-in?out=1")
            #expect(answer.cookies["__Host-session"]?.contains("Max-Age=0") == true)
            #expect(try await browser.get("/").status == 303)
            #expect(try await browser.post("/sign-out").header("Location") == "/sign-in")
        }
    }

    @Test func `an authenticator app is set up with a code of it`() async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "med-a")
            #expect(try await browser.get("/account").text.contains("認証アプリを設定する"))
            let offer = try await browser.get("/account/authenticator")
            #expect(offer.text.contains("otpauth://totp/HER-SYS:"))
            let secret = offer.text.firstMatch(of: /name="secret" value="([A-Z2-7]+)"/).map { String($0.1) } ?? ""
            #expect(secret.count == 32)
            #expect(offer.text.contains(AccountPages.grouped(secret)))
            let wrong = try await browser.post("/account/authenticator", [("secret", secret), ("code", "000")])
            #expect(wrong.status == 422)
            #expect(wrong.text.contains("value=\"\(secret)\""))
            let script = try await browser.post(
                "/account/authenticator",
                [("secret", secret), ("code", "0"), ("address", "javascript:alert(1)")]
            )
            #expect(!script.text.contains("javascript:"))
            let removed = try await browser.post("/account/authenticator/remove")
            #expect(removed.header("Location") == "/account?done=removed")
            #expect(try await browser.get("/account?done=removed").text.contains("設定を解除しました"))
        }
    }

    @Test func `the demonstration says where its telephone is`() async throws {
        try await TestSite.run { site in
            try await issue(site)
            let first = try await begin(site)
            let cookie = ["Cookie": "__Host-sign-in=\(first.cookieValue("__Host-sign-in") ?? "")"]
            try await site.with(isDemonstration: true) { site in
                let page = try await site.send(.get, "/sign-in")
                #expect(page.text.contains("これは練習用の環境です。登場する人物はすべて架空です。"))
                let code = try await site.send(.get, "/sign-in/code", cookie)
                #expect(code.text.contains(#"href="/outbox""#))
                let outbox = try await site.send(.get, "/outbox")
                #expect(outbox.text.contains("03-9999-1234"))
                let program = try await site.send(.get, "/outbox.json")
                #expect(program.header("Content-Type") == "application/json")
                let message = program.json.list?.first
                #expect(message?["kind"]?.text == "call")
                #expect(message?["to"]?.text == "03-9999-1234")
                #expect(message?["at"]?.text == "2020-06-05T15:00:00+09:00")
                #expect(message?["text"]?.text?.contains("ワンタイムパスワード") == true)
            }
        }
    }
}

/// Forms whose session has ended.
struct GeneralKeptFormTests {
    private let typed = [
        ("family_name", "山田\"><b>"), ("memo", "一行目\r\n二行目"), ("symptoms", "fever"), ("symptoms", "cough"),
    ]

    @Test func `what was typed comes back in a page that sends it again`() async throws {
        try await TestSite.run { site in
            let answer = try await site.form(
                "/cases/new?x=1",
                typed + [("csrf", "old")],
                ["Sec-Fetch-Site": "same-origin"]
            )
            #expect(answer.status == 401)
            #expect(answer.text.contains("ログインの有効期限が切れました"))
            #expect(answer.text.contains("入力内容は保存されています"))
            #expect(answer.text.contains("別のタブでログイン"))
            #expect(answer.text.contains("もう一度送信"))
            #expect(answer.text.contains(#"<form method="post" action="/cases/new?x=1">"#))
            #expect(answer.text.contains(#"name="family_name" value="山田&quot;&gt;&lt;b&gt;""#))
            #expect(answer.text.contains("value=\"一行目\r\n二行目\""))
            #expect(answer.text.contains(#"name="symptoms" value="fever""#))
            #expect(answer.text.contains(#"name="symptoms" value="cough""#))
            #expect(!answer.text.contains("name=\"csrf\""))
            #expect(!answer.text.contains("山田</a>"))
        }
    }

    @Test func `sent again after the sign-in, one press with the new token is left`() async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "med-a")
            let answer = try await browser.post("/cases/search", [("q", "山田")], csrf: "an earlier session's")
            #expect(answer.status == 409)
            #expect(answer.text.contains(#"name="csrf" value="\#(browser.csrf)""#))
            #expect(answer.text.contains(#"name="q" value="山田""#))
            #expect(answer.text.contains("みなと病院"))
            #expect(try await browser.post("/cases/search", [("q", "山田")]).status == 303)
        }
    }

    @Test(arguments: [[:], ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "none"]])
    func `a form that may be another site's is never handed back`(headers: [String: String]) async throws {
        try await TestSite.run { site in
            let out = try await site.form("/cases/new", typed, headers)
            #expect(out.status == 303)
            #expect(out.bytes.isEmpty)
            let browser = try await site.browser(of: "med-a")
            let stale = try await browser.post("/cases/new", typed, csrf: "stale", headers: headers)
            #expect(stale.status == 403)
            #expect(!stale.text.contains("山田"))
        }
    }
}
