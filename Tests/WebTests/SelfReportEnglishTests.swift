import Access
import Casework
import Catalogue
import Foundation
import HTTPTypes
import Testing

@testable import Web

/// The page behind a person's link for whoever reads no Japanese.
@Suite struct SelfReportEnglishTests {
    /// A telephone with a link: its language, its cookie, and what it chose in the address.
    private struct Phone {
        let site: TestSite
        let path: String
        var query = ""
        var accepts = ""
        var cookie = ""

        private var headers: [String: String] {
            var all = ["Sec-Fetch-Site": "same-origin"]
            if !cookie.isEmpty { all["Cookie"] = cookie }
            if !accepts.isEmpty { all["Accept-Language"] = accepts }
            return all
        }

        func get() async throws -> Answer { try await site.send(.get, path + query, headers) }

        func post(_ fields: [(String, String)]) async throws -> Answer {
            try await site.form(path + query, fields, headers)
        }

        func born(_ year: String, _ month: String, _ day: String) async throws -> Answer {
            try await post([("birth_year", year), ("birth_month", month), ("birth_day", day)])
        }

        mutating func open() async throws {
            let answer = try await born("1986", "4", "1")
            #expect(answer.status == 303)
            #expect(answer.header("Location") == path + query)
            cookie = "__Secure-report=\(answer.cookieValue("__Secure-report") ?? "")"
        }
    }

    private static func phone(_ site: TestSite, _ query: String = "?lang=en") async throws -> (Phone, CaseNumber) {
        let number = try await site.report([("birth_date", "1986-04-01")])
        let organisation = try #require(TestSite.organisations.first { $0.key == "hc-a" })
        let caller = Caller(Viewer(organisation: organisation, account: 1, name: ""), through: .page, address: "test")
        let secret = try await site.casework.issueReportLink(number, by: caller)
        return (Phone(site: site, path: "/r/\(secret)", query: query), number)
    }

    private static let healthy: [(String, String)] =
        [("form", "abc"), ("body_temperature", "36.5"), ("spo2", "98"), ("reported_by", "self")]
        + HealthCheck.questions.map { ($0.key, "no") }

    private static func changed(_ key: String, _ value: String) -> [(String, String)] {
        healthy.map { ($0.0, $0.0 == key ? value : $0.1) }
    }

    /// The Japanese that is left in an English page: names that there are in Japanese only say so themselves.
    static func japanese(_ page: String) -> String {
        let rest = page.replacing(/<(span|a|p)[^>]* lang="ja"[^>]*>[^<]*<\/(span|a|p)>/, with: "")
        // Full-width signs are drawn, not read.
        return String(
            rest.unicodeScalars.filter { $0.value >= 0x3000 && !(0xFF01...0xFF0F).contains($0.value) }.map(
                Character.init
            )
        )
    }

    private func expectEnglish(_ answer: Answer, _ status: Int, _ comment: Comment? = nil) {
        #expect(answer.status == status, comment)
        #expect(answer.text.contains("<html lang=\"en\">"), comment)
        #expect(Self.japanese(answer.text) == "", comment)
    }

    @Test func `everything from the first page to the thanks is English`() async throws {
        try await TestSite.run { site in
            var (phone, _) = try await Self.phone(site)
            let first = try await phone.get()
            expectEnglish(first, 200)
            #expect(first.text.contains("Date of birth"))
            #expect(first.text.contains(#"lang="ja" hreflang="ja">日本語</a>"#))
            try await phone.open()
            let questions = try await phone.get()
            expectEnglish(questions, 200)
            for item in SelfReportView.items {
                let label = try #require(item.asked?.label.en, "\(item.key) is asked without words in English")
                #expect(questions.text.contains(label), "\(item.key)")
                for entry in item.type.codeList?.entries ?? [] {
                    #expect(
                        questions.text.contains(#"name="\#(item.key)" type="radio" value="\#(entry.code.rawValue)""#)
                            == (entry.offered != nil)
                    )
                }
            }
            let sent = try await phone.post(Self.healthy)
            expectEnglish(sent, 200)
            #expect(sent.text.contains("Your report has been received"))
            #expect(sent.text.contains("Chest pain"))
            let urgent = try await phone.post(Self.changed("symptom_breath", "yes") + [("keeps_warnings", "1")])
            expectEnglish(urgent, 200)
            #expect(urgent.text.contains("Call now"))
        }
    }

    @Test(arguments: [
        ("body_temperature", "365"), ("body_temperature", "98.6"), ("body_temperature", "x"),
        ("body_temperature", "42.5"),
        ("body_temperature", ""), ("spo2", "x"), ("spo2", "49"), ("spo2", "70"), ("spo2", "9.5"),
        ("symptom_cough", "maybe"), ("symptom_cough", ""), ("reported_by", "somebody"),
        ("observation_note", "\u{1}"), ("observation_note", String(repeating: "a", count: 1001)),
        ("observation_note", String(repeating: "a", count: 10_001)),
    ])
    func `what is wrong or unlikely is said in English`(key: String, value: String) async throws {
        try await TestSite.run { site in
            var (phone, _) = try await Self.phone(site)
            try await phone.open()
            let fields = Self.healthy.filter { $0.0 != key } + [(key, value)]
            let answer = try await phone.post(fields)
            expectEnglish(answer, 422, "\(key)")
            #expect(answer.text.contains("id=\"error-\(key)\""))
        }
    }

