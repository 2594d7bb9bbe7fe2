import Access
import Catalogue
import Storage
import Testing

@testable import Casework

/// What follows from a placement: status, notice, events, who sees whom, figures.
@Suite struct PlacementFollowsTests {
    private typealias Base = PlacementTests

    private static func count(_ free: Int, at office: Office) async throws {
        try await office.casework.countRooms(
            [.room: RoomCount(total: 10, used: 10 - free, seen: Base.seen(office, Base.caller(Base.hotel)))],
            by: Base.caller(Base.hotel)
        )
        try await office.casework.countRooms(
            [.bed: RoomCount(total: 10, used: 10 - free, seen: Base.seen(office, Base.caller(Base.hospital)))],
            by: Base.caller(Base.hospital)
        )
    }

    @Test func `beyond what is free somebody is placed with a reason only, which the history keeps`() async throws {
        let office = try await Base.office()
        let number = try await Base.notify(office)
        try await Self.count(0, at: office)
        let headquarters = try office.caller("pref-13")
        var decision = PlaceDecision(at: "med-9", .bed, from: office.casework.today)
        func place() async -> String {
            await Base.codes { _ = try await office.casework.place(number, decision, by: headquarters) }
        }
        #expect(await place() == "place full")
        decision.reason = " \u{3000}"
        #expect(await place() == "place full")
        decision.reason = String(repeating: "あ", count: 1001)
        #expect(await place() == "reason length")
        decision.reason = "19:30 看護師長に電話で確認"
        #expect(await place() == "done")
        let history = try await office.casework.history(number, by: office.caller("hc-13104")).subject
        #expect(history.last?.reason == "19:30 看護師長に電話で確認")
        let room = try await office.casework.placement(by: headquarters).rooms.first { $0.kind == .bed }
        #expect(room?.count.left == 0)
        #expect(room?.count.promised == 1)
    }

