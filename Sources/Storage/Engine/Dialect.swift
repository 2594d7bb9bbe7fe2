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
    /// Passes over rows that another transaction holds; nothing where there is one writer.
    public let skipLocked: String
    /// Counts the tables named `$1`.
    public let countTables: String
    /// Whether tables that grow without end are divided by time; see ``Growth``.
    public let divides: Bool
    /// Settings of tables that only this engine has; run after migrating, any number of times.
    public let tuning: String
    /// How whole tables are moved.
    public let inventory: Inventory

    /// The differences of an engine.
    public init(
        bytes: String,
        identity: String,
        key: String,
        clustered: String,
        skipLocked: String,
        countTables: String,
        divides: Bool,
        tuning: String,
        inventory: Inventory
    ) {
        self.bytes = bytes
        self.identity = identity
        self.key = key
        self.clustered = clustered
        self.skipLocked = skipLocked
        self.countTables = countTables
        self.divides = divides
        self.tuning = tuning
        self.inventory = inventory
    }

    /// A statement with the engine's words in place of `{bytes}`, `{identity}`, `{key}` and `{clustered}`.
    ///
    /// Lines that begin with `{divided}` stand only where growing tables are divided by time, lines that begin
    /// with `{whole}` only where they aren't.
    func resolve(_ sql: String) -> String {
        let lines = sql.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line -> Substring? in
            if line.hasPrefix("{divided}") { return divides ? line.dropFirst(9) : nil }
            if line.hasPrefix("{whole}") { return divides ? nil : line.dropFirst(7) }
            return line
        }
        return lines.joined(separator: "\n").split(separator: "{", omittingEmptySubsequences: false).enumerated().map {
            index,
            part in
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
