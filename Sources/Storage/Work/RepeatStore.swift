public import Catalogue

/// Requests that may come twice: an API client's `Idempotency-Key`, an imported file's row.
public struct RepeatStore: Sendable {
    let vault: Vault

    /// A store that turns HER-SYS IDs into rows.
    public init(_ vault: Vault) {
        self.vault = vault
    }

    /// What an earlier request with this key made, and the digest of what it sent.
    public func find(
        client: Int64,
        key: String,
        _ connection: any SQLConnection
    ) throws -> (number: CaseNumber, digest: [UInt8])? {
        let found = try connection.first(
            "SELECT seq, digest FROM repeats WHERE client = $1 AND key = $2",
            [.integer(client), .text(key)]
        ) { ($0.integer(0), $0.blob(1)) }
        guard let found, let number = vault.caseNumber(found.0) else { return nil }
        return (number, found.1)
    }

    /// Remembers what a request made.
    public func put(
        client: Int64,
        key: String,
        digest: [UInt8],
        number: CaseNumber,
        at: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        try connection.execute(
            "INSERT INTO repeats (client, key, digest, seq, at) VALUES ($1, $2, $3, $4, $5)",
            [
                .integer(client), .text(key), .blob(digest), .integer(vault.sequence(number)), .integer(at.seconds),
            ]
        )
    }

    /// The case an imported row became, and the digest of the row then.
    public func imported(
        source: String,
        row: String,
        _ connection: any SQLConnection
    ) throws -> (number: CaseNumber, digest: [UInt8])? {
        let found = try connection.first(
            "SELECT seq, digest FROM imports WHERE source = $1 AND row_key = $2",
            [.text(source), .text(row)]
        ) { ($0.integer(0), $0.blob(1)) }
        guard let found, let number = vault.caseNumber(found.0) else { return nil }
        return (number, found.1)
    }

    /// Remembers what an imported row became.
    public func setImported(
        source: String,
        row: String,
        digest: [UInt8],
        number: CaseNumber,
        _ connection: any SQLConnection
    ) throws {
        try connection.execute(
            """
            INSERT INTO imports (source, row_key, seq, digest) VALUES ($1, $2, $3, $4)
            ON CONFLICT (source, row_key) DO UPDATE SET digest = excluded.digest
            """,
            [.text(source), .text(row), .integer(vault.sequence(number)), .blob(digest)]
        )
    }
}
