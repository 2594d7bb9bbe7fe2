public import Catalogue

/// A message that goes out after its transaction: a one-time code, a notice.
public struct Message: Sendable, Hashable {
    /// Number.
    public var id: Int64
    /// When it was put in.
    public var at: Timestamp
    /// `sms`, `call`.
    public var kind: String
    /// To whom.
    public var to: String
    /// What it says.
    public var text: String

    /// A message.
    public init(id: Int64 = 0, at: Timestamp, kind: String, to: String, text: String) {
        self.id = id
        self.at = at
        self.kind = kind
        self.to = to
        self.text = text
    }
}

/// Messages waiting to go out, sealed.
public struct OutboxStore: Sendable {
    let vault: Vault

    /// A store that seals with a vault's keys.
    public init(_ vault: Vault) {
        self.vault = vault
    }

    /// Puts a message in; it goes out only if the transaction stands.
    public func put(_ message: Message, _ connection: any SQLConnection) throws {
        var writer = ByteWriter(capacity: 128)
        writer.text(message.to)
        writer.text(message.text)
        try connection.execute(
            """
            INSERT INTO outbox (at, kind, sealed, state, attempts, locked_until) VALUES ($1, $2, $3, 0, 0, 0)
            """,
            [
                .integer(message.at.seconds), .text(message.kind),
                .blob(try vault.seal(writer.bytes, "outbox", message.at.seconds)),
            ]
        )
    }

    /// The latest messages, newest first: the demonstration telephone.
    public func latest(_ count: Int, _ connection: any SQLConnection) throws -> [Message] {
        try connection.rows(
            "SELECT id, at, kind, sealed FROM outbox ORDER BY id DESC LIMIT $1",
            [.integer(Int64(count))]
        ) { row in
            let at = row.integer(1)
            var reader = ByteReader(try vault.open(row.blob(3), "outbox", at))
            return Message(
                id: row.integer(0),
                at: Timestamp(seconds: at),
                kind: row.text(2),
                to: try reader.text(),
                text: try reader.text()
            )
        }
    }
}
