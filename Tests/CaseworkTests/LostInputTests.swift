import Access
import Catalogue
import Storage
import Testing

@testable import Casework

/// What somebody typed is stored once, or they are told: never dropped or doubled without a word.
@Suite struct `Input is neither lost nor doubled` {
    // MARK: Reports

    @Test(arguments: ["healthCentre", "form", "entryRoute", "fax"])
    func `a report that goes elsewhere is another report than that of its draft`(changed: String) async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        var report = Office.report()
        report.draft = try await office.casework.newDraft(by: centre).id
        report.healthCentre = "hc-13104"
        let first = try await office.casework.notify(report, by: centre).subject.number
        #expect(try await office.casework.notify(report, by: centre).subject.number == first)
        switch changed {
        case "healthCentre": report.healthCentre = "hc-13113"
        case "form": report.form = "2020-02"
        case "entryRoute": report.entryRoute = "api"
        default:
            let fax = ReceivedFax(
                id: "abcdefghijklmnopqrstuv",
                receivedAt: office.clock.now,
                institution: "med-1",
                pages: 1
            )
            report.fax = try await office.casework.logFax(fax, by: centre).id
        }
        await #expect {
            try await office.casework.notify(report, by: centre)
        } throws: { if case Refusal.repeatedDifferently = $0 { true } else { false } }
    }

    @Test func `a report that the former version kept still counts as repeated`() async throws {
        let office = try await Office()
        let caller = try office.caller("med-1")
        var report = Office.report()
        let first = try await office.casework.notify(report, by: caller).subject.number
        let draft = try await office.casework.newDraft(by: caller).id
        let former = Casework.digestOfItems(report)
        let work = office.casework
        let organisation = try #require(try await work.directory().number("med-1"))
        try await office.engine.write { connection in
            try work.drafts.submit(
                id: draft,
                account: caller.viewer.account,
                organisation: organisation,
                number: first,
                digest: former,
                at: office.clock.now,
                connection
            )
        }
        report.draft = draft
        #expect(try await office.casework.notify(report, by: caller).subject.number == first)
    }

    @Test func `a report without a draft of its own becomes one case, however often it is sent at once`() async throws {
        let office = try await Office()
        let caller = try office.caller("med-1")
        var report = Office.report()
        report.draft = "gone"
        let id = office.casework.substituteDraft(for: report, by: caller)
        #expect(try await office.casework.draft(id, by: caller) == nil)
        report.draft = id
        let same = report
        let numbers = try await withThrowingTaskGroup(of: CaseNumber.self) { group in
            for _ in 0..<8 {
                group.addTask { try await office.casework.notify(same, by: caller).subject.number }
            }
            return try await group.reduce(into: Set<CaseNumber>()) { $0.insert($1) }
        }
        #expect(numbers.count == 1)
        #expect(try await office.casework.list(ListRequest(), by: caller).rows.count == 1)
        var other = Office.report("鈴木", "スズキ")
        other.draft = "gone"
        #expect(office.casework.substituteDraft(for: other, by: caller) != id)
        report.draft = "gone"
        #expect(try office.casework.substituteDraft(for: report, by: office.caller("med-1", 2)) != id)
    }

    // MARK: FAX

    private static func fax(_ office: Office) -> ReceivedFax {
        ReceivedFax(id: "abcdefghijklmnopqrstuv", receivedAt: office.clock.now, institution: "med-1", pages: 2)
    }

    @Test(arguments: ["receivedAt", "institution", "sender", "pages", "memo"])
    func `another FAX under the name of one that is written down is told, and the first stays`(
        changed: String
    ) async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        var fax = Self.fax(office)
        try await office.casework.logFax(fax, by: centre)
        try await office.casework.logFax(fax, by: office.caller("hc-13104", 2))
        switch changed {
        case "receivedAt": fax.receivedAt = fax.receivedAt.adding(seconds: -60)
        case "institution": fax.institution = "med-2"
        case "sender": (fax.institution, fax.sender) = (nil, "くすのき医院")
        case "pages": fax.pages = 3
        default: fax.memo = "2通目"
        }
        let other = fax
        let found = await findings { try await office.casework.logFax(other, by: centre) }
        #expect(found.map(\.code) == [Casework.usedFaxName])
        let waiting = try await office.casework.faxRegister(by: centre).waiting
        #expect(waiting.map(\.pages) == [2] && waiting.map(\.memo) == [""])
        fax.id = office.casework.newFaxName()
        try await office.casework.logFax(fax, by: centre)
        #expect(try await office.casework.faxRegister(by: centre).count == 2)
    }

    @Test func `a second reason for setting a FAX aside isn't dropped without a word`() async throws {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        let line = try await office.casework.logFax(Self.fax(office), by: centre)
        try await office.casework.setFaxAside(line.id, reason: .duplicate, note: "1枚目と同じ", by: centre)
        try await office.casework.setFaxAside(line.id, reason: .duplicate, note: "1枚目と同じ", by: centre)
        for (reason, note) in [(FaxLine.Reason.notConcerned, "1枚目と同じ"), (.duplicate, "別の届")] {
            let found = await findings {
                try await office.casework.setFaxAside(line.id, reason: reason, note: note, by: centre)
            }
            #expect(found.map(\.code) == ["already"])
        }
        #expect(try await office.casework.fax(line.id, by: centre).note == "1枚目と同じ")
        try await office.casework.returnFax(line.id, by: centre)
        var report = Office.report()
        report.fax = line.id
        _ = try await office.casework.notify(report, by: centre)
        let late = await findings {
            try await office.casework.setFaxAside(line.id, reason: .duplicate, note: "", by: centre)
        }
        #expect(late.map(\.code) == ["entered"])
    }

    // MARK: Rooms

    private typealias Beds = PlacementTests

    private static func promised(_ office: Office) async throws -> [Int] {
        try await office.casework.placement(by: office.caller("pref-13")).rooms.map(\.count.promised)
    }

    private static func place(_ office: Office) async throws {
        _ = try await office.casework.place(
            Beds.notify(office),
            PlaceDecision(at: "lod-1", .room, from: office.casework.today),
            by: office.caller("pref-13")
        )
    }

    @Test func `promises made while rooms are counted stand, and the same count again changes nothing`() async throws {
        let office = try await Beds.office()
        let hotel = Beds.caller(Beds.hotel)
        let work = office.casework
        try await work.countRooms([.room: RoomCount(total: 20, used: 0)], by: hotel)
        try await Self.place(office)
        let seen = try await Beds.seen(office, hotel)
        #expect(seen?.promised == 1)
        try await Self.place(office)
        let count: [RoomKind: RoomCount] = [.room: RoomCount(total: 20, used: 1, seen: seen)]
        try await work.countRooms(count, by: hotel)
        #expect(try await Self.promised(office) == [1])
        try await Self.place(office)
        try await work.countRooms(count, by: hotel)
        #expect(try await Self.promised(office) == [2])
        #expect(try await work.rooms(by: hotel).history.count == 2)
        // Somebody else's form of before has other numbers: told, and nothing is stored.
        let other: [RoomKind: RoomCount] = [.room: RoomCount(total: 20, used: 5, seen: seen)]
        #expect(await Beds.codes { try await work.countRooms(other, by: hotel) } == "room_total changed")
        let none: [RoomKind: RoomCount] = [.room: RoomCount(total: 20, used: 5)]
        #expect(await Beds.codes { try await work.countRooms(none, by: hotel) } == "room_total changed")
        #expect(try await work.rooms(by: hotel).present.map(\.used) == [1])
        #expect(try await Self.promised(office) == [2])
    }

    @Test func `of two counts made at once on the same sight one is told`() async throws {
        let office = try await Beds.office()
        let hotel = Beds.caller(Beds.hotel)
        try await office.casework.countRooms([.room: RoomCount(total: 20, used: 0)], by: hotel)
        for _ in 0..<3 { try await Self.place(office) }
        let seen = try await Beds.seen(office, hotel)
        try await Self.place(office)
        let answers = await withTaskGroup(of: String.self) { group in
            for used in 1...2 {
                group.addTask {
                    let count: [RoomKind: RoomCount] = [.room: RoomCount(total: 20, used: used, seen: seen)]
                    return await Beds.codes { try await office.casework.countRooms(count, by: hotel) }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.sorted() == ["done", "room_total changed"])
        #expect(try await Self.promised(office) == [1])
    }

    @Test(arguments: [Int.min, -1, 99, Int.max])
    func `a number of promises that can't be takes none that aren't there`(promised: Int) async throws {
        let office = try await Beds.office()
        let hotel = Beds.caller(Beds.hotel)
        try await office.casework.countRooms([.room: RoomCount(total: 20, used: 0)], by: hotel)
        try await Self.place(office)
        var seen = try #require(try await Beds.seen(office, hotel))
        seen.promised = promised
        try await office.casework.countRooms([.room: RoomCount(total: 20, used: 1, seen: seen)], by: hotel)
        #expect(try await Self.promised(office) == [promised > 0 ? 0 : 1])
        seen.at = Timestamp(seconds: .max)
        let odd: [RoomKind: RoomCount] = [.room: RoomCount(total: 20, used: 2, seen: seen)]
        #expect(await Beds.codes { try await office.casework.countRooms(odd, by: hotel) } == "room_total changed")
    }

    // MARK: Many at once

    @Test func `a second report of somebody that comes after the preview isn't passed over in confirming many`()
        async throws
    {
        let office = try await Office()
        let centre = try office.caller("hc-13104")
        let clinic = try office.caller("med-1")
        let numbers = try await BulkTests.reports(2, office)
        let one = try await office.casework.notify(Office.report(), by: clinic).subject.number
        let preview = try await office.casework.preview(.confirm, of: numbers + [one], by: centre)
        #expect(preview.lines.count == 3)
        _ = try await office.casework.notify(Office.report(), by: clinic)
        let result = try await office.casework.perform(.confirm, id: "run", on: preview.seen, by: centre)
        #expect(result.lines.map(\.outcome).prefix(2) == [.done, .done])
        guard case .refused(let why) = result.lines[2].outcome else {
            Issue.record("confirmed")
            return
        }
        #expect(why.contains("同じ方かもしれない届"))
        #expect(try await office.casework.read(one, by: centre).subject.intake == .submitted)
        #expect(try await office.casework.read(numbers[0], by: centre).subject.intake == .confirmed)
    }

    // MARK: Local items

    @Test func `who ends a local item on what they saw of it doesn't undo what another has done meanwhile`()
        async throws
    {
        let office = try await Office()
        let headquarters = try office.caller("pref-13")
        let (first, time) = (office.casework, office.clock)
        let second = Casework(engine: office.engine, keys: office.keys, passwordCost: 6) { time.now }
        let item = try await first.defineLocalItem(
            LocalItemDraft(label: "紹介元", section: .memo, name: "referral", kind: .text, from: first.today),
            by: headquarters
        )
        #expect(try await second.directory().localItems[item.key] != nil)
        try await first.endLocalItem(item.key, on: first.today, by: headquarters)
        // The same once more is done already.
        try await second.endLocalItem(item.key, on: first.today, by: headquarters)
        let third = Casework(engine: office.engine, keys: office.keys, passwordCost: 6) { time.now }
        #expect(try await third.directory().localItems[item.key] != nil)
        try await first.endLocalItem(item.key, on: first.today.adding(days: 5), by: headquarters)
        let found = await findings {
            try await third.endLocalItem(item.key, on: first.today.adding(days: 9), by: headquarters)
        }
        #expect(found.map(\.code) == ["changed"])
        #expect(try await third.directory().localItems[item.key]?.until == first.today.adding(days: 5))
    }

    @Test func `a server whose clock is behind ends a local item all the same`() async throws {
        let office = try await Office()
        let headquarters = try office.caller("pref-13")
        let time = office.clock
        let behind = Casework(engine: office.engine, keys: office.keys, passwordCost: 6) {
            time.now.adding(seconds: -30)
        }
        let item = try await office.casework.defineLocalItem(
            LocalItemDraft(label: "紹介元", section: .memo, name: "referral", kind: .text, from: behind.today),
            by: headquarters
        )
        try await behind.endLocalItem(item.key, on: behind.today, by: headquarters)
        #expect(try await behind.directory().localItems[item.key]?.until == behind.today)
    }
}
