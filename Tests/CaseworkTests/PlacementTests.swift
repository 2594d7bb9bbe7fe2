import Access
import Casework
import Catalogue
import Storage
import Testing

/// 入院・療養先の調整: who waits, where there is room, and what a decision writes.
@Suite struct PlacementTests {
    static let hospital = Organisation(
        key: "med-9",
        kind: .medical,
        name: "東京みなみ病院",
        prefecture: "13",
        institutionCode: "1310000011"
    )
    static let hotel = Organisation(key: "lod-1", kind: .lodging, name: "ホテル東京", prefecture: "13")
    private static let far = Organisation(key: "med-14", kind: .medical, name: "横浜病院", prefecture: "14")

    static func office() async throws -> Office {
        let office = try await Office()
        try await Loader.load([hospital, hotel, far], into: office.casework)
        return office
    }

    static func caller(_ organisation: Organisation) -> Caller {
        Caller(Viewer(organisation: organisation, account: 3, name: "係"), through: .page, address: "192.0.2.3")
    }

    static func codes(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return "done"
        } catch Refusal.notFound {
            return "not found"
        } catch Refusal.forbidden {
            return "forbidden"
        } catch Refusal.findings(let findings) {
            return findings.map { "\($0.place.item) \($0.code)" }.joined(separator: ", ")
        } catch {
            return "\(error)"
        }
    }

    /// What the form shows of an organisation's one count.
    static func seen(_ office: Office, _ caller: Caller) async throws -> RoomCount.Seen? {
        try await office.casework.rooms(by: caller).present.first.map { .init(at: $0.at, promised: $0.promised) }
    }

    static func notify(_ office: Office, born: String = "1985-03-02") async throws -> CaseNumber {
        var report = Office.report()
        report.items[.birthDate] = CalendarDate(iso: born)
        return try await office.casework.notify(report, by: office.caller("med-1")).subject.number
    }

    @Test func `counts are kept with their history, the newest stands, and age is told`() async throws {
        let office = try await Self.office()
        let hospital = Self.caller(Self.hospital)
        try await office.casework.countRooms([.bed: RoomCount(total: 10, used: 7)], by: hospital)
        office.clock.advance(3600)
        try await office.casework.countRooms(
            [.bed: RoomCount(total: 10, used: 6, free: 2, seen: Self.seen(office, hospital))],
            by: hospital
        )
        let page = try await office.casework.rooms(by: hospital)
        #expect(page.present.map(\.free) == [2])
        #expect(page.history.map(\.free) == [2, 3])
        #expect(page.history.map(\.at) == [office.clock.now, office.clock.now.adding(seconds: -3600)])
        let headquarters = try office.caller("pref-13")
        #expect(try await office.casework.placement(by: headquarters).rooms.map(\.isStale) == [false])
        office.clock.advance(86_401)
        #expect(try await office.casework.placement(by: headquarters).rooms.map(\.isStale) == [true])
    }

    @Test(arguments: [
        (RoomCount(total: -1, used: 0), "bed_total range"), (RoomCount(total: 10_000, used: 0), "bed_total range"),
        (RoomCount(total: 5, used: 6), "bed_total sum"), (RoomCount(total: 5, used: 4, free: 2), "bed_total sum"),
        (RoomCount(total: 5, used: 4, free: 1), "done"), (RoomCount(total: 0, used: 0), "done"),
    ])
    func `numbers that can't be are refused`(count: RoomCount, answer: String) async throws {
        let office = try await Self.office()
        let hospital = Self.caller(Self.hospital)
        #expect(await Self.codes { try await office.casework.countRooms([.bed: count], by: hospital) } == answer)
        #expect(try await office.casework.rooms(by: hospital).present.count == (answer == "done" ? 1 : 0))
    }

    @Test(arguments: ["hc-13104", "pref-13", "mhlw", "fol-1"])
    func `whoever takes nobody in counts nothing`(key: OrganisationKey) async throws {
        let office = try await Self.office()
        let caller = try office.caller(key)
        #expect(await Self.codes { _ = try await office.casework.rooms(by: caller) } == "not found")
        let counts: [RoomKind: RoomCount] = [.bed: RoomCount(total: 1, used: 0)]
        #expect(await Self.codes { try await office.casework.countRooms(counts, by: caller) } == "not found")
    }

    @Test(arguments: ["hc-13104", "med-1", "mhlw", "fol-1", "hc-14100"])
    func `only a headquarters sees who waits`(key: OrganisationKey) async throws {
        let office = try await Self.office()
        let number = try await Self.notify(office)
        let caller = try office.caller(key)
        #expect(await Self.codes { _ = try await office.casework.placement(by: caller) } == "not found")
        #expect(await Self.codes { _ = try await office.casework.placement(of: number, by: caller) } == "not found")
        let placed = await Self.codes {
            _ = try await office.casework.place(
                number,
                PlaceDecision(at: "lod-1", .room, from: office.casework.today),
                by: caller
            )
        }
        #expect(placed == "not found")
    }

    @Test func `the eldest first, then whoever waits longest; the deleted and the placed aren't there`() async throws {
        let office = try await Self.office()
        let young = try await Self.notify(office, born: "1999-03-02")
        office.clock.advance(60)
        let later = try await Self.notify(office, born: "1999-03-02")
        let old = try await Self.notify(office, born: "1930-03-02")
        let headquarters = try office.caller("pref-13")
        func waiting() async throws -> [CaseNumber] {
            try await office.casework.placement(by: headquarters).waiting.map(\.file.subject.number)
        }
        #expect(try await waiting() == [old, young, later])
        #expect(try await office.casework.placement(by: office.caller("city-13104")).count == 3)
        try await office.casework.delete(old, reason: "二重登録", by: office.caller("hc-13104"))
        #expect(try await waiting() == [young, later])
        try await office.casework.countRooms([.room: RoomCount(total: 3, used: 0)], by: Self.caller(Self.hotel))
        _ = try await office.casework.place(
            young,
            PlaceDecision(at: "lod-1", .room, from: office.casework.today),
            by: headquarters
        )
        #expect(try await waiting() == [later])
    }

    @Test func `a decision writes the stay, takes a room, and lets the facility see the person`() async throws {
        let office = try await Self.office()
        let number = try await Self.notify(office)
        let hotel = Self.caller(Self.hotel)
        let headquarters = try office.caller("pref-13")
        try await office.casework.countRooms([.room: RoomCount(total: 20, used: 18)], by: hotel)
        #expect(await Self.codes { _ = try await office.casework.read(number, by: hotel) } == "not found")
        let today = office.casework.today
        let file = try await office.casework.place(
            number,
            PlaceDecision(at: "lod-1", .room, from: today),
            by: headquarters
        )
        let stay = try #require(file.subject.entries[.whereabouts]?.last)
        #expect(stay.items[.placeKind] == "lodging")
        #expect(stay.items[.placeFrom] == today)
        #expect(stay.items[.placeOrganisation]?.name == "ホテル東京")
        #expect(stay.owner == "pref-13")
        let rooms = try await office.casework.placement(by: headquarters).rooms
        #expect(rooms.map(\.count.left) == [1])
        #expect(rooms.map(\.count.promised) == [1])
        let cared = try await office.casework.caredFor(by: hotel)
        #expect(cared.present.map(\.file.subject.number) == [number])
        let seen = try #require(cared.present.first?.file.subject)
        #expect(seen.items[.familyName] == "佐藤")
        // A facility sees neither the stay nor how the person fell ill.
        #expect(seen.entries[.whereabouts] == nil)
        #expect(seen.items[.routeCertainty] == nil)
        let history = try await office.casework.history(number, by: office.caller("hc-13104")).subject
        #expect(history.last?.action == "place")
        #expect(try await office.casework.verifyHistory() == .whole(lines: 2, reports: 0))
        // The next count has them among those in use.
        try await office.casework.countRooms(
            [.room: RoomCount(total: 20, used: 19, seen: Self.seen(office, hotel))],
            by: hotel
        )
        #expect(try await office.casework.placement(by: headquarters).rooms.map(\.count.promised) == [0])
    }

    @Test func `moving on ends the stay before, and the facility no longer sees the person`() async throws {
        let office = try await Self.office()
        let number = try await Self.notify(office)
        let headquarters = try office.caller("pref-13")
        try await office.casework.countRooms([.room: RoomCount(total: 2, used: 0)], by: Self.caller(Self.hotel))
        try await office.casework.countRooms([.bed: RoomCount(total: 2, used: 0)], by: Self.caller(Self.hospital))
        let today = office.casework.today
        _ = try await office.casework.place(number, PlaceDecision(at: "lod-1", .room, from: today), by: headquarters)
        office.clock.advance(3 * 86_400)
        let moved = office.casework.today
        let file = try await office.casework.place(
            number,
            PlaceDecision(at: "med-9", .bed, from: moved),
            by: headquarters
        )
        let stays = try #require(file.subject.entries[.whereabouts])
        #expect(stays.map { $0.items[.placeFrom] } == [today, moved])
        #expect(stays.map { $0.items[.placeTo] } == [moved, nil])
        #expect(Set(stays.map(\.id)).count == 2)
        #expect(file.subject.items[.status] == "hospital")
        let hospital = try await office.casework.caredFor(by: Self.caller(Self.hospital))
        #expect(hospital.present.map(\.standing) == [.expected])
    }

    @Test func `whoever comes on a later day is counted, not named`() async throws {
        let office = try await Self.office()
        let number = try await Self.notify(office)
        let hospital = Self.caller(Self.hospital)
        try await office.casework.countRooms([.severeBed: RoomCount(total: 2, used: 0)], by: hospital)
        let day = office.casework.today.adding(days: 2)
        _ = try await office.casework.place(
            number,
            PlaceDecision(at: "med-9", .severeBed, from: day),
            by: office.caller("pref-13")
        )
        let page = try await office.casework.caredFor(by: hospital)
        #expect(page.present.isEmpty)
        #expect(page.coming.map(\.day) == [day])
        #expect(page.coming.map(\.count) == [1])
        #expect(await Self.codes { _ = try await office.casework.read(number, by: hospital) } == "not found")
        office.clock.advance(2 * 86_400)
        #expect(try await office.casework.caredFor(by: hospital).present.count == 1)
    }

    @Test(arguments: [
        ("lod-1", RoomKind.room, 0, "place full"), ("med-14", .bed, 0, "place unknown"),
        ("lod-1", .bed, 0, "place unknown"), ("hc-13104", .bed, 0, "place unknown"), ("none", .bed, 0, "place unknown"),
        ("med-9", .bed, 15, "place_from range"), ("med-9", .bed, -2, "place_from range"), ("med-9", .bed, 14, "done"),
        ("med-9", .severeBed, 0, "place full"),
    ])
    func `a place that can't be is refused, and nothing is written`(
        key: OrganisationKey,
        kind: RoomKind,
        days: Int,
        answer: String
    ) async throws {
        let office = try await Self.office()
        let number = try await Self.notify(office)
        let headquarters = try office.caller("pref-13")
        try await office.casework.countRooms([.room: RoomCount(total: 5, used: 5)], by: Self.caller(Self.hotel))
        try await office.casework.countRooms([.bed: RoomCount(total: 5, used: 4)], by: Self.caller(Self.hospital))
        try await office.casework.countRooms([.bed: RoomCount(total: 5, used: 4)], by: Self.caller(Self.far))
        let from = office.casework.today.adding(days: days)
        let got = await Self.codes {
            _ = try await office.casework.place(number, PlaceDecision(at: key, kind, from: from), by: headquarters)
        }
        #expect(got == answer)
        let file = try await office.casework.read(number, by: headquarters).subject
        #expect(file.version == (answer == "done" ? 2 : 1))
    }

    @Test func `of two headquarters that take the last bed at once one is told`() async throws {
        let office = try await Self.office()
        let numbers = [try await Self.notify(office), try await Self.notify(office)]
        try await office.casework.countRooms([.bed: RoomCount(total: 5, used: 4)], by: Self.caller(Self.hospital))
        let today = office.casework.today
        let callers = [try office.caller("pref-13"), try office.caller("city-13104")]
        let answers = await withTaskGroup(of: String.self) { group in
            for (number, caller) in zip(numbers, callers) {
                group.addTask {
                    await Self.codes {
                        _ = try await office.casework.place(
                            number,
                            PlaceDecision(at: "med-9", .bed, from: today),
                            by: caller
                        )
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.sorted() == ["done", "place full"])
    }

    @Test func `a facility's list begins with alarms and shows the last report only`() async throws {
        let office = try await Self.office()
        let (hotel, centre) = (Self.caller(Self.hotel), try office.caller("hc-13104"))
        try await office.casework.countRooms([.room: RoomCount(total: 9, used: 0)], by: hotel)
        var numbers: [CaseNumber] = []
        for temperature in [365, 405] {
            let number = try await Self.notify(office)
            _ = try await office.casework.place(
                number,
                PlaceDecision(at: "lod-1", .room, from: office.casework.today),
                by: office.caller("pref-13")
            )
            let secret = try await office.casework.issueReportLink(number, by: centre)
            let device = try await office.casework.openReportLink(
                secret,
                birthDate: CalendarDate(year: 1985, month: 3, day: 2) ?? office.casework.today
            )
            var items = Record()
            items[.bodyTemperature] = DecimalNumber(thousandths: Int64(temperature) * 100)
            items[.symptomBreath] = "no"
            _ = try await office.casework.reportHealth(
                secret,
                device: device,
                HealthReport(items: items, form: "f", keepsWarnings: true)
            )
            numbers.append(number)
        }
        let page = try await office.casework.caredFor(by: hotel)
        #expect(page.present.map(\.file.subject.number) == numbers.reversed())
        #expect(page.present.map { $0.lastReport?.alarm } == [.emergency, Alarm.none])
    }
}
