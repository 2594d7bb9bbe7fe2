public import Catalogue

/// An institution's numbers of a day as they stand; organisations by their numbers.
public struct StoredTotal: Sendable, Hashable {
    /// The day that is counted.
    public var day: CalendarDate
    /// The institution.
    public var organisation: Int64
    /// The health centre it reports to.
    public var office: Int64
    /// Counts the changes; the first stored state is 1.
    public var version: Int
    /// When it was first entered.
    public var firstAt: Timestamp
    /// When it was last changed.
    public var at: Timestamp
    /// The numbers.
    public var counts: AgeCounts

    /// Numbers of a day.
    public init(
        day: CalendarDate,
        organisation: Int64,
        office: Int64,
        version: Int,
        firstAt: Timestamp,
        at: Timestamp,
        counts: AgeCounts
    ) {
        self.day = day
        self.organisation = organisation
        self.office = office
        self.version = version
        self.firstAt = firstAt
        self.at = at
        self.counts = counts
    }
}

/// Who entered or changed an institution's numbers of a day.
public struct StoredTotalChange: Sendable, Hashable {
    /// The state it made.
    public var version: Int
    /// When.
    public var at: Timestamp
    /// The account or client.
    public var account: Int64
    /// Its organisation by its number.
    public var organisation: Int64
    /// Its name at that time.
    public var actor: String
    /// Through what: `page`, `api`.
    public var through: String
    /// Why, where a reason was given.
    public var reason: String?
    /// The numbers from then on.
    public var counts: AgeCounts

    /// A change.
    public init(
        version: Int,
        at: Timestamp,
        account: Int64,
        organisation: Int64,
        actor: String,
        through: String,
        reason: String?,
        counts: AgeCounts
    ) {
        self.version = version
        self.at = at
        self.account = account
        self.organisation = organisation
        self.actor = actor
        self.through = through
        self.reason = reason
        self.counts = counts
    }
}

/// The sums of a health centre's institutions on a day.
public struct StoredSum: Sendable, Hashable {
    /// The day.
    public var day: CalendarDate
    /// The health centre.
    public var office: Int64
    /// How many institutions have reported, those with nobody to report included.
    public var institutions: Int
    /// The sums.
    public var counts: AgeCounts
}

/// 日次総数報告: figures in clear columns, who changed them and why sealed and only ever added to.
public struct TotalsStore: Sendable {
    let vault: Vault

    /// A store that seals with a vault's keys.
    public init(_ vault: Vault) {
        self.vault = vault
    }

    /// The bands in the order of their columns.
    static let columns = AgeCounts.bands.map { (band: $0.code, name: "n_\($0.code.rawValue)") }
    private static let names = columns.map(\.name).joined(separator: ", ")
    private static let sums = columns.map { "sum(\($0.name))" }.joined(separator: ", ")
    private static let fields = "day, organisation, office, version, first_at, at, \(names)"
    private static let places = (1...(6 + columns.count)).map { "$\($0)" }.joined(separator: ", ")
    private static let settings = columns.enumerated().map { "\($1.name) = $\(7 + $0)" }.joined(separator: ", ")

    private static func counts(_ row: any SQLRow, from first: Int) -> AgeCounts {
        var counts = AgeCounts()
        for (index, column) in columns.enumerated() { counts[column.band] = Int(row.integer(first + index)) }
        return counts
    }

    private static func total(_ row: any SQLRow) -> StoredTotal {
        StoredTotal(
            day: CalendarDate(dayNumber: Int32(truncatingIfNeeded: row.integer(0))),
            organisation: row.integer(1),
            office: row.integer(2),
            version: Int(row.integer(3)),
            firstAt: Timestamp(seconds: row.integer(4)),
            at: Timestamp(seconds: row.integer(5)),
            counts: counts(row, from: 6)
        )
    }

    /// What sealed bytes belong to: those of another day or institution don't open.
    static func place(_ day: CalendarDate, _ organisation: Int64) -> Int64 {
        organisation << 20 | Int64(day.dayNumber)
    }

    private static func number(_ day: CalendarDate) -> SQLValue { .integer(Int64(day.dayNumber)) }

    /// An institution's numbers of a day.
    public func find(
        _ day: CalendarDate,
        _ organisation: Int64,
        _ connection: any SQLConnection
    ) throws -> StoredTotal? {
        try connection.first(
            "SELECT \(Self.fields) FROM totals WHERE day = $1 AND organisation = $2",
            [Self.number(day), .integer(organisation)],
            Self.total
        )
    }

