import Storage
import StorageSQLite
import Synchronization

/// A statement as it was run.
struct Statement: Sendable {
    let sql: String
    let parameters: [SQLValue]
}

/// The statements of transactions in the order in which they ran.
final class Recorder: Sendable {
    private let stored = Mutex<[[Statement]]>([])

    var transactions: [[Statement]] { stored.withLock { $0 } }

    func add(_ statements: [Statement]) {
        stored.withLock { $0.append(statements) }
    }
}

/// An engine that notes what is written through it.
struct RecordingEngine: Engine {
    let base: SQLiteEngine
    let recorder = Recorder()

    var dialect: Dialect { base.dialect }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws -> Result {
        try await base.read(body)
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws -> Result {
        let recorder = recorder
        return try await base.write { connection in
            let noting = NotingConnection(connection)
            let result = try body(noting)
            recorder.add(noting.statements)
            return result
        }
    }

    func close() throws {
        try base.close()
    }
}

/// A connection that notes the statements that change something.
private final class NotingConnection: SQLConnection {
    private let base: any SQLConnection
    private(set) var statements: [Statement] = []

    init(_ base: any SQLConnection) {
        self.base = base
    }

    private func note(_ sql: String, _ parameters: [SQLValue]) {
        if !sql.hasPrefix("SELECT") { statements.append(Statement(sql: sql, parameters: parameters)) }
    }

    func execute(_ sql: String, _ parameters: [SQLValue]) throws -> Int {
        note(sql, parameters)
        return try base.execute(sql, parameters)
    }

    func query(_ sql: String, _ parameters: [SQLValue], _ row: (any SQLRow) throws -> Void) throws {
        note(sql, parameters)
        try base.query(sql, parameters, row)
    }

    func script(_ sql: String) throws {
        try base.script(sql)
    }
}

extension SQLiteEngine {
    /// Runs recorded transactions, some of them in each commit: the engine's own work and nothing else.
    func replay(_ transactions: ArraySlice<[Statement]>, together: Int) async throws {
        for start in stride(from: transactions.startIndex, to: transactions.endIndex, by: together) {
            let group = Array(transactions[start..<min(start + together, transactions.endIndex)])
            try await write { connection in
                for statement in group.joined() { try connection.execute(statement.sql, statement.parameters) }
            }
        }
    }
}
