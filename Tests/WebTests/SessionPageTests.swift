import Access
import Casework
import Catalogue
import HTTPTypes
import Testing

@testable import Web

/// The session's cookie, the list of one's sessions, and forms kept at the end of one.
@Suite struct SessionPageTests {
    private let login = "minato-nurse"

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

    /// Signs in through the pages with cookies that the browser has already.
    private func signIn(_ site: TestSite, with cookies: String = "", agent: String = "") async throws -> Answer {
        let fields = [("login", login), ("password", TestSite.password)]
        let first = try await site.form("/sign-in", fields, ["Cookie": cookies])
        let waiting = "__Host-sign-in=\(first.cookieValue("__Host-sign-in") ?? "")"
        return try await site.form(
            "/sign-in/code",
            [("code", try await site.code())],
            ["Cookie": cookies.isEmpty ? waiting : "\(cookies); \(waiting)", "User-Agent": agent]
        )
    }

    @Test func `a session that somebody planted is never adopted`() async throws {
        try await TestSite.run { site in
            try await issue(site)
            let planted = "AttackersChoiceAttackersChoiceAttackersChoi"
            let done = try await signIn(site, with: "__Host-session=\(planted)")
            let session = try #require(done.cookieValue("__Host-session"))
            #expect(session != planted && session.count == 43)
            #expect(try await site.send(.get, "/", ["Cookie": "__Host-session=\(planted)"]).status == 303)
            #expect(try await site.send(.get, "/", ["Cookie": "__Host-session=\(session)"]).status == 200)
        }
    }

    @Test func `signing in makes a new session and ends the one that this browser had`() async throws {
        try await TestSite.run { site in
            try await issue(site)
            let before = try await site.browser(of: "med-a")
            let apart = try await site.browser(of: "med-a")
            let done = try await signIn(site, with: before.cookie)
            #expect(done.cookieValue("__Host-session") != before.session)
            #expect(try await before.get("/").status == 303)
            #expect(try await apart.get("/").status == 200)
        }
    }

    @Test func `the cookie of the first step opens nothing, and after the second step it is over`() async throws {
        try await TestSite.run { site in
            try await issue(site)
            let first = try await site.form("/sign-in", [("login", login), ("password", TestSite.password)])
            let secret = try #require(first.cookieValue("__Host-sign-in"))
            #expect(first.cookies["__Host-session"] == nil)
            #expect(try await site.send(.get, "/", ["Cookie": "__Host-session=\(secret)"]).status == 303)
            let code = try await site.code()
            let cookie = ["Cookie": "__Host-sign-in=\(secret)"]
            let done = try await site.form("/sign-in/code", [("code", code)], cookie)
            #expect(done.cookieValue("__Host-session") != secret)
            // Replayed: neither the code nor the cookie works twice.
            let again = try await site.form("/sign-in/code", [("code", code)], cookie)
            #expect(again.header("Location") == "/sign-in?ended=1")
            #expect(again.cookies["__Host-session"] == nil)
            #expect(try await site.send(.get, "/", ["Cookie": "__Host-session=\(secret)"]).status == 303)
        }
    }

