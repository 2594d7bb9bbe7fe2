import Catalogue
import Testing

/// Stays and admissions that make sense in time.
@Suite struct StayOrderTests {
    private static let today = CalendarDate(dayNumber: 18_404)

    /// Records from begin and end in days from today; nil leaves one out.
    private static func stays(_ days: [(Int?, Int?)]) -> [Record] {
        days.map { from, to in
            var record = Record()
            record[.placeKind] = "home"
            record[.placeFrom] = from.map { today.adding(days: $0) }
            record[.placeTo] = to.map { today.adding(days: $0) }
            return record
        }
    }

    private static func codes(_ findings: [Finding]) -> [String] {
        findings.map { "\($0.place.index ?? -1) \($0.place.item) \($0.code)" }
    }

    @Test(
        arguments: [
            ("one after the other", [(-10, -5), (-5, -1)], []),
            ("the move is on the same day", [(-10, -5), (-5, nil)], []),
            ("a gap", [(-10, -8), (-5, nil)], []),
            ("entered in another order", [(-5, nil), (-10, -5)], []),
            ("the second begins within the first", [(-10, -5), (-6, nil)], ["1 place_from overlap"]),
            ("the first has no end", [(-10, nil), (-6, nil)], ["0 place_to open"]),
            ("an end before its beginning", [(-5, -6)], ["0 place_to order"]),
            ("no beginning", [(nil, -6)], ["0 place_from required"]),
            ("one within another", [(-10, -1), (-8, -7)], ["1 place_from overlap"]),
            ("planned for tomorrow", [(-10, 1), (1, nil)], []),
            ("two on the same day", [(-3, -3), (-3, nil)], []),
        ] as [(String, [(Int?, Int?)], [String])]
    )
    func `nobody is in two places at once`(what: String, days: [(Int?, Int?)], expected: [String]) {
        let found = StayOrder.findings(.whereabouts, Self.stays(days), items: Record(), today: Self.today)
        #expect(Self.codes(found) == expected, "\(what)")
        #expect(found.allSatisfy { $0.severity == .refusal })
    }

    @Test func `an admission says where and since when`() {
        var record = Record()
        record[.attendingPhysician] = "中村 次郎"
        let found = StayOrder.findings(.admission, [record], items: Record(), today: Self.today)
        #expect(Self.codes(found) == ["0 hospital required", "0 admitted_on required"])
    }

    @Test func `what lasts within an admission ends with it`() {
        var record = Record()
        record[.hospital] = InstitutionName(name: "みなと病院")
        record[.admittedOn] = Self.today.adding(days: -10)
        record[.dischargedOn] = Self.today.adding(days: -3)
        record[.icuFrom] = Self.today.adding(days: -9)
        record[.icuTo] = Self.today.adding(days: -3)
        #expect(StayOrder.findings(.admission, [record], items: Record(), today: Self.today).isEmpty)
        record[.icuTo] = Self.today.adding(days: -2)
        let found = StayOrder.findings(.admission, [record], items: Record(), today: Self.today)
        #expect(Self.codes(found) == ["0 icu_to order"])
    }

    @Test func `nobody is admitted after their death`() {
        var items = Record()
        items[.outcome] = "died"
        items[.outcomeOn] = Self.today.adding(days: -4)
        let found = StayOrder.findings(
            .whereabouts,
            Self.stays([(-9, -4), (-3, nil)]),
            items: items,
            today: Self.today
        )
        #expect(Self.codes(found) == ["1 place_from after_death"])
        items[.outcome] = "released"
        #expect(
            StayOrder.findings(.whereabouts, Self.stays([(-9, -4), (-3, nil)]), items: items, today: Self.today).isEmpty
        )
    }

    @Test func `a severity has a time, and not one to come`() {
        var record = Record()
        record[.severity] = "mild"
        let missing = StayOrder.findings(.severity, [record], items: Record(), today: Self.today)
        #expect(Self.codes(missing) == ["0 severity_at required"])
        record[.severityAt] = Timestamp(Self.today.adding(days: 1), hour: 9)
        let future = StayOrder.findings(.severity, [record], items: Record(), today: Self.today)
        #expect(Self.codes(future) == ["0 severity_at future"])
    }
}
