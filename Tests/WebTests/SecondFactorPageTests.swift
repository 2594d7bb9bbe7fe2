import Access
import Casework
import Catalogue
import Crypto
import Foundation
import HTTPTypes
import Testing

@testable import Web

struct SecondFactorPageTests {
    private static func issue(
        _ site: TestSite,
        _ login: String = "minato-01",
        phone: String = "090-9999-1234",
        duties: Set<Duty> = []
    ) async throws {
        try await site.casework.issueAccount(
            login: login,
            name: "佐藤 看護師",
            organisation: "hc-a",
            phone: phone,
            password: TestSite.password,
            duties: duties
        )
        try await site.casework.acceptTerms(logins: [login])
    }

    /// The cookie of a sign-in whose password was right.
    private static func begin(_ site: TestSite, _ login: String = "minato-01") async throws -> [String: String] {
        let answer = try await site.form("/sign-in", [("login", login), ("password", TestSite.password)])
        return ["Cookie": "__Host-sign-in=\(answer.cookieValue("__Host-sign-in") ?? "")"]
    }

    private static func enter(_ site: TestSite, _ login: String = "minato-01") async throws -> Browser {
        let cookie = try await begin(site, login)
        let opened = try await site.form("/sign-in/code", [("code", try await site.code())], cookie)
        return Browser(site: site, session: opened.cookieValue("__Host-session") ?? "")
    }

    private static let secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

    /// Sets an authenticator app; gives the page that shows the recovery codes.
    private static func setApp(_ browser: Browser) async throws -> Answer {
        try await browser.post("/account/authenticator", [("secret", secret), ("code", code)])
    }

    private static var code: String {
        let key = OneTimeCodeOfTests(secret)
        return key.code(at: Int(TestSite.now.seconds))
    }

    private static func codes(_ page: Answer) -> [String] {
        page.text.matches(of: /<li>([A-Z2-7]{5}-[A-Z2-7]{5})<\/li>/).map { String($0.1) }
    }

    @Test func `where the number is a mobile one, the code page offers SMS`() async throws {
        try await TestSite.run { site in
            try await Self.issue(site)
            try await Self.issue(site, "minato-02", phone: "03-9999-1234")
            let mobile = try await site.send(.get, "/sign-in/code", try await Self.begin(site))
            #expect(mobile.text.contains(#"name="by" value="sms""#))
            let fixed = try await site.send(.get, "/sign-in/code", try await Self.begin(site, "minato-02"))
            #expect(!fixed.text.contains(#"name="by" value="sms""#))
            #expect(fixed.text.contains("もう一度電話をかける"))
        }
    }

    @Test func `within the minute the code page says how long it is until the next code`() async throws {
        try await TestSite.run { site in
            try await Self.issue(site)
            try await Self.issue(site, "minato-02", phone: "03-9999-1234")
            let mobile = try await site.send(.get, "/sign-in/code", try await Self.begin(site))
            #expect(mobile.text.contains("受け取り方を変えることも、あと<strong data-wait=\"60\">1分</strong>"))
            let fixed = try await site.send(.get, "/sign-in/code", try await Self.begin(site, "minato-02"))
            #expect(fixed.text.contains("data-wait=\"60\"") && !fixed.text.contains("受け取り方を変える"))
        }
    }

    @Test func `the way codes come is chosen on the account page`() async throws {
        try await TestSite.run { site in
            try await Self.issue(site)
            let browser = try await Self.enter(site)
            let saved = try await browser.post("/account/code-channel", [("channel", "sms")])
            #expect(saved.header("Location") == "/account?done=channel")
            let page = try await browser.get("/account")
            #expect(page.text.contains(#"type="radio" value="sms" checked"#))
            let code = try await site.send(.get, "/sign-in/code", try await Self.begin(site))
            #expect(code.text.contains("SMSを送りました"))
            #expect(try await site.casework.messages().first?.kind == "sms")
            let clinic = try await site.browser(of: "med-a")
            #expect(try await clinic.post("/account/code-channel", [("channel", "sms")]).status == 422)
        }
    }

