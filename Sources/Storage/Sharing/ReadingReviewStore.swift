public import Catalogue

/// What an account read on one day, counted.
public struct ReadingDay: Sendable, Hashable {
    /// Japan's day.
    public var day: CalendarDate
    /// The account.
    public var account: Int64
    /// Its organisation's number.
    public var organisation: Int64
    /// Identified cases, each once, lists included.
    public var cases: Int
    /// Cases opened between 22 and 5 o'clock.
    public var night: Int
    /// Cases opened whose family name is the account's own.
    public var namesakes: Int
    /// 緊急閲覧.
    public var opened: Int
    /// How many cases it reads on a usual day.
    public var usual: Int
    /// What was unusual, as a set of bits.
    public var reasons: Int
    /// The account's name; only where it was read from the database.
    public var name = ""
}

extension ReadingStore {
    /// What each account read on a day, without what is usual for it.
    public func counts(on day: CalendarDate, _ connection: any SQLConnection) throws -> [ReadingDay] {
        let (from, until) = (Timestamp(day, hour: 0), Timestamp(day.adding(days: 1), hour: 0))
        var opened: [Int64: Int] = [:]
        try connection.query(
            "SELECT account, count(*) FROM openings WHERE at >= $1 AND at < $2 AND seq >= 0 GROUP BY account",
            [.integer(from.seconds), .integer(until.seconds)]
        ) { opened[$0.integer(0)] = Int($0.integer(1)) }
        return try connection.rows(
            """
            SELECT r.account, min(r.organisation), count(DISTINCT r.seq),
                count(DISTINCT CASE WHEN r.night > 0 AND r.what <> 'list' THEN r.seq END), min(a.name)
            FROM case_readings r JOIN accounts a ON a.id = r.account
            WHERE r.day = $1 AND r.through = 'page' GROUP BY r.account ORDER BY r.account
            """,
            [.integer(Int64(day.dayNumber))]
        ) { row in
            ReadingDay(
                day: day,
                account: row.integer(0),
                organisation: row.integer(1),
                cases: Int(row.integer(2)),
                night: Int(row.integer(3)),
                namesakes: 0,
                opened: opened[row.integer(0)] ?? 0,
                usual: 0,
                reasons: 0,
                name: row.text(4)
            )
        }
    }

    /// How many of the cases that an account opened on a day have a family name.
    public func namesakes(
        _ family: String,
        account: Int64,
        on day: CalendarDate,
        _ connection: any SQLConnection
    ) throws -> Int {
        let token = vault.token(.familyName, SearchForm.name(family))
        return Int(
            try connection.number(
                """
                SELECT count(DISTINCT r.seq) FROM case_readings r JOIN tokens t ON t.token = $1 AND t.seq = r.seq
                WHERE r.day = $2 AND r.account = $3 AND r.through = 'page' AND r.what <> 'list'
                """,
                [.integer(token), .integer(Int64(day.dayNumber)), .integer(account)]
            ) ?? 0
        )
    }

    /// How many cases an account read on the days of the four weeks before a day, those on which it read any.
    public func usual(
        account: Int64,
        before day: CalendarDate,
        _ connection: any SQLConnection
    ) throws -> (cases: [Int], night: [Int]) {
        let rows = try connection.rows(
            "SELECT cases, night FROM reading_days WHERE account = $1 AND day >= $2 AND day < $3",
            [
                .integer(account), .integer(Int64(day.adding(days: -28).dayNumber)), .integer(Int64(day.dayNumber)),
            ]
        ) { (Int($0.integer(0)), Int($0.integer(1))) }
        return (rows.map(\.0), rows.map(\.1))
    }

    /// The last day that was looked through.
    public func lastReviewed(_ connection: any SQLConnection) throws -> CalendarDate? {
        try connection.number("SELECT max(day) FROM reading_days").map { CalendarDate(dayNumber: Int32($0)) }
    }

    /// Stores what was found of an account's day; found again, it takes the place of the first.
    public func put(_ day: ReadingDay, _ connection: any SQLConnection) throws {
        try connection.send(
            """
            INSERT INTO reading_days (day, account, organisation, cases, night, namesakes, opened, usual, reasons)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (day, account) DO UPDATE SET organisation = excluded.organisation, cases = excluded.cases,
                night = excluded.night, namesakes = excluded.namesakes, opened = excluded.opened,
                usual = excluded.usual, reasons = excluded.reasons
            """,
            [
                .integer(Int64(day.day.dayNumber)), .integer(day.account), .integer(day.organisation),
                .integer(Int64(day.cases)), .integer(Int64(day.night)), .integer(Int64(day.namesakes)),
                .integer(Int64(day.opened)), .integer(Int64(day.usual)), .integer(Int64(day.reasons)),
            ]
        )
    }

    /// What was unusual at an organisation since a day, latest first.
    public func unusual(
        organisation: Int64,
        since day: CalendarDate,
        limit: Int,
        _ connection: any SQLConnection
    ) throws -> [ReadingDay] {
        try connection.rows(
            """
            SELECT d.day, d.account, d.organisation, d.cases, d.night, d.namesakes, d.opened, d.usual, d.reasons, a.name
            FROM reading_days d JOIN accounts a ON a.id = d.account
            WHERE d.organisation = $1 AND d.day >= $2 AND d.reasons > 0 ORDER BY d.day DESC, d.account LIMIT $3
            """,
            [.integer(organisation), .integer(Int64(day.dayNumber)), .integer(Int64(limit))]
        ) { row in
            ReadingDay(
                day: CalendarDate(dayNumber: Int32(row.integer(0))),
                account: row.integer(1),
                organisation: row.integer(2),
                cases: Int(row.integer(3)),
                night: Int(row.integer(4)),
                namesakes: Int(row.integer(5)),
                opened: Int(row.integer(6)),
                usual: Int(row.integer(7)),
                reasons: Int(row.integer(8)),
                name: row.text(9)
            )
        }
    }
}
