public import Catalogue

extension SessionStore {
    /// From where and with what a session was opened.
    public struct Origin: Sendable, Hashable {
        /// The network address.
        public var address: String
        /// The browser and its system, such as `Edge（Windows）`; empty where it doesn't say.
        public var browser: String

        /// An origin.
        public init(address: String, browser: String) {
            self.address = address
            self.browser = browser
        }
    }

    /// A session of an account.
    public struct Listed: Sendable {
        /// Digest of its secret.
        public let id: [UInt8]
        /// When it was opened.
        public let createdAt: Timestamp
        /// When it was used last, to the minute.
        public let seenAt: Timestamp
        /// From where; nil where nobody wrote it down or it can't be opened.
        public let origin: Origin?
    }

    /// What the sealed bytes belong to: the first 64 bits of the session's digest.
    static func row(_ id: [UInt8]) -> Int64 {
        id.prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }

    /// Writes down from where a session was opened.
    public static func note(
        _ origin: Origin,
        id: [UInt8],
        _ vault: Vault,
        _ connection: any SQLConnection
    ) throws {
        var writer = ByteWriter()
        writer.text(origin.address)
        writer.text(origin.browser)
        try connection.execute(
            "UPDATE sessions SET origin = $2 WHERE id = $1",
            [.blob(id), .blob(try vault.seal(writer.bytes, "session", row(id)))]
        )
    }

    /// The sessions of an account, the one used last first.
    public static func all(account: Int64, _ vault: Vault, _ connection: any SQLConnection) throws -> [Listed] {
        try connection.rows(
            "SELECT id, created_at, seen_at, origin FROM sessions WHERE account = $1 ORDER BY seen_at DESC, id",
            [.integer(account)]
        ) { row in
            let id = row.blob(0)
            return Listed(
                id: id,
                createdAt: Timestamp(seconds: row.integer(1)),
                seenAt: Timestamp(seconds: row.integer(2)),
                // A session isn't kept from its owner because nobody can say where it came from.
                origin: row.isNull(3) ? nil : try? origin(vault.open(row.blob(3), "session", Self.row(id)))
            )
        }
    }

    private static func origin(_ bytes: [UInt8]) throws -> Origin {
        var reader = ByteReader(bytes)
        return Origin(address: try reader.text(), browser: try reader.text())
    }
}
