import Access
import Catalogue
import Storage
import Testing

@testable import Casework

@Suite struct HealthTests {
    static let birthDate = CalendarDate(year: 1985, month: 3, day: 2) ?? CalendarDate(dayNumber: 0)

    /// A report in which nothing is missing and nothing stands out.
    static func answers(_ change: (inout Record) -> Void = { _ in }) -> Record {
        var items = Record()
        items[.bodyTemperature] = DecimalNumber(thousandths: 36_500)
        items[.spo2] = 98
        for question in HealthCheck.questions { items[question] = "no" }
        items[.reportedBy] = "self"
        change(&items)
        return items
    }

    /// An office with a case, a link and a device that has given the birth date.
    private struct Ground {
        let office: Office
        let number: CaseNumber
        let secret: String
        let device: String

        init() async throws {
            office = try await Office()
            number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
            secret = try await office.casework.issueReportLink(number, by: office.caller("hc-13104"))
            device = try await office.casework.openReportLink(secret, birthDate: HealthTests.birthDate)
        }

        func report(_ items: Record, form: String = "f", keeps: Bool = false) async throws -> Alarm {
            let report = HealthReport(items: items, form: form, keepsWarnings: keeps)
            return try await office.casework.reportHealth(secret, device: device, report).alarm
        }

        func seen(by key: OrganisationKey = "hc-13104") async throws -> [Entry] {
            try await office.casework.read(number, by: office.caller(key)).subject.entries[.observation] ?? []
        }

        func state(_ device: String? = nil) async throws -> ReportPage.State {
            try await office.casework.reportPage(secret, device: device).state
        }
    }

    @Test func `a report is seen although the clock was set back after the case came`() async throws {
        let office = try await Office()
        _ = try await office.casework.notify(Office.report(), by: office.caller("med-1"))
        // The next case is written with a time that the clock no longer shows.
        office.clock.advance(-3600)
        let number = try await office.casework.notify(Office.report("鈴木"), by: office.caller("med-1")).subject.number
        let centre = try office.caller("hc-13104")
        let secret = try await office.casework.issueReportLink(number, by: centre)
        let device = try await office.casework.openReportLink(secret, birthDate: HealthTests.birthDate)
        var items = Record()
        items[.bodyTemperature] = DecimalNumber(thousandths: 38_900)
        let report = HealthReport(items: items, form: "f", keepsWarnings: true)
        _ = try await office.casework.reportHealth(secret, device: device, report)
        #expect(try await office.casework.read(number, by: centre).subject.entries[.observation]?.count == 1)
    }

    @Test func `of links that two people issue at once one is open`() async throws {
        let ground = try await Ground()
        let (office, number) = (ground.office, ground.number)
        let secrets = try await withThrowingTaskGroup(of: String.self) { group in
            for account in 1...6 {
                group.addTask {
                    try await office.casework.issueReportLink(number, by: office.caller("hc-13104", Int64(account)))
                }
            }
            return try await group.reduce(into: [String]()) { $0.append($1) }
        }
        var open = 0
        for secret in secrets where try await office.casework.reportPage(secret, device: nil).state != .closed {
            open += 1
        }
        #expect(open == 1)
    }

    // MARK: Alarm

    @Test(arguments: [
        ("body_temperature", "36.5", Alarm.none), ("body_temperature", "38.4", .none),
        ("body_temperature", "38.5", .watch), ("body_temperature", "40", .emergency),
        ("body_temperature", "35", .none), ("body_temperature", "34.9", .watch),
        ("spo2", "96", .none), ("spo2", "95", .watch), ("spo2", "94", .watch), ("spo2", "93", .emergency),
        ("pulse", "80", .none), ("pulse", "111", .watch), ("pulse", "131", .emergency), ("pulse", "40", .emergency),
        ("symptom_breath", "yes", .emergency), ("symptom_face", "yes", .emergency),
        ("symptom_consciousness", "yes", .emergency), ("symptom_breath", "unknown", .none),
        ("symptom_eating", "yes", .watch), ("symptom_urine", "yes", .watch), ("symptom_cough", "yes", .none),
    ])
    func `an alarm follows from the table`(key: String, text: String, alarm: Alarm) throws {
        let item = try #require(Catalogue.item(key))
        #expect(Alarm.of(Record([key: try #require(Value(stored: text, type: item.type))])) == alarm)
    }