    @Test func `recovery codes are shown once, kept in a file, and one signs in`() async throws {
        try await TestSite.run { site in
            try await Self.issue(site)
            let browser = try await Self.enter(site)
            let shown = try await Self.setApp(browser)
            let codes = Self.codes(shown)
            #expect(codes.count == 10)
            #expect(!shown.text.contains("前の回復コード"), "there were none before")
            #expect(shown.header("Cache-Control") == "no-store")
            let account = try await browser.get("/account")
            #expect(account.text.contains("<strong class=\"number\">10</strong>個"))
            #expect(account.text.contains("電話・SMSではお知らせしません") && !account.text.contains("受け取り方を保存する"))
            #expect(codes.allSatisfy { !account.text.contains($0) })

            let file = try await browser.post(
                "/account/recovery-codes/file",
                [("codes", "\(codes.joined(separator: " "))")]
            )
            #expect(file.header("Content-Disposition")?.hasPrefix("attachment;") == true)
            #expect(codes.allSatisfy { file.text.contains($0) })
            // It is no way to have a file of anything else made.
            let foreign = [("codes", "AAAAA-AAAAA <script> \(codes[0])")]
            let part = try await browser.post("/account/recovery-codes/file", foreign)
            #expect(!part.text.contains("AAAAA"))
            #expect(!part.text.contains("script"))
            #expect(try await browser.post("/account/recovery-codes/file", [("codes", "AAAAA-AAAAA")]).status == 404)

            let cookie = try await Self.begin(site)
            #expect(try await site.send(.get, "/sign-in/code", cookie).text.contains("回復コードを使う"))
            #expect(try await site.send(.get, "/sign-in/recovery", cookie).status == 200)
            let wrong = try await site.form("/sign-in/recovery", [("recovery", "AAAAA-AAAAA")], cookie)
            #expect(wrong.status == 422)
            #expect(wrong.text.contains(##"<a href="#field-recovery">"##))
            let opened = try await site.form("/sign-in/recovery", [("recovery", codes[0])], cookie)
            // Its use is told first, then one goes on.
            #expect(opened.header("Location") == "/account?next=%2F")
            let next = Browser(site: site, session: opened.cookieValue("__Host-session") ?? "")
            let news = try await next.get("/account?next=%2Fcases")
            #expect(news.text.contains("回復コードでログインしました"))
            let event = news.text.firstMatch(of: /name="event" value="(\d+)"/).map { String($0.1) } ?? ""
            let seen = try await next.post("/account/events/seen", [("event", event), ("next", "/cases")])
            #expect(seen.header("Location") == "/cases")
            #expect(try await !next.get("/account").text.contains("変化がありました"))
            let away = try await next.post("/account/events/seen", [("event", "x"), ("next", "//evil.example")])
            #expect(away.header("Location") == "/")
        }
    }

