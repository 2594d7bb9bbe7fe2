public import Catalogue

/// Copies a whole database into an empty one of either engine: for moving, for backups, for what comes back from one.
///
/// The source may be in use: everything is read in one transaction. Until all of it is compared, the target is marked
/// and no program serves it.
public struct Copier: Sendable {
    /// One of the two databases.
    public enum Side: Sendable, Hashable {
        /// 写し元.
        case source
        /// 写し先.
        case target
    }

    /// Why nothing was copied, or why a copy isn't to be trusted.
    public enum Failure: Error, Sendable, Equatable {
        /// A database hasn't the schema of this program; a marked one has the number of its mark.
        case schema(Side, found: Int)
        /// The target has rows already.
        case occupied(table: String)
        /// An earlier copy into the target was interrupted.
        case unfinished
        /// A table exists on one side only, or with other columns.
        case unlike(table: String)
        /// The connection to the source was lost on the way.
        case lost
        /// The rows of a table aren't the same on both sides.
        case differs(table: String)
        /// The history is whole on one side only.
        case history(Verification)
    }

    /// What was copied.
    public struct Report: Sendable {
        /// Rows by table, in the tables' order.
        public let tables: [(name: String, rows: Int)]
        /// What the walk along the copy's history found: the same as in the source.
        public let verification: Verification

        /// All rows.
        public var rows: Int { tables.reduce(0) { $0 + $1.rows } }
    }

    /// What is being done, for whoever watches.
    public enum Step: Sendable, Hashable {
        /// Rows are carried over.
        case copying
        /// The copy is read again.
        case comparing
        /// The copy's history is walked.
        case verifying
    }

    private let source: any Engine
    private let target: any Engine
    private let cases: CaseStore

    /// A copier; the cases' keys are those of both databases.
    public init(from source: any Engine, to target: any Engine, _ cases: CaseStore) {
        self.source = source
        self.target = target
        self.cases = cases
    }

    /// Copies everything, compares it row by row, walks the history, and opens the target for use.
    ///
    /// - Parameters:
    ///   - now: when, for the parts of divided tables.
    ///   - again: whether what an interrupted copy left in the target is thrown away.
    ///   - progress: is told how far each step has come.
    /// - Returns: what was copied.
    /// - Throws: `Failure` where a database isn't as it should be; the target stays marked once rows have come.
    public func copy(
        at now: Timestamp,
        again: Bool = false,
        progress: @escaping @Sendable (_ step: Step, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
    ) async throws -> Report {
        let found = try await Migrator(source).version()
        guard found == Migrator.current else { throw Failure.schema(.source, found: found) }
        let tables = try await begin(again: again)
        try await Growth.prepare(target, at: now.seconds)
        let transfer = Transfer(source: source, target: target)
        let moved = try await transfer.moved(tables, source.dialect.inventory) { progress(.copying, $0, $1) }
        try await transfer.setLastNumbers(moved.lastNumbers)
        let settle = target.dialect.inventory.settle
        if !settle.isEmpty { try await target.write { try $0.script(settle) } }
        let total = moved.sums.values.reduce(0) { $0 + $1.rows }
        let sums = try await transfer.sums(tables) { progress(.comparing, $0, total) }
        for table in tables where sums[table.name] != moved.sums[table.name] {
            throw Failure.differs(table: table.name)
        }
        let verification = try await verified(moved) { progress(.verifying, $0, $1) }
        try await target.write { try Unfinished.unmark(Unfinished.copying, $0) }
        return Report(
            tables: tables.map { ($0.name, sums[$0.name]?.rows ?? 0) },
            verification: verification
        )
    }

    /// Marks the target, which has to be empty, in the transaction that sees so; returns its tables.
    private func begin(again: Bool) async throws -> [TableShape] {
        guard try await Migrator(target).version() != 0 else { throw Failure.schema(.target, found: 0) }
        let inventory = target.dialect.inventory
        return try await target.write { connection in
            let isUnfinished = try Unfinished.isMarked(Unfinished.copying, connection)
            let found = try connection.number(
                "SELECT max(number) FROM schema_migrations WHERE number <> $1",
                [.integer(Int64(Unfinished.copying))]
            )
            guard found == Int64(Migrator.current) else { throw Failure.schema(.target, found: Int(found ?? 0)) }
            if isUnfinished, !again { throw Failure.unfinished }
            let tables = try TableShape.all(connection, inventory)
            if !isUnfinished {
                for table in tables where try !isEmpty(table.name, connection) {
                    throw Failure.occupied(table: table.name)
                }
                try Unfinished.mark(Unfinished.copying, connection)
            }
            // Migrations have put the first rows of counters there.
            for table in tables { try connection.execute("\(inventory.empty) \(table.name)") }
            return tables
        }
    }

    private func isEmpty(_ table: String, _ connection: any SQLConnection) throws -> Bool {
        let condition = table == "counters" ? " WHERE value <> 0" : ""
        return try connection.number("SELECT 1 FROM \(table)\(condition) LIMIT 1") == nil
    }

    /// Walks the target's history; what is wrong in it has to be wrong in the source, too.
    private func verified(
        _ moved: Moved,
        _ progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws -> Verification {
        let lines = moved.sums["history"]?.rows ?? 0
        let reports = moved.sums["observations"]?.rows ?? 0
        let found = try await cases.verify(target) { progress($0, lines + reports) }
        // The source may have grown meanwhile: a whole copy is measured by what was read of it.
        if found == .whole(lines: lines, reports: reports) { return found }
        guard try await cases.verify(source) == found else { throw Failure.history(found) }
        return found
    }
}

extension Transfer {
    /// Carries whole tables over; the source has to have the same ones.
    fileprivate func moved(
        _ tables: [TableShape],
        _ inventory: Inventory,
        _ progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
    ) async throws -> Moved {
        do {
            return try await run(
                { connection in
                    let found = Dictionary(
                        uniqueKeysWithValues: try TableShape.all(connection, inventory).map { ($0.name, $0) }
                    )
                    let expected = Dictionary(uniqueKeysWithValues: tables.map { ($0.name, $0) })
                    for name in Set(found.keys).union(expected.keys)
                    where found[name]?.content != expected[name]?.content {
                        throw Copier.Failure.unlike(table: name)
                    }
                    return tables.compactMap { table in found[table.name].map { TableReader(table: $0) } }
                },
                progress: progress
            )
        } catch is Lost {
            throw Copier.Failure.lost
        }
    }
}
