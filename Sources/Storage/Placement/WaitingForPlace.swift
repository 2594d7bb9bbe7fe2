public import Access
public import Catalogue

extension CaseStore {
    /// What the clear row tells of a case that waits for a place.
    public struct WaitingForPlace: Sendable, Hashable {
        /// Its place in the order of arrival.
        let sequence: Int64
        /// The more, the severer; what isn't known stands between what can wait and what can't.
        let severity: Int64
        /// The more, the older.
        let age: Int64
        /// Since when: the submission of its report, else when it was made.
        public let since: Timestamp

        /// The severest first; among equals the eldest, then whoever waits longest.
        public static func isMoreUrgent(_ left: WaitingForPlace, _ right: WaitingForPlace) -> Bool {
            func order(_ one: WaitingForPlace) -> (Int64, Int64, Int64, Int64) {
                (-one.severity, -one.age, one.since.seconds, one.sequence)
            }
            return order(left) < order(right)
        }
    }

    /// The most urgent of the cases of some health centres that wait for a hospital or a facility (入院・療養調整中).
    ///
    /// A small index holds those that wait; none is opened.
    public func waitingForPlace(
        jurisdictions: [Int64],
        limit: Int,
        _ connection: any SQLConnection
    ) throws -> [WaitingForPlace] {
        var found: [WaitingForPlace] = []
        for jurisdiction in jurisdictions {
            found += try connection.rows(
                Self.waitingForPlace,
                [.integer(jurisdiction), .integer(Int64(limit))]
            ) { row in
                WaitingForPlace(
                    sequence: row.integer(0),
                    severity: row.integer(1),
                    age: row.integer(2),
                    since: Timestamp(seconds: row.integer(3))
                )
            }
        }
        return Array(found.sorted(by: WaitingForPlace.isMoreUrgent).prefix(limit))
    }

    /// How many wait, counted up to a bound at each health centre.
    public func waitingForPlaceCount(
        jurisdictions: [Int64],
        upTo most: Int,
        _ connection: any SQLConnection
    ) throws -> Int {
        var count: Int64 = 0
        for jurisdiction in jurisdictions {
            count +=
                try connection.number(
                    Self.waitingForPlaceCount,
                    [.integer(jurisdiction), .integer(Int64(most))]
                ) ?? 0
        }
        return Int(count)
    }

    /// The case of a row.
    public func load(_ waiting: WaitingForPlace, _ connection: any SQLConnection) throws -> CaseFile? {
        try load(sequence: waiting.sequence, connection)
    }

    /// What is asked for each health centre.
    static let waitingForPlace = """
        SELECT seq, \(rank("severity", ["asymptomatic", "mild", nil, "moderate_1", "moderate", "moderate_2", "severe"]))
                AS urgency,
            \(rank("age_band", ages)) AS age, COALESCE(submitted_at, created_at) AS since
        FROM facts WHERE status = 'arranging' AND jurisdiction = $1
        ORDER BY urgency DESC, age DESC, since, seq LIMIT $2
        """

    static let waitingForPlaceCount = """
        SELECT count(*) FROM (
            SELECT 1 FROM facts WHERE status = 'arranging' AND jurisdiction = $1 LIMIT $2
        ) AS waiting
        """

    /// Age bands from the youngest; who is of unknown age stands in the middle.
    private static var ages: [String?] {
        var bands: [String?] = CodeList.ageBand.entries.map(\.code.rawValue).filter { $0 != "unknown" }
        bands.insert(nil, at: bands.count / 2)
        return bands
    }

    /// A code's place in an order, as SQL; nil stands for every other code and for none.
    private static func rank(_ column: String, _ order: [String?]) -> String {
        let cases = order.enumerated().compactMap { place, code in code.map { "WHEN '\($0)' THEN \(place)" } }
        return "CASE \(column) \(cases.joined(separator: " ")) ELSE \(order.firstIndex(of: nil) ?? 0) END"
    }
}
