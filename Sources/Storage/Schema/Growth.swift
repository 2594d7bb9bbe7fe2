/// A table that grows without end: divided by time where the engine can, so that old parts go in one piece.
public struct GrowingTable: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// Months that stand together in one part.
    public let months: Int
}

/// Tables that grow without end and the parts they are divided into.
///
/// A part is named by its first month (`history_2022_01`) and holds the rows whose `at` falls into its months of
/// universal time; what falls nowhere stands in the part `…_rest`.
public enum Growth {
    /// All of them: history by years, so that a case's whole history touches few parts; the others by months.
    public static let tables = [
        GrowingTable(name: "history", months: 12), GrowingTable(name: "observations", months: 1), readings,
    ]

    /// The reading log (閲覧記録), the one whose old rows may go.
    static let readings = GrowingTable(name: "readings", months: 1)

    /// The first month that has a part of its own: the month of the first report in Japan.
    private static let firstYear = 2020

    /// A span of time with a part of its own.
    struct Part: Hashable {
        let name: String
        let from: Int64
        let until: Int64
    }

    /// The parts of a table up to a year and more ahead of a moment.
    static func parts(of table: GrowingTable, at seconds: Int64) -> [Part] {
        var result: [Part] = []
        var month = 0
        while true {
            let from = Self.seconds(month: month)
            if from > seconds + 400 * 86_400 { return result }
            let (year, place) = (Self.firstYear + month / 12, month % 12 + 1)
            let name = "\(table.name)_\(year)_\(place < 10 ? "0" : "")\(place)"
            month += table.months
            result.append(Part(name: name, from: from, until: Self.seconds(month: month)))
        }
    }

    /// The beginning of a month counted from the first.
    private static func seconds(month: Int) -> Int64 {
        let (year, place) = (firstYear + month / 12, month % 12)
        var days = 0
        for earlier in 1970..<year { days += isLeap(earlier) ? 366 : 365 }
        let lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        days += lengths.prefix(place).reduce(0, +)
        return Int64(days) * 86_400
    }

    private static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// Makes the parts that are missing; returns their names.
    ///
    /// Run when migrating and every day: a part has to be there before the first row of its months.
    @discardableResult
    public static func prepare(_ engine: any Engine, at seconds: Int64) async throws -> [String] {
        let dialect = engine.dialect
        guard dialect.divides else { return [] }
        var made: [String] = []
        for table in tables {
            for part in parts(of: table, at: seconds) {
                // One short transaction each: making a part stops the table's readers and writers. Behind somebody who
                // has been reading for long it would have everybody wait with it: then it rather comes again later.
                let isNew = try await engine.write { connection in
                    guard try connection.number(dialect.countTables, [.text(part.name)]) == 0 else { return false }
                    try connection.script(
                        """
                        SET LOCAL lock_timeout = '500ms';
                        CREATE TABLE \(part.name) PARTITION OF \(table.name)
                            FOR VALUES FROM (\(part.from)) TO (\(part.until))
                            WITH (toast_tuple_target = 8160)
                        """
                    )
                    return true
                }
                if isNew { made.append(part.name) }
            }
        }
        return made
    }
}
