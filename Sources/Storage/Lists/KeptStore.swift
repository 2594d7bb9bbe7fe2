public import Catalogue

/// Something that an account keeps of its lists.
public struct Kept: Sendable, Hashable {
    /// What it is.
    public enum Kind: Int64, Sendable {
        /// The columns of the list; one for each account.
        case columns = 1
        /// 保存した条件.
        case filter = 2
        /// Cases selected for something to be done with all of them; goes after a week.
        case selection = 3
        /// What was done with selected cases, case by case; goes after a week.
        case deed = 4
        /// A form half filled when its session ended; goes after a week.
        case form = 5
    }

    /// Its name in addresses.
    public var id: String
    /// Its contents by name.
    public var fields: [String: String]
    /// Last change.
    public var at: Timestamp

    /// Something kept.
    public init(id: String, fields: [String: String], at: Timestamp) {
        self.id = id
        self.fields = fields
        self.at = at
    }
}

/// What accounts keep of their lists, sealed: a filter may hold a name.
public struct KeptStore: Sendable {
    let vault: Vault

    /// A store that seals with a vault's keys.
    public init(_ vault: Vault) {
        self.vault = vault
    }

    /// Stores something in place of what had its id; never over another account's.
    public func save(_ kept: Kept, _ kind: Kept.Kind, account: Int64, _ connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO kept (account, kind, id, sealed, at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (account, kind, id) DO UPDATE SET sealed = excluded.sealed, at = excluded.at
            """,
            try parameters(kept, kind, account)
        )
    }

    /// Stores something unless its id is taken; returns whether it wasn't.
    public func begin(_ kept: Kept, _ kind: Kept.Kind, account: Int64, _ connection: any SQLConnection) throws -> Bool {
        try connection.execute(
            """
            INSERT INTO kept (account, kind, id, sealed, at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (account, kind, id) DO NOTHING
            """,
            try parameters(kept, kind, account)
        ) == 1
    }

    private func parameters(_ kept: Kept, _ kind: Kept.Kind, _ account: Int64) throws -> [SQLValue] {
        var writer = ByteWriter()
        writer.number(kept.fields.count)
        for (name, text) in kept.fields.sorted(by: { $0.key < $1.key }) {
            writer.text(name)
            writer.text(text)
        }
        return [
            .integer(account), .integer(kind.rawValue), .text(kept.id),
            .blob(try vault.seal(writer.bytes, "kept", account)), .integer(kept.at.seconds),
        ]
    }

    private func kept(_ row: any SQLRow, _ account: Int64) throws -> Kept {
        var reader = ByteReader(try vault.open(row.blob(1), "kept", account))
        var fields: [String: String] = [:]
        for _ in 0..<(try reader.count()) { fields[try reader.text()] = try reader.text() }
        return Kept(id: row.text(0), fields: fields, at: Timestamp(seconds: row.integer(2)))
    }

    /// What an account keeps under an id.
    public func find(
        _ id: String,
        _ kind: Kept.Kind,
        account: Int64,
        _ connection: any SQLConnection
    ) throws -> Kept? {
        try connection.first(
            "SELECT id, sealed, at FROM kept WHERE account = $1 AND kind = $2 AND id = $3",
            [.integer(account), .integer(kind.rawValue), .text(id)]
        ) { try kept($0, account) }
    }

    /// Everything of a kind that an account keeps, in the order of its ids.
    public func all(_ kind: Kept.Kind, account: Int64, _ connection: any SQLConnection) throws -> [Kept] {
        try connection.rows(
            "SELECT id, sealed, at FROM kept WHERE account = $1 AND kind = $2 ORDER BY id",
            [.integer(account), .integer(kind.rawValue)]
        ) { try kept($0, account) }
    }

    /// Throws something away.
    public func remove(_ id: String, _ kind: Kept.Kind, account: Int64, _ connection: any SQLConnection) throws {
        try connection.execute(
            "DELETE FROM kept WHERE account = $1 AND kind = $2 AND id = $3",
            [.integer(account), .integer(kind.rawValue), .text(id)]
        )
    }
}
