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

/// Clients of the API and their bearer tokens.
public enum ClientStore {
    private static let columns = """
        c.number, c.id, o.key, c.name, c.secret, c.stopped_at
        FROM clients c JOIN organisations o ON o.number = c.organisation
        """

    /// Adds a client.
    public static func insert(
        _ client: Client,
        at: Timestamp,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws {
        guard let organisation = directory.number(client.organisation) else {
            throw StorageFailure.unreadable("organisation")
        }
        try connection.execute(
            "INSERT INTO clients (id, organisation, name, secret, created_at) VALUES ($1, $2, $3, $4, $5)",
            [
                .text(client.id), .integer(organisation), .text(client.name), .blob(client.secret),
                .integer(at.seconds),
            ]
        )
    }

    private static func client(_ row: any SQLRow) -> Client {
        Client(
            number: row.integer(0),
            id: row.text(1),
            organisation: row.text(2),
            name: row.text(3),
            secret: row.blob(4),
            stoppedAt: row.optionalInteger(5).map(Timestamp.init(seconds:))
        )
    }

    /// The client with an id.
    public static func find(id: String, _ connection: any SQLConnection) throws -> Client? {
        try connection.first("SELECT \(columns) WHERE c.id = $1", [.text(id)], client)
    }

    /// All clients.
    public static func all(_ connection: any SQLConnection) throws -> [Client] {
        try connection.rows("SELECT \(columns) ORDER BY c.id", [], client)
    }

    /// Stops a client; its tokens end with it.
    public static func stop(id: String, at: Timestamp, _ connection: any SQLConnection) throws {
        try connection.execute(
            "DELETE FROM bearers WHERE client = (SELECT number FROM clients WHERE id = $1)",
            [.text(id)]
        )
        try connection.execute(
            "UPDATE clients SET stopped_at = $2 WHERE id = $1",
            [.text(id), .integer(at.seconds)]
        )
    }

    /// Stores a bearer token's digest.
    public static func addBearer(
        id: [UInt8],
        client: Int64,
        expiresAt: Timestamp,
        _ connection: any SQLConnection
    ) throws {
        try connection.execute(
            "INSERT INTO bearers (id, client, expires_at) VALUES ($1, $2, $3)",
            [.blob(id), .integer(client), .integer(expiresAt.seconds)]
        )
    }

    /// The client a bearer token belongs to, while it works.
    ///
    /// A clock that is set back makes it work longer by as much: programs that were let in are not sent away for it.
    public static func client(
        bearer id: [UInt8],
        now: Timestamp,
        _ connection: any SQLConnection
    ) throws -> Client? {
        try connection.first(
            """
            SELECT \(columns) JOIN bearers b ON b.client = c.number
            WHERE b.id = $1 AND b.expires_at > $2 AND c.stopped_at IS NULL
            """,
            [.blob(id), .integer(now.seconds)],
            client
        )
    }
}
