public import Catalogue

/// A process that holds the keys, as it says itself.
public struct KeyHolderNote: Sendable, Hashable {
    /// A name by chance, of this process only.
    public let id: String
    /// The machine's name, for whoever looks after it.
    public let machine: String
    /// The numbers of the keys that it can open with.
    public let known: [UInt32]
    /// What tells each of them from another one of the same number; nil for a program of before, which says numbers only.
    public let fingerprints: [UInt32: String]?
    /// The key that it writes with.
    public let writes: UInt32
    /// Whether it does background work.
    public let works: Bool
    /// Whether it can't take the key file that lies in its place, and works on with the keys of before.
    public let refusesFile: Bool
    /// When it said so.
    public var seenAt: Timestamp

    /// What a process says of itself; one that says no `fingerprints` is a program of before.
    public init(
        id: String,
        machine: String,
        known: [UInt32],
        fingerprints: [UInt32: String]?,
        writes: UInt32,
        works: Bool,
        refusesFile: Bool,
        seenAt: Timestamp
    ) {
        self.id = id
        self.machine = machine
        self.known = known
        self.fingerprints = fingerprints
        self.writes = writes
        self.works = works
        self.refusesFile = refusesFile
        self.seenAt = seenAt
    }
}

/// The key that all servers write with, as the database names it.
public struct WritingKey: Sendable, Hashable {
    /// Its number.
    public let number: UInt32
    /// What tells it from another one of the same number; nil where a program of before named it.
    public let fingerprint: String?
    /// Since when.
    public let since: Timestamp

    /// A key as the database names it.
    public init(number: UInt32, fingerprint: String?, since: Timestamp) {
        (self.number, self.fingerprint, self.since) = (number, fingerprint, since)
    }
}

/// Which key is written with, and who holds which keys.
public enum SealingStore {
    /// Seconds after which a process that says nothing is gone.
    static let silence: Int64 = 45

    /// The key that all servers write with; nil where it was never changed.
    public static func current(_ connection: any SQLConnection) throws -> WritingKey? {
        try connection.first("SELECT writes_with, since_at, fingerprint FROM sealing WHERE id = 1") { row in
            let number = UInt32(truncatingIfNeeded: row.integer(0))
            // A program of before changes the number and leaves the fingerprint: that is another key's, then.
            let said = row.isNull(2) ? [:] : fingerprints(row.text(2))
            return WritingKey(
                number: number,
                fingerprint: said[number],
                since: Timestamp(seconds: row.integer(1))
            )
        }
    }

    /// All servers write with this key from now on.
    public static func setCurrent(_ key: WritingKey, _ connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO sealing (id, writes_with, since_at, fingerprint) VALUES (1, $1, $2, $3)
            ON CONFLICT (id) DO UPDATE SET writes_with = excluded.writes_with, since_at = excluded.since_at,
                fingerprint = excluded.fingerprint
            """,
            [
                .integer(Int64(key.number)), .integer(key.since.seconds),
                key.fingerprint.map { .text(text([key.number: $0])) } ?? .null,
            ]
        )
    }

    /// Numbers with fingerprints, such as `1:0a1b…,2:3c4d…`.
    private static func text(_ fingerprints: [UInt32: String]) -> String {
        fingerprints.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: ",")
    }

    private static func fingerprints(_ text: String) -> [UInt32: String] {
        let pairs = text.split(separator: ",").compactMap { part -> (UInt32, String)? in
            let halves = part.split(separator: ":")
            guard halves.count == 2, let number = UInt32(halves[0]) else { return nil }
            return (number, String(halves[1]))
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    /// Notes what a process holds, and forgets those that have been silent for long.
    public static func note(_ holder: KeyHolderNote, _ connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO key_holders (id, machine, seen_at, known, writes_with, works, fingerprints, refuses_file)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, known = excluded.known,
                writes_with = excluded.writes_with, fingerprints = excluded.fingerprints,
                refuses_file = excluded.refuses_file
            """,
            [
                .text(holder.id), .text(holder.machine), .integer(holder.seenAt.seconds),
                .text(holder.known.map(String.init).joined(separator: ",")), .integer(Int64(holder.writes)),
                .integer(holder.works ? 1 : 0), holder.fingerprints.map { .text(text($0)) } ?? .null,
                .integer(holder.refusesFile ? 1 : 0),
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
            SELECT id, machine, known, writes_with, works, seen_at, fingerprints, refuses_file FROM key_holders
            WHERE seen_at > $1 ORDER BY machine, id
            """,
            [.integer(now.seconds - silence)]
        ) { row in
            KeyHolderNote(
                id: row.text(0),
                machine: row.text(1),
                known: row.text(2).split(separator: ",").compactMap { UInt32($0) },
                fingerprints: row.isNull(6) ? nil : fingerprints(row.text(6)),
                writes: UInt32(truncatingIfNeeded: row.integer(3)),
                works: row.integer(4) != 0,
                refusesFile: row.integer(7) != 0,
                seenAt: Timestamp(seconds: row.integer(5))
            )
        }
    }
}
