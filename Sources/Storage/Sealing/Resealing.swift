public import Catalogue

/// Seals stored rows anew with the key that is written with now, a few at a time, beside the work.
///
/// Rows are read and sealed outside the writer's turn and put in place only where they still stand as they were read:
/// what somebody has changed meanwhile is theirs. How far it has come stands in the database, so that whoever goes on
/// after a power cut does so there.
public struct Resealing: Sendable {
    /// How far the rows of one column have come.
    public struct Progress: Sendable, Hashable {
        /// Table and column.
        public let part: String
        /// Rows looked at.
        public let done: Int
        /// Rows when it was begun.
        public let total: Int
        /// Whether nothing is sealed with another key any more.
        public let isFinished: Bool
    }

    /// Rows sealed anew in one step: some milliseconds of the writer's time.
    static let rows = 100
    /// Rows looked at in one step.
    static let looked = 1000

    let vault: Vault
    let columns: [SealedColumn]

    /// Seals with a vault's keys.
    public init(_ vault: Vault) {
        self.init(vault, SealedColumn.all)
    }

    init(_ vault: Vault, _ columns: [SealedColumn]) {
        self.vault = vault
        self.columns = columns
    }

    // MARK: What stands where

    /// How many rows of each column are sealed with which key.
    public func counts(_ connection: any SQLConnection) throws -> [(part: String, key: UInt32, rows: Int)] {
        try columns.flatMap { column in
            // The number stands in front of the sealed bytes; a table that isn't there yet has none.
            let found = try connection.rows(
                """
                SELECT substr(\(column.column), 1, 4), count(*) FROM \(column.table)
                WHERE \(column.column) IS NOT NULL GROUP BY substr(\(column.column), 1, 4)
                """
            ) { (key: Vault.Seal($0.blob(0)).key, rows: Int($0.integer(1))) }
            let byKey = Dictionary(found.map { ($0.key, $0.rows) }, uniquingKeysWith: +)
            return byKey.sorted { $0.key < $1.key }.map { (column.name, $0.key, $0.value) }
        }
    }

    /// Rows that are sealed with a key.
    public func rows(sealedWith key: UInt32, _ connection: any SQLConnection) throws -> Int {
        try counts(connection).filter { $0.key == key }.reduce(0) { $0 + $1.rows }
    }