    @Test func `the most urgent of several signs counts`() {
        #expect(Alarm.of(Record()) == .none)
        let items = Self.answers { items in
            items[.symptomEating] = "yes"
            items[.spo2] = 90
        }
        #expect(Alarm.of(items) == .emergency)
    }

    // MARK: What is checked

    @Test(arguments: [
        ("body_temperature", "33.9", "range"), ("body_temperature", "43.1", "range"), ("spo2", "49", "range"),
        ("spo2", "101", "range"), ("physician_finding", "x", "unknown_item"), ("family_name", "x", "unknown_item"),
    ])
    func `what can't be is refused, looked at or not`(key: String, text: String, code: String) async throws {
        let ground = try await Ground()
        let item = try #require(Catalogue.item(key))
        let items = Self.answers { $0[key] = Value(stored: text, type: item.type) }
        await Self.expect([code]) { try await ground.report(items, keeps: true) }
        await Self.expect(["required"]) { try await ground.report(Record(), keeps: true) }
        #expect(try await ground.seen().isEmpty)
    }

    @Test(arguments: [
        ("body_temperature", "34.5", "unlikely"), ("body_temperature", "42", "unlikely"), ("spo2", "79", "unlikely"),
    ])
    func `what is unlikely is asked once`(key: String, text: String, code: String) async throws {
        let ground = try await Ground()
        let item = try #require(Catalogue.item(key))
        let items = Self.answers { $0[key] = Value(stored: text, type: item.type) }
        await Self.expect([code]) { try await ground.report(items) }
        _ = try await ground.report(items, keeps: true)
        #expect(try await ground.seen().count == 1)
    }

    @Test func `what is missing is asked once, but an emergency isn't held up by it`() async throws {
        let ground = try await Ground()
        var few = Record()
        few[.symptomCough] = "yes"
        let asked = few
        await Self.expect(["missing", "missing"]) { try await ground.report(asked) }
        #expect(try await ground.report(asked, keeps: true) == .none)
        var urgent = Record()
        urgent[.symptomBreath] = "yes"
        #expect(try await ground.report(urgent) == .emergency)
    }

    private static func expect(_ codes: [String], _ body: () async throws -> Alarm) async {
        do {
            _ = try await body()
            Issue.record("not refused")
        } catch Refusal.findings(let findings) {
            #expect(findings.map(\.code) == codes)
        } catch {
            Issue.record("\(error)")
        }
    }

    // MARK: Who sees it

    @Test func `a report stands among the case's records, newest last, for whoever may read it`() async throws {
        let ground = try await Ground()
        _ = try await ground.report(Self.answers())
        ground.office.clock.advance(3600 * 8)
        _ = try await ground.report(Self.answers { $0[.bodyTemperature] = DecimalNumber(38) }, form: "g")
        let entries = try await ground.seen()
        #expect(entries.map { $0.items[.bodyTemperature]?.text } == ["36.5", "38"])
        #expect(entries.allSatisfy { $0.owner == nil && $0.items[.symptomCough] == "no" })
        #expect(entries.last?.items[.observedAt] == ground.office.clock.now)
        #expect(Set(entries.map(\.id)).count == 2)
        // An institution never sees health reports, a stranger not even the case.
        #expect(try await ground.seen(by: "med-1").isEmpty)
        await #expect(throws: Refusal.self) { try await ground.seen(by: "med-2") }
        // The ministry sees codes and nothing that was written or measured.
        let coded = try await ground.seen(by: "mhlw")
        #expect(coded.count == 2)
        #expect(coded.allSatisfy { $0.items[.observationNote] == nil && $0.items[.symptomCough] == "no" })
    }

