import Access
import Casework
import Catalogue
import Foundation
import HTTPTypes
import Testing

@testable import Web

/// The page behind a person's link, as a telephone asks for it.
@Suite struct SelfReportTests {
    /// A telephone with a link: what it has been told to remember.
    private struct Phone {
        let site: TestSite
        let path: String
        var cookie = ""

        func get() async throws -> Answer {
            try await site.send(.get, path, cookie.isEmpty ? [:] : ["Cookie": cookie])
        }

        func post(_ fields: [(String, String)]) async throws -> Answer {
            try await site.form(path, fields, ["Cookie": "other=1; \(cookie)", "Sec-Fetch-Site": "same-origin"])
        }

        func born(_ era: String, _ year: String, _ month: String, _ day: String) async throws -> Answer {
            try await post([("birth_era", era), ("birth_year", year), ("birth_month", month), ("birth_day", day)])
        }

        /// Gives the birth date of the API's example person.
        mutating func open() async throws {
            let answer = try await born("", "1986", "4", "1")
            #expect(answer.status == 303)
            cookie = "__Secure-report=\(answer.cookieValue("__Secure-report") ?? "")"
        }
    }

    private static func phone(_ site: TestSite) async throws -> (Phone, CaseNumber) {
        let number = try await site.report([("birth_date", "1986-04-01")])
        let organisation = try #require(TestSite.organisations.first { $0.key == "hc-a" })
        let viewer = Viewer(organisation: organisation, account: 1, name: "")
        let caller = Caller(viewer, through: .page, address: "test")
        let secret = try await site.casework.issueReportLink(number, by: caller)
        return (Phone(site: site, path: "/r/\(secret)"), number)
    }

    private static let healthy: [(String, String)] =
        [("form", "abc"), ("body_temperature", "３６．５"), ("spo2", "98"), ("reported_by", "self")]
        + HealthCheck.questions.map { ($0.key, "no") }