    /// How far it has come, in the order of the work; empty where nothing was begun.
    public func progress(_ connection: any SQLConnection) throws -> [Progress] {
        let found = try connection.rows("SELECT part, done, total, finished_at FROM resealing") { row in
            Progress(
                part: row.text(0),
                done: Int(row.integer(1)),
                total: Int(row.integer(2)),
                isFinished: !row.isNull(3)
            )
        }
        let order = Dictionary(columns.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        return found.sorted { (order[$0.part] ?? 0) < (order[$1.part] ?? 0) }
    }

    // MARK: Doing it

    /// Begins with all columns, unless it has been begun for this key already.
    public func begin(_ key: UInt32, _ connection: any SQLConnection) throws {
        for column in columns {
            try connection.execute(
                """
                INSERT INTO resealing (part, target, after, done, changed, total) VALUES ($1, $2, $3, 0, 0, 0)
                ON CONFLICT (part) DO UPDATE SET target = excluded.target, after = excluded.after, done = 0,
                    changed = 0, total = 0, finished_at = NULL
                WHERE resealing.target <> excluded.target OR resealing.finished_at IS NOT NULL
                """,
                [.text(column.name), .integer(Int64(key)), .blob([])]
            )
        }
    }

    /// Does one step; false where nothing is left to be done, or this process doesn't write with the wanted key yet.
    public func step(_ engine: any Engine, at now: Timestamp) async throws -> Bool {
        let key = vault.keys.writes
        guard let (column, after) = try await engine.read({ try next(key, $0) }) else { return false }
        let batch = try await engine.read { try self.batch(column, after, key, $0) }
        guard batch.looked > 0 else {
            try await engine.write { try turn(column, key, after, at: now, $0) }
            return true
        }
        // The costly part, before the writer's turn.
        let sealed = try batch.rows.compactMap { row in try fresh(row, column).map { (row: row, fresh: $0) } }
        let total = after.isEmpty ? try await engine.read { try self.count(column, $0) } : nil
        try await engine.write { connection in
            for (row, fresh) in sealed {
                let places = column.key.indices.map { "\(column.key[$0].name) = $\($0 + 3)" }
                try connection.send(
                    """
                    UPDATE \(column.table) SET \(column.column) = $1
                    WHERE \(column.column) = $2 AND \(places.joined(separator: " AND "))
                    """,
                    [.blob(fresh), .blob(row.sealed)] + row.values.prefix(column.key.count)
                )
            }
            try connection.send(
                """
                UPDATE resealing SET after = $3, done = done + $4, changed = changed + $5, total = COALESCE($6, total)
                WHERE part = $1 AND target = $2 AND after = $7
                """,
                [
                    .text(column.name), .integer(Int64(key)), .blob(column.bytes(of: batch.last)),
                    .integer(Int64(batch.looked)), .integer(Int64(sealed.count)), .optional(total), .blob(after),
                ]
            )
        }
        return true
    }

    private struct Row: Sendable {
        let values: [SQLValue]
        let sealed: [UInt8]
    }

    /// What one step has before it.
    private struct Batch: Sendable {
        var rows: [Row] = []
        var looked = 0
        /// The key of the last row that was looked at.
        var last: [SQLValue] = []
    }

    /// The bytes for a row; nil where it doesn't open.
    ///
    /// One damaged row stops neither the others nor the work: it goes on being counted under its key, which then isn't
    /// retired.
    private func fresh(_ row: Row, _ column: SealedColumn) throws -> [UInt8]? {
        do {
            return try vault.reseal(
                row.sealed,
                column.context,
                column.seat(row.values, vault),
                chained: column.chained(row.values, row.sealed)
            )
        } catch StorageFailure.unreadable {
            return nil
        }
    }

    /// The first column that isn't done, with where its walk has come to.
    private func next(_ key: UInt32, _ connection: any SQLConnection) throws -> (SealedColumn, [UInt8])? {
        let open = try connection.rows(
            "SELECT part, after FROM resealing WHERE target = $1 AND finished_at IS NULL",
            [.integer(Int64(key))]
        ) { ($0.text(0), $0.blob(1)) }
        let begun = Dictionary(open, uniquingKeysWith: { first, _ in first })
        return columns.first { begun[$0.name] != nil }.map { ($0, begun[$0.name] ?? []) }
    }

    private func batch(
        _ column: SealedColumn,
        _ after: [UInt8],
        _ wanted: UInt32,
        _ connection: any SQLConnection
    ) throws -> Batch {
        let key = column.key.map(\.name).joined(separator: ", ")
        let names = (column.key + column.also).map(\.name).joined(separator: ", ")
        let from = try column.key(of: after)
        let places = from.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        let width = column.key.count + column.also.count
        let found = try connection.rows(
            """
            SELECT \(names), substr(\(column.column), 1, 4) FROM \(column.table)
            WHERE \(column.column) IS NOT NULL\(from.isEmpty ? "" : " AND (\(key)) > (\(places))")
            ORDER BY \(key) LIMIT \(Self.looked)
            """,
            from
        ) { (values: column.values($0), key: Vault.Seal($0.blob(width)).key) }
        let place = column.key.indices.map { "\(column.key[$0].name) = $\($0 + 1)" }.joined(separator: " AND ")
        var batch = Batch()
        for row in found {
            if row.key != wanted {
                guard batch.rows.count < Self.rows else { break }
                let sealed = try connection.first(
                    "SELECT \(column.column) FROM \(column.table) WHERE \(place)",
                    Array(row.values.prefix(column.key.count))
                ) { $0.blob(0) }
                // An account is there for a moment before its seal is: in the same transaction, and never seen empty.
                if let sealed { batch.rows.append(Row(values: row.values, sealed: sealed)) }
            }
            batch.looked += 1
            batch.last = Array(row.values.prefix(column.key.count))
        }
        return batch
    }

    private func count(_ column: SealedColumn, _ connection: any SQLConnection) throws -> Int64? {
        try connection.number("SELECT count(*) FROM \(column.table) WHERE \(column.column) IS NOT NULL")
    }

    /// A walk has come to the end.
    ///
    /// Behind one that found nothing to do, nothing is left. Behind any other somebody may still have written with the
    /// key before, so it is walked once more.
    private func turn(
        _ column: SealedColumn,
        _ key: UInt32,
        _ after: [UInt8],
        at now: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        try connection.execute(
            """
            UPDATE resealing SET finished_at = CASE WHEN changed = 0 THEN CAST($3 AS BIGINT) END, after = $4, changed = 0,
                done = CASE WHEN changed = 0 THEN total ELSE 0 END
            WHERE part = $1 AND target = $2 AND after = $5
            """,
            [.text(column.name), .integer(Int64(key)), .integer(now.seconds), .blob([]), .blob(after)]
        )
    }
}
