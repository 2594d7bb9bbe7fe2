public import Access
import Catalogue
public import Storage

/// What counts as unusual reading (閲覧の点検), with its thresholds.
public struct UnusualReading: OptionSet, Sendable, Hashable {
    /// A set of bits as it is stored.
    public let rawValue: Int

    /// Reasons from their stored bits.
    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// Many more cases than usual.
    public static let many = UnusualReading(rawValue: 1)
    /// Many cases opened at night, and more than usual at night.
    public static let night = UnusualReading(rawValue: 2)
    /// A case of the account's own family name was opened.
    public static let namesake = UnusualReading(rawValue: 4)
    /// More 緊急閲覧 than a day should see.
    public static let opened = UnusualReading(rawValue: 8)

    /// So many times the usual number is many.
    public static let manyTimes = 3
    /// Below so many cases nothing is many.
    public static let leastCases = 100
    /// From so many cases opened at night on.
    public static let leastAtNight = 20
    /// More 緊急閲覧 a day than this.
    public static let mostOpenings = 3
    /// Days that an account has to have worked before its own usual number is known.
    public static let leastDays = 5

    /// What is unusual about a day.
    ///
    /// - Parameters:
    ///   - day: what was counted.
    ///   - cases: how many cases were read on earlier days.
    ///   - night: how many of them at night.
    /// - Returns: the reasons, none for a usual day.
    static func of(_ day: ReadingDay, earlier cases: [Int], night: [Int]) -> UnusualReading {
        var result: UnusualReading = []
        // Whoever is new is measured by the fixed number alone.
        let usual = cases.count < leastDays ? leastCases : median(cases)
        if day.cases >= leastCases, day.cases > usual * manyTimes { result.insert(.many) }
        let usualAtNight = night.count < leastDays ? 0 : median(night)
        if day.night >= leastAtNight, day.night > usualAtNight * manyTimes { result.insert(.night) }
        if day.namesakes > 0 { result.insert(.namesake) }
        if day.opened > mostOpenings { result.insert(.opened) }
        return result
    }

    static func median(_ numbers: [Int]) -> Int {
        numbers.isEmpty ? 0 : numbers.sorted()[numbers.count / 2]
    }
}

/// A line of the report on unusual reading.
public struct UnusualDay: Sendable {
    /// What was counted.
    public let day: ReadingDay
    /// The reader's organisation.
    public let organisation: OrganisationKey
    /// Why it is unusual.
    public let reasons: UnusualReading
}

extension JobKind {
    /// 閲覧の点検: looks through the readings of the last days for what is unusual, once a day.
    public static let readingReview = JobKind("reading-review") { run in
        try await run.casework.reviewReadings()
    }
}

extension Casework {
    /// Days that a report looks back.
    public static let reviewDays = 14

    /// Looks through the days since the last one that was looked through, a week at the most.
    public func reviewReadings() async throws {
        let today = today
        let readings = self.readings
        let last = try await engine.read { try readings.lastReviewed($0) }
        // The last one again: it may have been broken off half way.
        var day = max(last ?? today.adding(days: -7), today.adding(days: -7))
        while day < today {
            try Task.checkCancellation()
            try await review(day)
            day = day.adding(days: 1)
        }
    }

    private func review(_ day: CalendarDate) async throws {
        let readings = self.readings
        let counted = try await engine.read { try readings.counts(on: day, $0) }
        for part in stride(from: 0, to: counted.count, by: 200) {
            try Task.checkCancellation()
            let some = Array(counted[part..<min(part + 200, counted.count)])
            let found = try await engine.read { connection in
                try some.map { one -> ReadingDay in
                    var one = one
                    if let family = Self.familyName(one.name) {
                        one.namesakes = try readings.namesakes(family, account: one.account, on: day, connection)
                    }
                    let earlier = try readings.usual(account: one.account, before: day, connection)
                    one.usual = UnusualReading.median(earlier.cases)
                    one.reasons =
                        UnusualReading.of(one, earlier: earlier.cases, night: earlier.night).rawValue
                    return one
                }
            }
            try await engine.write { connection in
                for one in found { try readings.put(one, connection) }
            }
        }
    }

    /// The family name of an account's name, written 「鈴木 一郎」; nil where it can't be told apart.
    static func familyName(_ name: String) -> String? {
        let parts = name.split { $0 == " " || $0 == "\u{3000}" }
        return parts.count == 2 ? String(parts[0]) : nil
    }

    /// The last days' unusual reading: of the caller's own accounts and, for a headquarters, of its health centres'.
    public func unusualReadings(by caller: Caller) async throws -> [UnusualDay] {
        let directory = try await directory()
        let own = caller.organisation
        guard own.kind == .healthCentre || own.kind == .prefecture || own.kind == .city else { throw Refusal.notFound }
        var keys = [own.key]
        if own.kind != .healthCentre {
            keys += directory.all(.healthCentre).map(\.key).filter { key in
                directory.headquarters(above: key).contains { $0.key == own.key }
            }
        }
        let (readings, since) = (readings, today.adding(days: -Self.reviewDays))
        let numbers = keys.compactMap(directory.number)
        let found = try await engine.read { connection in
            try numbers.flatMap {
                try readings.unusual(organisation: $0, since: since, limit: 200, connection)
            }
        }
        return found.sorted { ($1.day, $0.account) < ($0.day, $1.account) }.prefix(500).map {
            UnusualDay(
                day: $0,
                organisation: directory.key($0.organisation) ?? "",
                reasons: UnusualReading(rawValue: $0.reasons)
            )
        }
    }
}
