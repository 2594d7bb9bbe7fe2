public import Access
public import Catalogue

/// Somebody who signs in.
public struct Account: Sendable, Hashable {
    /// Number.
    public var id: Int64
    /// User ID.
    public var login: String
    /// Their organisation.
    public var organisation: OrganisationKey
    /// Name as the history shows it.
    public var name: String
    /// scrypt string of the password.
    public var password: String
    /// Telephone that the one-time code goes to.
    public var phone: String
    /// Secret of the authenticator app, nil where none is set.
    public var authenticator: [UInt8]?
    /// Last 30-second step whose code was used: a code works once.
    public var authenticatorStep: Int
    /// Failures since the last success.
    public var failures: Int
    /// Locked until.
    public var lockedUntil: Timestamp
    /// Last sign-in.
    public var usedAt: Timestamp?
    /// Stopped at.
    public var stoppedAt: Timestamp?

    /// An account.
    public init(
        id: Int64 = 0,
        login: String,
        organisation: OrganisationKey,
        name: String,
        password: String,
        phone: String,
        authenticator: [UInt8]? = nil,
        authenticatorStep: Int = 0,
        failures: Int = 0,
        lockedUntil: Timestamp = Timestamp(seconds: 0),
        usedAt: Timestamp? = nil,
        stoppedAt: Timestamp? = nil
    ) {
        self.id = id
        self.login = login
        self.organisation = organisation
        self.name = name
        self.password = password
        self.phone = phone
        self.authenticator = authenticator
        self.authenticatorStep = authenticatorStep
        self.failures = failures
        self.lockedUntil = lockedUntil
        self.usedAt = usedAt
        self.stoppedAt = stoppedAt
    }
}

/// Accounts in the database.
public struct AccountStore: Sendable {
    let vault: Vault

    /// A store that seals with a vault's keys.
    public init(_ vault: Vault) {
        self.vault = vault
    }

    private static let columns = """
        a.id, a.login, o.key, a.name, a.password, a.sealed, a.failures, a.locked_until, a.used_at, a.stopped_at
        FROM accounts a JOIN organisations o ON o.number = a.organisation
        """

    /// Adds an account; its user ID must be new.
    public func insert(
        _ account: Account,
        at: Timestamp,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws
        -> Int64
    {
        guard let organisation = directory.number(account.organisation) else {
            throw StorageFailure.unreadable("organisation")
        }
        let found = try connection.number(
            """
            INSERT INTO accounts (login, organisation, name, password, sealed, created_at)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (login) DO NOTHING RETURNING id
            """,
            [
                .text(account.login), .integer(organisation), .text(account.name), .text(account.password),
                .blob([]), .integer(at.seconds),
            ]
        )
        guard let id = found else { throw StorageFailure.duplicate }
        try seal(account, id, connection)
        return id
    }

    private func seal(_ account: Account, _ id: Int64, _ connection: any SQLConnection) throws {
        var writer = ByteWriter(capacity: 128)
        writer.text(account.phone)
        writer.optional(account.authenticator.map(Hex.text))
        writer.number(account.authenticatorStep)
        try connection.execute(
            "UPDATE accounts SET sealed = $2 WHERE id = $1",
            [.integer(id), .blob(try vault.seal(writer.bytes, "account", id))]
        )
    }

    private func account(_ row: any SQLRow) throws -> Account {
        let id = row.integer(0)
        var reader = ByteReader(try vault.open(row.blob(5), "account", id))
        let phone = try reader.text()
        let secret = try reader.optionalText().flatMap(Hex.bytes)
        return Account(
            id: id,
            login: row.text(1),
            organisation: row.text(2),
            name: row.text(3),
            password: row.text(4),
            phone: phone,
            authenticator: secret,
            authenticatorStep: try reader.number(),
            failures: Int(row.integer(6)),
            lockedUntil: Timestamp(seconds: row.integer(7)),
            usedAt: row.optionalInteger(8).map(Timestamp.init(seconds:)),
            stoppedAt: row.optionalInteger(9).map(Timestamp.init(seconds:))
        )
    }

    /// The account with a user ID.
    public func find(login: String, _ connection: any SQLConnection) throws -> Account? {
        try connection.first("SELECT \(Self.columns) WHERE a.login = $1", [.text(login)], account)
    }

    /// The account with a number.
    public func find(id: Int64, _ connection: any SQLConnection) throws -> Account? {
        try connection.first("SELECT \(Self.columns) WHERE a.id = $1", [.integer(id)], account)
    }

    /// All accounts in the order of their user IDs.
    public func all(_ connection: any SQLConnection) throws -> [Account] {
        try connection.rows("SELECT \(Self.columns) ORDER BY a.login", [], account)
    }

    /// Stores everything of an account that can change.
    public func update(_ account: Account, _ connection: any SQLConnection) throws {
        try connection.execute(
            """
            UPDATE accounts SET name = $2, password = $3, failures = $4, locked_until = $5, used_at = $6,
                stopped_at = $7
            WHERE id = $1
            """,
            [
                .integer(account.id), .text(account.name), .text(account.password),
                .integer(Int64(account.failures)), .integer(account.lockedUntil.seconds),
                .optional(account.usedAt?.seconds), .optional(account.stoppedAt?.seconds),
            ]
        )
        try seal(account, account.id, connection)
    }
}
