import Access
import Casework
import Catalogue
import Foundation
import Storage
import Testing

@testable import Web

/// What somebody typed on a page is stored once, or the page says what isn't.
@Suite struct `Input on pages is neither lost nor doubled` {
    private static let fax = [
        ("name", "abcdefghijklmnopqrstuvwx"), ("received_at", "2020/6/5 9:10"), ("institution", "med-a"),
        ("pages", "2"), ("memo", ""),
    ]

    private static func changed(_ changes: [String: String]) -> [(String, String)] {
        fax.map { ($0.0, changes[$0.0] ?? $0.1) }
    }

    /// The value of a hidden field of a page.
    private static func hidden(_ name: String, in page: String) throws -> String {
        let pattern = try Regex(#"name="\#(name)" value="([^"]*)""#, as: (Substring, Substring).self)
        return String(try #require(page.firstMatch(of: pattern), "\(name)").1)
    }

    // MARK: FAX

    @Test func `the second report of one FAX is filed, after a page that says that its line is closed`() async throws {
        try await TestSite.run { site in
            let centre = try await site.browser(of: "hc-a")
            #expect(try await centre.post("/faxes", Self.fax).status == 303)
            let line = ("fax", Self.fax[0].1)
            let drafts = [
                try await centre.newDraft("/cases/new?fax=\(line.1)"),
                try await centre.newDraft("/cases/new?fax=\(line.1)"),
            ]
            let first = try Browser.number(try await centre.file(draft: drafts[0], more: [line]))
            let other: [String: String?] = ["family_name": "鈴木", "family_kana": "スズキ"]
            let page = try await centre.file(other, draft: drafts[1], more: [line])
            #expect(page.status == 422)
            #expect(page.text.contains("まだ提出していません") && page.text.contains("もう一度「提出する」を押すと"))
            #expect(page.holds("family_name", "鈴木"))
            #expect(!page.text.contains(#"name="fax""#))
            #expect(try await centre.get("/cases/new?draft=\(drafts[1])").text.contains(#"name="fax""#) == false)
            let second = try Browser.number(try await centre.file(other, draft: drafts[1]))
            #expect(second != first)
            let register = try await centre.get("/faxes").text
            #expect(register.contains(first.display) && !register.contains(second.display))
        }
    }

    @Test func `what was looked at stays looked at on the page that says that the line is closed`() async throws {
        try await TestSite.run { site in
            let centre = try await site.browser(of: "hc-a")
            _ = try await centre.post("/faxes", Self.fax)
            let line = ("fax", Self.fax[0].1)
            _ = try await centre.file(more: [line])
            let keep = [("keeps_warnings", "1"), ("seen_warnings", "birth_date:unlikely")]
            let page = try await centre.file(["birth_date": "M40.4.1"], more: [line] + keep)
            #expect(page.status == 422)
            for (name, value) in keep { #expect(try Self.hidden(name, in: page.text) == value) }
        }
    }

    @Test func `of several reports on one scanned FAX the first belongs to its line`() async throws {
        try await TestSite.run { site in
            let centre = try await site.browser(of: "hc-a")
            _ = try await centre.post("/faxes", Self.fax)
            var other = PrintTests.report
            other.items[.familyName] = "別人"
            let scanned = try PrintTests.scan(PrintTests.report, other)
            let answer = try await centre.upload(scanned, fax: Self.fax[0].1)
            #expect(answer.status == 200)
            #expect(answer.text.contains("発生届が2件あります"))
            var pages: [String] = []
            for link in answer.text.matches(of: /href="(\/cases\/new\?draft=[^"]+)"/) {
                pages.append(try await centre.get(String(link.1)).text)
            }
            #expect(pages.map { $0.contains(#"name="fax""#) } == [true, false])
        }
    }

    @Test func `another FAX typed on a page that has been used comes back to be sent again`() async throws {
        try await TestSite.run { site in
            let centre = try await site.browser(of: "hc-a")
            for _ in 0..<2 { #expect(try await centre.post("/faxes", Self.fax).status == 303) }
            let other = Self.changed(["pages": "3", "memo": "二通目"])
            let page = try await centre.post("/faxes", other)
            #expect(page.status == 422)
            #expect(page.text.contains("すでに別のFAXの受信を記録しています") && page.text.contains("二通目"))
            let name = try Self.hidden("name", in: page.text)
            #expect(name != Self.fax[0].1)
            let sent = other.map { ($0.0, $0.0 == "name" ? name : $0.1) }
            for _ in 0..<2 { #expect(try await centre.post("/faxes", sent).status == 303) }
            #expect(try await centre.get("/faxes").text.contains("未入力のFAX（2件）"))
            // A page that comes back for what is wrong keeps its name.
            let wrong = try await centre.post("/faxes", Self.changed(["name": "zzzzzzzzzzzzzzzzzzzzzz", "pages": "0"]))
            #expect(try Self.hidden("name", in: wrong.text) == "zzzzzzzzzzzzzzzzzzzzzz")
        }
    }

    // MARK: Reports

    @Test func `a report whose draft is gone becomes one case however often it is sent`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.browser(of: "med-a")
            let draft = try await clinic.newDraft()
            _ = try await clinic.post("/cases/new/discard", [("draft", draft)])
            let first = try Browser.number(try await clinic.file(draft: draft))
            #expect(try Browser.number(try await clinic.file(draft: draft)) == first)
            let other: [String: String?] = ["family_name": "鈴木", "family_kana": "スズキ"]
            let second = try Browser.number(try await clinic.file(other, draft: draft))
            #expect(second != first)
            #expect(try Browser.number(try await clinic.file(other, draft: draft)) == second)
            #expect(try await site.casework.list(ListRequest(), by: site.caller("hc-a")).rows.count == 2)
        }
    }

    @Test func `another report typed into a used draft becomes one case, and a corrected health centre gets it`()
        async throws
    {
        try await TestSite.run { site in
            let clinic = try await site.browser(of: "med-a")
            let draft = try await clinic.newDraft()
            let first = try Browser.number(try await clinic.file(draft: draft))
            let corrected: [String: String?] = ["jurisdiction": "hc-b"]
            let second = try Browser.number(try await clinic.file(corrected, draft: draft))
            #expect(second != first)
            #expect(try Browser.number(try await clinic.file(corrected, draft: draft)) == second)
            #expect(
                try await site.casework.list(ListRequest(), by: site.caller("hc-b")).rows.map(\.subject.number) == [
                    second
                ]
            )
        }
    }

