import Access
import Casework
import Catalogue
import Foundation
import Testing

@testable import Web

@Suite struct `Local items on pages and in the API` {
    private static let form: [(String, String)] = [
        ("label", "疫学調査票の番号"), ("name", "survey"), ("section", "notification"), ("kind", "number"), ("least", "1"),
        ("most", "999"),
    ]
    private static let key = "local.notification.pref-13.survey"

    /// Defines the item as the headquarters does.
    private static func define(_ site: TestSite, _ changes: [String: String] = [:]) async throws {
        let browser = try await site.browser(of: "pref-13")
        let fields = form.filter { changes[$0.0] == nil } + changes.map { ($0, $1) }
        #expect(try await browser.post("/admin/local-items", fields).status == 303)
    }

    @Test func `are defined, entered with the report, shown, corrected, and stand in the history`() async throws {
        try await TestSite.run { site in
            try await Self.define(site)
            let clinic = try await site.browser(of: "med-a")
            let draft = try await clinic.newDraft()
            let page = try await clinic.get("/cases/new?draft=\(draft)")
            #expect(page.text.contains("自治体の独自項目"))
            let wrong = try await clinic.file([Self.key: "1000"], draft: draft)
            #expect(wrong.status == 422)
            #expect(wrong.holds(Self.key, "1000"))
            let number = try Browser.number(try await clinic.file([Self.key: "１２"], draft: draft))
            let centre = try await site.browser(of: "hc-a")
            let shown = try await centre.get("/cases/\(number.digits)")
            #expect(shown.text.contains("<dt>疫学調査票の番号</dt><dd>12</dd>"))
            let address = "/cases/\(number.digits)/notification"
            let edit = try await centre.get(address)
            #expect(edit.holds(Self.key, "12"))
            let saved = try await centre.post(
                address,
                [("seen", "1"), ("was.\(Self.key)", "12"), (Self.key, "13")]
            )
            #expect(saved.status == 303)
            let history = try await centre.get("/cases/\(number.digits)/history").text
            #expect(history.contains("疫学調査票の番号"))
            #expect(history.contains("<del>12</del>"))
            #expect(!history.contains(Self.key))
        }
    }

