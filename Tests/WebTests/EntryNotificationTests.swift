import Access
import Casework
import Catalogue
import Foundation
import Storage
import Testing

@testable import Web

@Suite struct `Entry of a 発生届` {
    @Test func `two reports typed into one draft both become cases, a second click does not`() async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "med-a")
            let draft = try await browser.newDraft()
            let first = try await browser.file(draft: draft)
            let again = try await browser.file(draft: draft)
            #expect(try Browser.number(first) == Browser.number(again))
            let other = try await browser.file(["family_name": "鈴木", "family_kana": "スズキ"], draft: draft)
            #expect(try Browser.number(other) != Browser.number(first))
        }
    }

    @Test func `opens with a draft, the institution's own fields and today`() async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "med-a")
            let draft = try await browser.newDraft()
            let page = try await browser.get("/cases/new?draft=\(draft)")
            #expect(page.status == 200)
            #expect(page.holds("notified_on", "2020/6/5"))
            #expect(page.holds("notifier_phone", "03-1234-5678"))
            #expect(page.text.contains(#"<option value="hc-a" selected>"#))
            // Two people may work under one ID: each form has a draft of its own.
            #expect(try await browser.newDraft() != draft)
            #expect(!page.text.contains(" style="))
            #expect(!page.text.contains(" onclick="))
        }
    }

    @Test func `files what was typed and leads to the case`() async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "med-a")
            let answer = try await browser.file()
            #expect(answer.status == 303)
            #expect(answer.header("Location")?.hasSuffix("?done=notify") == true)
            let number = try Browser.number(answer)
            let centre = try await site.browser(of: "hc-a")
            let page = try await centre.get("/cases/\(number.digits)")
            #expect(page.status == 200)
            #expect(page.text.contains("タカハシ ハナコ"))
            #expect(page.text.contains("1986年4月1日（昭和61年）"))
            #expect(page.text.contains("保健所確認済にする"))
            let file = try await site.casework.read(number, by: site.caller("hc-a")).subject
            #expect(file.items[.stayLine] == "芝2-2-2")
            #expect(file.items[.infectedUnknown] == "yes")
            #expect(file.entries[.test]?.first?.items[.method] == "pcr")
            #expect(file.items[.ageAtDiagnosis] == 34)
        }
    }

    @Test func `one draft makes one report however often it is sent`() async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "med-a")
            let draft = try await browser.newDraft()
            let first = try Browser.number(try await browser.file(draft: draft))
            let second = try Browser.number(try await browser.file(draft: draft))
            #expect(first == second)
            let again = try await browser.get("/cases/new?draft=\(draft)")
            #expect(again.status == 303)
            #expect(again.header("Location") == "/cases/\(first.digits)")
        }
    }

    @Test func `comes back with everything typed and a message at each field`() async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "med-a")
            let draft = try await browser.newDraft()
            let page = try await browser.file(
                ["birth_date": "平成31年5月32日", "phone": "12", "occupation": ""],
                draft: draft
            )
            #expect(page.status == 422)
            #expect(page.text.contains("<title>エラー："))
            #expect(page.holds("birth_date", "平成31年5月32日"))
            #expect(page.holds("phone", "12"))
            #expect(page.holds("family_name", "髙橋"))
            for name in ["birth_date", "phone", "occupation"] {
                #expect(page.text.contains(##"href="#field-\##(name)""##), "\(name)")
                #expect(page.text.contains(#"id="error-\#(name)""#), "\(name)")
            }
            // The birth date is told once: as what it is, and not also as missing.
            #expect(page.text.components(separatedBy: ##"href="#field-birth_date""##).count == 2)
            // What was typed is in the draft, too.
            let later = try await browser.get("/cases/new?draft=\(draft)")
            #expect(later.holds("birth_date", "平成31年5月32日"))
            #expect(later.text.contains(#"value="fever" checked"#))
        }
    }

    @Test func `keeps unlikely values that were looked at, and only those`() async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "med-a")
            let draft = try await browser.newDraft()
            let old: [String: String?] = ["birth_date": "M40.4.1"]
            let page = try await browser.file(old, draft: draft)
            #expect(page.status == 422)
            #expect(page.text.contains("内容を確認しました。このまま提出する"))
            let keep = [("keeps_warnings", "1"), ("seen_warnings", "birth_date:unlikely")]
            let other = try await browser.file(
                old.merging(["onset_on": "2020/1/1"]) { $1 },
                draft: draft,
                more: keep
            )
            #expect(other.status == 422)
            let kept = try await browser.file(old, draft: draft, more: keep)
            #expect(kept.status == 303)
        }
    }

    @Test func `works without a script: another test, the draft by a button, throwing it away`() async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "med-a")
            let draft = try await browser.newDraft()
            let more = try await browser.file(draft: draft, more: [("add_test", "1")])
            #expect(more.header("Location")?.contains("tests.1.method") == true)
            let page = try await browser.get("/cases/new?draft=\(draft)")
            #expect(page.text.contains(#"name="tests.1.specimen_on""#))
            #expect(page.holds("tests.0.specimen_on", "20200603"))
            let saved = try await browser.post("/cases/new/draft", [("draft", draft), ("family_name", "山")])
            #expect(saved.status == 303)
            let quiet = try await browser.post(
                "/cases/new/draft",
                [("draft", draft), ("family_name", "山田"), ("quiet", "1")]
            )
            #expect(quiet.status == 204)
            #expect(try await browser.get("/cases/new?draft=\(draft)").holds("family_name", "山田"))
            let gone = try await browser.post("/cases/new/discard", [("draft", draft)])
            #expect(gone.status == 303)
            #expect(try await browser.get("/cases/new?draft=\(draft)").status == 404)
        }
    }

    @Test func `a draft is nobody else's`() async throws {
        try await TestSite.run { site in
            let draft = try await site.browser(of: "med-a").newDraft()
            let other = try await site.browser(of: "med-a", name: "佐藤 花子")
            #expect(try await other.get("/cases/new?draft=\(draft)").status == 404)
            let filed = try await other.file(draft: draft)
            #expect(filed.status == 303)
        }
    }

    @Test func `another member of the household begins with the address`() async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "med-a")
            let number = try await browser.filed()
            let draft = try await browser.newDraft("/cases/new?household=\(number.digits)")
            let page = try await browser.get("/cases/new?draft=\(draft)")
            #expect(page.holds("address_line", "芝2-2-2"))
            #expect(page.holds("phone", "090-1111-2222"))
            #expect(page.holds("family_kana", "タカハシ"))
            #expect(page.holds("given_name", ""))
            let stranger = try await site.browser(of: "med-b")
            #expect(try await stranger.get("/cases/new?household=\(number.digits)").status == 404)
        }
    }

    @Test func `only institutions and health centres enter reports`() async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "fol-a")
            #expect(try await browser.get("/cases/new").status == 403)
            #expect(try await browser.post("/cases/new", EntrySamples.report).status == 403)
        }
    }

    @Test(arguments: [
        ("birth_date", "S61.4.1", "1986年4月1日（昭和61年） 34歳", ""),
        ("onset_on", "t", "2020年6月5日（令和2年）", ""),
        ("birth_date", "2021/1/1", "2021年1月1日（令和3年）", "生年月日が今日より後になっています。正しい日付に直してください。"),
        ("phone", "090-1111-2222", "", ""),
    ])
    func `tells while typing how a field is understood`(
        item: String,
        text: String,
        understood: String,
        message: String
    ) async throws {
        try await TestSite.run { site in
            let browser = try await site.browser(of: "med-a")
            let answer = try await browser.post("/entry/check", [("item", item), ("text", text)])
            #expect(answer.status == 200)
            #expect(answer.json["text"]?.text == understood)
            #expect(answer.json["message"]?.text == message)
        }
    }

    @Test func `a municipality is typed by its name`() {
        let words = CaseWords(
            municipalities: Dictionary(
                uniqueKeysWithValues: [("131041", "東京都", "新宿区"), ("132063", "東京都", "府中市"), ("342084", "広島県", "府中市")]
                    .map { ($0.0, Municipality(code: $0.0, prefecture: $0.1, name: $0.2, kana: "")) }
            )
        )
        #expect(words.municipalityCode("新宿区") == .success("131041"))
        #expect(words.municipalityCode("広島県 府中市") == .success("342084"))
        #expect(words.municipalityCode("131041") == nil)
        guard case .failure(let failure)? = words.municipalityCode("府中市") else {
            Issue.record("府中市 is two cities")
            return
        }
        #expect(failure.code == "ambiguous")
        #expect(words.editable(.text("131041"), of: Item.addressMunicipality.definition) == "東京都新宿区")
    }
}

extension TestSite {
    /// A caller of an organisation, past the pages.
    func caller(_ key: OrganisationKey) throws -> Caller {
        let organisation = try #require(Self.organisations.first { $0.key == key })
        return Caller(Viewer(organisation: organisation, account: 1, name: "検査"), through: .page, address: "test")
    }
}
