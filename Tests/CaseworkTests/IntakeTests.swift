import Access
import Casework
import Catalogue
import Storage
import Testing

@Suite struct IntakeTests {
    @Test func `a report is confirmed by the health centre in charge and counts from then`() async throws {
        let office = try await Office()
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        #expect(try await office.casework.firstPage(by: office.caller("hc-13104")).waiting == 1)
        #expect(try await office.casework.firstPage(by: office.caller("pref-13")).waiting == 1)
        office.clock.advance(600)
        let confirmed = try await office.casework.confirm(number, by: office.caller("hc-13104"))
        #expect(confirmed.subject.intake == .confirmed)
        #expect(confirmed.subject.items[.confirmedAt] == office.clock.now)
        #expect(try await office.casework.firstPage(by: office.caller("hc-13104")).waiting == 0)
        #expect(try await office.casework.read(number, by: office.caller("med-1")).subject.intake == .confirmed)
        await #expect(throws: Refusal.self) { try await office.casework.confirm(number, by: office.caller("hc-13104")) }
    }

    @Test(arguments: ["med-1", "pref-13", "city-13104", "mhlw"])
    func `nobody else decides on a report`(key: String) async throws {
        let office = try await Office()
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        await #expect(throws: Refusal.self) { try await office.casework.confirm(number, by: office.caller(key)) }
        await #expect(throws: Refusal.self) {
            try await office.casework.sendBack(number, reason: "x", by: office.caller(key))
        }
        await #expect(throws: Refusal.self) {
            try await office.casework.setRelated(number, offices: ["hc-13113"], by: office.caller(key))
        }
        #expect(try await office.casework.read(number, by: office.caller("hc-13104")).subject.version == 1)
    }

    @Test func `a report that was sent back is corrected and handed in again`() async throws {
        let office = try await Office()
        let (clinic, centre) = (try office.caller("med-1"), try office.caller("hc-13104"))
        let number = try await office.casework.notify(Office.report(), by: clinic).subject.number
        let empty = await findings { _ = try await office.casework.sendBack(number, reason: " \u{200B}", by: centre) }
        #expect(empty.map(\.place.item) == ["reason"])
        _ = try await office.casework.sendBack(number, reason: "発病年月日を確認してください", by: centre)
        let waiting = try await office.casework.firstPage(by: clinic)
        #expect(waiting.returned.first?.subject.returnReason == "発病年月日を確認してください")
        let revision = Revision(seen: 2, items: ["onset_on": .date(CalendarDate(dayNumber: 18_401))])
        _ = try await office.casework.revise(number, revision, by: clinic)
        let again = try await office.casework.resubmit(number, by: clinic)
        #expect(again.subject.intake == .submitted)
        #expect(again.subject.returnReason == nil)
        let history = try await office.casework.history(number, by: centre).subject
        #expect(history.map(\.action) == ["notify", "return", "revise", "resubmit"])
        #expect(history[1].reason == "発病年月日を確認してください")
        #expect(try await office.casework.verifyHistory() == .whole(lines: 4, reports: 0))
    }

    @Test
    func `a related health centre sees the case at once with its own rights, and no longer when it is taken away`()
        async throws
    {
        let office = try await Office()
        let (centre, other) = (try office.caller("hc-13104"), try office.caller("hc-14100"))
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        _ = try await office.casework.setRelated(number, offices: ["hc-14100"], by: centre)
        let seen = try await office.casework.read(number, by: other)
        #expect(seen.permission.writes(.memo))
        #expect(!seen.permission.writes(.person))
        _ = try await office.casework.setRelated(number, offices: [], by: centre)
        await #expect(throws: Refusal.self) { try await office.casework.read(number, by: other) }
        let wrong = await findings {
            _ = try await office.casework.setRelated(number, offices: ["med-2"], by: centre)
        }
        #expect(wrong.map(\.code) == ["unknown_office"])
    }

    @Test func `a decision is on what was on the screen`() async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        _ = try await office.casework.setRelated(number, offices: ["hc-14100"], seen: 1, by: centre)
        await #expect(throws: Refusal.self) {
            try await office.casework.setRelated(number, offices: ["hc-13113"], seen: 1, by: centre)
        }
        await #expect(throws: Refusal.self) { try await office.casework.confirm(number, seen: 1, by: centre) }
        #expect(try await office.casework.confirm(number, seen: 2, by: centre).subject.intake == .confirmed)
    }

    @Test func `candidates for a duplicate are shown with their reasons`() async throws {
        let office = try await Office()
        let clinic = try office.caller("med-1")
        let first = try await office.casework.notify(Office.report("髙橋", "タカハシ"), by: clinic).subject.number
        let second = try await office.casework.notify(Office.report("高橋", "ﾀｶﾊｼ"), by: clinic).subject.number
        _ = try await office.casework.notify(Office.report("鈴木", "スズキ"), by: clinic)
        let similar = try await office.casework.similar(to: second, by: office.caller("hc-13104"))
        #expect(similar.map(\.file.subject.number) == [first])
        #expect(similar.first?.reasons.contains("氏名が同じです") == true)
    }
}
