public import Access
public import Catalogue

/// Which cases a list shows.
public struct CaseQuery: Sendable, Hashable {
    /// In what order.
    public enum Order: String, Sendable, Hashable {
        /// Newest first, by the order in which cases came.
        case newest
        /// Latest change first.
        case updated
    }

    /// Whose cases.
    public enum Scope: Sendable, Hashable {
        /// Those in which an organisation is a party.
        case party(OrganisationKey)
        /// All: the ministry's de-identified view.
        case all
    }

    /// Whose cases.
    public var scope: Scope
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
        guard let statement = try statement(query, directory, today, connection) else {
            return CasePage(files: [], updatedAt: [], next: nil)
        }
        let found = try connection.rows(statement.sql, statement.parameters) { row in
            (sequence: row.integer(0), updatedAt: Timestamp(seconds: row.integer(1)))
        }
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
            if query.order == .updated {
                statement.afterUpdated = try connection.number(
                    """
                    SELECT updated_at FROM facts WHERE seq = $1
                    UNION ALL SELECT updated_at FROM deleted_cases WHERE seq = $1
                    """,
                    [.integer(sequence)]
                )
            }
        }
        statement.limit = query.limit + 1
        try statement.chooseDriver(connection)
        statement.build()
        return statement
    }
}
