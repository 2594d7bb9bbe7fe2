public import Access
public import Catalogue

/// Cases in the database: one write changes the case, its facts, its parties, its tokens and its history together.
public struct CaseStore: Sendable {
    let vault: Vault
    let search: SearchTokens

    /// A store that seals with a vault's keys.
    public init(_ vault: Vault) {
        self.vault = vault
        search = SearchTokens(vault: vault)
    }

    /// What a change of a case says of itself; the rest of the history line follows from the change.
    public struct Deed: Sendable {
        /// When.
        public var at: Timestamp
        /// The account or client.
        public var account: Int64
        /// Its name.
        public var actor: String
        /// Its organisation.
        public var organisation: OrganisationKey
        /// Through what: `page`, `api`, `import`, `demo`.
        public var through: String
        /// What was done: `notify`, `revise`, `confirm` and so on.
        public var action: String
        /// A reason, where one was asked for.
        public var reason: String?

        /// A deed.
        public init(
            at: Timestamp,
            account: Int64,
            actor: String,
            organisation: OrganisationKey,
            through: String,
            action: String,
            reason: String? = nil
        ) {
            self.at = at
            self.account = account
            self.actor = actor
            self.organisation = organisation
            self.through = through
            self.action = action
            self.reason = reason
        }
    }

    // MARK: Writing

    /// Numbers that were never given before; gaps stay gaps.
    public func allocate(_ count: Int, _ connection: any SQLConnection) throws -> Range<Int64> {
        guard
            let last = try connection.number(
                "UPDATE counters SET value = value + $1 WHERE name = 'case' RETURNING value",
                [.integer(Int64(count))]
            )
        else { throw StorageFailure.unreadable("counter") }
        return (last - Int64(count))..<last
    }

    /// Makes a new case ready with an allocated number, which gives it its HER-SYS ID.
    public func prepare(
        new file: CaseFile,
        _ deed: Deed,
        sequence: Int64,
        directory: Directory
    ) throws -> (file: CaseFile, prepared: Prepared) {
        var file = file
        file.number = try number(sequence)
        file.version = 1
        file.items[.hersysId] = file.number.digits
        let story = [(deed: deed, told: Told.beginning(file))]
        return (file, try prepare(file, story, sequence: sequence, directory: directory))
    }

