import Access
import Casework
import Catalogue
import Foundation
import HTTPTypes
import Testing

@testable import Web

/// A deleted case through every output: it answers as a case that never was.
@Suite struct DeletedOutputTests {
    private static let roles = APIFullCase.parties.map(\.organisation) + ["mhlw"]

    private static func delete(_ number: CaseNumber, _ site: TestSite) async throws {
        let browser = try await site.browser(of: "hc-a")
        let answer = try await browser.post("/cases/\(number.digits)/delete", [("reason", "二重登録のため"), ("seen", "1")])
        #expect(answer.status == 303)
        #expect(answer.header("Location") == "/deleted?done=\(number.digits)")
    }

    /// What is asked by pages and by calls; a new address about one case is asked as well.
    private static func caseRoutes(_ policy: Route.Policy, _ method: HTTPRequest.Method) -> [String] {
        let own: Set<String> = ["/cases/{id}/restore", "/api/v1/cases/{id}/restore"]
        return WebApplication.routes.filter {
            $0.policy == policy && $0.method == method && $0.path.contains("/cases/{id}") && !own.contains($0.path)
        }.map(\.path)
    }

    private static func without(_ number: CaseNumber, _ text: String) -> String {
        text.replacing(number.digits, with: "#").replacing(number.display, with: "#")
    }

