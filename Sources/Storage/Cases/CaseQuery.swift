public import Access
public import Catalogue

/// Which cases a list shows.
public struct CaseQuery: Sendable, Hashable {
    /// Whose cases.
    public enum Scope: Sendable, Hashable {
        /// Those in which an organisation is a party.
        case party(OrganisationKey)
        /// All: the ministry's de-identified view.
        case all
    }

    /// Whose cases.
    public var scope: Scope
    /// Roles that don't count as taking part here: what the list is narrowed or put in order by is hidden from them.
    public var without: Set<CaseRole> = []
    /// Words to search for; a case has to meet all of them.
    public var terms: [SearchTerm] = []
    /// Where the notification stands.
    public var intake: Intake?
    /// 現在のステータス.
    public var status: Code?
    /// The institution that entered the notification.
    public var reporter: OrganisationKey?
    /// The health centre in charge.
    public var jurisdiction: OrganisationKey?
    /// Only cases changed at or after this moment.
    public var updatedSince: Timestamp?
    /// Order.
    public var order: Order = .newest
    /// The last case of the page before.
    public var after: CaseNumber?
    /// Cases on a page.
    public var limit: Int = 50

    /// All cases of a scope.
    public init(_ scope: Scope) {
        self.scope = scope
    }
}

/// One page of a list.
public struct CasePage: Sendable {
    /// The cases, whole: the gate is still ahead of them.
    public let files: [CaseFile]
    /// When each was changed last.
    public let updatedAt: [Timestamp]
    /// Where the next page begins, nil on the last one.
    public let next: CaseNumber?
}

extension CaseStore {
    /// One page of the cases that a query asks for.
    public func page(
        _ query: CaseQuery,
        directory: Directory,
        today: CalendarDate,
        _ connection: any SQLConnection
    ) throws -> CasePage {
        let found = try rows(query, directory, today, connection)
        var files: [CaseFile] = []
        var updated: [Timestamp] = []
        for row in found.prefix(query.limit) {
            guard let file = try load(sequence: row.sequence, connection) else { continue }
            files.append(file)
            updated.append(row.updatedAt)
        }
        return CasePage(
            files: files,
            updatedAt: updated,
            next: found.count > query.limit ? files.last?.number : nil
        )
    }

    /// The numbers of the cases that a query asks for, in its order, as many as its limit allows.
    public func numbers(
        _ query: CaseQuery,
        directory: Directory,
        today: CalendarDate,
        _ connection: any SQLConnection
    ) throws -> [CaseNumber] {
        try rows(query, directory, today, connection).prefix(query.limit).map { try number($0.sequence) }
    }

    /// In how many cases an organisation takes part, counted up to a bound; the bound itself for all cases.
    public func size(
        of scope: CaseQuery.Scope,
        upTo most: Int,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> Int {
        guard case .party(let key) = scope else { return most }
        guard let number = directory.number(key) else { return 0 }
        return Int(
            try connection.number(
                "SELECT count(*) FROM (SELECT 1 FROM parties WHERE organisation = $1 LIMIT $2) AS bounded",
                [.integer(number), .integer(Int64(most))]
            ) ?? 0
        )
    }

    /// One more than the limit, which tells whether there is a next page.
    private func rows(
        _ query: CaseQuery,
        _ directory: Directory,
        _ today: CalendarDate,
        _ connection: any SQLConnection
    ) throws -> [(sequence: Int64, updatedAt: Timestamp)] {
        guard let statement = try statement(query, directory, today, connection) else { return [] }
        return try connection.rows(statement.sql, statement.parameters) { row in
            (sequence: row.integer(0), updatedAt: Timestamp(seconds: row.integer(1)))
        }
    }

    private func statement(
        _ query: CaseQuery,
        _ directory: Directory,
        _ today: CalendarDate,
        _ connection: any SQLConnection
    ) throws -> CaseStatement? {
        var statement = CaseStatement(today: today)
        var terms = query.terms
        if case .party(let key) = query.scope {
            guard let number = directory.number(key) else { return nil }
            statement.party = number
            statement.without = query.without.map(CaseFacts.roleNumber).sorted()
        }
        if let index = terms.firstIndex(where: { if case .number = $0 { true } else { false } }),
            case .number(let number) = terms.remove(at: index)
        {
            statement.only = vault.sequence(number)
        }
        statement.tokens = terms.map(search.tokens(of:))
        statement.intake = query.intake.map(CaseFacts.intakeNumber)
        statement.status = query.status?.rawValue
        if let key = query.reporter {
            guard let number = directory.number(key) else { return nil }
            statement.reporter = number
        }
        if let key = query.jurisdiction {
            guard let number = directory.number(key) else { return nil }
            statement.jurisdiction = number
        } else if case .party(let key) = query.scope, directory[key]?.kind == .healthCentre,
            query.intake == .submitted
        {
            // What waits at a health centre waits where it is in charge: the small index finds it.
            statement.jurisdiction = statement.party
        }
        statement.since = query.updatedSince?.seconds
        statement.order = query.order
        if let after = query.after {
            let sequence = vault.sequence(after)
            statement.afterSequence = sequence
            if query.order.key != .registered {
                let isText = query.order.key == .fact(.municipality)
                statement.afterValue = try connection.first(
                    "SELECT \(query.order.expression) FROM facts f WHERE f.seq = $1",
                    [.integer(sequence)]
                ) { isText ? .text($0.text(0)) : .integer($0.integer(0)) }
                // The page before may have ended with a case that has been deleted since.
                if statement.afterValue == nil, query.order.key == .updated {
                    statement.afterValue = try connection.number(
                        "SELECT updated_at FROM deleted_cases WHERE seq = $1",
                        [.integer(sequence)]
                    ).map { .integer($0) }
                }
            }
        }
        statement.limit = query.limit + 1
        try statement.chooseDriver(connection)
        statement.build()
        return statement
    }
}
