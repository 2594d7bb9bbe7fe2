public import Catalogue

/// Initial passwords on their way to paper (ID通知票): sealed, for one issuer's session, for some minutes.
public struct SlipStore: Sendable {
    let vault: Vault

    /// A store that seals with a vault's keys.
    public init(_ vault: Vault) {
        self.vault = vault
    }

    /// Keeps an account's initial password, in place of an earlier one.
    ///
    /// - Parameters:
    ///   - password: as it will be printed.
    ///   - account: whose.
    ///   - batch: the sheets that are printed together.
    ///   - holder: the issuer's account.
    ///   - session: digest of the session that may show it; nil until the issuer takes it.
    ///   - expiresAt: when it is gone.
    ///   - connection: the transaction that issues the account.
    /// - Throws: what the database throws.
    public func put(
        _ password: String,
        account: Int64,
        batch: String,
        holder: Int64,
        session: [UInt8]?,
        expiresAt: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        var writer = ByteWriter(capacity: 32)
        writer.text(password)
        try connection.execute(
            """
            INSERT INTO account_slips (account, holder, batch, session, expires_at, sealed)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (account) DO UPDATE SET holder = excluded.holder, batch = excluded.batch,
                session = excluded.session, expires_at = excluded.expires_at, sealed = excluded.sealed
            """,
            [
                .integer(account), .integer(holder), .text(batch), session.map { .blob($0) } ?? .null,
                .integer(expiresAt.seconds), .blob(try vault.seal(writer.bytes, "slip", account)),
            ]
        )
    }

    /// Binds the first sheets of a batch that nobody has taken to a session; returns how many.
    public static func take(
        batch: String,
        holder: Int64,
        session: [UInt8],
        most: Int,
        now: Timestamp,
        until: Timestamp,
        _ connection: any SQLConnection
    ) throws -> Int {
        try connection.execute(
            """
            UPDATE account_slips SET session = $3, expires_at = $5
            WHERE session IS NULL AND account IN (
                SELECT account FROM account_slips
                WHERE batch = $1 AND holder = $2 AND session IS NULL AND expires_at > $4
                ORDER BY account LIMIT $6
            )
            """,
            [
                .text(batch), .integer(holder), .blob(session), .integer(now.seconds), .integer(until.seconds),
                .integer(Int64(most)),
            ]
        )
    }

    /// How many sheets of a batch wait to be taken.
    public static func waiting(
        batch: String,
        holder: Int64,
        now: Timestamp,
        _ connection: any SQLConnection
    ) throws -> Int {
        Int(
            try connection.number(
                """
                SELECT count(*) FROM account_slips
                WHERE batch = $1 AND holder = $2 AND session IS NULL AND expires_at > $3
                """,
                [.text(batch), .integer(holder), .integer(now.seconds)]
            ) ?? 0
        )
    }

    /// The sheets of a batch that a session may show: account, password, until when; in the order of the accounts.
    public func slips(
        batch: String,
        session: [UInt8],
        now: Timestamp,
        _ connection: any SQLConnection
    ) throws -> [(account: Int64, password: String, expiresAt: Timestamp)] {
        try connection.rows(
            """
            SELECT account, sealed, expires_at FROM account_slips
            WHERE batch = $1 AND session = $2 AND expires_at > $3 ORDER BY account
            """,
            [.text(batch), .blob(session), .integer(now.seconds)]
        ) { row in
            var reader = ByteReader(try vault.open(row.blob(1), "slip", row.integer(0)))
            return (row.integer(0), try reader.text(), Timestamp(seconds: row.integer(2)))
        }
    }

    /// Throws the sheets of a batch away that a session holds.
    public static func remove(batch: String, session: [UInt8], _ connection: any SQLConnection) throws {
        try connection.execute(
            "DELETE FROM account_slips WHERE batch = $1 AND session = $2",
            [.text(batch), .blob(session)]
        )
    }

    /// Throws an account's sheet away.
    public static func remove(account: Int64, _ connection: any SQLConnection) throws {
        try connection.execute("DELETE FROM account_slips WHERE account = $1", [.integer(account)])
    }
}