    // MARK: Local items

    private static let item = "local.notification.pref-13.survey"

    private static func define(_ site: TestSite, _ key: OrganisationKey, _ name: String, _ label: String) async throws {
        _ = try await site.casework.defineLocalItem(
            LocalItemDraft(
                label: label,
                section: .notification,
                name: name,
                kind: .text,
                from: site.casework.today
            ),
            by: site.caller(key)
        )
    }

    @Test func `answers that another health centre doesn't ask for are shown before the report goes there`()
        async throws
    {
        try await TestSite.run { site in
            try await Self.define(site, "pref-13", "survey", "疫学調査票の番号")
            try await Self.define(site, "pref-27", "ward", "大阪の区分")
            let clinic = try await site.browser(of: "med-a")
            let draft = try await clinic.newDraft()
            let typed: [String: String?] = [Self.item: "A-12", "jurisdiction": "hc-c"]
            let page = try await clinic.file(typed, draft: draft)
            #expect(page.status == 422)
            #expect(page.text.contains("提出されない独自項目があります") && page.text.contains("疫学調査票の番号"))
            #expect(page.text.contains("大阪の区分"))
            #expect(try Self.hidden(Self.item, in: page.text) == "A-12")
            #expect(try Self.hidden("shown_kept", in: page.text) == Self.item)
            #expect(try await site.casework.list(ListRequest(), by: site.caller("hc-c")).rows.isEmpty)
            // Back to the first health centre the answer is sent in; on to the second one it was told.
            let back = try Browser.number(try await clinic.file([Self.item: "A-12"], draft: draft))
            #expect(
                try await site.casework.read(back, by: site.caller("hc-a")).subject.items[Self.item] == .text("A-12")
            )
            let next = try await clinic.newDraft()
            let sent = try await clinic.file(
                typed.merging(["local.notification.pref-27.ward": "北"]) { $1 },
                draft: next,
                more: [("shown_kept", Self.item)]
            )
            let file = try await site.casework.read(Browser.number(sent), by: site.caller("hc-c")).subject
            #expect(file.items["local.notification.pref-27.ward"] == .text("北"))
            #expect(file.items[Self.item] == nil)
        }
    }

    @Test func `an item that ended while a section was edited is said with what was typed, the rest is saved next`()
        async throws
    {
        try await TestSite.run { site in
            try await Self.define(site, "pref-13", "survey", "疫学調査票の番号")
            let number = try await site.browser(of: "med-a").filed()
            let centre = try await site.browser(of: "hc-a")
            let address = "/cases/\(number.digits)/notification"
            #expect(try await centre.get(address).holds(Self.item, ""))
            try await site.casework.endLocalItem(
                Self.item,
                on: site.casework.today.adding(days: -1),
                by: site.caller("pref-13")
            )
            let fields = [
                ("seen", "1"), ("was.\(Self.item)", ""), (Self.item, "A-<12>"), ("was.notifier_name", "東 京子"),
                ("notifier_name", "北 京子"),
            ]
            let page = try await centre.post(address, fields)
            #expect(page.status == 422)
            #expect(page.text.contains("「疫学調査票の番号」は、いまはここで変更できない項目です"))
            #expect(page.text.contains("A-&lt;12&gt;</dd>"))
            #expect(page.text.contains(##"href="#field-\##(Self.item)""##))
            #expect(page.text.contains(#"id="field-\#(Self.item)""#))
            #expect(try Self.hidden("lost", in: page.text) == Self.item)
            #expect(page.holds("notifier_name", "北 京子"))
            #expect(try await site.casework.read(number, by: site.caller("hc-a")).subject.version == 1)
            #expect(try await centre.post(address, fields + [("lost", Self.item)]).status == 303)
            let file = try await site.casework.read(number, by: site.caller("hc-a")).subject
            #expect(file.items[.notifierName] == "北 京子" && file.items[Self.item] == nil)
            // What wasn't typed into is no loss.
            let same = [
                ("seen", "2"), ("was.\(Self.item)", "A"), (Self.item, "A"), ("was.notifier_name", "北 京子"),
                ("notifier_name", "南 京子"),
            ]
            #expect(try await centre.post(address, same).status == 303)
        }
    }

    @Test func `what was typed into a section that can't be edited any more is shown`() async throws {
        try await TestSite.run { site in
            let clinic = try await site.browser(of: "med-a")
            let number = try await clinic.filed()
            _ = try await site.browser(of: "hc-a").post("/cases/\(number.digits)/confirm")
            let page = try await clinic.save(number, "person", seen: 1, ["occupation": ("小学校教諭", "看護師長")])
            #expect(page.status == 403)
            #expect(page.text.contains("看護師長") && page.text.contains("管轄保健所に連絡"))
            let none = try await clinic.save(number, "person", seen: 1, ["occupation": ("小学校教諭", "小学校教諭")])
            #expect(none.status == 403 && !none.text.contains("保存できませんでした"))
        }
    }

    // MARK: Rooms

    @Test func `a count carries the promises that its page showed`() async throws {
        try await TestSite.run { site in
            let hotel = try await site.browser(of: "lod-a")
            func promised() async throws -> [Int] {
                try await site.casework.rooms(by: site.caller("lod-a")).present.map(\.promised)
            }
            func place() async throws {
                _ = try await site.casework.place(
                    site.browser(of: "med-a").filed(),
                    PlaceDecision(at: "lod-a", .room, from: site.casework.today),
                    by: site.caller("pref-13")
                )
            }
            #expect(try await hotel.post("/beds", [("room_total", "20"), ("room_used", "0")]).status == 303)
            try await place()
            let page = try await hotel.get("/beds").text
            #expect(page.contains("調整本部が1人の受け入れを決めています"))
            let shown = try ["room_seen_at", "room_promised"].map { ($0, try Self.hidden($0, in: page)) }
            try await place()
            let sent = [("room_total", "20"), ("room_used", "1")] + shown
            #expect(try await hotel.post("/beds", sent).status == 303)
            #expect(try await promised() == [1])
            #expect(try await hotel.post("/beds", sent).status == 303)
            #expect(try await promised() == [1])
            let old = try await hotel.post("/beds", [("room_total", "20"), ("room_used", "9")] + shown)
            #expect(old.status == 422)
            #expect(old.text.contains("この画面を開いた後に、別の報告がありました"))
            #expect(try Self.hidden("room_promised", in: old.text) == "1")
            #expect(try Self.hidden("room_seen_at", in: old.text) != shown[0].1)
            // A page that comes back for what is wrong goes on from what it showed first.
            let wrong = try await hotel.post("/beds", [("room_total", "x"), ("room_used", "9")] + shown)
            #expect(try Self.hidden("room_seen_at", in: wrong.text) == shown[0].1)
            for (name, text) in [("room_seen_at", "99999999999999999999"), ("room_promised", "-9223372036854775808")] {
                let odd = [("room_total", "20"), ("room_used", "9")] + shown.filter { $0.0 != name } + [(name, text)]
                #expect(try await hotel.post("/beds", odd).status == 422, "\(name)")
            }
        }
    }

    @Test(arguments: ["", "1", "1.2", "a.b.c", "1.2.000000000001", "1.2.3.4"])
    func `a place in a list that can't be read is the list's beginning`(text: String) async throws {
        #expect(HeldPlace(text: text) == nil)
        let place = HeldPlace(alarm: 2, newest: 7, number: try #require(CaseNumber(payload: 77)))
        #expect(HeldPlace(text: place.text) == place)
        try await TestSite.run { site in
            let hotel = try await site.browser(of: "lod-a")
            #expect(try await hotel.get("/cared-for?after=\(Redirect.percentEncoded(text))").status == 200)
        }
    }
}
