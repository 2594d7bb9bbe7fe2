public import Access
public import Catalogue

/// A program that uses the API for an organisation.
public struct Client: Sendable, Hashable {
    /// Number; the history shows it negative, beside the accounts' numbers.
    public var number: Int64
    /// client_id.
    public var id: String
    /// Its organisation.
    public var organisation: OrganisationKey
    /// Name as the history shows it.
    public var name: String
    /// Digest of the secret.
    public var secret: [UInt8]
    /// Stopped at.
    public var stoppedAt: Timestamp?
    /// Whether it may change something; otherwise it only reads.
    public var writes = true
    /// SHA-256 of the certificate without which it gets no token (RFC 8705), nil for none.
    public var certificate: [UInt8]?
    /// Digest of the secret before and until when it works, after a change.
    public var earlier: (secret: [UInt8], until: Timestamp)? {
        get { earlierSecret.flatMap { secret in earlierUntil.map { (secret, $0) } } }
        set { (earlierSecret, earlierUntil) = (newValue?.secret, newValue?.until) }
    }
    private var earlierSecret: [UInt8]?
    private var earlierUntil: Timestamp?
    /// Issued at.
    public var createdAt: Timestamp?
    /// When it last got a token.
    public var usedAt: Timestamp?

    /// A client.
    public init(
        number: Int64 = 0,
        id: String,
        organisation: OrganisationKey,
        name: String,
        secret: [UInt8],
        stoppedAt: Timestamp? = nil
    ) {
        self.number = number
        self.id = id
        self.organisation = organisation
        self.name = name
        self.secret = secret
        self.stoppedAt = stoppedAt
    }
}

/// What somebody did with a client.
public struct ClientDeed: Sendable, Hashable {
    /// What was done.
    public enum Kind: String, Sendable {
        /// 発行.
        case issue
        /// 秘密の交換, the earlier one works for a while.
        case rotate
        /// 秘密の交換, the earlier one ended at once.
        case replace
        /// 証明書の登録.
        case bind
        /// 証明書の登録の取り消し.
        case unbind
        /// 停止.
        case stop
    }

    /// What.
    public let kind: Kind
    /// When.
    public let at: Timestamp
    /// By which account; 0 for a command.
    public let account: Int64

    /// A deed.
    public init(_ kind: Kind, at: Timestamp, account: Int64) {
        (self.kind, self.at, self.account) = (kind, at, account)
    }
}

/// What a bearer token lets do, as it was given.
public struct Bearer: Sendable, Hashable {
    /// Whose it is.
    public var client: Client
    /// Whether it may change something.
    public var writes: Bool
    /// SHA-256 of the certificate of the connections on which it works, nil for all.
    public var certificate: [UInt8]?

    /// What a token lets do.
    public init(client: Client, writes: Bool, certificate: [UInt8]?) {
        (self.client, self.writes, self.certificate) = (client, writes, certificate)
    }
}

/// Clients of the API and their bearer tokens.
public enum ClientStore {
    private static let fields = """
        c.number, c.id, o.key, c.name, c.secret, c.stopped_at, c.writes, c.certificate, c.earlier, c.earlier_until,
            c.created_at, c.used_at
        """
    private static let from = "FROM clients c JOIN organisations o ON o.number = c.organisation"

