public import Catalogue

/// A process that holds the keys, as it says itself.
public struct KeyHolderNote: Sendable, Hashable {
    /// A name by chance, of this process only.
    public let id: String
    /// The machine's name, for whoever looks after it.
    public let machine: String
    /// The keys that it can open with.
    public let known: [UInt32]
    /// The key that it writes with.
    public let writes: UInt32
    /// Whether it does background work.
    public let works: Bool
    /// When it said so.
    public var seenAt: Timestamp

    /// What a process says of itself.
    public init(id: String, machine: String, known: [UInt32], writes: UInt32, works: Bool, seenAt: Timestamp) {
        self.id = id
        self.machine = machine
        self.known = known
        self.writes = writes
        self.works = works
        self.seenAt = seenAt
    }
}

/// Which key is written with, and who holds which keys.
public enum SealingStore {
    /// Seconds after which a process that says nothing is gone.
    static let silence: Int64 = 45

    /// The key that all servers write with and since when; nil where it was never changed.
    public static func current(_ connection: any SQLConnection) throws -> (key: UInt32, since: Timestamp)? {
        try connection.first("SELECT writes_with, since_at FROM sealing WHERE id = 1") {
            (UInt32(truncatingIfNeeded: $0.integer(0)), Timestamp(seconds: $0.integer(1)))
        }
    }

    /// All servers write with this key from now on.
    public static func setCurrent(_ key: UInt32, at now: Timestamp, _ connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO sealing (id, writes_with, since_at) VALUES (1, $1, $2)
            ON CONFLICT (id) DO UPDATE SET writes_with = excluded.writes_with, since_at = excluded.since_at
            """,
            [.integer(Int64(key)), .integer(now.seconds)]
        )
    }

    /// Notes what a process holds, and forgets those that have been silent for long.
    public static func note(_ holder: KeyHolderNote, _ connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO key_holders (id, machine, seen_at, known, writes_with, works) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, known = excluded.known,
                writes_with = excluded.writes_with
            """,
            [
                .text(holder.id), .text(holder.machine), .integer(holder.seenAt.seconds),
                .text(holder.known.map(String.init).joined(separator: ",")), .integer(Int64(holder.writes)),
                .integer(holder.works ? 1 : 0),
            ]
        )
        try connection.execute(
            "DELETE FROM key_holders WHERE seen_at < $1",
            [.integer(holder.seenAt.seconds - 86_400)]
        )
    }

    /// A process ends in order.
    public static func forget(_ id: String, _ connection: any SQLConnection) throws {
        try connection.execute("DELETE FROM key_holders WHERE id = $1", [.text(id)])
    }

    /// The processes that work now.
    public static func holders(now: Timestamp, _ connection: any SQLConnection) throws -> [KeyHolderNote] {
        try connection.rows(
            """
            SELECT id, machine, known, writes_with, works, seen_at FROM key_holders WHERE seen_at > $1
            ORDER BY machine, id
            """,
            [.integer(now.seconds - silence)]
        ) { row in
            KeyHolderNote(
                id: row.text(0),
                machine: row.text(1),
                known: row.text(2).split(separator: ",").compactMap { UInt32($0) },
                writes: UInt32(truncatingIfNeeded: row.integer(3)),
                works: row.integer(4) != 0,
                seenAt: Timestamp(seconds: row.integer(5))
            )
        }
    }
}
