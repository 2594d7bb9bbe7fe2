import Access
import Catalogue
import Testing

@testable import Casework
@testable import Storage

/// 閲覧の点検: what is unusual and what isn't.
@Suite struct ReadingReviewTests {
    private static let usual = [40, 50, 60, 50, 50]

    struct Line: Sendable {
        let cases: Int
        let night: Int
        let namesakes: Int
        let opened: Int
        let earlier: [Int]
        let nights: [Int]
        let expected: UnusualReading

        init(
            _ cases: Int,
            night: Int = 0,
            namesakes: Int = 0,
            opened: Int = 0,
            earlier: [Int] = usual,
            nights: [Int] = [],
            _ expected: UnusualReading
        ) {
            self.cases = cases
            self.night = night
            self.namesakes = namesakes
            self.opened = opened
            self.earlier = earlier
            self.nights = nights
            self.expected = expected
        }
    }

    private static let lines: [Line] = [
        Line(99, earlier: [1, 1, 1, 1, 1], []),
        Line(100, earlier: [1, 1, 1, 1, 1], .many),
        Line(150, []),
        Line(151, .many),
        // One day of an outbreak doesn't make every day usual.
        Line(151, earlier: [50, 50, 900, 50, 50], .many),
        // Whoever is new has no usual number.
        Line(300, earlier: [1, 1, 1, 1], []),
        Line(301, earlier: [1, 1, 1, 1], .many),
        Line(25, night: 19, []),
        Line(25, night: 20, .night),
        // A night watch reads at night.
        Line(25, night: 25, nights: [10, 10, 10, 10, 10], []),
        Line(31, night: 31, nights: [10, 10, 10, 10, 10], .night),
        Line(1, namesakes: 1, .namesake),
        Line(1, opened: 3, []),
        Line(1, opened: 4, .opened),
        Line(200, night: 30, namesakes: 2, opened: 9, [.many, .night, .namesake, .opened]),
    ]

    @Test(arguments: lines)
    func `a day is unusual from here on`(line: Line) throws {
        let day = ReadingDay(
            day: try #require(CalendarDate(iso: "2020-05-22")),
            account: 1,
            organisation: 1,
            cases: line.cases,
            night: line.night,
            namesakes: line.namesakes,
            opened: line.opened,
            usual: 0,
            reasons: 0
        )
        #expect(UnusualReading.of(day, earlier: line.earlier, night: line.nights) == line.expected)
    }

    @Test func `somebody who opens case after case is named the next morning`() async throws {
        let office = try await Office()
        let account = Account(login: "o", organisation: "hc-14100", name: "川口 緑", password: "", phone: "")
        let id = try await office.engine.write { [directory = try await office.casework.directory()] connection in
            try AccountStore(Vault(office.keys)).insert(account, at: office.clock.now, directory: directory, connection)
        }
        let opener = try office.caller("hc-14100", id)
        for index in 0...UnusualReading.mostOpenings {
            let report = Office.report("鈴木", "スズキ\(["ア", "イ", "ウ", "エ"][index])")
            let number = try await office.casework.notify(report, by: office.caller("med-1")).subject.number
            _ = try await office.casework.open(number.display, reason: "救急搬送の照会", by: opener)
            _ = try await office.casework.read(number, by: opener)
        }
        office.clock.advance(86_400)
        try await office.casework.reviewReadings()
        let found = try await office.casework.unusualReadings(by: office.caller("hc-14100"))
        #expect(found.map(\.reasons) == [.opened])
        #expect(found.map(\.day.opened) == [UnusualReading.mostOpenings + 1])
    }
}
