public import Access
public import Catalogue

/// Which accounts a list is about.
public struct AccountScope: Sendable, Hashable {
    /// The organisation's own accounts.
    public var organisation: Int64
    /// Local governments and health centres whose institutions, contractors and facilities belong to it.
    public var above: [OrganisationKey]
    /// Whether 利用者認証実施者 of all organisations belong to it.
    public var issuers: Bool

    /// A scope.
    public init(organisation: Int64, above: [OrganisationKey], issuers: Bool) {
        self.organisation = organisation
        self.above = above
        self.issuers = issuers
    }
}

/// What a list of accounts is narrowed to.
public struct AccountFilter: Sendable, Hashable {
    /// How an account stands.
    public enum State: String, Sendable, CaseIterable {
        /// 利用中.
        case active
        /// Not used for a time, or never: see ``AccountFilter/unusedBefore``.
        case unused
        /// 停止.
        case stopped
    }

    /// Kind of organisation.
    public var kind: OrganisationKind?
    /// How it stands.
    public var state: State?
    /// Part of the user ID, the name, the organisation's name.
    public var text = ""
    /// Accounts of one organisation.
    public var organisation: OrganisationKey?
    /// Whoever hasn't signed in since then is unused.
    public var unusedBefore: Timestamp

    /// A filter that lets all through.
    public init(unusedBefore: Timestamp) {
        self.unusedBefore = unusedBefore
    }
}

/// An account as a list shows it.
public struct ListedAccount: Sendable, Hashable {
    /// Number.
    public let id: Int64
    /// User ID.
    public let login: String
    /// Name.
    public let name: String
    /// Organisation.
    public let organisation: OrganisationKey
    /// When it was issued.
    public let createdAt: Timestamp
    /// Last sign-in.
    public let usedAt: Timestamp?
    /// Stopped at.
    public let stoppedAt: Timestamp?
    /// Duties.
    public var duties: Set<Duty>
}

extension AccountStore {
    private static let kinds = OrganisationKind.allCases.filter { !$0.isAdministration }
        .map { "'\($0.rawValue)'" }.joined(separator: ", ")

    /// Accounts of a scope in the order of their user IDs.
    /// - Parameters:
    ///   - scope: whose accounts may be shown at all.
    ///   - filter: what the list is narrowed to.
    ///   - after: the user ID behind which the page begins.
    ///   - most: rows on the page.
    ///   - connection: a connection to read with.
    /// - Returns: the rows.
    /// - Throws: what the database throws.
    public func list(
        _ scope: AccountScope,
        _ filter: AccountFilter,
        after: String,
        most: Int,
        _ connection: any SQLConnection
    ) throws -> [ListedAccount] {
        var parameters: [SQLValue] = [.text(after), .integer(Int64(most))]
        func place(_ value: SQLValue) -> String {
            parameters.append(value)
            return "$\(parameters.count)"
        }
        var numbers = "SELECT number FROM organisations WHERE number = \(place(.integer(scope.organisation)))"
        if !scope.above.isEmpty {
            let keys = scope.above.map { place(.text($0)) }.joined(separator: ", ")
            for column in ["parent", "health_centre"] {
                numbers +=
                    " UNION SELECT number FROM organisations WHERE \(column) IN (\(keys)) AND kind IN (\(Self.kinds))"
            }
        }
        var conditions = ["a.login > $1"]
        let own = "a.organisation IN (\(numbers))"
        conditions.append(
            scope.issuers ? "(\(own) OR a.id IN (SELECT account FROM account_duties WHERE duty = 'issuer'))" : own
        )
        if let kind = filter.kind { conditions.append("o.kind = \(place(.text(kind.rawValue)))") }
        if let key = filter.organisation { conditions.append("o.key = \(place(.text(key)))") }
        switch filter.state {
        case .active?: conditions.append("a.stopped_at IS NULL")
        case .stopped?: conditions.append("a.stopped_at IS NOT NULL")
        case .unused?:
            let limit = place(.integer(filter.unusedBefore.seconds))
            conditions.append("a.stopped_at IS NULL AND (a.used_at IS NULL OR a.used_at < \(limit))")
        case nil: break
        }
        if !filter.text.isEmpty {
            let typed = place(.text(Self.pattern(filter.text)))
            let login = place(.text(Self.pattern(filter.text.nfkc.lowercased())))
            conditions.append(
                """
                (a.login LIKE \(login) ESCAPE '!' OR a.name LIKE \(typed) ESCAPE '!' OR o.name LIKE \(typed) ESCAPE '!')
                """
            )
        }
        var found = try connection.rows(
            """
            SELECT a.id, a.login, a.name, o.key, a.created_at, a.used_at, a.stopped_at
            FROM accounts a JOIN organisations o ON o.number = a.organisation
            WHERE \(conditions.joined(separator: " AND ")) ORDER BY a.login LIMIT $2
            """,
            parameters
        ) { row in
            ListedAccount(
                id: row.integer(0),
                login: row.text(1),
                name: row.text(2),
                organisation: row.text(3),
                createdAt: Timestamp(seconds: row.integer(4)),
                usedAt: row.optionalInteger(5).map(Timestamp.init(seconds:)),
                stoppedAt: row.optionalInteger(6).map(Timestamp.init(seconds:)),
                duties: []
            )
        }
        let duties = try DutyStore.duties(of: found.map(\.id), connection)
        for index in found.indices { found[index].duties = duties[found[index].id] ?? [] }
        return found
    }

    /// A text as a pattern that holds nothing but itself.
    private static func pattern(_ text: String) -> String {
        var result = "%"
        for letter in text.unicodeScalars {
            if letter == "%" || letter == "_" || letter == "!" { result += "!" }
            result.unicodeScalars.append(letter)
        }
        return result + "%"
    }

    /// User IDs that begin with some letters, for proposing the next one.
    public func logins(beginning: String, most: Int, _ connection: any SQLConnection) throws -> [String] {
        try connection.rows(
            "SELECT login FROM accounts WHERE login LIKE $1 ESCAPE '!' ORDER BY login LIMIT $2",
            [.text(String(Self.pattern(beginning).dropFirst())), .integer(Int64(most))]
        ) { $0.text(0) }
    }

    /// Which of some user IDs are taken.
    public func taken(_ logins: [String], _ connection: any SQLConnection) throws -> Set<String> {
        var result: Set<String> = []
        for start in stride(from: 0, to: logins.count, by: 500) {
            let some = logins[start..<min(start + 500, logins.count)]
            let places = some.indices.map { "$\($0 - start + 1)" }.joined(separator: ", ")
            try connection.query("SELECT login FROM accounts WHERE login IN (\(places))", some.map { .text($0) }) {
                result.insert($0.text(0))
            }
        }
        return result
    }
}
