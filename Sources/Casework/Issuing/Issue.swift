public import Access
import Catalogue
import Storage

extension Casework {
    /// Seconds for which a session can show the sheets that it has taken.
    public static let slipLife: Int64 = 15 * 60
    /// Seconds for which sheets of a file wait to be taken.
    public static let slipPatience: Int64 = 24 * 3600

    /// Who a caller is to the rules of issuing, as of this transaction.
    func holder(_ caller: Caller, _ connection: any SQLConnection) throws -> Issuing.Holder {
        let account = caller.viewer.account
        return Issuing.Holder(
            account: account,
            organisation: caller.organisation,
            duties: account > 0 ? try DutyStore.duties(of: account, connection) : []
        )
    }

    /// The digest under which a session's sheets are kept.
    func slipHolder(_ session: String) -> [UInt8] { vault.digest("slip-session", session.utf8) }

    /// Issues an account with an initial password, which a sheet shows.
    ///
    /// - Parameters:
    ///   - draft: as it was typed.
    ///   - caller: who issues.
    ///   - session: the session that may show the sheet.
    /// - Returns: the user ID as stored, and the name of the sheet for ``slips(_:session:)``.
    /// - Throws: ``Refusal/findings(_:)`` for what is wrong, ``Refusal/notFound`` for whoever issues nothing.
    public func issue(
        _ draft: AccountDraft,
        by caller: Caller,
        session: String
    ) async throws -> (login: String, slips: String) {
        let directory = try await directory()
        let actor = try await engine.read { try self.holder(caller, $0) }
        guard Issuing.powers(actor, over: actor.organisation, parentOf: { directory[$0] }).contains(.issue) else {
            throw Refusal.notFound
        }
        var (account, findings) = AccountRules.check(draft, by: actor, directory)
        // The long hash only for what can be stored.
        let login = account.login
        if try await engine.read({ try self.accounts.find(login: login, $0) }) != nil {
            findings.append(Self.isTaken)
        }
        guard findings.isEmpty else { throw Refusal.findings(findings) }
        let password = InitialPassword.make()
        account.password = try await passwords.hash(password)
        let (ready, batch, holder, now) = (account, Secret.random(bytes: 12), slipHolder(session), clock())
        do {
            try await engine.write { connection in
                // The right may have ended while the password was hashed.
                let actor = try self.holder(caller, connection)
                guard AccountRules.check(draft, by: actor, directory).findings.isEmpty else { throw Refusal.notFound }
                let id = try self.add(ready, draft.duties, at: now, by: caller, directory, connection)
                try self.slips.put(
                    password,
                    account: id,
                    batch: batch,
                    holder: caller.viewer.account,
                    session: holder,
                    expiresAt: now.adding(seconds: Self.slipLife),
                    connection
                )
            }
        } catch StorageFailure.duplicate {
            throw Refusal.findings([Self.isTaken])
        }
        return (account.login, batch)
    }

    static let isTaken = Finding("login", "exists", "このユーザーIDはすでに使われています。別のIDを入力してください。")

    /// Stores a checked account with an initial password, its duties and its history.
    func add(
        _ account: Account,
        _ duties: Set<Duty>,
        at now: Timestamp,
        by caller: Caller,
        _ directory: Directory,
        _ connection: any SQLConnection
    ) throws -> Int64 {
        let id = try accounts.insert(account, at: now, directory: directory, connection)
        try DutyStore.set(duties, of: id, by: caller.viewer.account, at: now, connection)
        try FirstUseStore.owePassword(id, at: now, connection)
        try note(
            .issued,
            of: id,
            changes: Self.facts(account, duties),
            at: now,
            by: caller,
            directory,
            connection
        )
        return id
    }

    /// What the history says of a new account.
    static func facts(_ account: Account, _ duties: Set<Duty>) -> [AccountEvent.Change] {
        var changes = [
            AccountEvent.Change("organisation", new: account.organisation), .init("name", new: account.name),
            .init("phone", new: account.phone),
        ]
        if !duties.isEmpty { changes.append(.init("duties", new: words(duties))) }
        return changes
    }

    /// Duties in the words of the screen.
    static func words(_ duties: Set<Duty>) -> String {
        duties.sorted().map(\.label).joined(separator: "、")
    }

    /// Writes a line of an account's history.
    func note(
        _ action: AccountEvent.Action,
        of account: Int64,
        reason: String? = nil,
        changes: [AccountEvent.Change] = [],
        at now: Timestamp,
        by caller: Caller,
        _ directory: Directory,
        _ connection: any SQLConnection
    ) throws {
        try accountEvents.put(
            AccountEvent(
                account: account,
                at: now,
                action: action,
                actor: caller.viewer.account,
                organisation: caller.organisation.key,
                actorName: caller.viewer.name,
                through: caller.channel.rawValue,
                reason: reason,
                changes: changes
            ),
            directory: directory,
            connection
        )
    }

    /// A user ID that is free, for an organisation: its key for the first, then counted on.
    ///
    /// - Throws: ``Refusal/notFound`` for whoever doesn't issue its accounts.
    public func proposedLogin(for organisation: OrganisationKey, by caller: Caller) async throws -> String {
        try await requireIssuer(caller, of: organisation)
        let base = organisation.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        let taken = Set(try await engine.read { try self.accounts.logins(beginning: base, most: 10_000, $0) })
        guard taken.contains(base) else { return base }
        var number = 2
        while taken.contains("\(base)-\(number)") { number += 1 }
        return "\(base)-\(number)"
    }
}
