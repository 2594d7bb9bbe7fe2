public import Access
public import Catalogue
public import Storage

/// A case that is loaded together with what led to it.
public struct LoadedCase: Sendable {
    /// The case as it stands.
    public var file: CaseFile
    /// What was done to it, oldest first.
    public var steps: [LoadedStep]

    /// A case with its steps.
    public init(file: CaseFile, steps: [LoadedStep]) {
        self.file = file
        self.steps = steps
    }
}

/// One thing that was done to a loaded case.
public struct LoadedStep: Sendable {
    /// When.
    public var at: Timestamp
    /// The account's user ID.
    public var login: String
    /// Its organisation.
    public var organisation: OrganisationKey
    /// What was done, such as `notify`.
    public var action: String
    /// Why.
    public var reason: String?

    /// A step.
    public init(
        at: Timestamp,
        login: String,
        organisation: OrganisationKey,
        action: String,
        reason: String?
    ) {
        self.at = at
        self.login = login
        self.organisation = organisation
        self.action = action
        self.reason = reason
    }
}

/// The accounts that loaded cases speak of, by user ID.
public struct LoadedAccounts: Sendable {
    let numbers: [String: Int64]
    let names: [String: String]

    /// How many.
    public var count: Int { numbers.count }

    /// The number of an account.
    public subscript(login: String) -> Int64? { numbers[login] }
}

/// Fills a database in bulk: the demonstration, and past data.
public struct Loader: Sendable {
    private let casework: Casework
    private let directory: Directory

    /// A loader into casework's database.
    public init(_ casework: Casework) async throws {
        self.casework = casework
        casework.directories.forget()
        directory = try await casework.directory()
    }

    /// Adds organisations, or changes those with their keys.
    public static func load(_ organisations: [Organisation], into casework: Casework) async throws {
        try await casework.engine.write { connection in
            for organisation in organisations { try DirectoryStore.save(organisation, connection) }
        }
        casework.directories.forget()
    }

    /// Adds accounts that share one password.
    ///
    /// Known user IDs stay as they are.
    public func load(
        accounts: [(login: String, name: String, organisation: OrganisationKey, phone: String)],
        password: String
    ) async throws -> LoadedAccounts {
        let hash = try await casework.passwords.hash(password)
        let now = casework.clock()
        let (store, directory) = (casework.accounts, directory)
        let numbers = try await casework.engine.write { connection in
            var result: [String: Int64] = [:]
            for one in accounts {
                if let known = try store.find(login: one.login, connection) {
                    result[one.login] = known.id
                    continue
                }
                let account = Account(
                    login: one.login,
                    organisation: one.organisation,
                    name: one.name,
                    password: hash,
                    phone: one.phone
                )
                result[one.login] = try store.insert(account, at: now, directory: directory, connection)
            }
            return result
        }
        let names = accounts.map { ($0.login, $0.name) }
        return LoadedAccounts(numbers: numbers, names: Dictionary(names, uniquingKeysWith: { first, _ in first }))
    }

    /// Gives loaded accounts their duties.
    public func load(duties: [String: Set<Duty>], of accounts: LoadedAccounts) async throws {
        let now = casework.clock()
        try await casework.engine.write { connection in
            for (login, held) in duties {
                guard let account = accounts[login] else { continue }
                try DutyStore.set(held, of: account, by: 0, at: now, connection)
            }
        }
    }

    /// Sets numbers aside for so many cases.
    public func allocate(_ count: Int) async throws -> Range<Int64> {
        let cases = casework.cases
        return try await casework.engine.write { try cases.allocate(count, $0) }
    }

    /// The HER-SYS ID of an allocated number.
    public func number(_ sequence: Int64) throws -> CaseNumber {
        try casework.cases.number(sequence)
    }

    /// Makes cases ready to be stored: the costly part, on the caller's thread.
    public func prepare(
        _ cases: [LoadedCase],
        by accounts: LoadedAccounts,
        from first: Int64
    ) throws -> [CaseStore.Prepared] {
        try cases.enumerated().map { index, one in
            try casework.cases.prepare(
                one.file,
                story(one, accounts),
                sequence: first + Int64(index),
                directory: directory
            )
        }
    }

    /// Stores prepared cases in one transaction.
    public func store(_ prepared: [CaseStore.Prepared]) async throws {
        let cases = casework.cases
        try await casework.engine.write { try cases.insert(prepared, $0) }
    }

    /// What each kind of step writes; everything else is there from the beginning.
    private static let written: [String: (items: Set<String>, sections: Set<Section>)] = [
        "confirm": (["confirmed_at"], []),
        "related": (["related_offices"], []),
        "place": ([], [.whereabouts, .admission, .severity]),
        "outcome": (
            ["status", "outcome", "outcome_on", "cause_of_death", "release_told_on", "release_due_on"], []
        ),
    ]

    /// Gives each step the changes it made.
    private func story(_ one: LoadedCase, _ accounts: LoadedAccounts) -> [(deed: CaseStore.Deed, told: CaseStore.Told)]
    {
        let now = casework.clock()
        var items: Set<String> = []
        var sections: Set<Section> = []
        var story: [(deed: CaseStore.Deed, told: CaseStore.Told)] = []
        for (index, step) in one.steps.enumerated() {
            let deed = CaseStore.Deed(
                // A made-up day isn't over: what would come later today is written down as of now.
                at: min(step.at, now),
                account: accounts[step.login] ?? 0,
                actor: accounts.names[step.login] ?? "",
                organisation: step.organisation,
                through: "page",
                action: step.action,
                reason: step.reason
            )
            var part = CaseFile(number: one.file.number)
            if index > 0, let written = Self.written[step.action] {
                // A step that comes twice has written everything the first time.
                for key in written.items.subtracting(items) { part.items[key] = one.file.items[key] }
                for section in written.sections.subtracting(sections) {
                    part.entries[section] = one.file.entries[section]
                }
                items.formUnion(written.items)
                sections.formUnion(written.sections)
            }
            story.append((deed, .beginning(part)))
        }
        if !story.isEmpty { story[0].told = .beginning(one.file, butItems: items, butSections: sections) }
        return story
    }
}
