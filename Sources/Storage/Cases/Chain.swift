import Crypto

/// A table whose rows are chained by hashes, so that a changed or missing one is found.
public enum ChainBook: Int64, Sendable, CaseIterable {
    /// Changes of cases.
    case history = 1
    /// Health reports.
    case observations = 2

    /// The table.
    var table: String {
        switch self {
        case .history: "history"
        case .observations: "observations"
        }
    }

    /// The columns that the hash is taken over, in this order: numbers first, the sealed bytes last.
    var numbers: [String] {
        switch self {
        case .history: ["seq", "version", "at", "account", "organisation"]
        case .observations: ["seq", "at", "day", "source", "account", "organisation", "alarm"]
        }
    }

    /// What its rows are sealed as.
    var context: StaticString {
        switch self {
        case .history: "history"
        case .observations: "observation"
        }
    }

    /// The row that a seal is bound to, from its numbers.
    func seat(_ numbers: [Int64]) -> Int64 {
        switch self {
        case .history: numbers[0] << 16 | (numbers[1] & 0xffff)
        case .observations: numbers[0] << 24 | (numbers[1] & 0xff_ffff)
        }
    }
}

/// The end of one lane of a chain.
public struct ChainHead: Sendable, Hashable {
    /// Rows in the lane so far.
    var position: Int64
    /// The hash of the last one.
    var hash: [UInt8]
}

/// Chains rows: each row's hash is taken over its content and the hash of the row before.
///
/// A row's place is its lane in the upper 16 bits and its position in the lane in the lower 48: several servers
/// write lanes of their own without waiting for each other. The table `chains` holds the end of each lane, so that
/// rows cut off at an end are missed, too.
struct Chain {
    static let lane: Int64 = 1 << 48

    let book: ChainBook
    let vault: Vault

    /// What the hash of a row is taken over.
    static func digest(_ numbers: [Int64], _ sealed: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        numbers.map(\.littleEndian).withUnsafeBytes { hash.update(bufferPointer: $0) }
        sealed.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return Array(hash.finalize())
    }

    /// A hash of a row's clear numbers alone.
    static func digest(_ numbers: [Int64]) -> [UInt8] { digest(numbers, []) }

    /// What the hash of a stored row is taken over, nil where it can't be told: then something has been changed.
    ///
    /// A row that was sealed anew has other bytes than the chain saw; it carries what the chain saw inside its seal.
    ///
    /// A key that isn't held is no excuse: none is given up while a row needs it, and whoever writes over a row could name
    /// any.
    func digest(of numbers: [Int64], _ sealed: [UInt8]) throws -> [UInt8]? {
        let seal = Vault.Seal(sealed)
        guard seal.isCarried else { return Self.digest(numbers, sealed) }
        guard let carried = try? vault.carried(sealed, book.context, book.seat(numbers)),
            carried.numbers == Self.digest(numbers)
        else { return nil }
        return carried.digest
    }

    /// Puts rows at the end of the connection's lane: `store` is called for each with its place and its hash.
    func append(
        _ digests: [[UInt8]],
        _ connection: any SQLConnection,
        store: (_ index: Int, _ place: Int64, _ hash: [UInt8]) throws -> Void
    ) throws {
        guard !digests.isEmpty else { return }
        var head = try connection.chainHeads[book] ?? stored(connection)
        for (index, digest) in digests.enumerated() {
            head.position += 1
            head.hash = vault.chainHash(previous: head.hash, digest)
            try store(index, connection.lane * Self.lane + head.position, head.hash)
        }
        try connection.send(
            """
            INSERT INTO chains (book, lane, position, hash) VALUES ($1, $2, $3, $4)
            ON CONFLICT (book, lane) DO UPDATE SET position = excluded.position, hash = excluded.hash
            """,
            [.integer(book.rawValue), .integer(connection.lane), .integer(head.position), .blob(head.hash)]
        )
        connection.chainHeads[book] = head
    }

    private func stored(_ connection: any SQLConnection) throws -> ChainHead {
        try connection.first(
            "SELECT position, hash FROM chains WHERE book = $1 AND lane = $2",
            [.integer(book.rawValue), .integer(connection.lane)]
        ) { ChainHead(position: $0.integer(0), hash: $0.blob(1)) } ?? ChainHead(position: 0, hash: [])
    }

    /// The ends of all lanes.
    func heads(_ connection: any SQLConnection) throws -> [(lane: Int64, head: ChainHead)] {
        try connection.rows(
            "SELECT lane, position, hash FROM chains WHERE book = $1 ORDER BY lane",
            [.integer(book.rawValue)]
        ) { ($0.integer(0), ChainHead(position: $0.integer(1), hash: $0.blob(2))) }
    }

    /// Rows read at a time: a walk goes over millions.
    private static let stretch: Int64 = 5000

    /// A walk along a lane.
    struct Walk: Sendable {
        let lane: Int64
        /// The last row that was right.
        var head: ChainHead
        /// The position of the first row that is wrong or missing.
        var broken: Int64?
        var isOver = false
    }

    /// Goes on with a walk for one stretch.
    func goOn(_ walk: inout Walk, to end: ChainHead, _ connection: any SQLConnection) throws {
        let begin = walk.lane * Self.lane
        let columns = book.numbers.joined(separator: ", ")
        let count = book.numbers.count
        var (head, broken, seen) = (walk.head, walk.broken, 0)
        try connection.query(
            """
            SELECT place, \(columns), sealed, hash FROM \(book.table)
            WHERE place > $1 AND place < $2 ORDER BY place LIMIT \(Self.stretch)
            """,
            [.integer(begin + head.position), .integer(begin + Self.lane)]
        ) { row in
            guard broken == nil else { return }
            seen += 1
            let hash = try digest(of: (1...count).map { row.integer($0) }, row.blob(count + 1))
                .map { vault.chainHash(previous: head.hash, $0) }
            guard let hash, row.integer(0) == begin + head.position + 1, hash == row.blob(count + 2) else {
                broken = head.position + 1
                return
            }
            head = ChainHead(position: head.position + 1, hash: hash)
        }
        if broken == nil, seen < Self.stretch {
            walk.isOver = true
            // The lane may have grown meanwhile, never shrunk; at its known end it had the known hash.
            if head.position < end.position { broken = head.position + 1 }
        }
        walk.head = head
        walk.broken = broken
        if broken != nil { walk.isOver = true }
    }
}
