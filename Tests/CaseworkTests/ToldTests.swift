import Access
import Catalogue
import Storage
import Testing

@testable import Casework

/// What open pages hear through the hub while staff work.
@Suite struct ToldTests {
    /// What each organisation's pages heard of cases while something was done.
    private static func heard(
        _ keys: [OrganisationKey],
        _ office: Office,
        _ body: () async throws -> Void
    ) async throws -> [OrganisationKey: [String]] {
        let streams = keys.map { office.casework.events.events(for: $0) }
        try await body()
        office.casework.events.finish()
        var heard: [OrganisationKey: [String]] = [:]
        for (key, stream) in zip(keys, streams) {
            for await case .changed(let event) in stream { heard[key, default: []].append(event.action) }
        }
        return heard
    }

    @Test func `that somebody is placed is told to neither the clinic that reported nor the contractor`() async throws {
        let office = try await PlacementTests.office()
        let number = try await PlacementTests.notify(office)
        _ = try await office.casework.assignFollowUp(number, to: "fol-1", by: office.caller("hc-13104"))
        try await office.casework.countRooms(
            [.room: RoomCount(total: 10, used: 5)],
            by: PlacementTests.caller(PlacementTests.hotel)
        )
        let decision = PlaceDecision(at: "lod-1", .room, from: office.casework.today)
        let keys = ["hc-13104", "city-13104", "pref-13", "med-1", "fol-1", "lod-1", "hc-14100"]
        let heard = try await Self.heard(keys, office) {
            _ = try await office.casework.place(number, decision, by: office.caller("pref-13"))
        }
        #expect(heard == ["hc-13104": ["place"], "city-13104": ["place"], "pref-13": ["place"], "lod-1": ["place"]])
    }

    @Test func `a contractor whose time is over isn't told that another one was assigned`() async throws {
        let office = try await Office()
        let other = Organisation(key: "fol-2", kind: .followUp, name: "つぎの見守り", prefecture: "13")
        try await Loader.load([other], into: office.casework)
        let centre = try office.caller("hc-13104")
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        _ = try await office.casework.assignFollowUp(number, to: "fol-1", by: centre)
        let today = office.casework.today
        _ = try await office.casework.change(number, by: centre, action: "revise") { file, _, _ in
            file.items[.releaseToldOn] = today
        }
        office.clock.advance(86_400)
        let heard = try await Self.heard(["fol-1", "hc-13104", "med-1"], office) {
            _ = try await office.casework.assignFollowUp(number, to: "fol-2", by: centre)
        }
        #expect(heard == ["hc-13104": ["assign"]])
    }
}