    @Test func `records that staff entered stand between the person's own`() async throws {
        let ground = try await Ground()
        _ = try await ground.report(Self.answers())
        let before = try await ground.seen().map(\.id)
        // A change of the case itself leaves the reports where they are.
        let revision = Revision(seen: 1, items: ["occupation": .text("教員")])
        _ = try await ground.office.casework.revise(ground.number, revision, by: ground.office.caller("hc-13104"))
        #expect(try await ground.seen().map(\.id) == before)
        #expect(try await ground.office.casework.verifyHistory() == .whole(lines: 2, reports: 1))
    }

    @Test func `the open pages of the health centre in charge hear of it, of a repeat too`() async throws {
        let ground = try await Ground()
        let heard = ground.office.casework.events.events(for: "hc-13104")
        let others = ground.office.casework.events.events(for: "hc-13113")
        _ = try await ground.report(Self.answers())
        _ = try await ground.report(Self.answers())
        ground.office.casework.events.finish()
        var events: [PageEvent] = []
        for await event in heard { events.append(event) }
        // The first telling may have been lost with the first answer.
        let told = PageEvent.changed(CaseEvent(number: ground.number, version: 0, action: "health"))
        #expect(events == [told, told])
        for await event in others { Issue.record("\(event)") }
    }

    // MARK: Once

    @Test func `the same form twice is one report, other answers or a new form are another`() async throws {
        let ground = try await Ground()
        let warm = Self.answers { $0[.bodyTemperature] = DecimalNumber(38) }
        _ = try await ground.report(Self.answers())
        _ = try await ground.report(Self.answers())
        #expect(try await ground.seen().count == 1)
        _ = try await ground.report(warm)
        // The first once more, though another has come since.
        _ = try await ground.report(Self.answers())
        #expect(try await ground.seen().count == 2)
        _ = try await ground.report(warm, form: "g")
        #expect(try await ground.seen().count == 3)
        // A page left open overnight with the same answers is news.
        ground.office.clock.advance(86_400)
        _ = try await ground.report(Self.answers())
        #expect(try await ground.seen().count == 4)
    }

