import GRDB
public import Storage

/// A database file that is read and never touched: a backup that is restored.
public final class SQLiteClosedFile: Engine {
    private let queue: DatabaseQueue

    /// SQLite's words.
    public let dialect = Dialect.sqlite

    /// Opens a file.
    ///
    /// - Throws: `StorageFailure` where it can't be read or isn't a database.
    public init(path: String) throws {
        var configuration = Configuration()
        configuration.readonly = true
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
            // Whether it is a database is seen by reading it.
            try queue.read { _ = try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master") }
        } catch let error as DatabaseError {
            throw SQLiteEngine.failure(error.extendedResultCode.rawValue)
        }
    }

    /// Runs a closure on the file.
    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws -> Result {
        try await queue.read { database in
            let connection = SQLiteConnection(database)
            defer { connection.finalize() }
            return try body(connection)
        }
    }

    /// Refuses.
    public func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws -> Result {
        // SQLITE_READONLY
        throw StorageFailure.engine(code: 8)
    }

    /// Whether the file can be read.
    public func answers() async -> Bool {
        (try? await read { try $0.number("SELECT 1") }) == 1
    }

    /// Nobody else hears of this file.
    public func broadcast(_ text: String) {}

    /// Nobody else tells of this file.
    public func broadcasts() -> AsyncStream<Broadcast> {
        AsyncStream { $0.finish() }
    }

    /// Closes the file.
    public func close() throws {
        try queue.close()
    }
}
