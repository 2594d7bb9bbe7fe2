import Catalogue

/// The statement behind a list: which index leads, what is checked on each of its rows.
///
/// Every list is read newest first along an index and stops when the page is full, so that page 1,000 costs what
/// page 1 costs. What leads is the rarer of the organisation's own cases and the cases with the searched name:
/// a health centre has some thousands of cases among a million, and so has the name Satō.
struct CaseStatement {
    /// The index that leads.
    enum Driver {
        case one
        case tokens
        case parties
        case waiting
        case updated
        case all
    }

    let today: CalendarDate
    var party: Int64?
    /// Roles in which the party doesn't see the case in this list.
    var without: [Int64] = []
    var only: Int64?
    var tokens: [[Int64]] = []
    var intake: Int64?
    var status: String?
    var reporter: Int64?
    var jurisdiction: Int64?
    var since: Int64?
    var order = CaseQuery.Order.newest
    var afterSequence: Int64?
    var afterValue: SQLValue?
    var limit = 51
    private(set) var driver = Driver.all
    private(set) var sql = ""
    private(set) var parameters: [SQLValue] = []

    /// Counting further than this costs more than a wrong choice would.
    private static let enough: Int64 = 5000

    init(today: CalendarDate) {
        self.today = today
    }

    mutating func chooseDriver(_ connection: any SQLConnection) throws {
        if only != nil {
            driver = .one
        } else if !tokens.isEmpty {
            driver = .tokens
            if let party {
                let own = try Self.count("parties WHERE organisation = $1", [.integer(party)], connection)
                var rarest = Self.enough
                for (index, term) in tokens.enumerated() {
                    let found = try Self.count(
                        "tokens WHERE token IN (\(Self.places(term.count)))",
                        term.map { .integer($0) },
                        connection
                    )
                    if found < rarest || index == 0 {
                        rarest = found
                        tokens.swapAt(0, index)
                    }
                }
                if own < rarest { driver = .parties }
            }
        } else if intake == 1, jurisdiction != nil || party == nil {
            driver = .waiting
        } else if !order.isIndexed, party != nil {
            driver = .parties
        } else if order.key != .registered || since != nil {
            // A small organisation's own cases are sorted sooner than the nation's are walked in that order.
            let own = try party.map {
                try Self.count("parties WHERE organisation = $1", [.integer($0)], connection)
            }
            driver = own.map { $0 < Self.enough } == true ? .parties : .updated
        } else if party != nil {
            driver = .parties
        }
    }

    private static func count(
        _ rows: String,
        _ parameters: [SQLValue],
        _ connection: any SQLConnection
    ) throws -> Int64 {
        try connection.number(
            "SELECT count(*) FROM (SELECT 1 FROM \(rows) LIMIT \(enough)) AS bounded",
            parameters
        ) ?? 0
    }

    private static func places(_ count: Int) -> String {
        (1...max(count, 1)).map { "$\($0)" }.joined(separator: ", ")
    }

    private mutating func bind(_ value: SQLValue) -> String {
        parameters.append(value)
        return "$\(parameters.count)"
    }

    mutating func build() {
        let order =
            self.order.key == .registered
            ? "seq \(self.order.direction)" : "place \(self.order.direction), seq \(self.order.direction)"
        let expression = self.order.expression
        switch driver {
        case .tokens:
            // One arm for each spelling, each stopped when it could fill the page alone; UNION drops a case that two
            // spellings find.
            let first = tokens.removeFirst()
            let arms = first.enumerated().map { index, token in
                "SELECT * FROM (SELECT t.seq AS seq, f.updated_at AS updated_at, \(expression) AS place"
                    + " FROM tokens t CROSS JOIN facts f "
                    + "WHERE t.token = \(bind(.integer(token))) AND f.seq = t.seq\(conditions("t.seq", partyCheck: true))"
                    + " ORDER BY \(orderIn("t")) LIMIT \(bind(.integer(Int64(limit))))) AS arm\(index)"
            }
            sql = "\(arms.joined(separator: " UNION ")) ORDER BY \(order) LIMIT \(bind(.integer(Int64(limit))))"
        case .parties:
            // Who takes part in two roles sees the case once: by the first role that holds.
            sql =
                "SELECT p.seq AS seq, f.updated_at AS updated_at FROM parties p CROSS JOIN facts f "
                + "WHERE p.organisation = \(bind(.optional(party))) AND f.seq = p.seq\(holds("p"))"
                + " AND NOT EXISTS (SELECT 1 FROM parties q WHERE q.organisation = p.organisation AND q.seq = p.seq"
                + " AND q.role < p.role\(holds("q")))"
                + "\(conditions("p.seq", partyCheck: false)) ORDER BY \(orderIn("p")) LIMIT \(bind(.integer(Int64(limit))))"
        case .one, .waiting, .updated, .all:
            sql =
                "SELECT f.seq AS seq, f.updated_at AS updated_at FROM facts f WHERE 1 = 1"
                + "\(conditions("f.seq", partyCheck: true)) ORDER BY \(orderIn("f")) LIMIT \(bind(.integer(Int64(limit))))"
        }
    }

    private func orderIn(_ table: String) -> String {
        order.key == .registered
            ? "\(table).seq \(order.direction)"
            : "\(order.expression) \(order.direction), \(table).seq \(order.direction)"
    }

    private mutating func holds(_ table: String) -> String {
        let day = bind(.integer(Int64(today.dayNumber)))
        let roles = without.map { " AND \(table).role <> \($0)" }.joined()
        return roles + " AND (\(table).until_day IS NULL OR \(table).until_day >= \(day))"
            + " AND (\(table).from_day IS NULL OR \(table).from_day <= \(day))"
    }

    private mutating func conditions(_ sequence: String, partyCheck: Bool) -> String {
        var result = ""
        if let only { result += " AND \(sequence) = \(bind(.integer(only)))" }
        for term in tokens {
            let list = term.map { bind(.integer($0)) }.joined(separator: ", ")
            result += " AND EXISTS (SELECT 1 FROM tokens u WHERE u.token IN (\(list)) AND u.seq = \(sequence))"
        }
        // Written out where the partial index asks for the very number.
        if let intake { result += " AND f.intake = \(intake)" }
        if let jurisdiction { result += " AND f.jurisdiction = \(bind(.integer(jurisdiction)))" }
        if let reporter { result += " AND f.reporter = \(bind(.integer(reporter)))" }
        if let status { result += " AND f.status = \(bind(.text(status)))" }
        if let since { result += " AND f.updated_at >= \(bind(.integer(since)))" }
        if let afterSequence {
            if order.key != .registered, let afterValue {
                // The first comparison alone is what an index is entered with.
                let (value, expression) = (bind(afterValue), order.expression)
                result +=
                    " AND \(expression) \(order.behind)= \(value) AND (\(expression) \(order.behind) \(value)"
                    + " OR \(sequence) \(order.behind) \(bind(.integer(afterSequence))))"
            } else {
                result += " AND \(sequence) \(order.behind) \(bind(.integer(afterSequence)))"
            }
        }
        if partyCheck, let party {
            let organisation = bind(.integer(party))
            result +=
                " AND EXISTS (SELECT 1 FROM parties p WHERE p.organisation = \(organisation)"
                + " AND p.seq = \(sequence)\(holds("p")))"
        }
        return result
    }
}
