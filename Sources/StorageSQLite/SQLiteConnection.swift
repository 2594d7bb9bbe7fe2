import GRDB
import GRDBSQLite
import Storage

/// A GRDB connection behind the port, with its prepared statements.
///
/// Rows are bound and stepped through SQLite's own functions: a notification is some 15 rows, and GRDB's general
/// argument and row values cost more than SQLite's own work on them.
final class SQLiteConnection: SQLConnection {
    private let database: Database
    private var statements: [String: Statement] = [:]

    /// There is one writer, and so one lane.
    let lane: Int64 = 1
    var chainHeads: [ChainBook: ChainHead] = [:]

    init(_ database: Database) {
        self.database = database
    }

    /// More texts than these are made of what somebody typed; the statements in use are held by whoever runs them.
    private static let mostStatements = 256

    private func prepared(_ sql: String) throws -> Statement {
        if let statement = statements[sql] { return statement }
        // SQLite numbers `$1` by its first appearance, `?1` by its number.
        let statement = try database.makeStatement(sql: sql.replacing("$", with: "?"))
        if statements.count >= Self.mostStatements { statements.removeAll() }
        statements[sql] = statement
        return statement
    }

    private func bind(_ statement: OpaquePointer, _ parameters: [SQLValue]) throws {
        // SQLITE_TRANSIENT is a C cast of -1 that Swift doesn't import: SQLite copies what is bound.
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        for (index, value) in parameters.enumerated() {
            if case .text(let text) = value, text.utf8.contains(0) { throw StorageFailure.unstorable }
            let place = Int32(index + 1)
            let code =
                switch value {
                case .null: sqlite3_bind_null(statement, place)
                case .integer(let number): sqlite3_bind_int64(statement, place, number)
                case .text(var text):
                    text.withUTF8 { utf8 in
                        utf8.withMemoryRebound(to: CChar.self) {
                            sqlite3_bind_text(statement, place, $0.baseAddress, Int32($0.count), copied)
                        }
                    }
                case .blob(let bytes):
                    bytes.withUnsafeBytes {
                        // A nil pointer would bind NULL: an empty blob needs some address.
                        $0.isEmpty
                            ? sqlite3_bind_zeroblob(statement, place, 0)
                            : sqlite3_bind_blob(statement, place, $0.baseAddress, Int32($0.count), copied)
                    }
                }
            guard code == SQLITE_OK else { throw SQLiteEngine.failure(code) }
        }
    }

    func execute(_ sql: String, _ parameters: [SQLValue]) throws -> Int {
        try query(sql, parameters) { _ in }
        return Int(sqlite3_changes(database.sqliteConnection))
    }

    func query(_ sql: String, _ parameters: [SQLValue], _ row: (any SQLRow) throws -> Void) throws {
        let prepared: Statement
        do {
            prepared = try self.prepared(sql)
        } catch let error as DatabaseError {
            throw SQLiteEngine.failure(error.extendedResultCode.rawValue)
        }
        let statement = prepared.sqliteStatement
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
            withExtendedLifetime(prepared) {}
        }
        try bind(statement, parameters)
        let current = SQLiteRow(statement: statement)
        while true {
            let code = sqlite3_step(statement)
            if code == SQLITE_DONE { return }
            guard code == SQLITE_ROW else {
                throw SQLiteEngine.failure(sqlite3_extended_errcode(database.sqliteConnection))
            }
            try row(current)
        }
    }

    func send(_ sql: String, _ parameters: [SQLValue]) throws {
        try query(sql, parameters) { _ in }
    }

    func script(_ sql: String) throws {
        let code = sqlite3_exec(database.sqliteConnection, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw SQLiteEngine.failure(code) }
    }

    func finalize() {
        statements.removeAll()
    }
}

/// The row a statement stands on.
private struct SQLiteRow: SQLRow {
    let statement: OpaquePointer

    func integer(_ column: Int) -> Int64 {
        sqlite3_column_int64(statement, Int32(column))
    }

    func text(_ column: Int) -> String {
        guard let start = sqlite3_column_text(statement, Int32(column)) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, Int32(column)))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func blob(_ column: Int) -> [UInt8] {
        guard let start = sqlite3_column_blob(statement, Int32(column)) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, Int32(column)))))
    }

    func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL
    }
}
