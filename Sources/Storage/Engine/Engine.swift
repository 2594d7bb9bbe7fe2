/// One connection inside a transaction; it never leaves the closure that receives it.
///
/// Statements are written in the subset both engines take: `$1` parameters, `ON CONFLICT`, `RETURNING`, CTEs.
/// A statement text is prepared once for each connection, so texts are constants and values are parameters.
public protocol SQLConnection: AnyObject {
    /// Runs a statement; returns how many rows it changed.
    @discardableResult
    func execute(_ sql: String, _ parameters: [SQLValue]) throws -> Int

    /// Runs a statement whose answer nobody waits for.
    ///
    /// A database across a network is asked once for many of these; what is wrong with one is thrown by the next
    /// statement that waits, or by the commit.
    func send(_ sql: String, _ parameters: [SQLValue]) throws

    /// Runs a statement and hands over each row.
    func query(_ sql: String, _ parameters: [SQLValue], _ row: (any SQLRow) throws -> Void) throws

    /// Runs several statements at once without parameters: migrations.
    func script(_ sql: String) throws

    /// The lane of each chain that this connection writes; no other connection writes it at the same time.
    var lane: Int64 { get }

    /// Ends of chains as this transaction knows them; an engine empties it at every beginning and taking back.
    var chainHeads: [ChainBook: ChainHead] { get set }
}

extension SQLConnection {
    /// Runs a statement without parameters.
    @discardableResult
    public func execute(_ sql: String) throws -> Int {
        try execute(sql, [])
    }

    /// The rows of a statement, each turned into a value.
    public func rows<Result>(
        _ sql: String,
        _ parameters: [SQLValue] = [],
        _ read: (any SQLRow) throws -> Result
    ) throws -> [Result] {
        var result: [Result] = []
        try query(sql, parameters) { result.append(try read($0)) }
        return result
    }

    /// The first row of a statement, turned into a value.
    public func first<Result>(
        _ sql: String,
        _ parameters: [SQLValue] = [],
        _ read: (any SQLRow) throws -> Result
    ) throws -> Result? {
        var result: Result?
        try query(sql, parameters) { if result == nil { result = try read($0) } }
        return result
    }

    /// The number in the first column of the first row, nil where there is none.
    public func number(_ sql: String, _ parameters: [SQLValue] = []) throws -> Int64? {
        try first(sql, parameters) { $0.optionalInteger(0) } ?? nil
    }
}

/// A database: transactions as synchronous closures on the engine's own threads, never on the cooperative pool.
public protocol Engine: Sendable {
    /// The engine's words.
    var dialect: Dialect { get }

    /// Runs a closure on one consistent state of the database.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws -> Result

    /// Runs a closure as a transaction: all of it is durable when the call returns, or none of it happened.
    ///
    /// An engine may commit several waiting closures at once; a closure that throws takes back only its own part. It
    /// may run a closure again whose first run has left nothing behind: a closure changes nothing but the database.
    ///
    /// - Throws: `StorageFailure.unavailable` where it isn't known that all is durable; it may be so all the same.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws -> Result

    /// Whether the database answers within a second.
    func answers() async -> Bool

    /// Tells the other processes on this database something short; best effort, no value of a case in it.
    func broadcast(_ text: String)

    /// What other processes tell, until the engine is closed. One receiver.
    func broadcasts() -> AsyncStream<Broadcast>

    /// Closes all connections; what is running ends first.
    func close() throws
}

/// Something another process on the same database said.
public enum Broadcast: Sendable, Hashable {
    /// Its text.
    case said(String)
    /// The line was cut for a while: something may have been missed.
    case missed
}

/// What an engine can fail with; carries codes, never values.
public enum StorageFailure: Error, Sendable, Equatable {
    /// A unique key exists already.
    case duplicate
    /// The disk is full.
    case full
    /// The database can't be reached or is busy beyond patience.
    case unavailable
    /// Stored bytes can't be opened: wrong key, or changed by somebody.
    case unreadable(String)
    /// A text that no database can hold: it has a U+0000 in it.
    case unstorable
    /// The schema is older or newer than the program.
    case schema(found: Int, expected: Int)
    /// Anything else, by the engine's code.
    case engine(code: Int)
}
