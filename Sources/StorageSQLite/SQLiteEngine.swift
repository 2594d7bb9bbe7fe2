import GRDB
import GRDBSQLite
public import Storage
import Synchronization

/// SQLite through GRDB: one writer that commits waiting closures together, several readers on snapshots.
public final class SQLiteEngine: Engine {
    /// A closure that waits for the writer.
    private struct Job {
        let run: @Sendable (SQLiteConnection) throws -> Void
        let finish: @Sendable ((any Error)?) -> Void
    }

    private struct Waiting {
        var jobs: [Job] = []
        var isDraining = false
    }

    /// A connection and its statements; each is used by one thread at a time, as GRDB hands it out.
    private struct Connections: ~Copyable {
        var byDatabase: [ObjectIdentifier: Box] = [:]
    }

    /// A connection on its way to the thread that uses it.
    ///
    /// It is used only between GRDB's handing out of its database and the return of the closure, which GRDB
    /// serializes for each database.
    private final class Box: @unchecked Sendable {  // SAFETY: see above.
        let connection: SQLiteConnection
        init(_ database: Database) { connection = SQLiteConnection(database) }
    }

    private let pool: DatabasePool
    private let waiting = Mutex(Waiting())
    private let connections = Mutex(Connections())
    /// Closures in one commit: more would make the first wait long for the last.
    private static let mostTogether = 256

    /// SQLite's words.
    public let dialect = Dialect.sqlite

    /// Opens a database file, making it where there is none.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - readers: connections that read at the same time.
    /// - Throws: `StorageFailure` where the file can't be opened or isn't a database.
    public init(path: String, readers: Int = 4) throws {
        var configuration = Configuration()
        configuration.maximumReaderCount = readers
        configuration.busyMode = .timeout(10)
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA cache_size = -32768")
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
        }
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction { database in
                // GRDB sets NORMAL after prepareDatabase; an acknowledged report must survive a power cut.
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try database.execute(sql: "PRAGMA wal_autocheckpoint = 8000")
                try database.execute(sql: "PRAGMA cache_size = -131072")
            }
        } catch let error as DatabaseError {
            throw Self.failure(error.extendedResultCode.rawValue)
        }
    }

    private func connection(_ database: Database) -> SQLiteConnection {
        connections.withLock { connections in
            let key = ObjectIdentifier(database)
            if let box = connections.byDatabase[key] { return box }
            let box = Box(database)
            connections.byDatabase[key] = box
            return box
        }.connection
    }

    /// Runs a closure on one consistent state of the database.
    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws -> Result {
        do {
            return try await pool.read { database in try body(self.connection(database)) }
        } catch let error as DatabaseError {
            // GRDB's own: a reader that can't be opened.
            throw Self.failure(error.extendedResultCode.rawValue)
        }
    }

    /// Runs a closure as a transaction, together with others that wait.
    public func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws -> Result {
        let outcome = Outcome<Result>()
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let job = Job(
                run: { outcome.set(try body($0)) },
                finish: { error in
                    if let error { continuation.resume(throwing: error) } else { continuation.resume() }
                }
            )
            let begins = waiting.withLock { waiting in
                waiting.jobs.append(job)
                defer { waiting.isDraining = true }
                return !waiting.isDraining
            }
            if begins { pool.asyncWriteWithoutTransaction { self.drain($0) } }
        }
        guard let result = outcome.value else { throw StorageFailure.engine(code: -1) }
        return result
    }

    /// Commits what waits until nothing waits any more; runs on GRDB's writer thread.
    private func drain(_ database: Database) {
        let connection = connection(database)
        while true {
            let batch = waiting.withLock { waiting -> [Job] in
                let batch = Array(waiting.jobs.prefix(Self.mostTogether))
                waiting.jobs.removeFirst(batch.count)
                if batch.isEmpty { waiting.isDraining = false }
                return batch
            }
            if batch.isEmpty { return }
            commit(batch, connection)
        }
    }

    private func commit(_ batch: [Job], _ connection: SQLiteConnection) {
        var errors = [(any Error)?](repeating: nil, count: batch.count)
        do {
            connection.chainHeads.removeAll()
            try connection.script("BEGIN IMMEDIATE")
            for (index, job) in batch.enumerated() {
                _ = try connection.execute("SAVEPOINT job", [])
                do {
                    try job.run(connection)
                } catch {
                    errors[index] = error
                    connection.chainHeads.removeAll()
                    _ = try connection.execute("ROLLBACK TO job", [])
                }
                _ = try connection.execute("RELEASE job", [])
            }
            try connection.script("COMMIT")
        } catch {
            let error =
                (error as? DatabaseError).map { Self.failure($0.extendedResultCode.rawValue) as any Error } ?? error
            // Nothing of the batch is stored: everybody is told so.
            try? connection.script("ROLLBACK")
            for job in batch { job.finish(error) }
            return
        }
        for (job, error) in zip(batch, errors) { job.finish(error) }
    }

    /// Whether the file can be read.
    public func answers() async -> Bool {
        (try? await read { try $0.number("SELECT 1") }) == 1
    }

    /// Nobody else serves this file.
    public func broadcast(_ text: String) {}

    /// Nobody else serves this file.
    public func broadcasts() -> AsyncStream<Broadcast> {
        AsyncStream { $0.finish() }
    }

    /// Closes all connections.
    public func close() throws {
        connections.withLock { connections in
            for box in connections.byDatabase.values { box.connection.finalize() }
            connections.byDatabase.removeAll()
        }
        try pool.close()
    }

    static func failure(_ code: Int32) -> StorageFailure {
        switch code & 0xff {
        case SQLITE_CONSTRAINT:
            code == constraintUnique || code == constraintPrimaryKey
                ? .duplicate : .engine(code: Int(code))
        case SQLITE_FULL: .full
        case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_IOERR, SQLITE_CANTOPEN: .unavailable
        default: .engine(code: Int(code))
        }
    }
}

// Extended codes are macros with shifts that Swift doesn't import (sqlite3.h).
private let constraintUnique: Int32 = 19 | 8 << 8
private let constraintPrimaryKey: Int32 = 19 | 6 << 8

/// Carries a result from the writer's thread to the waiting task.
private final class Outcome<Result: Sendable>: Sendable {
    private let stored = Mutex<Result?>(nil)

    var value: Result? { stored.withLock { $0 } }

    func set(_ result: Result) { stored.withLock { $0 = result } }
}
