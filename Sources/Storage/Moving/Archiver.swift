public import Catalogue

/// Takes the reading log (閲覧記録) up to a day out of the database into a file of its own.
///
/// Rows are removed only after the file is in its place, and only those that stand in it.
public struct Archiver: Sendable {
    /// Why the log was left as it was, or as far as it was.
    public enum Failure: Error, Sendable, Equatable {
        /// What stands in the file isn't what was read.
        case differs
        /// The connection to the database was lost while reading.
        case lost
        /// Rows of that time came or went since they were read.
        case changed
    }

    /// What was taken out.
    public struct Taken: Sendable {
        /// Rows.
        public let rows: Int
        let before: Int64
        /// The last number among them, 0 for none.
        let last: Int64
        /// Rows in each part of the table that is older as a whole.
        let parts: [(name: String, rows: Int64)]
    }

    private let source: any Engine

    /// An archiver of a database.
    public init(_ source: any Engine) {
        self.source = source
    }

    /// Writes the rows from before a moment into a new file and compares them; nothing is removed yet.
    public func copy(
        before: Timestamp,
        to file: any Engine,
        at now: Timestamp,
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws -> Taken {
        _ = try await Migrator(file).migrate(at: now)
        try await file.write { try Unfinished.mark(Unfinished.archive, $0) }
        let inventory = source.dialect.inventory
        let limit = before.seconds
        let transfer = Transfer(source: source, target: file)
        let moved: Moved
        do {
            moved = try await transfer.run(
                { connection in
                    let table = try TableShape(Growth.readings.name, connection, inventory)
                    return [TableReader(table: table, condition: ("at < $1", [.integer(limit)]))]
                },
                progress: progress
            )
        } catch is Transfer.Lost {
            throw Failure.lost
        }
        let fileInventory = file.dialect.inventory
        let shape = try await file.read { try TableShape(Growth.readings.name, $0, fileInventory) }
        let sums = try await transfer.sums([shape]) { _ in }
        guard sums == moved.sums else { throw Failure.differs }
        return try await taken(file, limit, rows: sums[Growth.readings.name]?.rows ?? 0, now)
    }

    private func taken(_ file: any Engine, _ limit: Int64, rows: Int, _ now: Timestamp) async throws -> Taken {
        let divides = source.dialect.divides
        return try await file.read { connection in
            let days = try connection.rows("SELECT at / 86400, count(*) FROM readings GROUP BY at / 86400") {
                (day: $0.integer(0), rows: $0.integer(1))
            }
            // Parts begin and end with a day of universal time.
            let parts = divides ? Growth.parts(of: Growth.readings, at: now.seconds).filter { $0.until <= limit } : []
            return Taken(
                rows: rows,
                before: limit,
                last: try connection.number("SELECT max(id) FROM readings") ?? 0,
                parts: parts.map { part in
                    let within = days.filter { $0.day >= part.from / 86_400 && $0.day < part.until / 86_400 }
                    return (part.name, within.reduce(0) { $0 + $1.rows })
                }.filter { $0.rows > 0 }
            )
        }
    }

    /// Removes what was taken: parts that are older as a whole at once, other rows in stretches.
    ///
    /// A part stays as an empty one: a missing part would be made again the next day.
    public func remove(
        _ taken: Taken,
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) async throws {
        var removed = 0
        for part in taken.parts {
            try await source.write { connection in
                // Locked first: what is counted then can't grow.
                try connection.script("LOCK TABLE \(part.name) IN ACCESS EXCLUSIVE MODE")
                guard try connection.number("SELECT count(*) FROM \(part.name)") == part.rows else {
                    throw Failure.changed
                }
                try connection.script("TRUNCATE \(part.name)")
            }
            removed += Int(part.rows)
            progress(removed, taken.rows)
        }
        let (before, last) = (taken.before, taken.last)
        while removed < taken.rows {
            let count = try await source.write { connection in
                try connection.execute(
                    """
                    DELETE FROM readings WHERE at < $1 AND id IN
                        (SELECT id FROM readings WHERE at < $1 AND id <= $2 ORDER BY id LIMIT 5000)
                    """,
                    [.integer(before), .integer(last)]
                )
            }
            guard count > 0 else { throw Failure.changed }
            removed += count
            progress(removed, taken.rows)
        }
    }
}