    /// Stores numbers together with who entered them and why.
    ///
    /// - Throws: ``StorageFailure/duplicate`` where that state of that day is there already.
    public func put(
        _ total: StoredTotal,
        _ change: StoredTotalChange,
        _ connection: any SQLConnection
    ) throws {
        let values: [SQLValue] =
            [
                Self.number(total.day), .integer(total.organisation), .integer(total.office),
                .integer(Int64(total.version)), .integer(total.firstAt.seconds), .integer(total.at.seconds),
            ] + Self.columns.map { .integer(Int64(total.counts[$0.band])) }
        if total.version == 1 {
            try connection.execute("INSERT INTO totals (\(Self.fields)) VALUES (\(Self.places))", values)
        } else {
            let changed = try connection.execute(
                """
                UPDATE totals SET office = $3, version = $4, first_at = $5, at = $6, \(Self.settings)
                WHERE day = $1 AND organisation = $2 AND version = $4 - 1
                """,
                values
            )
            guard changed == 1 else { throw StorageFailure.duplicate }
        }
        var writer = ByteWriter(capacity: 128)
        writer.text(change.actor)
        writer.text(change.through)
        writer.optional(change.reason)
        writer.number(Self.columns.count)
        for column in Self.columns {
            writer.text(column.band.rawValue)
            writer.number(total.counts[column.band])
        }
        try connection.execute(
            """
            INSERT INTO total_changes (day, organisation, version, at, account, changed_by, sealed)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            [
                Self.number(total.day), .integer(total.organisation), .integer(Int64(change.version)),
                .integer(change.at.seconds), .integer(change.account), .integer(change.organisation),
                .blob(try vault.seal(writer.bytes, "total", Self.place(total.day, total.organisation))),
            ]
        )
    }

    /// All states of an institution's numbers of a day, the first one first.
    public func changes(
        _ day: CalendarDate,
        _ organisation: Int64,
        _ connection: any SQLConnection
    ) throws -> [StoredTotalChange] {
        try connection.rows(
            """
            SELECT version, at, account, changed_by, sealed FROM total_changes
            WHERE day = $1 AND organisation = $2 ORDER BY version
            """,
            [Self.number(day), .integer(organisation)]
        ) { row in
            var reader = ByteReader(try vault.open(row.blob(4), "total", Self.place(day, organisation)))
            let (actor, through, reason) = (try reader.text(), try reader.text(), try reader.optionalText())
            var counts = AgeCounts()
            for _ in 0..<(try reader.count()) {
                let band = Code(try reader.text())
                counts[band] = try reader.number()
            }
            return StoredTotalChange(
                version: Int(row.integer(0)),
                at: Timestamp(seconds: row.integer(1)),
                account: row.integer(2),
                organisation: row.integer(3),
                actor: actor,
                through: through,
                reason: reason,
                counts: counts
            )
        }
    }

    /// An institution's numbers of some days, the latest first.
    public func of(
        _ organisation: Int64,
        _ days: ClosedRange<CalendarDate>,
        _ connection: any SQLConnection
    ) throws -> [StoredTotal] {
        try connection.rows(
            """
            SELECT \(Self.fields) FROM totals WHERE organisation = $1 AND day >= $2 AND day <= $3 ORDER BY day DESC
            """,
            [.integer(organisation), Self.number(days.lowerBound), Self.number(days.upperBound)],
            Self.total
        )
    }

    /// The numbers that came to a health centre for a day.
    public func reported(
        _ day: CalendarDate,
        to office: Int64,
        _ connection: any SQLConnection
    ) throws -> [StoredTotal] {
        try connection.rows(
            "SELECT \(Self.fields) FROM totals WHERE office = $1 AND day = $2 ORDER BY organisation",
            [.integer(office), Self.number(day)],
            Self.total
        )
    }

    /// The sums of all health centres, by day and health centre.
    public func sums(
        _ days: ClosedRange<CalendarDate>,
        _ connection: any SQLConnection
    ) throws -> [StoredSum] {
        try connection.rows(
            """
            SELECT day, office, count(*), \(Self.sums) FROM totals WHERE day >= $1 AND day <= $2
            GROUP BY day, office ORDER BY day, office
            """,
            [Self.number(days.lowerBound), Self.number(days.upperBound)]
        ) { row in
            StoredSum(
                day: CalendarDate(dayNumber: Int32(truncatingIfNeeded: row.integer(0))),
                office: row.integer(1),
                institutions: Int(row.integer(2)),
                counts: Self.counts(row, from: 3)
            )
        }
    }
}