    @Test func `whoever has counted nothing can't be promised, reason or not`() async throws {
        let office = try await Base.office()
        let number = try await Base.notify(office)
        let decision = PlaceDecision(at: "med-2", .bed, from: office.casework.today, reason: "電話で確認")
        let headquarters = try office.caller("pref-13")
        #expect(
            await Base.codes { _ = try await office.casework.place(number, decision, by: headquarters) } == "place full"
        )
        #expect(try await office.casework.read(number, by: headquarters).subject.version == 1)
    }

    @Test(arguments: [("lod-1", RoomKind.room, "lodging"), ("med-9", .bed, "hospital")])
    func `whoever is placed for tomorrow waits no longer`(
        key: OrganisationKey,
        kind: RoomKind,
        status: Code
    ) async throws {
        let office = try await Base.office()
        let number = try await Base.notify(office)
        try await Self.count(1, at: office)
        let headquarters = try office.caller("pref-13")
        let decision = PlaceDecision(at: key, kind, from: office.casework.today.adding(days: 1))
        let placed = try await office.casework.place(number, decision, by: headquarters)
        #expect(placed.subject.items[.status] == status)
        #expect(try await office.casework.placement(by: headquarters).count == 0)
    }

    @Test func `a stay at home ends with the move; one that overlaps or begins later is refused`() async throws {
        let office = try await Base.office()
        let centre = try office.caller("hc-13104")
        let headquarters = try office.caller("pref-13")
        let today = office.casework.today
        try await Self.count(5, at: office)
        func stay(_ from: Int, _ to: Int?) -> EntryRevision {
            var items: [String: Value?] = ["place_kind": .code("home"), "place_from": .date(today.adding(days: from))]
            if let to { items["place_to"] = .date(today.adding(days: to)) }
            return EntryRevision(.whereabouts, id: nil, items: items)
        }
        func answer(_ stays: [EntryRevision], _ place: PlaceDecision) async throws -> (String, CaseNumber) {
            let number = try await Base.notify(office)
            _ = try await office.casework.revise(number, Revision(seen: 1, items: [:], entries: stays), by: centre)
            return (
                await Base.codes { _ = try await office.casework.place(number, place, by: headquarters) }, number
            )
        }
        let now = PlaceDecision(at: "lod-1", .room, from: today)
        let (done, moved) = try await answer([stay(-3, nil)], now)
        #expect(done == "done")
        let stays = try await office.casework.read(moved, by: headquarters).subject.entries[.whereabouts] ?? []
        #expect(stays.map { $0.items[.placeTo] } == [today, nil])
        #expect(try await answer([stay(-3, 2)], now).0 == "place_from overlap")
        #expect(try await answer([stay(1, nil)], now).0 == "place_from order")
        // Nothing of what was refused has taken a room.
        let rooms = try await office.casework.placement(by: headquarters).rooms
        #expect(rooms.first { $0.kind == .room }?.count.promised == 1)
        let again = await Base.codes { _ = try await office.casework.place(moved, now, by: headquarters) }
        #expect(again == "place there")
    }

    @Test func `what was seen before somebody else changed it is no ground for a decision`() async throws {
        let office = try await Base.office()
        let number = try await Base.notify(office)
        try await Self.count(5, at: office)
        let decision = PlaceDecision(at: "lod-1", .room, from: office.casework.today)
        _ = try await office.casework.place(number, decision, seen: 1, by: office.caller("pref-13"))
        let other = PlaceDecision(at: "med-9", .bed, from: office.casework.today)
        let city = try office.caller("city-13104")
        #expect(
            await Base.codes { _ = try await office.casework.place(number, other, seen: 1, by: city) } == "forbidden"
        )
    }

    @Test func `the place is told, and the prefecture's headquarters hear of beds`() async throws {
        let office = try await Base.office()
        let number = try await Base.notify(office)
        var hotel = office.casework.events.events(for: "lod-1").makeAsyncIterator()
        var headquarters = office.casework.events.events(for: "city-13104").makeAsyncIterator()
        try await Self.count(2, at: office)
        #expect(await headquarters.next() == .rooms)
        #expect(await headquarters.next() == .rooms)
        let decision = PlaceDecision(at: "lod-1", .room, from: office.casework.today)
        _ = try await office.casework.place(number, decision, by: office.caller("pref-13"))
        #expect(await hotel.next() == .notice)
        #expect(await hotel.next() == .changed(CaseEvent(number: number, version: 2, action: "place")))
        #expect(await headquarters.next() == .changed(CaseEvent(number: number, version: 2, action: "place")))
        #expect(await headquarters.next() == .rooms)
        let notices = try await office.casework.notices(by: Base.caller(Base.hotel)).lines
        #expect(notices.map(\.notice.kind) == [.place])
        #expect(notices.map(\.isReachable) == [true])
    }

    @Test func `a facility sees its own guests and no other's, from the first day to the last`() async throws {
        let office = try await Base.office()
        let other = Organisation(key: "lod-2", kind: .lodging, name: "ホテル別館", prefecture: "13")
        try await Loader.load([other], into: office.casework)
        try await Self.count(5, at: office)
        let number = try await Base.notify(office)
        let headquarters = try office.caller("pref-13")
        let decision = PlaceDecision(at: "lod-1", .room, from: office.casework.today)
        _ = try await office.casework.place(number, decision, by: headquarters)
        func guests(_ organisation: Organisation) async throws -> [CaseNumber] {
            let page = try await office.casework.caredFor(by: Base.caller(organisation))
            #expect(page.count.all == page.present.count)
            return page.present.map(\.file.subject.number)
        }
        #expect(try await guests(Base.hotel) == [number])
        #expect(try await guests(other).isEmpty)
        #expect(try await guests(Base.hospital).isEmpty)
        #expect(try await office.casework.caredFor(by: office.caller("fol-1")).present.isEmpty)
        // Whoever goes home isn't the hotel's from the next day on.
        let stay = try #require(
            try await office.casework.read(number, by: headquarters).subject.entries[.whereabouts]?.first
        )
        let end = EntryRevision(.whereabouts, id: stay.id, items: ["place_to": .date(office.casework.today)])
        _ = try await office.casework.revise(number, Revision(seen: 2, items: [:], entries: [end]), by: headquarters)
        #expect(try await guests(Base.hotel) == [number])
        office.clock.advance(86_400)
        #expect(try await guests(Base.hotel).isEmpty)
        #expect(try await office.casework.careFigures(by: Base.caller(Base.hotel))?.held?.all == 0)
    }

    @Test func `a deleted guest is on no list and in no figure`() async throws {
        let office = try await Base.office()
        let number = try await Base.notify(office)
        try await Self.count(5, at: office)
        let decision = PlaceDecision(at: "lod-1", .room, from: office.casework.today)
        _ = try await office.casework.place(number, decision, by: office.caller("pref-13"))
        try await office.casework.delete(number, reason: "二重登録", by: office.caller("hc-13104"))
        let page = try await office.casework.caredFor(by: Base.caller(Base.hotel))
        #expect(page.present.isEmpty)
        #expect(page.count.all == 0)
    }

    @Test func `a headquarters of another prefecture sees neither who waits nor the beds`() async throws {
        let office = try await Base.office()
        let far = Organisation(key: "pref-14", kind: .prefecture, name: "神奈川県調整本部", prefecture: "14")
        try await Loader.load([far], into: office.casework)
        let number = try await Base.notify(office)
        try await Self.count(5, at: office)
        let caller = Base.caller(far)
        let page = try await office.casework.placement(by: caller)
        #expect(page.waiting.isEmpty && page.count == 0 && page.rooms.isEmpty)
        let decision = PlaceDecision(at: "med-14", .bed, from: office.casework.today)
        #expect(await Base.codes { _ = try await office.casework.placement(of: number, by: caller) } == "not found")
        #expect(await Base.codes { _ = try await office.casework.place(number, decision, by: caller) } == "not found")
    }

    @Test func `a hospital's list follows its own admissions`() async throws {
        let office = try await Base.office()
        let number = try await Base.notify(office)
        try await Self.count(5, at: office)
        let hospital = Base.caller(Base.hospital)
        let decision = PlaceDecision(at: "med-9", .bed, from: office.casework.today)
        _ = try await office.casework.place(number, decision, by: office.caller("pref-13"))
        func standing() async throws -> [CaredFor.Standing] {
            try await office.casework.caredFor(by: hospital).present.map(\.standing)
        }
        #expect(try await standing() == [.expected])
        let today = office.casework.today
        let name = InstitutionName(name: "東京みなみ病院", code: "1310000011")
        let admission = EntryRevision(
            .admission,
            id: nil,
            items: ["hospital": .institution(name), "admitted_on": .date(today)]
        )
        let file = try await office.casework.revise(
            number,
            Revision(seen: 2, items: [:], entries: [admission]),
            by: hospital
        )
        #expect(try await standing() == [.present])
        #expect(try await office.casework.careFigures(by: hospital)?.held == HeldNumber(all: 1))
        let id = try #require(file.subject.entries[.admission]?.first?.id)
        let discharge = EntryRevision(.admission, id: id, items: ["discharged_on": .date(today)])
        _ = try await office.casework.revise(
            number,
            Revision(seen: 3, items: [:], entries: [discharge]),
            by: hospital
        )
        office.clock.advance(86_400)
        #expect(try await standing() == [.left(today)])
    }

    @Test func `figures of each kind of organisation; none for others`() async throws {
        let office = try await Base.office()
        _ = try await Base.notify(office)
        let guest = try await Base.notify(office)
        try await Self.count(3, at: office)
        let today = office.casework.today
        let headquarters = try office.caller("pref-13")
        let decision = PlaceDecision(at: "lod-1", .room, from: today)
        _ = try await office.casework.place(guest, decision, by: headquarters)
        let seen = try #require(try await office.casework.careFigures(by: headquarters))
        #expect(seen.waiting == 1)
        #expect(seen.rooms.first { $0.kind == .room }?.left == 2)
        #expect(seen.rooms.first { $0.kind == .bed }?.left == 3)
        #expect(seen.rooms.allSatisfy { $0.stale == 0 && $0.organisations == 1 })
        let hotel = try #require(try await office.casework.careFigures(by: Base.caller(Base.hotel)))
        #expect(hotel.held == HeldNumber(all: 1, reported: 0, emergencies: 0))
        #expect(hotel.own.map(\.left) == [2])
        office.clock.advance(86_401)
        #expect(try await office.casework.careFigures(by: headquarters)?.rooms.allSatisfy { $0.stale == 1 } == true)
        for key in ["hc-13104", "mhlw"] {
            #expect(try await office.casework.careFigures(by: office.caller(key)) == nil)
        }
        #expect(
            await Base.codes { _ = try await office.casework.caredFor(by: office.caller("hc-13104")) } == "not found"
        )
    }

    @Test func `a contractor has those assigned to it, by need, page by page`() async throws {
        let office = try await Base.office()
        let contractor = try office.caller("fol-1")
        let number = try await Base.notify(office)
        _ = try await Base.notify(office)
        _ = try await office.casework.assignFollowUp(number, to: "fol-1", by: office.caller("hc-13104"))
        let page = try await office.casework.caredFor(by: contractor)
        #expect(page.present.map(\.file.subject.number) == [number])
        #expect(page.count == HeldNumber(all: 1, reported: 0, emergencies: 0))
        #expect(page.next == nil)
    }
}
