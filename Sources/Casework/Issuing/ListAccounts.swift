public import Access
public import Catalogue
public import Storage

/// A page of the accounts that a caller looks after.
public struct AccountListing: Sendable {
    /// The rows.
    public let rows: [ListedAccount]
    /// The user ID behind which the next page begins; nil at the end.
    public let next: String?
}

/// An account as whoever looks after it sees it.
public struct ManagedAccount: Sendable {
    /// ユーザーID.
    public let login: String
    /// Name.
    public let name: String
    /// Its organisation.
    public let organisation: Organisation
    /// Telephone of the second step.
    public let phone: String
    /// 役割.
    public let duties: Set<Duty>
    /// Last sign-in.
    public let usedAt: Timestamp?
    /// Stopped at.
    public let stoppedAt: Timestamp?
    /// What its holder owes first.
    public let owes: FirstUse?
    /// What the caller may do with it.
    public let powers: Set<AccountPower>
    /// Duties that the caller may name its holder for.
    public let namable: Set<Duty>
    /// What was done with it, latest first.
    public let events: [AccountEvent]
}

extension Casework {
    /// Days after which an account that nobody has signed in with is flagged.
    public static let unusedDays: Int64 = 90
    /// Accounts on a page of the list.
    public static let accountsOnPage = 50
    /// Lines of an account's history on its page.
    static let mostEvents = 200

    /// A filter that flags accounts as of now.
    public func accountFilter() -> AccountFilter {
        AccountFilter(unusedBefore: clock().adding(seconds: -Self.unusedDays * 86_400))
    }

    /// Whether an account is one to be flagged: never used, or not for ``unusedDays``.
    public func isUnused(_ account: ListedAccount) -> Bool {
        guard account.stoppedAt == nil else { return false }
        return account.usedAt.map { $0 < accountFilter().unusedBefore } ?? true
    }

    /// The accounts that a caller looks after.
    ///
    /// - Parameters:
    ///   - filter: what the list is narrowed to.
    ///   - after: the user ID behind which the page begins, empty for the first page.
    ///   - caller: who asks.
    /// - Returns: the page.
    /// - Throws: ``Refusal/notFound`` for whoever looks after none.
    public func accountPage(
        _ filter: AccountFilter,
        after: String,
        by caller: Caller
    ) async throws -> AccountListing {
        let directory = try await directory()
        guard let scope = Self.scope(of: caller.organisation, directory) else { throw Refusal.notFound }
        let rows = try await engine.read { connection in
            let actor = try self.holder(caller, connection)
            guard Issuing.powers(actor, over: actor.organisation, parentOf: { directory[$0] }).contains(.see) else {
                throw Refusal.notFound
            }
            return try self.accounts.list(scope, filter, after: after, most: Self.accountsOnPage + 1, connection)
        }
        let page = rows.prefix(Self.accountsOnPage)
        return AccountListing(rows: Array(page), next: rows.count > page.count ? page.last?.login : nil)
    }

    /// The accounts that an organisation looks after, as the database finds them; the same as ``Issuing`` says.
    static func scope(of own: Organisation, _ directory: Directory) -> AccountScope? {
        guard let number = directory.number(own.key) else { return nil }
        var above: [OrganisationKey] = []
        switch own.kind {
        case .prefecture, .city, .healthCentre:
            above = directory.organisations.values.filter { other in
                guard other.kind.isAdministration else { return false }
                return other.key == own.key || directory.headquarters(above: other.key).contains { $0.key == own.key }
            }.map(\.key).sorted()
        case .ministry, .medical, .followUp, .lodging, .analysis: break
        }
        return AccountScope(organisation: number, above: above, issuers: own.kind == .ministry)
    }

    /// Organisations whose accounts a caller issues, whose name, key or code holds a text.
    ///
    /// - Parameters:
    ///   - text: part of a name or key, or a whole 医療機関コード; empty for the first ones.
    ///   - most: how many at the most, the caller's own first, then by kind and key.
    ///   - caller: who asks.
    /// - Returns: the organisations, and whether there are more.
    /// - Throws: ``Refusal/notFound`` for whoever issues nothing.
    public func issuableOrganisations(
        _ text: String,
        most: Int,
        by caller: Caller
    ) async throws -> (found: [Organisation], isMore: Bool) {
        try await requireIssuer(caller, of: caller.organisation.key)
        let directory = try await directory()
        let wanted = text.nfkc.lowercased().filter { !$0.isWhitespace }
        let (own, above) = (caller.organisation, Set(Self.scope(of: caller.organisation, directory)?.above ?? []))
        let found = directory.organisations.values.filter { other in
            // Most of the country's institutions are somebody else's: known by a glance, before any text is looked at.
            let isNear =
                own.kind == .ministry
                ? other.kind.isAdministration
                : other.key == own.key
                    || [other.healthCentre, other.parent].contains { $0.map(above.contains) ?? false }
            guard isNear else { return false }
            guard
                wanted.isEmpty || other.key.lowercased().contains(wanted)
                    || other.name.nfkc.lowercased().contains(wanted) || other.institutionCode == wanted
            else { return false }
            return Issuing.governs(own, other) { directory[$0] }
        }.sorted { left, right in
            left.stands(before: right, chosenBy: own)
        }
        return (Array(found.prefix(most)), found.count > most)
    }

    /// An account with its history, for whoever looks after it.
    ///
    /// - Throws: ``Refusal/notFound`` for an unknown user ID and for an account that isn't the caller's to see.
    public func managedAccount(_ login: String, by caller: Caller) async throws -> ManagedAccount {
        let directory = try await directory()
        return try await engine.read { connection in
            let subject = try self.subject(login, caller, directory, connection)
            let account = subject.account
            return ManagedAccount(
                login: account.login,
                name: account.name,
                organisation: subject.organisation,
                phone: account.phone,
                duties: subject.duties,
                usedAt: account.usedAt,
                stoppedAt: account.stoppedAt,
                owes: try Self.firstUse(of: account.id, connection),
                powers: subject.powers,
                namable: Issuing.namable(by: caller.organisation, for: subject.organisation),
                events: try self.accountEvents.events(
                    of: account.id,
                    most: Self.mostEvents,
                    directory: directory,
                    connection
                )
            )
        }
    }

    /// An account that somebody wants to do something with, and what they may do with it.
    func subject(
        _ login: String,
        _ caller: Caller,
        _ directory: Directory,
        _ connection: any SQLConnection
    ) throws -> AccountSubject {
        guard let account = try accounts.find(login: login, connection),
            let organisation = directory[account.organisation]
        else { throw Refusal.notFound }
        let duties = try DutyStore.duties(of: account.id, connection)
        let powers = Issuing.powers(
            try holder(caller, connection),
            on: Issuing.Holder(account: account.id, organisation: organisation, duties: duties),
            parentOf: { directory[$0] }
        )
        guard powers.contains(.see) else { throw Refusal.notFound }
        return AccountSubject(account: account, organisation: organisation, duties: duties, powers: powers)
    }
}

/// An account that somebody wants to do something with.
struct AccountSubject {
    let account: Account
    let organisation: Organisation
    let duties: Set<Duty>
    /// What they may do with it; to see it at least.
    let powers: Set<AccountPower>

    /// Throws ``Refusal/forbidden(_:)`` for what they may not do.
    func require(_ power: AccountPower) throws {
        guard !powers.contains(power) else { return }
        throw Refusal.forbidden("このアカウントに対するこの操作は、あなたの役割ではできません。")
    }
}
