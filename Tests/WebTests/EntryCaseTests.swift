import Access
import Casework
import Catalogue
import Foundation
import Testing

@testable import Web

@Suite struct `Entry on a case` {
    @Test func `the health centre confirms, the institution sees it`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.browser(of: "med-a")
            let number = try await clinic.filed()
            let before = try await clinic.get("/cases/\(number.digits)")
            #expect(before.text.contains("確認待ち"))
            #expect(!before.text.contains("保健所確認済にする"))
            let centre = try await site.browser(of: "hc-a")
            let answer = try await centre.post("/cases/\(number.digits)/confirm")
            #expect(answer.header("Location") == "/cases/\(number.digits)?done=confirm")
            #expect(try await clinic.get("/cases/\(number.digits)").text.contains("保健所確認済"))
            // Pressed twice, it says so on the case's page.
            let again = try await centre.post("/cases/\(number.digits)/confirm")
            #expect(again.status == 403)
            #expect(again.text.contains("すでに保健所確認済です。"))
            #expect(again.text.contains(number.display))
        }
    }

    @Test func `sends back with a reason, is mended and handed in again`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.browser(of: "med-a")
            let number = try await clinic.filed()
            let centre = try await site.browser(of: "hc-a")
            let empty = try await centre.post("/cases/\(number.digits)/return", [("reason", " ")])
            #expect(empty.status == 422)
            #expect(empty.text.contains(##"href="#field-reason""##))
            _ = try await centre.post("/cases/\(number.digits)/return", [("reason", "職業を具体的に書いてください。")])
            let page = try await clinic.get("/cases/\(number.digits)")
            #expect(page.text.contains("保健所から差し戻されました"))
            #expect(page.text.contains("職業を具体的に書いてください。"))
            #expect(page.text.contains("再提出する"))
            let edit = try await clinic.get("/cases/\(number.digits)/person")
            #expect(edit.holds("occupation", "小学校教諭"))
            let saved = try await clinic.save(number, "person", seen: 2, ["occupation": ("小学校教諭", "小学校教諭（3年担任）")])
            #expect(saved.header("Location")?.contains("done=revise") == true)
            let again = try await clinic.post("/cases/\(number.digits)/resubmit")
            #expect(again.header("Location")?.contains("done=resubmit") == true)
            let history = try await centre.get("/cases/\(number.digits)/history")
            #expect(history.status == 200)
            for words in ["発生届の提出", "差し戻し", "内容の修正", "再提出", "小学校教諭（3年担任）", "職業を具体的に書いてください。"] {
                #expect(history.text.contains(words), "\(words)")
            }
        }
    }

    @Test func `a related health centre sees the case at once`() async throws {
        try await TestSite.run { site in
            let number = try await site.browser(of: "med-a").filed()
            let centre = try await site.browser(of: "hc-a")
            let other = try await site.browser(of: "hc-c")
            #expect(try await other.get("/cases/\(number.digits)").status == 404)
            let set = try await centre.post(
                "/cases/\(number.digits)/related",
                [("related_offices", ""), ("related_offices", "hc-c")]
            )
            #expect(set.status == 303)
            let page = try await other.get("/cases/\(number.digits)")
            #expect(page.status == 200)
            #expect(!page.text.contains("保健所確認済にする"))
            #expect(try await centre.get("/cases/\(number.digits)").text.contains("大阪保健所"))
        }
    }

    @Test func `two people change one case: different items stand, the same item is asked about`() async throws {
        try await TestSite.run { site in
            let number = try await site.browser(of: "med-a").filed()
            let one = try await site.browser(of: "hc-a", name: "甲 一郎")
            let two = try await site.browser(of: "hc-a", name: "乙 花子")
            _ = try await one.save(number, "person", seen: 1, ["occupation": ("小学校教諭", "看護師")])
            let other = try await two.save(
                number,
                "person",
                seen: 1,
                ["phone": ("090-1111-2222", "080-3333-4444"), "occupation": ("小学校教諭", "小学校教諭")]
            )
            #expect(other.status == 303)
            let both = try await two.save(
                number,
                "person",
                seen: 1,
                ["occupation": ("小学校教諭", "医師"), "address_line": ("芝2-2-2", "芝3-3-3")]
            )
            #expect(both.status == 409)
            #expect(both.text.contains("あなたの入力：医師"))
            #expect(both.text.contains("看護師"))
            #expect(both.text.contains("甲 一郎"))
            #expect(both.holds("address_line", "芝3-3-3"))
            // What the colleague changed and this writer didn't touch shows as it is now.
            #expect(both.holds("phone", "080-3333-4444"))
            let undecided = try await two.save(
                number,
                "person",
                seen: 3,
                ["occupation": ("看護師", "医師")],
                more: [("conflict", "occupation")]
            )
            #expect(undecided.status == 422)
            let decided = try await two.save(
                number,
                "person",
                seen: 3,
                ["occupation": ("看護師", "医師"), "address_line": ("芝2-2-2", "芝3-3-3")],
                more: [("conflict", "occupation"), ("resolve.occupation", "theirs")]
            )
            #expect(decided.status == 303)
            let file = try await site.casework.read(number, by: site.caller("hc-a")).subject
            #expect(file.items[.occupation] == "看護師")
            #expect(file.items[.addressLine] == "芝3-3-3")
            #expect(file.items[.phone] == "080-3333-4444")
        }
    }

    @Test func `tests are changed, added and taken away`() async throws {
        try await TestSite.run { site in
            let number = try await site.browser(of: "med-a").filed()
            let centre = try await site.browser(of: "hc-a")
            let page = try await centre.get("/cases/\(number.digits)/test")
            #expect(page.holds("tests.0.specimen_on", "2020/6/3"))
            let added = try await centre.post(
                "/cases/\(number.digits)/test",
                [
                    ("seen", "1"), ("tests.0.id", "1"), ("was.tests.0.ct_value", ""), ("tests.0.ct_value", "21.5"),
                    ("tests.1.method", ""), ("tests.1.method", "pcr"), ("tests.1.specimen_on", "2020/6/4"),
                ]
            )
            #expect(added.status == 303)
            var file = try await site.casework.read(number, by: site.caller("hc-a")).subject
            #expect(file.entries[.test]?.count == 2)
            #expect(file.entries[.test]?.first?.items[.ctValue]?.text == "21.5")
            let wrong = try await centre.post(
                "/cases/\(number.digits)/test",
                [("seen", "2"), ("tests.0.id", "1"), ("tests.1.id", "2"), ("tests.1.specimen_on", "2020/13/4")]
            )
            #expect(wrong.status == 422)
            #expect(wrong.text.contains(##"href="#field-tests.1.specimen_on""##))
            let removed = try await centre.post(
                "/cases/\(number.digits)/test",
                [("seen", "2"), ("tests.0.id", "2"), ("tests.0.remove", "1")]
            )
            #expect(removed.status == 303)
            file = try await site.casework.read(number, by: site.caller("hc-a")).subject
            #expect(file.entries[.test]?.count == 1)
        }
    }

    @Test func `what one may not see answers as what doesn't exist`() async throws {
        try await TestSite.run { site in
            let number = try await site.browser(of: "med-a").filed()
            let stranger = try await site.browser(of: "med-b")
            let clinic = try await site.browser(of: "med-a")
            let unknown = try await stranger.get("/cases/000000000000")
            for path in ["", "/history", "/person", "/route", "/nothing"] {
                let answer = try await stranger.get("/cases/\(number.digits)\(path)")
                #expect(answer.status == 404, "\(path)")
                #expect(answer.text == unknown.text, "\(path)")
            }
            #expect(try await clinic.get("/cases/\(number.digits)/activity").status == 404)
            #expect(try await clinic.get("/cases/\(number.digits)/nothing").status == 404)
            #expect(try await clinic.get("/cases/123456789012").status == 404)
            #expect(try await clinic.get("/cases/\(number.display)").status == 200)
        }
    }

    @Test func `a confirmed report is no longer the institution's to change`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.browser(of: "med-a")
            let number = try await clinic.filed()
            _ = try await site.browser(of: "hc-a").post("/cases/\(number.digits)/confirm")
            let page = try await clinic.get("/cases/\(number.digits)")
            #expect(!page.text.contains("/cases/\(number.digits)/person\""))
            let edit = try await clinic.get("/cases/\(number.digits)/person")
            #expect(edit.status == 403)
            #expect(edit.text.contains("管轄保健所に連絡"))
            let saved = try await clinic.save(number, "person", seen: 1, ["occupation": ("小学校教諭", "医師")])
            #expect(saved.status == 403)
        }
    }

    @Test func `the same person's other report stands before the button that confirms`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.browser(of: "med-a")
            let first = try await clinic.filed()
            let second = try await clinic.filed(["occupation": "教員"])
            let page = try await site.browser(of: "hc-a").get("/cases/\(second.digits)")
            #expect(page.text.contains("同じ方の届かもしれない"))
            #expect(page.text.contains(first.display))
        }
    }
}

extension Browser {
    /// Saves a section as the page does: each field with what stood in it and what stands in it now.
    func save(
        _ number: CaseNumber,
        _ section: String,
        seen: Int,
        _ fields: [String: (was: String, now: String)],
        more: [(String, String)] = []
    ) async throws -> Answer {
        let typed = fields.sorted { $0.key < $1.key }
            .flatMap { [("was.\($0.key)", $0.value.was), ($0.key, $0.value.now)] }
        return try await post("/cases/\(number.digits)/\(section)", [("seen", String(seen))] + typed + more)
    }
}