    @Test func `the set-up page shows a code for a camera, of our own addresses only`() async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "med-a")
            let page = try await browser.get("/account/authenticator")
            #expect(page.text.contains("<svg class=\"matrix\""))
            #expect(page.text.contains("fill=\"#000\""))
            let other = try await browser.post(
                "/account/authenticator",
                [("secret", Self.secret), ("code", "0"), ("address", "https://evil.example/")]
            )
            #expect(!other.text.contains("<svg class=\"matrix\""))
            #expect(!other.text.contains("evil.example"))
        }
    }

    @Test func `a passkey is asked for with a challenge that is bound to the browser`() async throws {
        try await TestSite.run { site in
            try await Self.issue(site)
            let page = try await site.send(.get, "/sign-in")
            #expect(page.text.contains(#"data-origin="https://hersys.example.jp""#))
            let first = try await site.form("/sign-in/passkey/options", [])
            let second = try await site.form("/sign-in/passkey/options", [])
            #expect(first.json["party"]?.text == "hersys.example.jp")
            #expect(first.json["verification"] == .bool(true))
            #expect(first.json["challenge"]?.text?.count == 43)
            #expect(first.json["challenge"] != second.json["challenge"])
            #expect(first.cookies["__Host-passkey"]?.hasSuffix("; Path=/; Secure; HttpOnly; SameSite=Lax") == true)
            #expect(first.cookieValue("__Host-passkey") != second.cookieValue("__Host-passkey"))
            let nothing = try await site.form("/sign-in/passkey", [("return", "/cases")])
            #expect(nothing.status == 422)
            #expect(nothing.text.contains("パスキーを確認できませんでした"))
            #expect(nothing.text.contains(#"name="return" value="/cases""#))
            let cookie = try await Self.begin(site)
            let wrong = try await site.form("/sign-in/code/passkey", [("client", "?")], cookie)
            #expect(wrong.status == 422)
            let browser = try await Self.enter(site)
            let new = try await browser.get("/account/passkeys")
            #expect(new.text.contains("data-options=\"{&quot;party&quot;:&quot;hersys.example.jp&quot;"))
            let refused = try await browser.post("/account/passkeys", [("name", "職場"), ("client", "x")])
            #expect(refused.status == 422)
            #expect(refused.text.contains("value=\"職場\""))
            #expect(try await browser.post("/account/passkeys/remove", [("id", "1")]).status == 404)
        }
    }

    @Test(arguments: [
        "/sign-in/passkey/options", "/sign-in/passkey", "/sign-in/code/passkey", "/sign-in/recovery",
    ])
    func `another site can't do any of it`(path: String) async throws {
        try await TestSite.run { site in
            let answer = try await site.form(path, [], ["Sec-Fetch-Site": "cross-site"])
            #expect(answer.status == 403)
            #expect(answer.cookies.isEmpty)
        }
    }

    @Test func `without a sign-in begun there is no recovery`() async throws {
        try await TestSite.run { site in
            for answer in [
                try await site.send(.get, "/sign-in/recovery"), try await site.form("/sign-in/recovery", []),
                try await site.form("/sign-in/code/passkey", []),
            ] { #expect(answer.header("Location") == "/sign-in?ended=1") }
            // An account with a telephone has no such codes.
            try await Self.issue(site)
            let cookie = try await Self.begin(site)
            #expect(try await site.send(.get, "/sign-in/recovery", cookie).header("Location") == "/sign-in/code")
        }
    }

    @Test func `an issuer sets a lost telephone back; for all others the page isn't there`() async throws {
        try await TestSite.run { site in
            try await Self.issue(site)
            try await Self.issue(site, "minato-issuer", phone: "090-9999-0001", duties: [.issuer])
            let path = "/admin/accounts/minato-01/second-factor"
            let browser = try await Self.enter(site)
            #expect(try await browser.get(path).status == 404)
            #expect(try await browser.post(path, [("phone", "090-1111-2222"), ("reason", "紛失")]).status == 404)
            let issuer = try await Self.enter(site, "minato-issuer")
            #expect(try await issuer.get("/admin/accounts/nobody/second-factor").status == 404)
            #expect(try await issuer.get("/admin/accounts/minato-issuer/second-factor").status == 403)
            let page = try await issuer.get(path)
            #expect(page.text.contains("電話（末尾1234）"))
            let wrong = try await issuer.post(path, [("phone", "110"), ("reason", "")])
            #expect(wrong.status == 422)
            #expect(wrong.text.contains("再設定の理由を入力してください"))
            let done = try await issuer.post(path, [("phone", "090-1111-2222"), ("reason", "紛失")])
            #expect(done.header("Location") == "\(path)?done=1")
            let after = try await issuer.get("\(path)?done=1").text
            #expect(after.contains("確認方法を再設定しました") && !after.contains("再設定する</button>"))
            #expect(after.contains(#"href="/admin/accounts/minato-01""#))
            #expect(try await browser.get("/").status == 303)
            let cookie = try await Self.begin(site)
            #expect(try await site.send(.get, "/sign-in/code", cookie).text.contains("2222"))
            let opened = try await site.form("/sign-in/code", [("code", try await site.code())], cookie)
            #expect(opened.header("Location") == "/account?next=%2F")
            let again = Browser(site: site, session: opened.cookieValue("__Host-session") ?? "")
            let news = try await again.get("/account")
            #expect(news.text.contains("理由：紛失"))
            #expect(!news.text.contains("090-1111-2222"))
        }
    }
}

/// TOTP as in RFC 6238, apart from the program's own.
private struct OneTimeCodeOfTests {
    private let key: [UInt8]

    init(_ base32: String) {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let bits = base32.compactMap { letters.firstIndex(of: $0) }.flatMap { value in
            (0..<5).reversed().map { value >> $0 & 1 }
        }
        key = stride(from: 0, to: bits.count / 8 * 8, by: 8).map { start in
            bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | UInt8($1) }
        }
    }

    func code(at seconds: Int) -> String {
        var counter = UInt64(seconds / 30).bigEndian
        let mac = withUnsafeBytes(of: &counter) {
            Array(HMAC<Insecure.SHA1>.authenticationCode(for: Array($0), using: SymmetricKey(data: key)))
        }
        let offset = Int(mac[19] & 15)
        let word = mac[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } & 0x7fff_ffff
        return String(String(word % 1_000_000 + 1_000_000).dropFirst())
    }
}
