public import Catalogue

/// Who read a case on one day, in one way, from one address (閲覧記録).
public struct CaseReading: Sendable, Hashable {
    /// The account, or the client where it came through the API.
    public let account: Int64
    /// Its organisation's number.
    public let organisation: Int64
    /// `page`, `api`.
    public let through: String
    /// `case`, `list`, `history`, …; `open` for what was read in 緊急閲覧.
    public let what: String
    /// The network address.
    public let address: String
    /// The first time that day.
    public let firstAt: Timestamp
    /// The last time that day.
    public let lastAt: Timestamp
    /// How often that day.
    public let times: Int
    /// The reader's name now; nil where there is none any more.
    public let name: String?
}

extension ReadingStore {
    /// Readings between these hours of Japan count as made at night: from 22 o'clock until 5.
    static func isNight(_ at: Timestamp) -> Bool { at.japanTime.hour >= 22 || at.japanTime.hour < 5 }

    /// Writes a reading down under each of its cases: one row for a case, day, reader, way and address.
    func putByCase(_ reading: Reading, _ connection: any SQLConnection) throws {
        let night: Int64 = Self.isNight(reading.at) ? 1 : 0
        // In one order everywhere, so that two transactions never wait for each other.
        for sequence in Set(reading.cases.map(vault.sequence)).sorted() {
            try connection.send(
                """
                INSERT INTO case_readings (seq, day, account, through, what, address, organisation, first_at, last_at,
                    times, night)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, 1, $9)
                ON CONFLICT (seq, day, account, through, what, address) DO UPDATE
                    SET last_at = excluded.last_at, times = case_readings.times + 1,
                        night = case_readings.night + excluded.night
                """,
                [
                    .integer(sequence), .integer(Int64(reading.at.japanDate.dayNumber)), .integer(reading.account),
                    .text(reading.through), .text(reading.what), .text(reading.address),
                    .integer(reading.organisation), .integer(reading.at.seconds), .integer(night),
                ]
            )
        }
    }

    /// Who read a case, the latest first by the first time that day, which later readings don't move.
    ///
    /// - Parameters:
    ///   - number: the case.
    ///   - from: where to begin; nil at the latest.
    ///   - skip: how many of the readings of that second were shown already.
    ///   - limit: how many at the most.
    ///   - connection: the connection.
    /// - Returns: the readings.
    /// - Throws: what the database refuses.
    public func readings(
        of number: CaseNumber,
        from: Timestamp?,
        skip: Int,
        limit: Int,
        _ connection: any SQLConnection
    ) throws -> [CaseReading] {
        try connection.rows(
            """
            SELECT r.account, r.organisation, r.through, r.what, r.address, r.first_at, r.last_at, r.times,
                CASE WHEN r.through = 'api' THEN c.name ELSE a.name END
            FROM case_readings r
            LEFT JOIN accounts a ON a.id = r.account
            LEFT JOIN clients c ON c.number = r.account
            WHERE r.seq = $1 AND r.first_at <= $2
            ORDER BY r.day DESC, r.first_at DESC, r.account, r.through, r.what, r.address LIMIT $3 OFFSET $4
            """,
            [
                .integer(vault.sequence(number)), .integer(from?.seconds ?? .max), .integer(Int64(limit)),
                .integer(Int64(skip)),
            ]
        ) { row in
            CaseReading(
                account: row.integer(0),
                organisation: row.integer(1),
                through: row.text(2),
                what: row.text(3),
                address: row.text(4),
                firstAt: Timestamp(seconds: row.integer(5)),
                lastAt: Timestamp(seconds: row.integer(6)),
                times: Int(row.integer(7)),
                name: row.optionalText(8)
            )
        }
    }
}
