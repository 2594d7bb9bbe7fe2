/// Statements by which an engine tells of its own tables, and what else differs when whole tables are moved.
public struct Inventory: Sendable {
    /// The tables, one a row, in a fixed order; parts of divided tables aren't among them.
    public let tables: String
    /// The columns of the table named `$1`: name, declared type, place in the primary key from 1 or 0, whether it
    /// numbers itself.
    public let columns: String
    /// The last number a table gave by itself; `{table}` and `{column}` stand for the names.
    public let lastNumber: String
    /// What makes a table go on numbering behind `$1`.
    public let setLastNumber: [String]
    /// What empties a table when the name stands behind it.
    public let empty: String
    /// What is run once a database has been filled, empty for nothing: without figures about its tables PostgreSQL
    /// chooses bad ways to read them.
    public let settle: String

    /// An engine's statements.
    public init(
        tables: String,
        columns: String,
        lastNumber: String,
        setLastNumber: [String],
        empty: String,
        settle: String
    ) {
        self.tables = tables
        self.columns = columns
        self.lastNumber = lastNumber
        self.setLastNumber = setLastNumber
        self.empty = empty
        self.settle = settle
    }
}

/// A table as its database describes it.
struct TableShape: Sendable, Hashable {
    /// What stands in a column.
    enum Kind: Sendable, Hashable {
        case number
        case text
        case bytes

        /// By the type's name in either engine.
        init?(_ type: String) {
            switch type {
            case "bigint", "integer", "smallint": self = .number
            case "text": self = .text
            case "blob", "bytea": self = .bytes
            default: return nil
            }
        }
    }

    struct Column: Sendable, Hashable {
        let name: String
        let kind: Kind
        /// Whether the table gives its numbers by itself.
        let isIdentity: Bool
    }

    let name: String
    /// By name: two databases may have come to the same columns in another order.
    let columns: [Column]
    /// Places of the primary key's columns in its order.
    let key: [Int]

    /// Tables that belong to one database and say nothing in another: its migrations, and the tokens by which
    /// PostgreSQL's writer recognises its own commits.
    static let ofTheirOwn: Set<String> = ["schema_migrations", "commits"]

    /// All tables of a database that are moved.
    static func all(_ connection: any SQLConnection, _ inventory: Inventory) throws -> [TableShape] {
        try connection.rows(inventory.tables) { $0.text(0) }.filter { !ofTheirOwn.contains($0) }
            .map { try TableShape($0, connection, inventory) }
    }

    /// A table by its name.
    init(_ name: String, _ connection: any SQLConnection, _ inventory: Inventory) throws {
        self.name = name
        let found = try connection.rows(inventory.columns, [.text(name)]) {
            (name: $0.text(0), type: $0.text(1), key: $0.integer(2), isIdentity: $0.integer(3) != 0)
        }.sorted { $0.name < $1.name }
        columns = try found.map { column in
            // Every migration keeps to the dialect's types: another one would be moved wrongly without a word.
            guard let kind = Kind(column.type) else { throw StorageFailure.unreadable("\(name).\(column.name)") }
            return Column(name: column.name, kind: kind, isIdentity: column.isIdentity)
        }
        key = found.indices.filter { found[$0].key > 0 }.sorted { found[$0].key < found[$1].key }
        guard !key.isEmpty else { throw StorageFailure.unreadable(name) }
    }

    /// The names and kinds of the columns: what two tables have to have in common.
    var content: Set<String> { Set(columns.map { "\($0.name) \($0.kind)" }) }
}