    /// Stores a new case; gives it its HER-SYS ID.
    public func insert(
        _ file: CaseFile,
        _ deed: Deed,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> CaseFile {
        let sequence = try allocate(1, connection).lowerBound
        let (file, prepared) = try prepare(new: file, deed, sequence: sequence, directory: directory)
        try insert([prepared], connection)
        return file
    }

    /// Stores a case's next version: `file` after the change, `earlier` as it was loaded in the same transaction.
    ///
    /// - Returns: the case with its new version.
    /// - Throws: `StorageFailure.duplicate` where somebody stored a version in between.
    public func save(
        _ file: CaseFile,
        replacing earlier: CaseFile,
        _ deed: Deed,
        directory: Directory,
        _ connection: any SQLConnection
    ) throws -> CaseFile {
        var file = file
        file.version = earlier.version + 1
        let sequence = vault.sequence(file.number)
        let sealed = try vault.seal(CaseCodec.encode(file), "case", sequence)
        let changed = try connection.execute(
            "UPDATE cases SET version = $2, sealed = $3 WHERE seq = $1 AND version = $4",
            [.integer(sequence), .integer(Int64(file.version)), .blob(sealed), .integer(Int64(earlier.version))]
        )
        guard changed == 1 else { throw StorageFailure.duplicate }
        let created =
            try connection.number("SELECT created_at FROM facts WHERE seq = $1", [.integer(sequence)])
            ?? deed.at.seconds
        try connection.send(
            CaseFacts.update,
            CaseFacts.parameters(
                file,
                sequence: sequence,
                directory: directory,
                createdAt: Timestamp(seconds: created),
                updatedAt: deed.at
            )
        )
        try replaceParties(of: sequence, file.parties, earlier: earlier.parties, directory, connection)
        try replaceTokens(of: sequence, search.tokens(of: file), earlier: search.tokens(of: earlier), connection)
        let told = Told.changes(file.changes(from: earlier))
        let line = try line(version: file.version, told, deed, sequence: sequence, directory: directory)
        try append([line], connection)
        return file
    }

    func replaceParties(
        of sequence: Int64,
        _ parties: [Party],
        earlier: [Party],
        _ directory: Directory,
        _ connection: any SQLConnection
    ) throws {
        guard parties != earlier else { return }
        let (parties, earlier) = (Self.joined(parties), Self.joined(earlier))
        for party in earlier where !parties.contains(where: { $0.takesPlace(of: party) }) {
            guard let number = directory.number(party.organisation) else { continue }
            try connection.send(
                "DELETE FROM parties WHERE organisation = $1 AND seq = $2 AND role = $3",
                [.integer(number), .integer(sequence), .integer(CaseFacts.roleNumber(party.role))]
            )
        }
        for party in parties where !earlier.contains(party) {
            guard let row = Self.parameters(party, sequence, directory) else { continue }
            try connection.send(Self.insertParties(1) + Self.orDates, row)
        }
    }

    func replaceTokens(
        of sequence: Int64,
        _ tokens: [Int64],
        earlier: [Int64],
        _ connection: any SQLConnection
    ) throws {
        guard tokens != earlier else { return }
        for token in Set(earlier).subtracting(tokens) {
            try connection.send(
                "DELETE FROM tokens WHERE token = $1 AND seq = $2",
                [.integer(token), .integer(sequence)]
            )
        }
        try insert(tokens: Set(tokens).subtracting(earlier).sorted(), of: sequence, connection)
    }

    // MARK: Bulk

    /// A case made ready outside a transaction: sealed, its tokens and rows worked out.
    public struct Prepared: Sendable {
        let sequence: Int64
        let sealed: [UInt8]
        let version: Int
        let facts: [SQLValue]
        let parties: [[SQLValue]]
        let tokens: [Int64]
        let lines: [Line]
    }

    /// The HER-SYS ID of an allocated number.
    public func number(_ sequence: Int64) throws -> CaseNumber {
        guard let number = vault.caseNumber(sequence) else { throw StorageFailure.unreadable("number") }
        return number
    }

    /// Makes a numbered new case ready for ``insert(_:_:)``: the costly part, on any thread.
    ///
    /// `file` is the case as it stands after everything; `story` says what was done and what each deed changed, at
    /// least one, and each becomes a version; `sequence` is an allocated number.
    public func prepare(
        _ file: CaseFile,
        _ story: [(deed: Deed, told: Told)],
        sequence: Int64,
        directory: Directory
    ) throws -> Prepared {
        var last = file
        last.version = story.count
        let sealed = try vault.seal(CaseCodec.encode(last), "case", sequence)
        return Prepared(
            sequence: sequence,
            sealed: sealed,
            version: story.count,
            facts: CaseFacts.parameters(
                last,
                sequence: sequence,
                directory: directory,
                createdAt: story.first?.deed.at ?? Timestamp(seconds: 0),
                updatedAt: story.last?.deed.at ?? Timestamp(seconds: 0)
            ),
            parties: Self.rows(of: last.parties, sequence, directory),
            tokens: search.tokens(of: last),
            lines: try story.enumerated().map { index, step in
                try line(
                    version: index + 1,
                    step.told,
                    step.deed,
                    sequence: sequence,
                    directory: directory
                )
            }
        )
    }

    /// Stores prepared cases and their history in one go.
    public func insert(_ prepared: [Prepared], _ connection: any SQLConnection) throws {
        for one in prepared { try insert(one, connection) }
        try append(prepared.flatMap(\.lines), connection)
    }

    private func insert(_ prepared: Prepared, _ connection: any SQLConnection) throws {
        try connection.send(
            "INSERT INTO cases (seq, version, sealed) VALUES ($1, $2, $3)",
            [.integer(prepared.sequence), .integer(Int64(prepared.version)), .blob(prepared.sealed)]
        )
        try connection.send(CaseFacts.insert, prepared.facts)
        if !prepared.parties.isEmpty {
            try connection.send(Self.insertParties(prepared.parties.count), prepared.parties.flatMap(\.self))
        }
        try insert(tokens: prepared.tokens, of: prepared.sequence, connection)
    }

    private func insert(tokens: [Int64], of sequence: Int64, _ connection: any SQLConnection) throws {
        guard !tokens.isEmpty else { return }
        let rows = tokens.indices.map { "($\($0 + 2), $1)" }.joined(separator: ", ")
        try connection.send(
            "INSERT INTO tokens (token, seq) VALUES \(rows)",
            [.integer(sequence)] + tokens.map { .integer($0) }
        )
    }

    /// One statement for all of a case's parties: there are as many texts as cases have numbers of parties.
    private static func insertParties(_ count: Int) -> String {
        let rows = (0..<count).map { row in "(\((1...5).map { "$\(row * 5 + $0)" }.joined(separator: ", ")))" }
        return """
            INSERT INTO parties (organisation, seq, role, from_day, until_day)
            VALUES \(rows.joined(separator: ", "))
            """
    }

    /// Where a party of a case is there already it takes the new dates; a new case has none yet, and looking for them
    /// costs as much as storing them.
    private static let orDates = """
         ON CONFLICT (organisation, seq, role) DO UPDATE SET from_day = excluded.from_day,
            until_day = excluded.until_day
        """

    private static func rows(of parties: [Party], _ sequence: Int64, _ directory: Directory) -> [[SQLValue]] {
        joined(parties).compactMap { parameters($0, sequence, directory) }
    }

    /// One row for each organisation and role, from the first of its times to the last: lists find the case by it, and
    /// the gate asks for the day.
    private static func joined(_ parties: [Party]) -> [Party] {
        var result: [Party] = []
        for party in parties {
            guard let index = result.firstIndex(where: { $0.takesPlace(of: party) }) else {
                result.append(party)
                continue
            }
            if let from = result[index].from { result[index].from = party.from.map { min($0, from) } }
            if let until = result[index].until { result[index].until = party.until.map { max($0, until) } }
        }
        return result
    }

    private static func parameters(_ party: Party, _ sequence: Int64, _ directory: Directory) -> [SQLValue]? {
        guard let number = directory.number(party.organisation) else { return nil }
        return [
            .integer(number), .integer(sequence), .integer(CaseFacts.roleNumber(party.role)),
            .optional(party.from.map { Int64($0.dayNumber) }), .optional(party.until.map { Int64($0.dayNumber) }),
        ]
    }

    // MARK: Reading

    /// When the newest change of any case was made.
    public static func newestChange(_ connection: any SQLConnection) throws -> Timestamp? {
        try connection.number("SELECT max(updated_at) FROM facts").map(Timestamp.init(seconds:))
    }

    /// The case with a HER-SYS ID.
    public func load(_ number: CaseNumber, _ connection: any SQLConnection) throws -> CaseFile? {
        try load(sequence: vault.sequence(number), connection)
    }

    /// A case by its place in the order of arrival.
    func load(sequence: Int64, _ connection: any SQLConnection) throws -> CaseFile? {
        guard
            let (version, sealed) = try connection.first(
                "SELECT version, sealed FROM cases WHERE seq = $1",
                [.integer(sequence)],
                { (Int($0.integer(0)), $0.blob(1)) }
            )
        else { return nil }
        guard let number = vault.caseNumber(sequence) else { throw StorageFailure.unreadable("number") }
        return try CaseCodec.decode(vault.open(sealed, "case", sequence), number: number, version: version)
    }
}

extension Party {
    /// Whether both are the same organisation in the same role, whatever their times.
    fileprivate func takesPlace(of other: Party) -> Bool {
        organisation == other.organisation && role == other.role
    }
}
