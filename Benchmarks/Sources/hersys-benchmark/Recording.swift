import Storage
import Synchronization

/// A statement as it was run.
struct Statement: Sendable {
    /// Through which call.
    enum Way: Sendable {
        case execute, send, query
    }

    let way: Way
    let sql: String
    let parameters: [SQLValue]

    /// Runs it as it was run; the chain's end is written on the connection's own lane, for two connections that write
    /// one row would wait for each other as they never do in use.
    func run(_ connection: any SQLConnection) throws {
        var parameters = parameters
        if sql.hasPrefix("INSERT INTO chains") { parameters[1] = .integer(connection.lane) }
        switch way {
        case .execute: try connection.execute(sql, parameters)
        case .send: try connection.send(sql, parameters)
        case .query: try connection.query(sql, parameters) { _ in }
        }
    }
}

/// The statements of transactions in the order in which they ended.
final class Recorder: Sendable {
    private struct Held {
        var transactions: [[Statement]] = []
        var chained = 0
        var commits = 0
        var runs = 0
    }

    private let held = Mutex(Held())

    var transactions: [[Statement]] { held.withLock { $0.transactions } }
    /// Closures that wrote history in a commit, on average.
    var together: Double { held.withLock { Double($0.chained) / Double(max(1, $0.commits)) } }
    /// Closures that ran once more, for each closure: somebody else was faster.
    var again: Double { held.withLock { Double($0.runs) / Double(max(1, $0.transactions.count)) - 1 } }

    fileprivate func run() {
        held.withLock { $0.runs += 1 }
    }

    fileprivate func add(_ noted: Noted) {
        held.withLock { held in
            held.transactions.append(noted.statements)
            guard noted.statements.contains(where: { $0.sql.hasPrefix("INSERT INTO chains") }) else { return }
            held.chained += 1
            held.commits += noted.isFirst ? 1 : 0
        }
    }
}

/// What one closure wrote, and whether nobody had written history in the same transaction before it.
private struct Noted {
    var statements: [Statement]
    var isFirst: Bool
}

/// An engine that notes what is written through it.
struct RecordingEngine: Engine {
    let base: any Engine
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
        let (result, noted) = try await base.write { connection in
            recorder.run()
            let noting = NotingConnection(connection)
            let isFirst = connection.chainHeads.isEmpty
            let result = try body(noting)
            return (result, Noted(statements: noting.statements, isFirst: isFirst))
        }
        // Only now: a closure whose transaction was taken back has run again.
        recorder.add(noted)
        return result
    }

    func answers() async -> Bool { await base.answers() }

    func broadcast(_ text: String) { base.broadcast(text) }

    func broadcasts() -> AsyncStream<Broadcast> { base.broadcasts() }

    func close() throws { try base.close() }
}

/// A connection that notes the statements that change something.
private final class NotingConnection: SQLConnection {
    private let base: any SQLConnection
    private(set) var statements: [Statement] = []

    init(_ base: any SQLConnection) {
        self.base = base
    }

    var lane: Int64 { base.lane }

    var chainHeads: [ChainBook: ChainHead] {
        get { base.chainHeads }
        set { base.chainHeads = newValue }
    }

    private func note(_ way: Statement.Way, _ sql: String, _ parameters: [SQLValue]) {
        if !sql.hasPrefix("SELECT") { statements.append(Statement(way: way, sql: sql, parameters: parameters)) }
    }

    func execute(_ sql: String, _ parameters: [SQLValue]) throws -> Int {
        note(.execute, sql, parameters)
        return try base.execute(sql, parameters)
    }

    func send(_ sql: String, _ parameters: [SQLValue]) throws {
        note(.send, sql, parameters)
        try base.send(sql, parameters)
    }

    func query(_ sql: String, _ parameters: [SQLValue], _ row: (any SQLRow) throws -> Void) throws {
        note(.query, sql, parameters)
        try base.query(sql, parameters, row)
    }

    func script(_ sql: String) throws {
        try base.script(sql)
    }
}

extension Engine {
    /// Runs recorded transactions, some of them in each commit: the engine's own work and nothing else.
    ///
    /// - Returns: how often a commit had to be tried again.
    @discardableResult
    func replay(_ transactions: ArraySlice<[Statement]>, together: Int, writers: Int) async throws -> Int {
        let starts = Array(stride(from: transactions.startIndex, to: transactions.endIndex, by: together))
        let runs = Mutex(0)
        try await Measure.concurrently(callers: writers, calls: starts.count) { call in
            let end = Swift.min(starts[call] + together, transactions.endIndex)
            try await write { connection in
                runs.withLock { $0 += 1 }
                for statement in transactions[starts[call]..<end].joined() { try statement.run(connection) }
            }
        }
        return runs.withLock { $0 } - starts.count
    }
}
