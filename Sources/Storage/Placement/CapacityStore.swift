public import Access
public import Catalogue

/// Beds or rooms of one kind at one organisation, as it counted them.
public struct RoomCapacity: Sendable, Hashable {
    /// Whose.
    public var organisation: OrganisationKey
    /// Of which kind: `severe_bed`, `bed`, `room`.
    public var kind: String
    /// When they were counted.
    public var at: Timestamp
    /// By which account.
    public var account: Int64
    /// All of them.
    public var total: Int
    /// Those with somebody in them.
    public var used: Int
    /// Those that somebody could come into now.
    public var free: Int
    /// Placements decided since they were counted.
    public var promised: Int

    /// A count.
    public init(
        organisation: OrganisationKey,
        kind: String,
        at: Timestamp,
        account: Int64,
        total: Int,
        used: Int,
        free: Int,
        promised: Int = 0
    ) {
        self.organisation = organisation
        self.kind = kind
        self.at = at
        self.account = account
        self.total = total
        self.used = used
        self.free = free
        self.promised = promised
    }

    /// What is left after the placements decided since.
    public var left: Int { max(free - promised, 0) }
}

/// Beds and rooms (病床・居室の数): the present count of each organisation and kind, and every count there was.
public struct CapacityStore: Sendable {
    /// A store.
    public init() {}

    /// Stores a count as the present one and in the history, unless another was stored since its form was opened.
    ///
    /// The time of an organisation's counts of a kind only grows, so that it tells them apart.
    ///
    /// - Parameters:
    ///   - capacity: the count; its promises are those that it takes account of, others made meanwhile stand.
    ///   - seen: when the count was made that the form showed; nil for none.
    ///   - directory: the organisations.
    ///   - connection: the transaction.
    /// - Returns: false where the present count isn't the one that was seen; nothing is stored then.
    /// - Throws: what the database refuses.
    public func put(
        _ capacity: RoomCapacity,
        seen: Timestamp?,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> Bool {
        guard let number = directory.number(capacity.organisation) else { return false }
        // What a form says of times may be anything.
        let latest = capacity.at.seconds + 86_400
        let at = max(capacity.at.seconds, seen.map { min($0.seconds, latest) + 1 } ?? 0)
        let values: [SQLValue] = [
            .integer(number), .text(capacity.kind), .integer(at), .integer(capacity.account),
            .integer(Int64(capacity.total)), .integer(Int64(capacity.used)), .integer(Int64(capacity.free)),
        ]
        let isStored =
            try connection.execute(
                """
                INSERT INTO capacities (organisation, kind, at, account, total, used, free, promised)
                VALUES ($1, $2, $3, $4, $5, $6, $7, 0)
                ON CONFLICT (organisation, kind) DO UPDATE SET at = excluded.at, account = excluded.account,
                    total = excluded.total, used = excluded.used, free = excluded.free,
                    promised = CASE WHEN capacities.promised > $8 THEN capacities.promised - $8 ELSE 0 END
                    WHERE capacities.at = $9
                """,
                values + [.integer(Int64(capacity.promised)), seen.map { .integer($0.seconds) } ?? .null]
            ) == 1
        guard isStored else { return false }
        try connection.send(
            """
            INSERT INTO capacity_reports (organisation, kind, at, account, total, used, free, day)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            values + [.integer(Int64(Timestamp(seconds: at).japanDate.dayNumber))]
        )
        return true
    }

    /// Promises one bed or room.
    ///
    /// - Parameters:
    ///   - organisation: whose.
    ///   - kind: of which kind.
    ///   - beyond: whether one is promised although none is left.
    ///   - directory: the organisations.
    ///   - connection: the transaction in which the placement is stored.
    /// - Returns: false where none is left, or none was ever counted.
    /// - Throws: what the database refuses.
    public func promise(
        _ organisation: OrganisationKey,
        kind: String,
        beyond: Bool,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> Bool {
        guard let number = directory.number(organisation) else { return false }
        // The row is locked by the update: of two who want the last one the second finds it taken.
        return try connection.execute(
            """
            UPDATE capacities SET promised = promised + 1
            WHERE organisation = $1 AND kind = $2\(beyond ? "" : " AND promised < free")
            """,
            [.integer(number), .text(kind)]
        ) == 1
    }

    /// The present counts of an organisation.
    public func present(
        of organisation: OrganisationKey,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> [RoomCapacity] {
        try counts(
            """
            SELECT organisation, kind, at, account, total, used, free, promised FROM capacities
            WHERE organisation = $1 ORDER BY kind DESC
            """,
            [.integer(directory.number(organisation) ?? 0)],
            directory,
            connection
        )
    }

    /// The present counts in a prefecture, those with most left first.
    ///
    /// The table has a row or two for each organisation that takes people in, and is read as a whole.
    public func present(
        prefecture: String,
        limit: Int,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> [RoomCapacity] {
        try counts(
            """
            SELECT c.organisation, c.kind, c.at, c.account, c.total, c.used, c.free, c.promised
            FROM capacities c JOIN organisations o ON o.number = c.organisation
            WHERE o.prefecture = $1 AND o.stopped_at IS NULL
            ORDER BY c.free - c.promised DESC, c.organisation, c.kind LIMIT $2
            """,
            [.text(prefecture), .integer(Int64(limit))],
            directory,
            connection
        )
    }

    /// What is left in a prefecture of each kind, how many organisations counted it, and how many of those before a
    /// moment.
    public func sums(
        prefecture: String,
        staleBefore: Timestamp,
        _ connection: any SQLConnection
    ) throws -> [(kind: String, left: Int, organisations: Int, stale: Int)] {
        try connection.rows(
            """
            SELECT c.kind, sum(CASE WHEN c.free > c.promised THEN c.free - c.promised ELSE 0 END), count(*),
                sum(CASE WHEN c.at < $2 THEN 1 ELSE 0 END)
            FROM capacities c JOIN organisations o ON o.number = c.organisation
            WHERE o.prefecture = $1 AND o.stopped_at IS NULL GROUP BY c.kind
            """,
            [.text(prefecture), .integer(staleBefore.seconds)]
        ) { ($0.text(0), Int($0.integer(1)), Int($0.integer(2)), Int($0.integer(3))) }
    }

    /// An organisation's counts, the latest first.
    public func history(
        of organisation: OrganisationKey,
        limit: Int,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> [RoomCapacity] {
        try counts(
            """
            SELECT organisation, kind, at, account, total, used, free, 0 FROM capacity_reports
            WHERE organisation = $1 ORDER BY at DESC, id DESC LIMIT $2
            """,
            [.integer(directory.number(organisation) ?? 0), .integer(Int64(limit))],
            directory,
            connection
        )
    }

    private func counts(
        _ sql: String,
        _ parameters: [SQLValue],
        _ directory: Directory,
        _ connection: any SQLConnection
    ) throws -> [RoomCapacity] {
        try connection.rows(sql, parameters) { row -> RoomCapacity? in
            guard let key = directory.key(row.integer(0)) else { return nil }
            return RoomCapacity(
                organisation: key,
                kind: row.text(1),
                at: Timestamp(seconds: row.integer(2)),
                account: row.integer(3),
                total: Int(row.integer(4)),
                used: Int(row.integer(5)),
                free: Int(row.integer(6)),
                promised: Int(row.integer(7))
            )
        }.compactMap(\.self)
    }
}
