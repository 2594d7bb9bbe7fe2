/// One connection inside a transaction; it never leaves the closure that receives it.
///
/// Statements are written in the subset both engines take: `$1` parameters, `ON CONFLICT`, `RETURNING`, CTEs.
/// A statement text is prepared once for each connection, so texts are constants and values are parameters.
public protocol SQLConnection {
    /// Runs a statement; returns how many rows it changed.
    @discardableResult
    func execute(_ sql: String, _ parameters: [SQLValue]) throws -> Int

    /// Runs a statement and hands over each row.
    func query(_ sql: String, _ parameters: [SQLValue], _ row: (any SQLRow) throws -> Void) throws

    /// Runs several statements at once without parameters: migrations.
    func script(_ sql: String) throws
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

/// What differs between the engines' SQL; everything else is one text.
public struct Dialect: Sendable {
    /// Type of a column of bytes.
    public let bytes: String
    /// A primary key that numbers itself and never uses a number twice.
    public let identity: String
    /// A primary key that is a whole number given by the program; the row is found by it without an index beside.
    public let key: String
    /// What stands behind a table of small rows whose primary key is its only index.
    ///
    /// Not for rows with sealed bytes: SQLite keeps a quarter of a page of such a row and gives each longer one
    /// a page of its own (10.7 KB a case instead of 3 KB were measured).
    public let clustered: String

    /// The differences of an engine.
    public init(bytes: String, identity: String, key: String, clustered: String) {
        self.bytes = bytes
        self.identity = identity
        self.key = key
        self.clustered = clustered
    }

    /// A statement with the engine's words in place of `{bytes}`, `{identity}`, `{key}` and `{clustered}`.
    func resolve(_ sql: String) -> String {
        sql.split(separator: "{", omittingEmptySubsequences: false).enumerated().map { index, part in
            guard index > 0, let end = part.firstIndex(of: "}") else { return String(part) }
            let rest = part[part.index(after: end)...]
            switch part[..<end] {
            case "bytes": return bytes + rest
            case "identity": return identity + rest
            case "key": return key + rest
            case "clustered": return clustered + rest
            default: return "{" + part
            }
        }.joined()
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
    /// An engine may commit several waiting closures at once; a closure that throws takes back only its own part.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws -> Result

    /// Closes all connections; what is running ends first.
    func close() throws
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
    /// The schema is older or newer than the program.
    case schema(found: Int, expected: Int)
    /// Anything else, by the engine's code.
    case engine(code: Int)
}
