import Access
import Casework
import Catalogue
import Foundation
import Testing

@testable import Web

@Suite struct `Entry of a 発生届 by the paper of its day` {
    /// What a doctor types on the papers of 2022.
    static let short: [String: String?] = [
        "occupation": nil, "address_municipality": nil, "address_line": nil, "stay_same": nil,
        "notified_symptoms": nil, "diagnosis_method": nil, "infected_on": nil, "infected_unknown": nil,
        "onset_on": nil, "route_certainty": nil, "region_certainty": nil, "tests.0.method": nil,
        "tests.0.specimen": nil, "tests.0.result": nil, "stay_line": "港区芝2-2-2", "risk_factors": "none",
        "admission_needed": "yes",
    ]

    @Test(arguments: [
        ("2020-06-05", "2020-02"), ("2021-03-01", "2021-02"), ("2022-07-01", "2022-06-30"),
        ("2022-10-01", "2022-09-26"),
    ])
    func `begins with the one in force today`(day: String, id: String) async throws {
        try await TestSite.run(at: Timestamp(TestSite.day(day), hour: 15)) { site in
            let browser = try await site.browser(of: "med-a")
            let draft = try await browser.newDraft()
            let page = try await browser.get("/cases/new?draft=\(draft)")
            let form = try #require(FormVersion.version(id))
            #expect(page.text.components(separatedBy: #"name="jurisdiction""#).count == 2)
            #expect(page.text.contains(#"name="shown_form" value="\#(id)""#))
            for other in FormVersion.all {
                for key in other.items where key != "infected_unknown" {
                    #expect(page.text.contains(#"name="\#(key)""#) == form.items.contains(key), "\(key)")
                }
            }
        }
    }

