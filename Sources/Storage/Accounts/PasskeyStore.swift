public import Catalogue

/// A passkey (パスキー) of an account: a public key whose private half never leaves its owner's device.
public struct Passkey: Sendable, Hashable {
    /// Number.
    public var id: Int64
    /// Whose it is.
    public var account: Int64
    /// Its credential id, by which a browser finds it.
    public var credential: [UInt8]
    /// Its public key as a COSE key (RFC 9052).
    public var key: [UInt8]
    /// What its owner calls it.
    public var name: String
    /// The signature counter that it gave last; 0 for one that doesn't count.
    public var counter: Int64
    /// When it was registered.
    public var createdAt: Timestamp
    /// When it was used last.
    public var usedAt: Timestamp?

    /// A passkey.
    public init(
        id: Int64 = 0,
        account: Int64,
        credential: [UInt8],
        key: [UInt8],
        name: String,
        counter: Int64,
        createdAt: Timestamp,
        usedAt: Timestamp? = nil
    ) {
        self.id = id
        self.account = account
        self.credential = credential
        self.key = key
        self.name = name
        self.counter = counter
        self.createdAt = createdAt
        self.usedAt = usedAt
    }
}

/// Passkeys in the database: found by a digest of their credential id, all else about them sealed.
public struct PasskeyStore: Sendable {
    let vault: Vault

    /// A store that seals with a vault's keys.
    public init(_ vault: Vault) {
        self.vault = vault
    }

    private static let columns = "id, account, sealed, counter, created_at, used_at FROM passkeys"

    private func digest(_ credential: [UInt8]) -> SQLValue {
        .blob(vault.digest("passkey-credential", credential))
    }

    /// Adds a passkey; false where the credential is registered already, for whomever.
    public func insert(_ passkey: Passkey, _ connection: any SQLConnection) throws -> Bool {
        var writer = ByteWriter(capacity: 512)
        writer.text(Hex.text(passkey.credential))
        writer.text(Hex.text(passkey.key))
        writer.text(passkey.name)
        let id = try connection.number(
            """
            INSERT INTO passkeys (account, credential, sealed, counter, created_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (credential) DO NOTHING RETURNING id
            """,
            [
                .integer(passkey.account), digest(passkey.credential),
                .blob(try vault.seal(writer.bytes, "passkey", passkey.account)), .integer(passkey.counter),
                .integer(passkey.createdAt.seconds),
            ]
        )
        return id != nil
    }

    private func passkey(_ row: any SQLRow) throws -> Passkey {
        let account = row.integer(1)
        var reader = ByteReader(try vault.open(row.blob(2), "passkey", account))
        guard let credential = Hex.bytes(try reader.text()), let key = Hex.bytes(try reader.text()) else {
            throw StorageFailure.unreadable("passkey")
        }
        return Passkey(
            id: row.integer(0),
            account: account,
            credential: credential,
            key: key,
            name: try reader.text(),
            counter: row.integer(3),
            createdAt: Timestamp(seconds: row.integer(4)),
            usedAt: row.optionalInteger(5).map(Timestamp.init(seconds:))
        )
    }

    /// The passkey with a credential id.
    public func find(credential: [UInt8], _ connection: any SQLConnection) throws -> Passkey? {
        try connection.first("SELECT \(Self.columns) WHERE credential = $1", [digest(credential)], passkey)
    }

    /// The passkeys of an account, oldest first.
    public func all(account: Int64, _ connection: any SQLConnection) throws -> [Passkey] {
        try connection.rows("SELECT \(Self.columns) WHERE account = $1 ORDER BY id", [.integer(account)], passkey)
    }

    /// How many passkeys an account has.
    public func count(account: Int64, _ connection: any SQLConnection) throws -> Int {
        Int(try connection.number("SELECT count(*) FROM passkeys WHERE account = $1", [.integer(account)]) ?? 0)
    }

    /// Notes a use with the counter that the passkey gave.
    ///
    /// - Returns: false where the passkey is gone, or the counter hasn't gone up: of two uses of one answer, or of
    ///   a passkey and its copy, one is refused.
    public func use(id: Int64, counter: Int64, at: Timestamp, _ connection: any SQLConnection) throws -> Bool {
        try connection.execute(
            """
            UPDATE passkeys SET counter = $2, used_at = $3
            WHERE id = $1 AND (counter < $2 OR (counter = 0 AND $2 = 0))
            """,
            [.integer(id), .integer(counter), .integer(at.seconds)]
        ) == 1
    }

    /// Removes a passkey of an account; false where it has no such.
    public func remove(id: Int64, account: Int64, _ connection: any SQLConnection) throws -> Bool {
        try connection.execute(
            "DELETE FROM passkeys WHERE id = $1 AND account = $2",
            [.integer(id), .integer(account)]
        ) == 1
    }

    /// Removes all passkeys of an account.
    public func removeAll(account: Int64, _ connection: any SQLConnection) throws {
        try connection.execute("DELETE FROM passkeys WHERE account = $1", [.integer(account)])
    }
}

/// What a passkey was asked to sign and hasn't yet, as keyed digests.
public enum ChallengeStore {
    /// What a challenge was given out for; one doesn't stand for another.
    public enum Purpose: Int64, Sendable {
        /// Registering a passkey.
        case registration = 1
        /// The second step after a password.
        case secondStep = 2
        /// A sign-in by passkey alone.
        case signIn = 3
        /// Showing again who one is, before something is changed.
        case confirmation = 4
    }

    /// Stores a challenge; `account` is 0 where nobody is known yet.
    public static func put(
        id: [UInt8],
        account: Int64,
        purpose: Purpose,
        expiresAt: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        try connection.execute(
            "INSERT INTO passkey_challenges (id, account, purpose, expires_at) VALUES ($1, $2, $3, $4)",
            [.blob(id), .integer(account), .integer(purpose.rawValue), .integer(expiresAt.seconds)]
        )
    }

    /// Takes a challenge out: whoever comes second finds none.
    ///
    /// - Returns: for whose account it was given; nil where there is none such, or it has run out.
    public static func take(
        id: [UInt8],
        purpose: Purpose,
        now: Timestamp,
        _ connection: any SQLConnection
    ) throws -> Int64? {
        let found = try connection.first(
            "DELETE FROM passkey_challenges WHERE id = $1 RETURNING account, purpose, expires_at",
            [.blob(id)]
        ) { (account: $0.integer(0), purpose: $0.integer(1), expiresAt: $0.integer(2)) }
        guard let found, found.purpose == purpose.rawValue, found.expiresAt > now.seconds else { return nil }
        return found.account
    }
}
