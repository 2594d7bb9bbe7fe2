public import Access
public import Catalogue

/// A case that an organisation looks after, not yet opened.
public struct HeldCase: Sendable, Hashable {
    /// Its place in the order of arrival.
    let sequence: Int64
    /// How urgent its newest report is; nothing in the order of arrival.
    var alarm: Int64 = 0
    /// Time and alarm of that report as one number, 0 for none.
    var newest: Int64 = 0
}

/// Behind which case of a list a page begins: others may come, go and change their places meanwhile.
public struct HeldPlace: Sendable, Hashable {
    /// How urgent that case was.
    public var alarm: Int64
    /// Time and alarm of its newest report as one number.
    public var newest: Int64
    /// The case.
    public var number: CaseNumber

    /// A place.
    public init(alarm: Int64, newest: Int64, number: CaseNumber) {
        self.alarm = alarm
        self.newest = newest
        self.number = number
    }
}

/// How many an organisation looks after, and what they report.
public struct HeldCount: Sendable, Hashable {
    /// All of them today.
    public var all = 0
    /// Those of whom there is a health report of today.
    public var reported = 0
    /// Those whose latest report of today is 緊急.
    public var emergencies = 0
}

/// The cases in which an organisation holds a role.
///
/// `parties` has one row for all times of an organisation in a role: whoever opens a case asks the gate for the day.
extension CaseStore {
    /// Whom a question about held cases is for.
    public struct Holder: Sendable {
        /// The role.
        public var role: CaseRole
        /// The organisation's number.
        public var organisation: Int64
        /// The day.
        public var day: CalendarDate
        /// Days for which the role goes on after the person has gone; they aren't counted.
        public var daysAfter: Int

        /// A question.
        public init(_ role: CaseRole, organisation: Int64, day: CalendarDate, daysAfter: Int = 0) {
            self.role = role
            self.organisation = organisation
            self.day = day
            self.daysAfter = daysAfter
        }

        /// The role's parameters, `$1` to `$4`.
        var parameters: [SQLValue] {
            [
                .integer(organisation), .integer(CaseFacts.roleNumber(role)), .integer(Int64(day.dayNumber)),
                .integer(Int64(day.dayNumber) + Int64(daysAfter)),
            ]
        }
    }

    /// Health reports older than this don't put a case in its place in the order: that person is silent.
    private static let reportDays = 14
    /// Cases beyond this aren't counted.
    private static let mostHeld = 10_000

    /// One page of those whom an organisation looks after: alarms first, then whoever has been silent longest.
    public func held(
        _ holder: Holder,
        now: Timestamp,
        after: HeldPlace?,
        limit: Int,
        _ connection: any SQLConnection
    ) throws -> [HeldCase] {
        try connection.rows(
            Self.heldByNeed,
            holder.parameters + [
                .integer(now.adding(seconds: -Int64(Self.reportDays) * 86_400).seconds),
                .integer(now.seconds + 3600), .integer(Int64(limit)), .integer(after?.alarm ?? Self.beforeAll),
                .integer(after?.newest ?? 0), .integer(after.map { vault.sequence($0.number) } ?? 0),
            ]
        ) { HeldCase(sequence: $0.integer(0), alarm: $0.integer(1), newest: $0.integer(2)) }
    }

    /// The place of a case, for the page behind it.
    public func place(of held: HeldCase) -> HeldPlace? {
        vault.caseNumber(held.sequence).map { HeldPlace(alarm: held.alarm, newest: held.newest, number: $0) }
    }

    /// More urgent than anything.
    private static let beforeAll: Int64 = 9

    /// How many an organisation looks after, and how many of them have reported on the day.
    public func heldCount(_ holder: Holder, now: Timestamp, _ connection: any SQLConnection) throws -> HeldCount {
        try connection.first(
            Self.heldCount,
            holder.parameters + [
                .integer(Timestamp(now.japanDate, hour: 0).seconds), .integer(now.seconds + 3600),
                .integer(Int64(Self.mostHeld)),
            ]
        ) { HeldCount(all: Int($0.integer(0)), reported: Int($0.integer(1)), emergencies: Int($0.integer(2))) }
            ?? HeldCount()
    }

    /// How many an organisation looks after, for whom no report is asked.
    public func heldNumber(_ holder: Holder, _ connection: any SQLConnection) throws -> Int {
        Int(
            try connection.number(
                "SELECT count(*) FROM (SELECT 1 \(Self.rows) LIMIT $5) AS held",
                holder.parameters + [.integer(Int64(Self.mostHeld))]
            ) ?? 0
        )
    }

    /// The newest cases in which an organisation holds a role.
    public func heldByArrival(
        _ holder: Holder,
        after: HeldPlace?,
        limit: Int,
        _ connection: any SQLConnection
    ) throws -> [HeldCase] {
        try connection.rows(
            Self.heldByArrival,
            holder.parameters + [
                .integer(Int64(limit)), .integer(after.map { vault.sequence($0.number) } ?? .max),
            ]
        ) { HeldCase(sequence: $0.integer(0)) }
    }

    /// How many cases an organisation will hold a role in from a later day on, by that day; no case is opened.
    public func coming(
        _ holder: Holder,
        _ connection: any SQLConnection
    ) throws -> [(day: CalendarDate, count: Int)] {
        try connection.rows(Self.coming, Array(holder.parameters.prefix(3))) {
            (CalendarDate(dayNumber: Int32(truncatingIfNeeded: $0.integer(0))), Int($0.integer(1)))
        }
    }

    /// The case of a row.
    public func load(_ held: HeldCase, _ connection: any SQLConnection) throws -> CaseFile? {
        try load(sequence: held.sequence, connection)
    }

    // MARK: SQL

    private static let rows = """
        FROM parties p WHERE p.organisation = $1 AND p.role = $2
            AND (p.from_day IS NULL OR p.from_day <= $3) AND (p.until_day IS NULL OR p.until_day >= $4)
        """

    /// Time and alarm of the newest report as one number.
    private static let newest = """
        (SELECT o.at * 4 + o.alarm FROM observations o WHERE o.seq = p.seq AND o.at >= $5 AND o.at <= $6
            ORDER BY o.at DESC, o.place DESC LIMIT 1)
        """

    /// The inner bound also keeps the report from being looked up once for every place where it is named.
    static let heldByNeed = """
        SELECT seq, alarm, at FROM (
            SELECT seq, COALESCE(newest % 4, 0) AS alarm, COALESCE(newest, 0) AS at
            FROM (SELECT p.seq AS seq, \(newest) AS newest \(rows) LIMIT \(mostHeld)) AS held
        ) AS placed
        WHERE alarm < $8 OR (alarm = $8 AND (at > $9 OR (at = $9 AND seq > $10)))
        ORDER BY alarm DESC, at, seq LIMIT $7
        """

    static let heldCount = """
        SELECT count(*), count(newest), COALESCE(sum(CASE WHEN newest % 4 = 2 THEN 1 ELSE 0 END), 0)
        FROM (SELECT \(newest) AS newest \(rows) LIMIT $7) AS held
        """

    static let heldByArrival = "SELECT p.seq \(rows) AND p.seq < $6 ORDER BY p.seq DESC LIMIT $5"

    static let coming = """
        SELECT from_day, count(*) FROM parties
        WHERE organisation = $1 AND role = $2 AND from_day > $3 GROUP BY from_day ORDER BY from_day
        """
}