    @Test func `many presses at the same moment make one report`() async throws {
        let ground = try await Ground()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try await ground.report(Self.answers()) } }
            try await group.waitForAll()
        }
        #expect(try await ground.seen().count == 1)
    }

    @Test func `many people reporting at once all stand, and the chain is whole`() async throws {
        let ground = try await Ground()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for form in 0..<50 {
                group.addTask { _ = try await ground.report(Self.answers(), form: "f\(form)") }
            }
            try await group.waitForAll()
        }
        #expect(try await ground.seen().count == 50)
        #expect(try await ground.office.casework.verifyHistory() == .whole(lines: 1, reports: 50))
    }

    // MARK: The link

    @Test func `a device is asked for the birth date once`() async throws {
        let ground = try await Ground()
        #expect(try await ground.state() == .birthDate)
        #expect(try await ground.state("00ff") == .birthDate)
        #expect(try await ground.state(ground.device) == .questions)
        let page = try await ground.office.casework.reportPage(ground.secret, device: ground.device)
        #expect(page.office?.key == "hc-13104")
        #expect(page.form.count == 16)
    }

    @Test func `ten wrong birth dates lock a link, and not the device that has given the right one`() async throws {
        let ground = try await Ground()
        let casework = ground.office.casework
        for left in (1..<10).reversed() {
            do {
                _ = try await casework.openReportLink(ground.secret, birthDate: CalendarDate(dayNumber: 1))
                Issue.record("opened")
            } catch Refusal.findings(let findings) {
                #expect(findings.first?.message.contains("あと\(left)回") == true)
            }
        }
        for date in [CalendarDate(dayNumber: 1), Self.birthDate, Self.birthDate] {
            await #expect(throws: Refusal.self) { try await casework.openReportLink(ground.secret, birthDate: date) }
        }
        #expect(try await ground.state() == .locked)
        #expect(try await ground.state(ground.device) == .questions)
        _ = try await ground.report(Self.answers())
        #expect(try await ground.seen().count == 1)
    }

    @Test func `guesses at the same moment are counted one by one`() async throws {
        let ground = try await Ground()
        let answered = await withTaskGroup(of: Bool.self) { group in
            for day in 0..<40 {
                group.addTask {
                    do {
                        _ = try await ground.office.casework.openReportLink(
                            ground.secret,
                            birthDate: CalendarDate(dayNumber: Int32(day))
                        )
                    } catch Refusal.findings {
                        return true
                    } catch {}
                    return false
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(answered == 9)
        #expect(try await ground.state() == .locked)
    }

    @Test func `a new link stops the one before, and another link's device is none of it`() async throws {
        let ground = try await Ground()
        let casework = ground.office.casework
        let next = try await casework.issueReportLink(ground.number, by: ground.office.caller("hc-13104"))
        #expect(next != ground.secret)
        #expect(try await ground.state(ground.device) == .closed)
        await #expect(throws: Refusal.self) { try await ground.report(Self.answers()) }
        #expect(try await casework.reportPage(next, device: ground.device).state == .birthDate)
        await #expect(throws: Refusal.self) {
            let report = HealthReport(items: Self.answers(), form: "f")
            return try await casework.reportHealth(next, device: ground.device, report).alarm
        }
    }

    @Test func `a link ends with the care, and after two months in any case`() async throws {
        let ground = try await Ground()
        ground.office.clock.advance(60 * 86_400 - 1)
        #expect(try await ground.state(ground.device) == .questions)
        ground.office.clock.advance(1)
        #expect(try await ground.state(ground.device) == .closed)
        await #expect(throws: Refusal.self) { try await ground.report(Self.answers()) }

        let other = try await Ground()
        let released = Revision(seen: 1, items: ["status": .code("released")], reason: "療養解除を電話で連絡済み")
        _ = try await other.office.casework.revise(other.number, released, by: other.office.caller("hc-13104"))
        #expect(try await other.state(other.device) == .closed)
        await #expect(throws: Refusal.self) { try await other.report(Self.answers()) }
        await #expect(throws: Refusal.self) {
            try await other.office.casework.issueReportLink(other.number, by: other.office.caller("hc-13104"))
        }
    }

    @Test func `a link that never was is not found`() async throws {
        let ground = try await Ground()
        let casework = ground.office.casework
        for secret in ["", "short", String(repeating: "a", count: 22), String(repeating: "a", count: 1000)] {
            await #expect(throws: Refusal.self) { try await casework.reportPage(secret, device: ground.device) }
            await #expect(throws: Refusal.self) {
                try await casework.openReportLink(secret, birthDate: Self.birthDate)
            }
        }
    }

    @Test func `whoever writes health reports may give out links, and it is written down`() async throws {
        let ground = try await Ground()
        let (casework, office) = (ground.office.casework, ground.office)
        let before = try await office.engine.read { try ReadingStore(casework.vault).count($0) }
        _ = try await casework.issueReportLink(ground.number, by: office.caller("hc-13104"))
        #expect(try await office.engine.read { try ReadingStore(casework.vault).count($0) } == before + 1)
        _ = try await casework.setRelated(ground.number, offices: ["hc-13113"], by: office.caller("hc-13104"))
        _ = try await casework.issueReportLink(ground.number, by: office.caller("hc-13113"))
        for key in ["med-1", "pref-13", "mhlw", "hc-14100", "fol-1"] {
            await #expect(throws: Refusal.self, "\(key)") {
                try await casework.issueReportLink(ground.number, by: office.caller(key))
            }
        }
    }
}
