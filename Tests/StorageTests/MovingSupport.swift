import Synchronization

@testable import Storage

/// Rows with what is easily lost on the way: extremes, empty and combining texts, NULL beside empty bytes.
enum NastyRows {
    private static let texts = [
        "", "が", "か\u{3099}", "𠮷田", "葛󠄀城", "O'Neil \"x\" \\ % $1 {table}", "\u{1}\t\r\n\u{7f}", "👩‍👩‍👧‍👦", "NULL", " ",
    ]

    /// Fills every table of an SQLite database.
    static func fill(_ engine: any Engine) async throws {
        let inventory = engine.dialect.inventory
        try await engine.write { connection in
            for table in try TableShape.all(connection, inventory) {
                let declared = Dictionary(
                    uniqueKeysWithValues: try connection.rows(
                        "SELECT name, lower(type), \"notnull\" OR pk > 0 FROM pragma_table_info($1)",
                        [.text(table.name)]
                    ) { ($0.text(0), (type: $0.text(1), isRequired: $0.integer(2) != 0)) }
                )
                try connection.execute("DELETE FROM \(table.name)")
                let count = table.name == "municipalities" ? 4500 : table.name == "facts" ? 2001 : 40
                for number in 0..<count {
                    let values = table.columns.enumerated().map { index, column -> SQLValue in
                        let (type, isRequired) = declared[column.name] ?? ("", true)
                        if !isRequired, (number + index) % 4 == 0 { return .null }
                        let isKey =
                            table.key.contains(index)
                            || ["key", "login", "name", "id", "seq", "credential"].contains(column.name)
                        return value(column.kind, type, number, index, isKey: isKey)
                    }
                    try Batch(table: table, values: values, rows: 1).store(connection)
                }
            }
            try connection.execute("INSERT INTO cases VALUES (9223372036854775807, 0, x'')")
        }
    }

    private static func value(
        _ kind: TableShape.Kind,
        _ type: String,
        _ number: Int,
        _ index: Int,
        isKey: Bool
    ) -> SQLValue {
        let turn = number + index
        switch kind {
        case .number where isKey: return .integer(Int64(number + 1))
        case .number:
            let (low, high): (Int64, Int64) =
                switch type {
                case "smallint": (Int64(Int16.min), Int64(Int16.max))
                case "integer": (Int64(Int32.min), Int64(Int32.max))
                default: (.min, .max)
                }
            return .integer([low, high, 0, -1, 1, low + 1][turn % 6])
        case .text:
            let text = texts[turn % texts.count]
            return .text(isKey ? "\(text)\(number)\(number % 2 == 0 ? "ァ" : "a")" : text)
        case .bytes:
            if isKey { return .blob([0, UInt8(number % 256), UInt8(number / 256), 0xff]) }
            return .blob([[], [0], Array(0...255), [0xff, 0xfe]][turn % 4])
        }
    }

    /// Every value of every table as SQLite writes it, read without anything that moving reads with.
    static func dump(_ engine: any Engine) async throws -> [String: [String]] {
        try await engine.read { connection in
            var result: [String: [String]] = [:]
            let tables = try connection.rows("SELECT name FROM sqlite_master WHERE type = 'table'") { $0.text(0) }
            for table in tables
            where !["schema_migrations", "commits"].contains(table) && !table.hasPrefix("sqlite_stat") {
                let columns = try connection.rows("SELECT name FROM pragma_table_info($1)", [.text(table)]) {
                    $0.text(0)
                }
                let quoted = columns.map { "typeof(\"\($0)\") || quote(\"\($0)\")" }.joined(separator: " || '|' || ")
                result[table] = try connection.rows("SELECT \(quoted) FROM \(table)") { $0.text(0) }.sorted()
            }
            return result
        }
    }
}

/// An engine to which something happens before each writing transaction.
final class MeddlingEngine: Engine {
    private let inner: any Engine
    private let count = Mutex(0)
    private let meddle: @Sendable (Int) async throws -> Void

    init(_ inner: any Engine, _ meddle: @escaping @Sendable (Int) async throws -> Void) {
        (self.inner, self.meddle) = (inner, meddle)
    }

    var dialect: Dialect { inner.dialect }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws -> Result {
        try await inner.read(body)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws -> Result {
        try await meddle(
            count.withLock { count in
                count += 1
                return count
            }
        )
        return try await inner.write(body)
    }

    func answers() async -> Bool { await inner.answers() }
    func broadcast(_ text: String) {}
    func broadcasts() -> AsyncStream<Broadcast> { inner.broadcasts() }
    func close() throws {}
}
