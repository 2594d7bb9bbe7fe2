import Access
import Catalogue
import Testing

/// From which day whose people may do what.
@Suite struct OpeningDaysTests {
    private static let common = CalendarDate(year: 2020, month: 5, day: 29) ?? CalendarDate(dayNumber: 0)
    private static let tokyo = Organisation(key: "pref-13", kind: .prefecture, name: "東京都調整本部", prefecture: "13")

    private enum Expected: Hashable {
        case open
        case preparing
        case closed
    }

    private static func expected(_ entry: OpeningDays.Entry) -> Expected {
        switch entry {
        case .open: .open
        case .preparing: .preparing
        case .closed: .closed
        }
    }

    private static func organisation(_ kind: OrganisationKind) -> Organisation {
        kind == .prefecture ? tokyo : Organisation(key: "one", kind: kind, name: "組織")
    }

    @Test(arguments: OrganisationKind.allCases)
    func `before the day the administration prepares, the ministry works, and nobody else comes in`(
        kind: OrganisationKind
    ) {
        let days = OpeningDays(common: Self.common)
        let eve = Self.common.adding(days: -1)
        let before = days.entry(of: Self.organisation(kind), below: Self.tokyo, on: eve)
        switch kind {
        case .ministry: #expect(Self.expected(before) == .open)
        case .prefecture, .city, .healthCentre: #expect(Self.expected(before) == .preparing)
        case .medical, .followUp, .lodging, .analysis: #expect(Self.expected(before) == .closed)
        }
        #expect(days.entry(of: Self.organisation(kind), below: Self.tokyo, on: Self.common) == .open)
        #expect(OpeningDays().entry(of: Self.organisation(kind), below: Self.tokyo, on: eve) == .open)
    }

    @Test func `who asked for a later day begins on it, and a common day moved behind it takes it along`() {
        let later = Self.common.adding(days: 10)
        var days = OpeningDays(common: Self.common, later: ["pref-13": later])
        #expect(days.day(of: "pref-13") == later)
        #expect(days.day(of: "pref-27") == Self.common)
        let clinic = Organisation(key: "med", kind: .medical, name: "医院")
        #expect(
            days.entry(of: clinic, below: Self.tokyo, on: Self.common)
                == .closed(NotYetOpen(government: "東京都", day: later))
        )
        #expect(days.entry(of: clinic, below: Self.tokyo, on: later) == .open)
        days.common = later.adding(days: 5)
        #expect(days.day(of: "pref-13") == later.adding(days: 5))
        days.common = nil
        #expect(days.day(of: "pref-13") == nil)
    }

    @Test func `an organisation below no government waits for the common day`() {
        let days = OpeningDays(common: Self.common)
        let clinic = Organisation(key: "med", kind: .medical, name: "医院")
        #expect(Self.expected(days.entry(of: clinic, below: nil, on: Self.common.adding(days: -1))) == .closed)
        #expect(days.entry(of: clinic, below: nil, on: Self.common) == .open)
    }

    @Test(arguments: [
        ("東京都調整本部", OrganisationKind.prefecture, "東京都"), ("新宿区 本庁", .city, "新宿区"), ("新宿区本庁", .city, "新宿区"),
        ("大阪府", .prefecture, "大阪府"), ("本庁", .city, "本庁"), ("調整本部病院", .medical, "調整本部病院"),
    ])
    func `a headquarters is called by its local government's name`(name: String, kind: OrganisationKind, short: String)
    {
        #expect(Organisation(key: "one", kind: kind, name: name).shortName == short)
    }
}
