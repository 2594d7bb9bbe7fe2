import Access
import Casework
import Catalogue
import Foundation
import Testing

@testable import Web

/// Sections other than the report's on the screen and in the API.
@Suite struct EntryRecordTests {
    @Test func `a stay is entered, ended and followed by the next`() async throws {
        try await TestSite.run { site in
            let number = try await site.browser(of: "med-a").filed()
            let centre = try await site.browser(of: "hc-a")
            let address = "/cases/\(number.digits)/whereabouts"
            let page = try await centre.get(address)
            #expect(page.text.contains("居所を追加"))
            let added = try await centre.post(
                address,
                [("seen", "1"), ("whereabouts.0.place_kind", "home"), ("whereabouts.0.place_from", "2020/6/1")]
            )
            #expect(added.status == 303)
            let id = try #require(
                try await site.casework.read(number, by: site.caller("hc-a")).subject.entries[.whereabouts]?.first?.id
            )
            let overlapping: [(String, String)] = [
                ("seen", "2"), ("whereabouts.0.id", "\(id)"), ("whereabouts.1.place_kind", "other"),
                ("whereabouts.1.place_from", "2020/6/3"),
            ]
            let refused = try await centre.post(address, overlapping)
            #expect(refused.status == 422)
            #expect(refused.text.contains("次の居所の記録が始まっています。"))
            #expect(refused.text.contains(##"href="#field-whereabouts.0.place_to""##))
            #expect(refused.holds("whereabouts.1.place_from", "2020/6/3"))
            let mended = try await centre.post(address, overlapping + [("whereabouts.0.place_to", "2020/6/3")])
            #expect(mended.status == 303)
            let shown = try await centre.get("/cases/\(number.digits)")
            #expect(shown.text.contains("居所情報"))
            // The clinic that reported sees nothing of it, and can't open the page.
            let clinic = try await site.browser(of: "med-a")
            #expect(try await clinic.get(address).status == 404)
            #expect(try await clinic.post(address, overlapping).status == 404)
        }
    }

    @Test func `every section that the health centre writes has its page, and nobody else's has`() async throws {
        try await TestSite.run { site in
            let number = try await site.browser(of: "med-a").filed()
            let centre = try await site.browser(of: "hc-a")
            let clinic = try await site.browser(of: "med-a")
            let permission = try await site.casework.read(number, by: site.caller("med-a")).permission
            for section in Section.allCases {
                let address = "/cases/\(number.digits)/\(section.rawValue)"
                let isEdited = CaseSections.editable.contains(section)
                #expect(try await centre.get(address).status == (isEdited ? 200 : 403), "\(section)")
                let expected = !permission.reads(section) ? 404 : isEdited && permission.writes(section) ? 200 : 403
                #expect(try await clinic.get(address).status == expected, "\(section)")
            }
        }
    }

    @Test func `the same item of two records changed by two is asked about once for each record`() async throws {
        try await TestSite.run { site in
            let number = try await site.browser(of: "med-a").filed()
            let (one, two) = (try await site.browser(of: "hc-a"), try await site.browser(of: "hc-a"))
            let address = "/cases/\(number.digits)/test"
            let file = try await site.casework.read(number, by: site.caller("hc-a")).subject
            let first = try #require(file.entries[.test]?.first?.id)
            let second = [("seen", "1"), ("tests.0.id", "\(first)"), ("tests.1.specimen_on", "2020/6/2")]
            #expect(try await one.post(address, second).status == 303)
            let ids = try await site.casework.read(number, by: site.caller("hc-a")).subject.entries[.test] ?? []
            try #require(ids.count == 2)
            func typed(_ seen: Int, _ was: [String], _ now: [String]) -> [(String, String)] {
                [("seen", "\(seen)")]
                    + (0...1).flatMap { row in
                        [
                            ("tests.\(row).id", "\(ids[row].id)"), ("was.tests.\(row).specimen_on", was[row]),
                            ("tests.\(row).specimen_on", now[row]),
                        ]
                    }
            }
            let start = ["2020/6/3", "2020/6/2"]
            #expect(try await one.post(address, typed(2, start, ["2020/6/1", "2020/5/31"])).status == 303)
            let both = try await two.post(address, typed(2, start, ["2020/5/30", "2020/5/29"]))
            #expect(both.status == 409)
            #expect(both.text.contains("検査 1の検体採取年月日") && both.text.contains("検査 2の検体採取年月日"))
            let doubts = [("conflict", "tests.0.specimen_on"), ("conflict", "tests.1.specimen_on")]
            let again = typed(3, ["2020/6/1", "2020/5/31"], ["2020/5/30", "2020/5/29"]) + doubts
            let half = try await two.post(address, again + [("resolve.tests.0.specimen_on", "theirs")])
            #expect(half.status == 422)
            #expect(half.text.contains("「検査 2の検体採取年月日」をどちらの内容にするか選んでください。"))
            #expect(!half.text.contains("「検査 1の検体採取年月日」をどちらの"))
            let answers = [("resolve.tests.0.specimen_on", "theirs"), ("resolve.tests.1.specimen_on", "mine")]
            #expect(try await two.post(address, again + answers).status == 303)
            let stored = try await site.casework.read(number, by: site.caller("hc-a")).subject.entries[.test] ?? []
            #expect(stored.map { $0.items[.specimenOn]?.iso } == ["2020-06-01", "2020-05-29"])
        }
    }

    @Test func `a status set by hand asks for the reason at its field`() async throws {
        try await TestSite.run { site in
            let number = try await site.browser(of: "med-a").filed()
            let centre = try await site.browser(of: "hc-a")
            let address = "/cases/\(number.digits)/management"
            let fields = [("seen", "1"), ("was.status", ""), ("status", "testing")]
            let refused = try await centre.post(address, fields)
            #expect(refused.status == 422)
            #expect(refused.text.contains(##"href="#field-reason""##))
            let done = try await centre.post(address, fields + [("reason", "入院先を探しています")])
            #expect(done.status == 303)
            #expect(done.header("Location")?.contains("done=revise") == true)
            let history = try await centre.get("/cases/\(number.digits)/history")
            #expect(history.text.contains("入院先を探しています"))
        }
    }
}