    @Test(arguments: [("2022-06-30", 303), ("2022-09-26", 303), ("2021-02", 422), ("2020-02", 422)])
    func `another can be chosen, and the stored report keeps it`(id: String, status: Int) async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "med-a")
            let draft = try await browser.newDraft("/cases/new?form=\(id)")
            let page = try await browser.get("/cases/new?draft=\(draft)")
            #expect(page.text.contains(#"name="form" value="\#(id)""#))
            let answer = try await browser.file(
                Self.short,
                draft: draft,
                more: [("form", id), ("shown_form", id)]
            )
            #expect(answer.status == status, "\(answer.text.suffix(4000))")
            guard status == 303 else { return }
            let number = try Browser.number(answer)
            let centre = site
            #expect(try await centre.casework.read(number, by: site.caller("hc-a")).subject.form == id)
            let shown = try await browser.get("/cases/\(number.digits)")
            #expect(shown.text.contains("様式：\(FormVersion.version(id)?.period ?? "?")"))
            let edit = try await browser.get("/cases/\(number.digits)/notification")
            #expect(edit.status == 200)
            // What this paper doesn't have stands below, not among its items.
            let parts = edit.text.components(separatedBy: "この届の様式にない項目")
            #expect(parts.first?.contains(#"name="risk_factors""#) == true)
            #expect(parts.last?.contains(#"name="route_certainty""#) == true)
        }
    }

    @Test func `everything typed stays when it changes, there and back`() async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "med-a")
            let draft = try await browser.newDraft()
            let typed = EntrySamples.report([:]) + [("draft", draft), ("to_form", "2022-06-30"), ("form", "")]
            #expect(try await browser.post("/cases/new/form", typed).status == 303)
            let short = try await browser.get("/cases/new?draft=\(draft)")
            #expect(short.text.contains(#"name="shown_form" value="2022-06-30""#))
            #expect(short.holds("family_name", "髙橋"))
            // The present stay was the same as the address, which this paper doesn't have.
            #expect(short.holds("stay_line", "芝2-2-2"))
            #expect(short.text.contains("提出されません"))
            // As the browser sends it: what the page holds, hidden and shown.
            let hidden = EntryVersions.fields(short.text)
            #expect(hidden["occupation"] == "小学校教諭")
            let back = try await browser.post(
                "/cases/new/form",
                hidden.map { ($0, $1) } + [("draft", draft), ("to_form", "2020-02")]
            )
            #expect(back.status == 303)
            let page = try await browser.get("/cases/new?draft=\(draft)")
            for (name, text) in [("occupation", "小学校教諭"), ("onset_on", "2020/6/1"), ("address_line", "芝2-2-2")] {
                #expect(page.holds(name, text), "\(name)")
            }
            #expect(page.text.contains(#"value="fever" checked"#))
            #expect(page.text.contains(#"value="pcr" checked"#))
            #expect(page.holds("tests.0.specimen_on", "20200603"))
        }
    }

    @Test func `a day of notification moved across a change shows the new paper before it is sent in`() async throws {
        try await TestSite.run(at: Timestamp(TestSite.day("2022-10-01"), hour: 15)) { site in
            let browser = try await site.browser(of: "med-a")
            let draft = try await browser.newDraft()
            let answer = try await browser.file(
                ["notified_on": "2020/6/5"],
                draft: draft,
                more: [("form", ""), ("shown_form", "2022-09-26")]
            )
            #expect(answer.status == 422)
            #expect(answer.text.contains("切り替えました"))
            #expect(answer.holds("occupation", "小学校教諭"))
            let filed = try await browser.file(
                ["notified_on": "2020/6/5"],
                draft: draft,
                more: [("form", ""), ("shown_form", "2020-02")]
            )
            #expect(filed.status == 303)
        }
    }

    @Test func `whoever is in none of the four groups needs no report, and is led to the totals`() async throws {
        try await TestSite.run(at: Timestamp(TestSite.day("2022-10-01"), hour: 15)) { site in
            let browser = try await site.browser(of: "med-a")
            let draft = try await browser.newDraft()
            let dates: [String: String?] = [
                "notified_on": "2022/10/1", "diagnosed_on": "2022/10/1", "first_visit_on": "2022/10/1",
                "tests.0.specimen_on": "2022/10/1", "admission_needed": "no",
            ]
            let changes = Self.short.merging(dates) { $1 }
            let more = [("form", ""), ("shown_form", "2022-09-26")]
            let page = try await browser.file(changes, draft: draft, more: more)
            #expect(page.status == 422)
            #expect(page.text.contains("この方の発生届は不要です"))
            #expect(page.text.contains(#"<a href="/totals">"#))
            for (key, value) in [("birth_date", "1950/1/1"), ("admission_needed", "yes"), ("pregnancy", "yes")] {
                let one = changes.merging([key: value]) { $1 }
                let draft = try await browser.newDraft()
                #expect(try await browser.file(one, draft: draft, more: more).status == 303, "\(key)")
            }
        }
    }

    @Test(arguments: [
        (["birth_date": "1990/1/1"], "", false),
        (["birth_date": "1950/1/1"], "届出の対象です（65歳以上）。", false),
        (["birth_date": "1990/1/1", "admission_needed": "no", "risk_factors": "none"], "この方の発生届は不要です。", true),
        (["birth_date": "1990/1/1", "admission_needed": "no", "risk_factors": "copd"], "", false),
        (
            [
                "birth_date": "1990/1/1", "admission_needed": "no", "risk_factors": "copd",
                "oxygen_or_drug_needed": "drug",
            ], "届出の対象です（リスク因子があり治療薬か酸素投与を要する）。", false
        ),
    ])
    func `says while typing whether a report is needed`(
        fields: [String: String],
        text: String,
        isNotNeeded: Bool
    ) async throws {
        try await TestSite.run(at: Timestamp(TestSite.day("2022-10-01"), hour: 15)) { site in
            let browser = try await site.browser(of: "med-a")
            let answer = try await browser.post("/entry/group", fields.map { ($0, $1) })
            #expect(answer.json["text"]?.text.map { text.isEmpty ? $0.isEmpty : $0.hasPrefix(text) } == true)
            #expect(answer.json["isNotNeeded"] == .bool(isNotNeeded))
        }
    }

    @Test func `the API takes the paper of the day of the notification unless another is named`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.program(of: "med-a")
            let body = JSON.object((APISamples.notification.members ?? []).filter { $0.name != "form" })
            let made = try await clinic.post("/api/v1/cases", body)
            #expect(made.json["form"]?.text == "2020-02")
            let other = try await clinic.post("/api/v1/cases", APISamples.replacing("form", by: "2021-02"))
            #expect(other.json["form"]?.text == "2021-02")
            let short = try await clinic.post("/api/v1/cases", APISamples.replacing("form", by: "2022-06-30"))
            #expect(short.status == 422)
            #expect(short.errors.contains("risk_factors required"))
        }
    }
}

/// What a browser would send of a page.
enum EntryVersions {
    /// Values of its hidden and text fields and the choices that are ticked, several of one name in one.
    static func fields(_ page: String) -> [String: String] {
        let parts = page.components(separatedBy: "<form method=\"post\" action=\"/cases/new\"").last ?? ""
        let form = parts.components(separatedBy: "<template").first ?? ""
        var result: [String: String] = [:]
        for tag in form.components(separatedBy: "<input ").dropFirst() {
            let input = tag.components(separatedBy: ">").first ?? ""
            func attribute(_ name: String) -> String? {
                let parts = " \(input)".components(separatedBy: " \(name)=\"")
                return parts.count > 1 ? parts[1].components(separatedBy: "\"").first : nil
            }
            guard let name = attribute("name"), name != "csrf", name != "draft", let value = attribute("value")
            else { continue }
            let isChoice = ["radio", "checkbox"].contains(attribute("type"))
            if isChoice, !input.contains(" checked") { continue }
            result[name] = [result[name] ?? "", value].filter { !$0.isEmpty }.joined(separator: " ")
        }
        return result
    }
}
