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
    /// The digits of the one-time code, so that a voice can speak them; empty for none.
    public var code: String
    /// Whose telephone it is; nil where it belongs to no account.
    public var account: Int64?
    /// Why it is sent: `sign-in`.
    public var purpose: String

    /// A message.
    public init(
        id: Int64 = 0,
        at: Timestamp,
        kind: String,
        to: String,
        text: String,
        code: String = "",
        account: Int64? = nil,
        purpose: String = "sign-in"
    ) {
        self.id = id
        self.at = at
        self.kind = kind
        self.to = to
        self.text = text
        self.code = code
        self.account = account
        self.purpose = purpose
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
        writer.text(message.code)
        writer.text(message.account.map(String.init) ?? "")
        writer.text(message.purpose)
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
            try message(row.integer(0), at: row.integer(1), kind: row.text(2), sealed: row.blob(3))
        }
    }

    /// Opens a message.
    func message(_ id: Int64, at: Int64, kind: String, sealed: [UInt8]) throws -> Message {
        var reader = ByteReader(try vault.open(sealed, "outbox", at))
        var message = Message(
            id: id,
            at: Timestamp(seconds: at),
            kind: kind,
            to: try reader.text(),
            text: try reader.text()
        )
        // A server of an earlier version put in no more than that.
        guard !reader.isAtEnd else { return message }
        message.code = try reader.text()
        message.account = Int64(try reader.text())
        message.purpose = try reader.text()
        return message
    }
}