    @Test func `a person gives the birth date once, reports, and is thanked with the emergency signs`() async throws {
        try await TestSite.run { site in
            var (phone, number) = try await Self.phone(site)
            let first = try await phone.get()
            #expect(first.status == 200)
            #expect(first.text.contains("生年月日"))
            #expect(!first.text.contains("体温"))
            try await phone.open()
            let page = try await phone.get()
            #expect(page.text.contains("体温"))
            #expect(page.text.contains("みなと保健所"))
            let sent = try await phone.post(Self.healthy)
            #expect(sent.status == 200)
            #expect(sent.text.contains("報告を受け付けました"))
            #expect(sent.text.contains("href=\"tel:119\""))
            #expect(!sent.text.contains("すぐに電話してください"))
            // Nothing is shown back, now or later.
            for text in [sent.text, try await phone.get().text] {
                for value in ["36.5", "３６．５", "98", "abc"] { #expect(!text.contains("value=\"\(value)\"")) }
            }
            let again = try await phone.post(Self.healthy)
            #expect(again.text.contains("報告を受け付けました"))

            let browser = try await site.browser(of: "hc-a")
            let text = try await browser.get("/cases/\(number.digits)").text
            #expect(text.contains("id=\"section-observation\""))
            #expect(text.matches(of: /36\.5/).count == 1)
            let json = try await site.program(of: "hc-a").get("/api/v1/cases/\(number.digits)").json
            #expect(json["observations"]?.list?.count == 1)
            #expect(json["observations"]?.list?.first?["body_temperature"] != nil)
        }
    }

    @Test func `an emergency is told to call at once, and staff see it`() async throws {
        try await TestSite.run { site in
            var (phone, number) = try await Self.phone(site)
            try await phone.open()
            let fields = Self.healthy.map { ($0.0, $0.0 == "symptom_breath" ? "yes" : $0.1) }
            let sent = try await phone.post(fields)
            #expect(sent.text.contains("すぐに電話してください"))
            let browser = try await site.browser(of: "hc-a")
            let page = try await browser.get("/cases/\(number.digits)").text
            #expect(page.contains("chip-error\">緊急"))
            #expect(page.contains("data-label=\"症状\">息苦しさ</td>"))
        }
    }

    @Test(arguments: [
        ("", "1986", "4", "1"), ("昭和", "61", "4", "1"), ("昭和", "1986", "04", "01"), ("", "１９８６年", "４月", "１日"),
    ])
    func `a birth date is understood as people write it`(
        era: String,
        year: String,
        month: String,
        day: String
    )
        async throws
    {
        try await TestSite.run { site in
            let (phone, _) = try await Self.phone(site)
            let answer = try await phone.born(era, year, month, day)
            #expect(answer.status == 303)
            #expect(answer.header("Location") == phone.path)
            let cookie = answer.header("Set-Cookie") ?? ""
            #expect(cookie.contains("; Path=\(phone.path); Secure; HttpOnly; SameSite=Lax"))
        }
    }

    @Test func `a wrong birth date is counted, an unreadable one isn't, and the tenth locks the link`() async throws {
        try await TestSite.run { site in
            let (phone, _) = try await Self.phone(site)
            for fields in [("", "", "", ""), ("", "86", "4", "1"), ("", "1986", "13", "1"), ("平成", "x", "4", "1")] {
                let answer = try await phone.born(fields.0, fields.1, fields.2, fields.3)
                #expect(answer.status == 422)
                #expect(!answer.text.contains("あと"))
            }
            for left in (1..<10).reversed() {
                let answer = try await phone.born("", "1986", "4", "2")
                #expect(answer.status == 422)
                #expect(answer.text.contains("あと\(left)回"))
                #expect(answer.text.contains("value=\"1986\""))
            }
            let last = try await phone.born("", "1986", "4", "2")
            #expect(last.status == 403)
            #expect(last.text.contains("使えなくなりました"))
            #expect(last.text.contains("みなと保健所"))
            #expect(try await phone.born("", "1986", "4", "1").status == 403)
            #expect(try await phone.get().status == 403)
        }
    }

    @Test func `what is wrong stands beside its field, and what was typed is still there`() async throws {
        try await TestSite.run { site in
            var (phone, number) = try await Self.phone(site)
            try await phone.open()
            let wrong = Self.healthy.map { ($0.0, $0.0 == "body_temperature" ? "365" : $0.1) }
            let answer = try await phone.post(wrong)
            #expect(answer.status == 422)
            #expect(answer.text.contains("id=\"error-body_temperature\""))
            #expect(answer.text.contains("value=\"365\""))
            #expect(answer.text.contains("value=\"abc\""))
            #expect(!answer.text.contains("keeps_warnings"))
            let unlikely = Self.healthy.map { ($0.0, $0.0 == "body_temperature" ? "42.5" : $0.1) }
            let asked = try await phone.post(unlikely)
            #expect(asked.status == 422)
            #expect(asked.text.contains("このまま送信する"))
            #expect(try await phone.post(unlikely + [("keeps_warnings", "1")]).status == 200)
            let foreign = try await phone.post(Self.healthy + [("physician_finding", "x"), ("family_name", "y")])
            #expect(foreign.status == 200)
            let program = try await site.program(of: "hc-a")
            let json = try await program.get("/api/v1/cases/\(number.digits)").json
            #expect(json["observations"]?.list?.count == 2)
            #expect(json["observations"]?.list?.contains { $0["physician_finding"] != nil } == false)
        }
    }

    @Test func `a report without the birth date is asked for it, and isn't stored`() async throws {
        try await TestSite.run { site in
            let (phone, number) = try await Self.phone(site)
            for cookie in ["", "__Secure-report=00", "__Secure-report=\(String(repeating: "ab", count: 72))"] {
                let stranger = Phone(site: site, path: phone.path, cookie: cookie)
                let answer = try await stranger.post(Self.healthy)
                #expect(answer.status == 200)
                #expect(answer.text.contains("生年月日"))
            }
            let json = try await site.program(of: "hc-a").get("/api/v1/cases/\(number.digits)").json
            #expect(json["observations"]?.list?.isEmpty == true)
        }
    }

    @Test(arguments: [
        "/r/aaaaaaaaaaaaaaaaaaaaaa", "/r/short", "/r/%3Cscript%3Ealert(1234567)", "/r/a%22b%22c%22d%22e%22f%22",
    ])
    func `an unknown link is a page of its own that says whom to call`(path: String) async throws {
        try await TestSite.run { site in
            for method in [HTTPRequest.Method.get, .post] {
                let answer = try await site.send(method, path)
                #expect(answer.status == 404)
                #expect(answer.text.contains("119番"))
                #expect(!answer.text.contains("<script"))
            }
        }
    }

    @Test func `a form from another site is refused`() async throws {
        try await TestSite.run { site in
            let (phone, _) = try await Self.phone(site)
            let answer = try await site.form(phone.path, Self.healthy, ["Sec-Fetch-Site": "cross-site"])
            #expect(answer.status == 403)
        }
    }

    @Test func `a page with its style sheets is under 50 KB, has no script, and leads nowhere else`() async throws {
        try await TestSite.run { site in
            var (phone, _) = try await Self.phone(site)
            let closed = try await phone.get()
            try await phone.open()
            for page in [closed, try await phone.get(), try await phone.post(Self.healthy)] {
                var size = page.bytes.count
                for file in page.text.matches(of: /\/assets\/[^"]+/) {
                    let asset = try await site.send(.get, String(file.0))
                    #expect(asset.status == 200)
                    size += asset.bytes.count
                }
                #expect(size < 50_000, "\(size)")
                #expect(!page.text.contains("<script"))
                #expect(page.text.matches(of: /<h1/).count == 1)
                #expect(page.header("Referrer-Policy") == "no-referrer")
                #expect(page.header("Cache-Control") == "no-store")
                for link in page.text.matches(of: /href="([^"]+)"/) {
                    let target = String(link.1)
                    #expect(
                        ["tel:", "/assets/", "#", "?lang="].contains { target.hasPrefix($0) },
                        "\(target)"
                    )
                }
                let ids = page.text.matches(of: /\sid="([^"]+)"/).map { String($0.1) }
                #expect(Set(ids).count == ids.count)
            }
        }
    }

    @Test func `neither the secret nor anything typed stands in the log`() async throws {
        try await TestSite.run { site in
            let lines = LogLines()
            let (phone, _) = try await Self.phone(site)
            try await site.with(logger: lines.logger) { site in
                var logged = Phone(site: site, path: phone.path)
                _ = try await logged.get()
                _ = try await logged.born("", "1986", "4", "2")
                try await logged.open()
                _ = try await logged.post(Self.healthy + [("observation_note", "勅使河原")])
            }
            let all = lines.all.joined(separator: "\n")
            #expect(all.contains("route=/r/{secret} status=200"))
            for word in [String(phone.path.dropFirst(3)), "1986", "勅使河原", "36.5", "__Secure"] {
                #expect(!all.contains(word), "\(word)")
            }
        }
    }

    @Test func `a health centre issues a link on the screen, which is shown once`() async throws {
        try await TestSite.run { site in
            let number = try await site.report([("birth_date", "1986-04-01")])
            let address = "/cases/\(number.digits)/report-link"
            let browser = try await site.browser(of: "hc-a")
            #expect(try await browser.get("/cases/\(number.digits)").text.contains("href=\"\(address)\""))
            let ask = try await browser.get(address)
            #expect(ask.status == 200)
            #expect(ask.text.contains("URLを発行する"))
            let made = try await browser.post(address, [("host", "her-sys.example:8443")])
            #expect(made.status == 200)
            let link = try #require(made.text.firstMatch(of: /https:\/\/her-sys\.example:8443(\/r\/[\w-]{22})</))
            #expect(try await site.send(.get, String(link.1)).text.contains("生年月日"))
            let strange = try await browser.post(address, [("host", "a\"><script>")])
            #expect(strange.text.contains("https:///r/"))
            // The link before stopped working.
            #expect(try await site.send(.get, String(link.1)).status == 410)
        }
    }

    @Test func `whoever may not write health reports finds neither the button nor the page`() async throws {
        try await TestSite.run { site in
            let number = try await site.report([("birth_date", "1986-04-01")])
            let address = "/cases/\(number.digits)/report-link"
            for key in ["med-a", "pref-13", "mhlw", "hc-c", "fol-a"] {
                let browser = try await site.browser(of: key)
                #expect(try await !browser.get("/cases/\(number.digits)").text.contains(address), "\(key)")
                #expect(try await browser.get(address).status == 404, "\(key)")
                #expect([403, 404].contains(try await browser.post(address).status), "\(key)")
            }
        }
    }
}