    @Test func `are read and written by programs, and answer like unknown ones to whom they are hidden`() async throws {
        try await TestSite.run { site in
            try await Self.define(site)
            try await Self.define(site, ["section": "memo", "name": "inner", "kind": "text"])
            let inner = "local.memo.pref-13.inner"
            let clinic = try await site.program(of: "med-a")
            for (value, errors) in [("0", ["\(Self.key) range"]), ("十", ["\(Self.key) format"])] {
                let answer = try await clinic.notify([(Self.key, .text(value))])
                #expect(answer.status == 422)
                #expect(
                    answer.errors.map { $0.split(separator: " ").first }
                        == errors.map { $0.split(separator: " ").first }
                )
            }
            #expect(try await clinic.notify([("local.notification.pref-27.survey", "1")]).errors.count == 1)
            let made = try await clinic.notify([(Self.key, "12")])
            #expect(made.json["items"]?[Self.key] == "12")
            let id = try #require(made.json["id"]?.text)
            let centre = try await site.program(of: "hc-a")
            let changed = try await centre.patch("/api/v1/cases/\(id)", ["items": [inner: "秘"]], version: "\"1\"")
            #expect(changed.json["items"]?[inner] == "秘")
            let hidden = try await clinic.patch("/api/v1/cases/\(id)", ["items": [inner: "別"]], version: "\"2\"")
            let unknown = try await clinic.patch(
                "/api/v1/cases/\(id)",
                ["items": ["local.memo.pref-13.nothing": "別"]],
                version: "\"2\""
            )
            #expect(hidden.errors.map { $0.split(separator: " ").last } == ["unknown_item"])
            #expect(unknown.errors.map { $0.split(separator: " ").last } == ["unknown_item"])
            for key in ["med-a", "mhlw", "pref-13", "hc-a"] {
                let program = try await site.program(of: key)
                let sees = ["pref-13", "hc-a"].contains(key)
                for path in ["/api/v1/cases/\(id)", "/api/v1/cases/\(id)/history", "/api/v1/cases"] {
                    let text = try await program.get(path).text
                    #expect(text.contains(inner) == sees, "\(key) \(path)")
                    #expect(text.contains(Self.key) == (key != "mhlw"), "\(key) \(path)")
                }
                let browser = try await site.browser(of: key)
                for path in ["/cases/\(id)", "/cases/\(id)/history"] {
                    #expect(try await browser.get(path).text.contains("秘") == sees, "\(key) \(path)")
                }
            }
        }
    }

    @Test func `of another prefecture answer like items that don't exist, whatever is sent`() async throws {
        try await TestSite.run { site in
            let far = "local.notification.pref-27.survey"
            let none = "local.notification.pref-27.nothing"
            let headquarters = try await site.browser(of: "pref-27")
            #expect(try await headquarters.post("/admin/local-items", Self.form).status == 303)
            let clinic = try await site.program(of: "med-a")
            let made = try await clinic.notify()
            let address = "/api/v1/cases/\(try #require(made.json["id"]?.text))"
            for value: JSON in ["x", "5", 5, "1000", ["a"], .null] {
                func answers(_ key: String) async throws -> [String] {
                    var answers = [try await clinic.notify([(key, value)])]
                    for sender in ["hc-a", "pref-13", "med-a", "mhlw"] {
                        let program = try await site.program(of: sender)
                        answers.append(try await program.patch(address, ["items": [key: value]], version: "\"1\""))
                    }
                    return answers.map { "\($0.status) \($0.json["errors"] ?? .null)".replacing(key, with: "KEY") }
                }
                #expect(try await answers(far) == answers(none), "\(value)")
            }
        }
    }

    @Test func `stand in the list as a column, and are described to programs`() async throws {
        try await TestSite.run { site in
            try await Self.define(site)
            try await Self.define(site, ["section": "memo", "name": "inner", "kind": "text"])
            let clinic = try await site.browser(of: "med-a")
            _ = try await clinic.file([Self.key: "７"], draft: try await clinic.newDraft())
            let centre = try await site.browser(of: "hc-a")
            #expect(try await centre.get("/cases/columns").text.contains("独自項目・発生届情報：疫学調査票の番号"))
            #expect(try await centre.post("/cases/columns", [("go", "add"), ("add_column", Self.key)]).status == 303)
            let list = try await centre.get("/cases").text
            #expect(list.contains(#"<td data-label="疫学調査票の番号">7</td>"#))
            let file = try await centre.get("/cases/list.csv").text.split(separator: "\r\n")
            #expect(file.first?.hasSuffix(",疫学調査票の番号") == true && file.last?.hasSuffix(",7") == true)
            #expect(!(try await clinic.get("/cases/columns").text).contains("local.memo."))
            let memo = [("go", "add"), ("add_column", "local.memo.pref-13.inner")]
            #expect(try await clinic.post("/cases/columns", memo).status == 422)

            for (key, names) in [("hc-a", ["inner", "survey"]), ("med-a", ["survey"]), ("hc-c", []), ("mhlw", [])] {
                let answer = try await site.program(of: key).get("/api/v1/local-items")
                let found = answer.json["local_items"]?.list ?? []
                #expect(
                    found.compactMap { $0["key"]?.text?.split(separator: ".").last.map(String.init) } == names,
                    "\(key)"
                )
                guard let first = found.last else { continue }
                #expect(first["type"] == "number" && first["minimum"] == 1 && first["maximum"] == 999)
                #expect(first["label"] == "疫学調査票の番号" && first["section"] == "notification")
            }
            let schemas = OpenAPI.document["components"]?["schemas"]
            for name in ["Case", "Notification", "Revision"] {
                let items = schemas?[name]?["properties"]?["items"]
                let pattern = try #require(items?["patternProperties"]?.members?.first?.name)
                #expect(try Self.key.firstMatch(of: Regex(pattern)) != nil, "\(name)")
            }
        }
    }

    @Test func `say all that is missing where they are defined, in the order of the page`() async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "pref-13")
            let answer = try await browser.post("/admin/local-items", [("offices", "hc-c")])
            #expect(answer.status == 422)
            let fields = answer.text.matches(of: /id="error-([a-z_]+)"/).map { String($0.1) }
            #expect(fields == ["summary", "label", "name", "section", "kind"])
            // Another prefecture's health centre isn't taken, and nothing is stored.
            let foreign = try await browser.post("/admin/local-items", Self.form + [("offices", "hc-c")])
            #expect(foreign.status == 422)
            #expect(foreign.text.contains("管内の保健所から選んでください"))
            #expect(try await browser.get("/admin/local-items").text.contains("まだありません"))
        }
    }

    @Test(arguments: ["mhlw", "hc-a", "med-a", "fol-a"])
    func `are defined by nobody but headquarters`(key: String) async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: key)
            #expect(try await browser.get("/admin/local-items").status == 404)
            #expect(try await browser.post("/admin/local-items", Self.form).status == 404)
        }
    }

    @Test func `end on a day and are asked no more`() async throws {
        try await TestSite.run { site in
            try await Self.define(site)
            let headquarters = try await site.browser(of: "pref-13")
            let ended = try await headquarters.post(
                "/admin/local-items/end",
                [("key", Self.key), ("last_day", "2020-06-04")]
            )
            #expect(ended.status == 303)
            let clinic = try await site.browser(of: "med-a")
            let page = try await clinic.get("/cases/new?draft=\(try await clinic.newDraft())")
            #expect(!page.text.contains("自治体の独自項目"))
        }
    }
}