    @Test func `one's sessions stand on the account's page and can be ended there`() async throws {
        try await TestSite.run { site in
            try await issue(site)
            let agent = "Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537 Edg/120"
            func browser() async throws -> Browser {
                Browser(
                    site: site,
                    session: try #require(try await signIn(site, agent: agent).cookieValue("__Host-session"))
                )
            }
            let (one, two, three) = (try await browser(), try await browser(), try await browser())
            let page = try await one.get("/account").text
            #expect(page.contains("Edge（Windows）") && page.contains("この画面") && page.contains("ほかのログインを終える"))
            #expect(page.matches(of: /name="session" value="/).count == 2)
            for session in [one.session, two.session, three.session] { #expect(!page.contains(session)) }
            let handle = try #require(page.firstMatch(of: /name="session" value="([0-9a-f]+)"/)).1
            let ended = try await one.post("/account/sessions/end", [("session", String(handle))])
            #expect(ended.header("Location") == "/account?done=session#sessions")
            let left = [try await two.get("/").status, try await three.get("/").status]
            #expect(left.sorted() == [200, 303])
            _ = try await one.post("/account/sessions/end-others")
            #expect(try await two.get("/").status == 303)
            #expect(try await three.get("/").status == 303)
            let alone = try await one.get("/account?done=sessions").text
            let section = alone.split(separator: #"<section id="sessions">"#).last ?? ""
            #expect(section.contains("ほかのログインをすべて終了しました"), "where the address leads to")
            #expect(alone.contains("ほかのログインをすべて終了しました") && !alone.contains("ほかのログインを終える"))
        }
    }

    @Test func `a form left behind is in its fields again after the next sign-in, and for nobody else`() async throws {
        try await TestSite.run { site in
            let number = try await site.report()
            let nurse = try await site.browser(of: "hc-a")
            let address = "/cases/\(number.digits)/person"
            let page = try await nurse.get(address).text
            let seen = try #require(page.firstMatch(of: /name="seen" value="(\d+)"/)).1
            let body = "csrf=old&seen=\(seen)&was.occupation=kaishain&occupation=%E9%B5%9C%E5%8C%A0&password=x"
            let answer = try await nurse.post("/account/forms", [("action", address), ("body", body)])
            let id = try #require(answer.json["kept"]?.text)
            let again = try await nurse.get("\(address)?kept=\(id)").text
            #expect(again.contains("入力の途中だった内容を戻しました") && again.contains("data-kept=\"\(id)\""))
            #expect(again.contains("value=\"鵜匠\""))
            // What stood in the field then comes along: who changed it meanwhile is asked, not overwritten.
            #expect(again.contains(#"name="was.occupation" value="kaishain""#))
            #expect(!(try await nurse.get(address).text).contains("鵜匠"))
            let fields = try await nurse.get("/account/forms/\(id)").json
            #expect(fields["action"]?.text == address)
            #expect(
                fields["fields"]?.list?.compactMap { $0.list?.first?.text } == ["seen", "was.occupation", "occupation"]
            )
            let text = try await nurse.get("/account/forms/\(id)/text").text
            #expect(text.contains("鵜匠") && !text.contains("kaishain"))
            let other = try await site.browser(of: "hc-a")
            #expect(try await other.get("/account/forms/\(id)").status == 404)
            #expect(!(try await other.get("\(address)?kept=\(id)").text).contains("鵜匠"))
            // Only for the very page that it was typed into.
            #expect(!(try await nurse.get("/cases/\(number.digits)/management?kept=\(id)").text).contains("鵜匠"))
        }
    }

    @Test(arguments: ["", "https://example.com/", "//example.com", "/", "/sign-out", "javascript:alert(1)"])
    func `a form that would go elsewhere isn't kept`(action: String) async throws {
        try await TestSite.run { site in
            let nurse = try await site.browser(of: "hc-a")
            #expect(try await nurse.post("/account/forms", [("action", action), ("body", "a=b")]).status == 404)
        }
    }

    @Test func `keeping a form is no use of the session, and leaving ends this one alone`() async throws {
        try await TestSite.run { site in
            let nurse = try await site.browser(of: "hc-a")
            let page = try await nurse.get("/").text
            #expect(page.contains(#"data-idle="1800""#) && page.contains("/assets/idle-"))
            let keep = try await nurse.get("/account/keep")
            #expect(keep.text == #"{"signed_in":true,"left":1800}"#)
            #expect(try await nurse.post("/account/leave").status == 204)
            #expect(try await nurse.get("/account/keep").status == 303)
        }
    }

    @Test func `the sign-in says why one is there, and goes back to where the form waits`() async throws {
        try await TestSite.run { site in
            let kept = try await site.send(.get, "/sign-in?idle=kept&return=%2Fcases%2F1%2Fperson%3Fkept%3Dabc").text
            #expect(kept.contains("操作がなかったため、ログアウトしました") && kept.contains("続きから入力できます"))
            #expect(kept.contains(#"name="return" value="/cases/1/person?kept=abc""#))
            let plain = try await site.send(.get, "/sign-in?idle=1").text
            #expect(plain.contains("操作がなかったため") && !plain.contains("続きから"))
            let nurse = try await site.browser(of: "hc-a")
            let out = try await nurse.post("/sign-out", [("return", "/cases/1/person?kept=abc")])
            #expect(out.header("Location") == "/sign-in?out=1&return=%2Fcases%2F1%2Fperson%3Fkept%3Dabc")
            let other = try await site.browser(of: "hc-a")
            let away = try await other.post("/sign-out", [("return", "https://example.com")])
            #expect(away.header("Location") == "/sign-in?out=1")
        }
    }
}