    @Test func `nothing entered at all, and a birth date that is missing, unreadable or wrong`() async throws {
        try await TestSite.run { site in
            var (phone, _) = try await Self.phone(site)
            for (year, month, day) in [
                ("", "", ""), ("86", "4", "1"), ("1986", "13", "1"), ("1986", "2", "30"), ("x", "4", "1"),
            ] {
                expectEnglish(try await phone.born(year, month, day), 422, "\(year)-\(month)-\(day)")
            }
            let wrong = try await phone.born("1986", "4", "2")
            expectEnglish(wrong, 422)
            #expect(wrong.text.contains("stops working: 9."))
            try await phone.open()
            expectEnglish(try await phone.post([("form", "abc"), ("reported_by", "self")]), 422)
        }
    }

    @Test func `pages that end say whom to call, in English`() async throws {
        try await TestSite.run { site in
            let (phone, number) = try await Self.phone(site)
            for _ in 1...10 { _ = try await phone.born("1986", "4", "2") }
            expectEnglish(try await phone.get(), 403)
            _ = try await site.browser(of: "hc-a").post("/cases/\(number.digits)/report-link")
            expectEnglish(try await phone.get(), 410)
            for path in ["/r/aaaaaaaaaaaaaaaaaaaaaa", "/r/short"] {
                expectEnglish(try await site.send(.get, "\(path)?lang=en"), 404)
            }
        }
    }

    @Test(arguments: [
        ("", "ja"), ("ja", "ja"), ("ja-JP,ja;q=0.9,en-US;q=0.8", "ja"), ("en-US,en;q=0.9,ja;q=0.8", "en"),
        ("vi,ja;q=0.5", "en"), ("en;q=0.3,ja;q=0.9", "ja"), ("*", "ja"), ("JA-jp", "ja"), ("jam", "en"),
        (";;,,q=1", "en"), ("en;q=0", "ja"), ("en;q=x", "ja"),
    ])
    func `without a choice the browser's first language decides`(header: String, language: String) async throws {
        #expect(PageLanguage.preferred(header).rawValue == language)
        #expect(PageLanguage(try #require(Language(rawValue: language))).query == "")
    }

    @Test func `a choice stands above the browser's language, and only one of ours is a choice`() async throws {
        try await TestSite.run { site in
            var (phone, _) = try await Self.phone(site, "")
            phone.accepts = "en-US,en;q=0.9"
            #expect(try await phone.get().text.contains("<html lang=\"en\">"))
            phone.query = "?lang=ja"
            #expect(try await phone.get().text.contains("<html lang=\"ja\">"))
            phone.accepts = "ja"
            for query in ["?lang=xx", "?lang=", "?lang=%22%3E%3Cscript%3E", "?x=en"] {
                phone.query = query
                let text = try await phone.get().text
                #expect(text.contains("<html lang=\"ja\">"))
                #expect(!text.contains("<script"))
                #expect(text.contains("action=\"\(phone.path)\""))
            }
        }
    }

    @Test func `what is stored is the same in either language`() async throws {
        try await TestSite.run { site in
            var stored: [JSON] = []
            for query in ["?lang=ja", "?lang=en", ""] {
                var (phone, number) = try await Self.phone(site, query)
                try await phone.open()
                let fields = Self.changed("symptom_cough", "unknown") + [("observation_note", "Cough since Monday")]
                #expect(try await phone.post(fields).status == 200)
                let json = try await site.program(of: "hc-a").get("/api/v1/cases/\(number.digits)").json
                let record = try #require(json["observations"]?.list?.first)
                // Its number is another one in each case.
                stored.append(.object((record.members ?? []).filter { $0.name != "id" }))
            }
            #expect(stored.count == 3)
            #expect(stored.allSatisfy { $0 == stored[0] })
            #expect(stored[0]["body_temperature"] != nil && stored[0]["symptom_cough"]?.text == "unknown")
        }
    }

    @Test func `a server that can't answer says so in English as well`() async throws {
        try await TestSite.run { site in
            let (phone, _) = try await Self.phone(site)
            let foreign = try await site.form(phone.path, Self.healthy, ["Sec-Fetch-Site": "cross-site"])
            #expect(foreign.status == 403)
            #expect(foreign.text.contains(#"<p lang="en">This page could not be shown."#))
            #expect(!foreign.text.contains("href=\"/sign-in\""))
            let frame = BusyPage.Frame(.crowded, site.site)
            for method in [HTTPRequest.Method.get, .post] {
                let head = HTTPRequest(method: method, scheme: "https", authority: "x", path: phone.path)
                let busy = BusyPage.answer(frame, head, nil, seconds: 10)
                #expect(String(buffer: busy.body).contains(#"<p lang="en">The server cannot do this just now."#))
                let staff = HTTPRequest(method: method, scheme: "https", authority: "x", path: "/cases")
                #expect(!String(buffer: BusyPage.answer(frame, staff, nil, seconds: 10).body).contains("lang=\"en\""))
            }
        }
    }
}