    @Test(arguments: roles)
    func `pages about it answer like pages about a case that never was`(key: OrganisationKey) async throws {
        try await TestSite.run { site in
            let full = try await APIFullCase.store(in: site)
            try await Self.delete(full.number, site)
            let none = try #require(CaseNumber(payload: 77))
            let browser = try await site.browser(of: key)
            let pages = Self.caseRoutes(.staff, .get).flatMap { path in
                path.contains("{section}")
                    ? Section.allCases.map { path.replacing("{section}", with: $0.rawValue) } : [path]
            }
            #expect(pages.contains("/cases/{id}") && pages.contains("/cases/{id}/history"))
            for path in pages where !path.contains("{name}") && !path.contains("{record}") {
                var answers: [Answer] = []
                for number in [full.number, none] {
                    answers.append(try await browser.get(path.replacing("{id}", with: number.digits)))
                }
                #expect(answers[0].status == 404, "\(path)")
                #expect(answers[0].status == answers[1].status, "\(path)")
                #expect(
                    Self.without(full.number, answers[0].text) == Self.without(none, answers[1].text),
                    "\(path)"
                )
            }
            let forms = Self.caseRoutes(.staff, .post).map { $0.replacing("{section}", with: "person") }
            #expect(forms.contains("/cases/{id}/confirm"))
            for path in forms {
                let fields = [("reason", "x"), ("seen", "2"), ("family_name", "x")]
                var statuses: [Int] = []
                for number in [full.number, none] {
                    statuses.append(try await browser.post(path.replacing("{id}", with: number.digits), fields).status)
                }
                // A sign of being here is taken from anybody and told to nobody.
                let expected = path.hasSuffix("/presence") ? statuses[1] : 404
                #expect(statuses == [expected, expected], "\(path)")
            }
        }
    }

    @Test(arguments: roles)
    func `lists, counts, searches and the form hold nothing of it`(key: OrganisationKey) async throws {
        try await TestSite.run { site in
            let full = try await APIFullCase.store(in: site) { file in
                file.items[.familyName] = "ZQ家"
                file.items[.givenName] = "ZQ名"
                file.items[.familyKana] = "ゼットキユウケ"
                file.items[.phone] = "03-8888-7777"
            }
            let number = full.number
            let browser = try await site.browser(of: key)
            func texts() async throws -> [String] {
                var texts: [String] = []
                for path in ["/", "/cases", "/cases?intake=submitted"] {
                    texts.append(try await browser.get(path).text)
                }
                for words in ["ZQ家", "ゼットキユウケ", "03-8888-7777", number.digits, "2020-05-22"] {
                    let answer = try await browser.post("/cases/search", [("q", words)])
                    texts.append(try await browser.get(answer.header("Location") ?? "/cases").text)
                }
                return texts
            }
            let shown = { (texts: [String]) in
                // What was typed stands in its field.
                texts.map { $0.contains("data-case=\"\(number.digits)\"") || $0.contains("ZQ名") }
            }
            let before = shown(try await texts())
            #expect(before.contains(true))
            try await Self.delete(number, site)
            let after = try await texts()
            #expect(!shown(after).contains(true))
            let household = try await browser.get("/cases/new?household=\(number.digits)")
            #expect(!household.text.contains("ZQ家") && !household.text.contains("03-8888-7777"))
            // The number itself stands in the field that it was typed into, and nowhere else.
            #expect(!after[0].contains(number.display) && !after[1].contains(number.display))
            let centre = try await site.browser(of: "hc-a")
            #expect(try await centre.post("/cases/\(number.digits)/restore").status == 303)
            #expect(shown(try await texts()) == before)
        }
    }

    @Test(arguments: roles)
    func `calls about it answer like calls about a case that never was`(key: OrganisationKey) async throws {
        try await TestSite.run { site in
            let full = try await APIFullCase.store(in: site)
            let program = try await site.program(of: key)
            #expect(try await program.get("/api/v1/cases").json["cases"]?.list?.count == 1)
            try await Self.delete(full.number, site)
            #expect(try await program.get("/api/v1/cases").json["cases"]?.list?.count == 0)
            #expect(try await program.get("/api/v1/cases?q=\(full.number.digits)").json["cases"]?.list?.count == 0)
            let none = try #require(CaseNumber(payload: 77))
            let bodies: [String: JSON] = [
                "/api/v1/cases/{id}/return": ["reason": "x"], "/api/v1/cases/{id}/delete": ["reason": "x"],
                "/api/v1/cases/{id}/related": ["offices": []], "/api/v1/cases/{id}": ["items": ["sex": "male"]],
                "/api/v1/cases/{id}/transfer": ["to": "hc-b", "reason": "x"],
                "/api/v1/cases/{id}/transfer/refuse": ["reason": "x"],
                "/api/v1/cases/{id}/transfer/withdraw": ["reason": "x"],
                "/api/v1/cases/{id}/grants": [
                    "organisation": "fol-a", "section": "condition", "write": false, "until": "2020-12-31",
                ],
                "/api/v1/cases/{id}/grants/end": ["organisation": "fol-a", "section": "condition"],
            ]
            for operation in API.operations where operation.route.path.contains("{id}") && operation.id != "restoreCase"
            {
                var answers: [Answer] = []
                for number in [full.number, none] {
                    answers.append(
                        try await program.send(
                            operation.route.method,
                            operation.route.path.replacing("{id}", with: number.digits),
                            operation.body == nil ? nil : bodies[operation.route.path] ?? [:],
                            ["If-Match": "\"1\""]
                        )
                    )
                }
                #expect(answers[0].status == 404, "\(operation.id)")
                #expect(answers[0].text == answers[1].text, "\(operation.id)")
            }
            let mine = key == "hc-a"
            let listed = try await program.get("/api/v1/deleted-cases")
            #expect(listed.status == (key.hasPrefix("hc-") ? 200 : 404))
            #expect((listed.json["deleted"]?.list ?? []).count == (mine ? 1 : 0))
            let back = try await program.post("/api/v1/cases/\(full.number.digits)/restore")
            #expect(back.status == (mine ? 200 : 404))
            #expect(try await program.get("/api/v1/cases/\(full.number.digits)").status == (mine ? 200 : 404))
        }
    }

    @Test func `the API deletes with a reason only, and answers with nothing`() async throws {
        try await TestSite.run { site in
            let number = try await site.report()
            let centre = try await site.program(of: "hc-a")
            let path = "/api/v1/cases/\(number.digits)"
            #expect(try await centre.post("\(path)/delete", [:]).errors == ["reason required"])
            #expect(try await site.program(of: "med-a").post("\(path)/delete", ["reason": "x"]).status == 403)
            let answer = try await centre.post("\(path)/delete", ["reason": "二重登録"])
            #expect(answer.status == 204)
            #expect(answer.bytes.isEmpty)
            let line = try await centre.get("/api/v1/deleted-cases").json["deleted"]?.list?.first
            #expect(line?["reason"]?.text == "二重登録")
            #expect(line?["id"]?.text == number.digits)
        }
    }

    @Test func `the person's link is like one that never was, and works again after the undoing`() async throws {
        try await TestSite.run { site in
            let number = try await site.report([("birth_date", "1986-04-01")])
            let organisation = try #require(TestSite.organisations.first { $0.key == "hc-a" })
            let caller = Caller(
                Viewer(organisation: organisation, account: 1, name: ""),
                through: .page,
                address: "test"
            )
            let secret = try await site.casework.issueReportLink(number, by: caller)
            let birth = [("birth_era", ""), ("birth_year", "1986"), ("birth_month", "4"), ("birth_day", "1")]
            let opened = try await site.form("/r/\(secret)", birth, ["Sec-Fetch-Site": "same-origin"])
            let cookie = "__Secure-report=\(opened.cookieValue("__Secure-report") ?? "")"
            #expect(try await site.send(.get, "/r/\(secret)", ["Cookie": cookie]).status == 200)
            try await Self.delete(number, site)
            let never = "0123456789abcdef0123456789abcdef"
            for headers in [[:], ["Cookie": cookie]] {
                let answers = [
                    try await site.send(.get, "/r/\(secret)", headers),
                    try await site.send(.get, "/r/\(never)", headers),
                ]
                #expect(answers[0].status == 404)
                #expect(answers[0].text == answers[1].text)
                let reports = [
                    try await site.form("/r/\(secret)", [("body_temperature", "36.5"), ("form", "a")], headers),
                    try await site.form("/r/\(never)", [("body_temperature", "36.5"), ("form", "a")], headers),
                ]
                #expect(reports[0].status == reports[1].status)
                #expect(reports[0].text == reports[1].text)
                let births = [
                    try await site.form("/r/\(secret)", birth, headers),
                    try await site.form("/r/\(never)", birth, headers),
                ]
                #expect(births[0].status == births[1].status)
                #expect(births[0].text == births[1].text)
            }
            let browser = try await site.browser(of: "hc-a")
            #expect(try await browser.post("/cases/\(number.digits)/restore").status == 303)
            #expect(try await site.send(.get, "/r/\(secret)", ["Cookie": cookie]).status == 200)
        }
    }

    @Test func `no candidate for a duplicate`() async throws {
        try await TestSite.run { site in
            let first = try await site.report()
            let second = try await site.report()
            let browser = try await site.browser(of: "hc-a")
            #expect(try await browser.get("/cases/\(second.digits)").text.contains(first.display))
            try await Self.delete(first, site)
            #expect(!(try await browser.get("/cases/\(second.digits)").text.contains(first.display)))
        }
    }

    @Test func `deleting asks for a reason at its place, and shows the list with the way back`() async throws {
        try await TestSite.run { site in
            let number = try await site.report()
            let browser = try await site.browser(of: "hc-a")
            let path = "/cases/\(number.digits)"
            #expect(try await browser.get(path).text.contains("href=\"\(path)/delete\""))
            let page = try await browser.get("\(path)/delete")
            #expect(page.status == 200)
            let refused = try await browser.post("\(path)/delete", [("reason", " "), ("seen", "1")])
            #expect(refused.status == 422)
            #expect(refused.text.contains("id=\"error-reason\""))
            try await Self.delete(number, site)
            let list = try await browser.get("/deleted?done=\(number.digits)").text
            for word in [number.display, "二重登録のため", "鈴木 一郎", "記録を削除しました"] { #expect(list.contains(word)) }
            for key in ["hc-b", "med-a", "pref-13", "mhlw"] {
                let other = try await site.browser(of: key)
                let answer = try await other.get("/deleted")
                #expect(answer.status == (key == "hc-b" ? 200 : 404))
                #expect(!answer.text.contains(number.display))
            }
            let clinic = try await site.browser(of: "med-a")
            #expect(try await clinic.post("\(path)/restore").status == 404)
        }
    }
}
