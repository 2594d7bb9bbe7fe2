public import Catalogue

/// A form half filled, kept on the server so that nothing stays on the device.
public struct Draft: Sendable, Hashable {
    /// Random name, part of the form's address.
    public var id: String
    /// Whose.
    public var account: Int64
    /// What was typed, by field name, as it was typed.
    public var fields: [String: String]
    /// Last change.
    public var updatedAt: Timestamp
    /// The case it became.
    public var submitted: CaseNumber?

    /// A draft.
    public init(
        id: String,
        account: Int64,
        fields: [String: String],
        updatedAt: Timestamp,
        submitted: CaseNumber? = nil
    ) {
        self.id = id
        self.account = account
        self.fields = fields
        self.updatedAt = updatedAt
        self.submitted = submitted
    }
}

extension Draft {
    /// The one field that is left of a draft that became a case: what tells a second click from a second report.
    public static let digest = "digest"
}

/// Drafts and an organisation's own defaults, sealed.
public struct DraftStore: Sendable {
    let vault: Vault

    /// A store that seals with a vault's keys.
    public init(_ vault: Vault) {
        self.vault = vault
    }

    private func bytes(_ fields: [String: String]) -> [UInt8] {
        var writer = ByteWriter()
        writer.number(fields.count)
        for (name, text) in fields.sorted(by: { $0.key < $1.key }) {
            writer.text(name)
            writer.text(text)
        }
        return writer.bytes
    }

    private func fields(_ bytes: [UInt8]) throws -> [String: String] {
        var reader = ByteReader(bytes)
        var result: [String: String] = [:]
        for _ in 0..<(try reader.count()) { result[try reader.text()] = try reader.text() }
        return result
    }

    /// Stores a draft, unless it has been submitted meanwhile.
    public func save(_ draft: Draft, organisation: Int64, _ connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO drafts (id, account, organisation, sealed, updated_at, submitted)
            VALUES ($1, $2, $3, $4, $5, NULL)
            ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at
                WHERE drafts.account = excluded.account AND drafts.submitted IS NULL
            """,
            [
                .text(draft.id), .integer(draft.account), .integer(organisation),
                .blob(try vault.seal(bytes(draft.fields), "draft", draft.account)),
                .integer(draft.updatedAt.seconds),
            ]
        )
    }

    private func draft(_ row: any SQLRow) throws -> Draft {
        let account = row.integer(1)
        return Draft(
            id: row.text(0),
            account: account,
            fields: try fields(vault.open(row.blob(2), "draft", account)),
            updatedAt: Timestamp(seconds: row.integer(3)),
            submitted: row.optionalInteger(4).flatMap(vault.caseNumber)
        )
    }

    /// An account's draft.
    public func find(id: String, account: Int64, _ connection: any SQLConnection) throws -> Draft? {
        try connection.first(
            "SELECT id, account, sealed, updated_at, submitted FROM drafts WHERE id = $1 AND account = $2",
            [.text(id), .integer(account)],
            draft
        )
    }

    /// An account's drafts that aren't submitted yet, latest first.
    public func open(account: Int64, _ connection: any SQLConnection) throws -> [Draft] {
        try connection.rows(
            """
            SELECT id, account, sealed, updated_at, submitted FROM drafts
            WHERE account = $1 AND submitted IS NULL ORDER BY updated_at DESC LIMIT 20
            """,
            [.integer(account)],
            draft
        )
    }

    /// The id under which a report is kept whose own draft is gone or has become another report.
    ///
    /// It follows from the draft that the form named and from what the report says, so that a form that is sent again
    /// finds it; keyed, because it stands in clear.
    public func substitute(of id: String, account: Int64, digest: String) -> String {
        Hex.text(vault.digest("draft", Array("\(account)\u{0}\(id)\u{0}\(digest)".utf8)).prefix(16))
    }

    /// Notes that a draft became a case: what was typed is no longer needed twice.
    ///
    /// Where there is no such draft (any more), the note stands alone.
    public func submit(
        id: String,
        account: Int64,
        organisation: Int64,
        number: CaseNumber,
        digest: String,
        at: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        try connection.execute(
            """
            INSERT INTO drafts (id, account, organisation, sealed, updated_at, submitted)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (id) DO UPDATE SET submitted = excluded.submitted, sealed = excluded.sealed,
                updated_at = excluded.updated_at WHERE drafts.account = excluded.account
            """,
            [
                .text(id), .integer(account), .integer(organisation),
                .blob(try vault.seal(bytes([Draft.digest: digest]), "draft", account)), .integer(at.seconds),
                .integer(vault.sequence(number)),
            ]
        )
    }

    /// Throws a draft away.
    public func remove(id: String, account: Int64, _ connection: any SQLConnection) throws {
        try connection.execute(
            "DELETE FROM drafts WHERE id = $1 AND account = $2 AND submitted IS NULL",
            [.text(id), .integer(account)]
        )
    }

    /// What an organisation filled once for ever: its physician, its usual method.
    public func defaults(organisation: Int64, _ connection: any SQLConnection) throws -> [String: String] {
        let sealed = try connection.first(
            "SELECT sealed FROM defaults WHERE organisation = $1",
            [.integer(organisation)]
        ) { $0.blob(0) }
        return try sealed.map { try fields(vault.open($0, "defaults", organisation)) } ?? [:]
    }

    /// Remembers an organisation's own fields.
    public func setDefaults(
        _ fields: [String: String],
        organisation: Int64,
        _ connection: any SQLConnection
    ) throws {
        try connection.execute(
            """
            INSERT INTO defaults (organisation, sealed) VALUES ($1, $2)
            ON CONFLICT (organisation) DO UPDATE SET sealed = excluded.sealed
            """,
            [.integer(organisation), .blob(try vault.seal(bytes(fields), "defaults", organisation))]
        )
    }
}
