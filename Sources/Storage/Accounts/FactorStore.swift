public import Catalogue

/// Something that happened to an account's second factor.
public struct FactorEvent: Sendable, Hashable {
    /// What.
    public enum Kind: String, Sendable, CaseIterable {
        /// The issuer set it back: a telephone was lost.
        case reset
        /// A recovery code was used.
        case recoveryUsed = "recovery-used"
        /// Recovery codes were made anew.
        case recoveryMade = "recovery-made"
        /// An authenticator app was set.
        case authenticatorSet = "authenticator-set"
        /// The authenticator app was removed.
        case authenticatorRemoved = "authenticator-removed"
        /// A passkey was registered.
        case passkeyAdded = "passkey-added"
        /// A passkey was removed.
        case passkeyRemoved = "passkey-removed"
        /// A passkey was refused whose counter had gone back: there may be a copy of it.
        case passkeyRefused = "passkey-refused"
        /// The issuer changed the telephone that codes go to.
        case phoneChanged = "phone-changed"

        /// Whether its owner has to be told at the next sign-in.
        public var isNews: Bool {
            switch self {
            case .reset, .recoveryUsed, .passkeyRefused, .phoneChanged: true
            // Their owner did it, and has shown who they are just before.
            case .recoveryMade, .authenticatorSet, .authenticatorRemoved, .passkeyAdded, .passkeyRemoved: false
            }
        }
    }

    /// Number.
    public var id: Int64
    /// The account.
    public var account: Int64
    /// When.
    public var at: Timestamp
    /// What.
    public var kind: Kind
    /// The account that did it.
    public var author: Int64
    /// Its name and organisation as they were then.
    public var authorName: String
    /// A reason, a passkey's name; empty for none.
    public var text: String

    /// An event.
    public init(
        id: Int64 = 0,
        account: Int64,
        at: Timestamp,
        kind: Kind,
        author: Int64,
        authorName: String,
        text: String = ""
    ) {
        self.id = id
        self.account = account
        self.at = at
        self.kind = kind
        self.author = author
        self.authorName = authorName
        self.text = text
    }
}

/// What happened to second factors, only ever added to, and what each account has chosen.
public struct FactorStore: Sendable {
    let vault: Vault

    /// A store that seals with a vault's keys.
    public init(_ vault: Vault) {
        self.vault = vault
    }

    /// Writes an event down.
    public func put(_ event: FactorEvent, _ connection: any SQLConnection) throws {
        var writer = ByteWriter(capacity: 256)
        writer.text(event.authorName)
        writer.text(event.text)
        try connection.execute(
            "INSERT INTO factor_events (account, at, kind, author, sealed) VALUES ($1, $2, $3, $4, $5)",
            [
                .integer(event.account), .integer(event.at.seconds), .text(event.kind.rawValue),
                .integer(event.author), .blob(try vault.seal(writer.bytes, "factor", event.account)),
            ]
        )
    }

    /// The latest events of an account, newest first.
    public func latest(account: Int64, _ count: Int, _ connection: any SQLConnection) throws -> [FactorEvent] {
        try connection.rows(
            "SELECT id, at, kind, author, sealed FROM factor_events WHERE account = $1 ORDER BY id DESC LIMIT $2",
            [.integer(account), .integer(Int64(count))]
        ) { row in
            var reader = ByteReader(try vault.open(row.blob(4), "factor", account))
            guard let kind = FactorEvent.Kind(rawValue: row.text(2)) else {
                throw StorageFailure.unreadable("factor")
            }
            return FactorEvent(
                id: row.integer(0),
                account: account,
                at: Timestamp(seconds: row.integer(1)),
                kind: kind,
                author: row.integer(3),
                authorName: try reader.text(),
                text: try reader.text()
            )
        }
    }

    /// Whether there is something that the account's owner hasn't said to have read.
    public static func hasNews(account: Int64, _ connection: any SQLConnection) throws -> Bool {
        let kinds = FactorEvent.Kind.allCases.filter(\.isNews).map { "'\($0.rawValue)'" }.joined(separator: ", ")
        return try connection.number(
            "SELECT count(*) FROM factor_events WHERE account = $1 AND id > $2 AND kind IN (\(kinds))",
            [.integer(account), .integer(try choice(account: account, connection).seenEvent)]
        ) ?? 0 > 0
    }

    /// What an account has chosen: by which way codes come (0 a call), up to which event it has read.
    public static func choice(
        account: Int64,
        _ connection: any SQLConnection
    ) throws -> (channel: Int, seenEvent: Int64) {
        try connection.first(
            "SELECT channel, seen_event FROM factor_choices WHERE account = $1",
            [.integer(account)]
        ) { (channel: Int($0.integer(0)), seenEvent: $0.integer(1)) } ?? (0, 0)
    }

    /// Stores by which way codes come.
    public static func setChannel(_ channel: Int, account: Int64, _ connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO factor_choices (account, channel, seen_event) VALUES ($1, $2, 0)
            ON CONFLICT (account) DO UPDATE SET channel = excluded.channel
            """,
            [.integer(account), .integer(Int64(channel))]
        )
    }

    /// Stores up to which event the account's owner has read.
    public static func setSeen(_ event: Int64, account: Int64, _ connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO factor_choices (account, channel, seen_event) VALUES ($1, 0, $2)
            ON CONFLICT (account) DO UPDATE SET seen_event = excluded.seen_event
            WHERE factor_choices.seen_event < excluded.seen_event
            """,
            [.integer(account), .integer(event)]
        )
    }

    // MARK: Sign-ins half done

    /// Notes by which way a sign-in's code went out.
    public static func noteChannel(_ channel: Int, signIn id: [UInt8], _ connection: any SQLConnection) throws {
        try connection.execute(
            "UPDATE sign_ins SET channel = $2 WHERE id = $1",
            [.blob(id), .integer(Int64(channel))]
        )
    }

    /// By which way a sign-in's code went out.
    public static func channel(signIn id: [UInt8], _ connection: any SQLConnection) throws -> Int {
        Int(try connection.number("SELECT channel FROM sign_ins WHERE id = $1", [.blob(id)]) ?? 0)
    }

    /// Forgets all sign-ins half done of an account.
    public static func removeSignIns(account: Int64, _ connection: any SQLConnection) throws {
        try connection.execute("DELETE FROM sign_ins WHERE account = $1", [.integer(account)])
    }
}
