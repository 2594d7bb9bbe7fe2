/// What was read on the way.
struct Moved: Sendable {
    /// Each table's rows, by its name.
    var sums: [String: TableSum] = [:]
    /// The last number each numbering table gave by itself: rows may be gone, and no number is used twice.
    var lastNumbers: [LastNumber] = []

    struct LastNumber: Sendable {
        let table: String
        let column: String
        let number: Int64
    }
}

/// Carries rows from one consistent state of a database into another.
struct Transfer: Sendable {
    let source: any Engine
    let target: any Engine

    /// The source was cut off: what was read before belongs to a state that is gone.
    struct Lost: Error {}

    /// Reads what `readers` names and stores it; `progress` is told rows stored on the way and rows to come.
    func run(
        _ readers: @escaping @Sendable (any SQLConnection) throws -> [TableReader],
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
    ) async throws -> Moved {
        let handover = Handover(capacity: 4)
        async let moved = read(readers, handover, progress)
        do {
            try await handover.store(target)
        } catch {
            // The reading side is let go of and ends by itself; what went wrong here is what counts.
            _ = try? await moved
            throw error
        }
        return try await moved
    }

    private func read(
        _ readers: @escaping @Sendable (any SQLConnection) throws -> [TableReader],
        _ handover: Handover,
        _ progress: @escaping @Sendable (Int, Int) -> Void
    ) async throws -> Moved {
        defer { handover.finish() }
        let inventory = source.dialect.inventory
        let isFirst = FirstTime()
        return try await source.read { connection in
            // An engine may run a closure again on another state, and half of the rows are on their way.
            guard isFirst.take() else { throw Lost() }
            let readers = try readers(connection)
            let total = try readers.reduce(0) { try $0 + $1.count(connection) }
            var (moved, done) = (Moved(), 0)
            for reader in readers {
                var sum = TableSum()
                try reader.pages(connection, &sum) { values, rows in
                    try handover.put(Batch(table: reader.table, values: values, rows: rows))
                    done += rows
                    progress(done, total)
                }
                moved.sums[reader.table.name] = sum
                for column in reader.table.columns where column.isIdentity {
                    let sql = Self.named(inventory.lastNumber, reader.table.name, column.name)
                    guard let number = try connection.number(sql) else { continue }
                    moved.lastNumbers.append(
                        Moved.LastNumber(table: reader.table.name, column: column.name, number: number)
                    )
                }
            }
            return moved
        }
    }

    /// Lets the target go on numbering where the source stands.
    func setLastNumbers(_ numbers: [Moved.LastNumber]) async throws {
        let inventory = target.dialect.inventory
        try await target.write { connection in
            for last in numbers {
                for sql in inventory.setLastNumber {
                    try connection.execute(Self.named(sql, last.table, last.column), [.integer(last.number)])
                }
            }
        }
    }

    /// The sums of tables as they stand in the target.
    func sums(
        _ tables: [TableShape],
        progress: @escaping @Sendable (_ done: Int) -> Void
    ) async throws -> [String: TableSum] {
        var result: [String: TableSum] = [:]
        var done = 0
        for table in tables {
            let before = done
            let sum = try await target.read { connection in
                var (sum, rows) = (TableSum(), before)
                try TableReader(table: table).pages(connection, &sum) { _, count in
                    rows += count
                    progress(rows)
                }
                return sum
            }
            result[table.name] = sum
            done += sum.rows
        }
        return result
    }

    private static func named(_ sql: String, _ table: String, _ column: String) -> String {
        sql.replacing("{table}", with: table).replacing("{column}", with: column)
    }
}