    /// Adds a client; returns its number.
    @discardableResult
    public static func insert(
        _ client: Client,
        at: Timestamp,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> Int64 {
        guard let organisation = directory.number(client.organisation),
            let number = try connection.number(
                """
                INSERT INTO clients (id, organisation, name, secret, created_at, writes, certificate)
                VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING number
                """,
                [
                    .text(client.id), .integer(organisation), .text(client.name), .blob(client.secret),
                    .integer(at.seconds), .integer(client.writes ? 1 : 0), bytes(client.certificate),
                ]
            )
        else { throw StorageFailure.unreadable("organisation") }
        return number
    }

    private static func bytes(_ bytes: [UInt8]?) -> SQLValue { bytes.map { .blob($0) } ?? .null }

    private static func client(_ row: any SQLRow) -> Client {
        var client = Client(
            number: row.integer(0),
            id: row.text(1),
            organisation: row.text(2),
            name: row.text(3),
            secret: row.blob(4),
            stoppedAt: row.optionalInteger(5).map(Timestamp.init(seconds:))
        )
        client.writes = row.integer(6) != 0
        if !row.isNull(7) { client.certificate = row.blob(7) }
        if !row.isNull(8) { client.earlier = (row.blob(8), Timestamp(seconds: row.integer(9))) }
        client.createdAt = Timestamp(seconds: row.integer(10))
        client.usedAt = row.optionalInteger(11).map(Timestamp.init(seconds:))
        return client
    }

    /// The client with an id.
    public static func find(id: String, _ connection: any SQLConnection) throws -> Client? {
        try connection.first("SELECT \(fields) \(from) WHERE c.id = $1", [.text(id)], client)
    }

    /// All clients.
    public static func all(_ connection: any SQLConnection) throws -> [Client] {
        try connection.rows("SELECT \(fields) \(from) ORDER BY c.id", [], client)
    }

    /// Stops a client; its tokens end with it.
    public static func stop(id: String, at: Timestamp, _ connection: any SQLConnection) throws {
        try connection.execute(
            "DELETE FROM bearers WHERE client = (SELECT number FROM clients WHERE id = $1)",
            [.text(id)]
        )
        try connection.execute(
            "UPDATE clients SET stopped_at = $2, earlier = NULL, earlier_until = NULL WHERE id = $1",
            [.text(id), .integer(at.seconds)]
        )
    }

    /// Gives a client another secret.
    ///
    /// - Parameters:
    ///   - number: the client.
    ///   - secret: the new secret's digest.
    ///   - until: how long the secret before goes on working; nil ends it at once, with all tokens.
    ///   - connection: the transaction.
    /// - Throws: what the engine throws.
    public static func rotate(
        _ number: Int64,
        secret: [UInt8],
        earlierUntil until: Timestamp?,
        _ connection: any SQLConnection
    ) throws {
        if until == nil { try connection.execute("DELETE FROM bearers WHERE client = $1", [.integer(number)]) }
        try connection.execute(
            """
            UPDATE clients SET earlier = CASE WHEN CAST($3 AS BIGINT) IS NULL THEN NULL ELSE secret END,
                earlier_until = $3, secret = $2
            WHERE number = $1
            """,
            [.integer(number), .blob(secret), .optional(until?.seconds)]
        )
    }

    /// Binds a client to a certificate, or unbinds it; its tokens end, since they were given on other terms.
    public static func bind(_ number: Int64, to certificate: [UInt8]?, _ connection: any SQLConnection) throws {
        try connection.execute("DELETE FROM bearers WHERE client = $1", [.integer(number)])
        try connection.execute(
            "UPDATE clients SET certificate = $2 WHERE number = $1",
            [.integer(number), bytes(certificate)]
        )
    }

    /// Stores a bearer token's digest, and that its client was used.
    public static func addBearer(
        id: [UInt8],
        _ bearer: Bearer,
        at now: Timestamp,
        expiresAt: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        try connection.execute(
            "INSERT INTO bearers (id, client, expires_at, writes, certificate) VALUES ($1, $2, $3, $4, $5)",
            [
                .blob(id), .integer(bearer.client.number), .integer(expiresAt.seconds),
                .integer(bearer.writes ? 1 : 0), bytes(bearer.certificate),
            ]
        )
        try connection.execute(
            "UPDATE clients SET used_at = $2 WHERE number = $1",
            [.integer(bearer.client.number), .integer(now.seconds)]
        )
    }

    /// What a bearer token lets do, while it works.
    ///
    /// A clock that is set back makes it work longer by as much: programs that were let in are not sent away for it.
    public static func bearer(
        _ id: [UInt8],
        now: Timestamp,
        _ connection: any SQLConnection
    ) throws -> Bearer? {
        try connection.first(
            """
            SELECT \(fields), b.writes, b.certificate \(from) JOIN bearers b ON b.client = c.number
            WHERE b.id = $1 AND b.expires_at > $2 AND c.stopped_at IS NULL
            """,
            [.blob(id), .integer(now.seconds)]
        ) { row in
            Bearer(
                client: client(row),
                writes: row.integer(12) != 0,
                certificate: row.isNull(13) ? nil : row.blob(13)
            )
        }
    }

    // MARK: Who did what

    /// Writes down what was done with a client.
    public static func note(_ deed: ClientDeed, of number: Int64, _ connection: any SQLConnection) throws {
        try connection.execute(
            "INSERT INTO client_deeds (client, at, account, deed) VALUES ($1, $2, $3, $4)",
            [.integer(number), .integer(deed.at.seconds), .integer(deed.account), .text(deed.kind.rawValue)]
        )
    }

    /// What was done with a client, newest first.
    public static func deeds(of number: Int64, _ connection: any SQLConnection) throws -> [ClientDeed] {
        try connection.rows(
            "SELECT deed, at, account FROM client_deeds WHERE client = $1 ORDER BY id DESC LIMIT 200",
            [.integer(number)]
        ) { row in
            ClientDeed.Kind(rawValue: row.text(0)).map {
                ClientDeed($0, at: Timestamp(seconds: row.integer(1)), account: row.integer(2))
            }
        }.compactMap(\.self)
    }
}
