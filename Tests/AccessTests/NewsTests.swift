import Access
import Catalogue
import Testing

/// What the open pages of each organisation are told of a change.
@Suite struct NewsTests {
    private static let day = CalendarDate(dayNumber: 18_404)
    private static let kinds: [OrganisationKey: OrganisationKind] = [
        "hc": .healthCentre, "hc-2": .healthCentre, "hq": .prefecture, "clinic": .medical, "hospital": .medical,
        "hotel": .lodging, "desk": .followUp, "old-desk": .followUp, "centre": .analysis, "stranger": .healthCentre,
    ]

    private static func file() throws -> CaseFile {
        var file = CaseFile(number: try #require(CaseNumber(payload: 7)), version: 3, intake: .submitted)
        file.items[.familyName] = "佐藤"
        file.items[.jurisdiction] = "hc"
        file.items[.status] = "arranging"
        file.parties = [
            Party("hc", .inCharge), Party("hc-2", .related), Party("hq", .headquarters), Party("clinic", .reporting),
            Party("desk", .followUp), Party("old-desk", .followUp, until: day.adding(days: -1)),
            Party("centre", .analysis),
        ]
        return file
    }

    private static func words(
        _ action: String,
        _ earlier: CaseFile,
        _ later: CaseFile
    ) -> [OrganisationKey: String] {
        kinds.reduce(into: [:]) { words, one in
            let organisation = Organisation(key: one.key, kind: one.value, name: "")
            words[one.key] = Gate.news(of: action, from: earlier, to: later, for: organisation, on: day)
        }
    }

    @Test func `a placement is told to who sees all and to the places, to others at most that something changed`()
        throws
    {
        let earlier = try Self.file()
        var later = earlier
        later.version = 4
        later.items[.status] = "lodging"
        later.entries[.whereabouts] = [Entry(id: 1, owner: "hq", items: Record(["place_kind": .code("lodging")]))]
        later.parties.append(Party("hotel", .lodging, from: Self.day))
        let all = ["hc": "place", "hc-2": "place", "hq": "place"]
        // The analysis centre reads the status.
        let told = all.merging(["hotel": "place", "centre": "revise"]) { $1 }
        #expect(Self.words("place", earlier, later) == told)
        // A hospital that has granted sight of the stays reads that they changed, and not why.
        var granted = (earlier, later)
        let grant = Grant(organisation: "clinic", section: .whereabouts, write: false, until: Self.day)
        granted.0.grants = [grant]
        granted.1.grants = [grant]
        #expect(Self.words("place", granted.0, granted.1) == told.merging(["clinic": "revise"]) { $1 })
        // The hotel that somebody leaves hears of it; the one who comes tomorrow is told by its notice box.
        var left = later
        left.parties[left.parties.count - 1].until = Self.day
        left.parties.append(Party("hospital", .admitting, from: Self.day.adding(days: 1)))
        #expect(Self.words("place", later, left) == all.merging(["hotel": "place"]) { $1 })
    }

    @Test func `an assignment is told to those who follow up now, not to who did once`() throws {
        let earlier = try Self.file()
        var later = earlier
        later.version = 4
        let told = ["hc": "assign", "hc-2": "assign", "hq": "assign", "desk": "assign"]
        #expect(Self.words("assign", earlier, later) == told)
    }

    @Test(arguments: ["grant", "grant-end", "related", "transfer-offer", "transfer-refuse", "open"])
    func `the administration's own affairs are told to others only where their grants change`(action: String) throws {
        let earlier = try Self.file()
        var later = earlier
        later.version = 4
        let all = ["hc": action, "hc-2": action, "hq": action]
        #expect(Self.words(action, earlier, later) == all)
        later.grants = [Grant(organisation: "clinic", section: .memo, write: false, until: Self.day)]
        #expect(Self.words(action, earlier, later) == all.merging(["clinic": action]) { $1 })
    }

    @Test(arguments: ["revise", "confirm", "return", "transfer-accept"])
    func `what concerns all is told to all who take part today`(action: String) throws {
        let file = try Self.file()
        let words = Self.words(action, file, file)
        #expect(Set(words.keys) == ["hc", "hc-2", "hq", "clinic", "desk", "centre"])
        #expect(Set(words.values) == [action])
    }
}
