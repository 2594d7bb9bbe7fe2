public import Access
public import Catalogue

/// What waits for somebody: small lists that first pages show.
extension CaseStore {
    /// Reports that wait for a health centre's confirmation, counted up to a bound.
    public func waitingCount(jurisdiction: Int64, upTo most: Int, _ connection: any SQLConnection) throws -> Int {
        Int(
            try connection.number(
                """
                SELECT count(*) FROM (
                    SELECT 1 FROM facts WHERE intake = 1 AND jurisdiction = $1 LIMIT $2
                ) AS waiting
                """,
                [.integer(jurisdiction), .integer(Int64(most))]
            ) ?? 0
        )
    }

    /// The reports that wait longest for the confirmation of any of some health centres, oldest first.
    ///
    /// Only those shown are opened: a headquarters has dozens of health centres.
    public func oldestWaiting(
        jurisdictions: [Int64],
        limit: Int,
        _ connection: any SQLConnection
    ) throws -> [CaseFile] {
        var oldest: [(submitted: Int64, sequence: Int64)] = []
        for jurisdiction in jurisdictions {
            oldest += try connection.rows(
                """
                SELECT submitted_at, seq FROM facts WHERE intake = 1 AND jurisdiction = $1
                ORDER BY submitted_at, seq LIMIT $2
                """,
                [.integer(jurisdiction), .integer(Int64(limit))]
            ) { ($0.integer(0), $0.integer(1)) }
        }
        return try oldest.sorted { $0 < $1 }.prefix(limit).compactMap { try load(sequence: $0.sequence, connection) }
    }

    /// An institution's reports that were sent back, newest first.
    public func returned(reporter: Int64, limit: Int, _ connection: any SQLConnection) throws -> [CaseFile] {
        try files(
            "SELECT seq FROM facts WHERE intake = 2 AND reporter = $1 ORDER BY seq DESC LIMIT $2",
            [.integer(reporter), .integer(Int64(limit))],
            connection
        )
    }

    /// An organisation's newest cases in a role.
    public func latest(
        in role: CaseRole,
        of organisation: Int64,
        limit: Int,
        today: CalendarDate,
        _ connection: any SQLConnection
    ) throws -> [CaseFile] {
        try files(
            """
            SELECT seq FROM parties WHERE organisation = $1 AND role = $2
                AND (until_day IS NULL OR until_day >= $3) ORDER BY seq DESC LIMIT $4
            """,
            [
                .integer(organisation), .integer(CaseFacts.roleNumber(role)), .integer(Int64(today.dayNumber)),
                .integer(Int64(limit)),
            ],
            connection
        )
    }

    /// Whether an organisation takes part in a role and in no other in any of its newest cases, ended or not.
    public func takesPart(
        _ organisation: Int64,
        onlyIn role: CaseRole,
        _ connection: any SQLConnection
    ) throws -> Bool {
        let found = try connection.number(
            Self.heldInOneRole,
            [.integer(organisation), .integer(CaseFacts.roleNumber(role))]
        )
        return (found ?? 0) > 0
    }

    /// Answered by the primary key of the parties alone: it is asked with every list that is narrowed.
    static let heldInOneRole = """
        SELECT count(*) FROM (
            SELECT seq FROM (
                SELECT seq, role FROM parties WHERE organisation = $1 ORDER BY seq DESC LIMIT 2000
            ) AS held GROUP BY seq HAVING min(role) = $2 AND max(role) = $2
        ) AS held_alone
        """

    private func files(
        _ sql: String,
        _ parameters: [SQLValue],
        _ connection: any SQLConnection
    ) throws -> [CaseFile] {
        try connection.rows(sql, parameters) { $0.integer(0) }.compactMap { try load(sequence: $0, connection) }
    }
}
