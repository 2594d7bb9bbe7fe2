public import Access
import Catalogue
public import Storage

/// What somebody did with a client, with names.
public struct ClientHistoryLine: Sendable, Hashable {
    /// What.
    public let deed: ClientDeed
    /// By whom; nil for a command.
    public let name: String?
    /// Of which organisation.
    public let organisation: String?
}

// API clients on screen: whoever issues the accounts of an organisation issues its programs, too, but for the ministry.

extension Casework {
    /// The clients of all organisations whose programs the caller issues, by organisation.
    ///
    /// - Throws: ``Refusal/notFound`` for whoever issues none.
    public func clients(by caller: Caller) async throws -> [Client] {
        let author = try await author(caller)
        let found: [Client] = try await engine.read { connection in
            let reaches = try author.reach(connection)
            guard reaches(caller.organisation.key) else { throw Refusal.notFound }
            return try ClientStore.all(connection).filter { reaches($0.organisation) }
        }
        return found.sorted {
            ($0.organisation, $0.createdAt?.seconds ?? 0) < ($1.organisation, $1.createdAt?.seconds ?? 0)
        }
    }

    /// Organisations for which the caller may issue clients, own first.
    public func clientOrganisations(by caller: Caller) async throws -> [Organisation] {
        let (author, own, directory) = (try await author(caller), caller.organisation.key, try await directory())
        let found: [Organisation] = try await engine.read { connection in
            let reaches = try author.reach(connection)
            return directory.organisations.values.filter { reaches($0.key) }
        }
        return found.sorted { ($0.key == own ? 0 : 1, $0.name, $0.key) < ($1.key == own ? 0 : 1, $1.name, $1.key) }
    }

    /// A client with what was done with it, newest first.
    ///
    /// - Throws: ``Refusal/notFound`` for one of another's.
    public func client(_ id: String, by caller: Caller) async throws -> (client: Client, history: [ClientHistoryLine]) {
        let (author, directory) = (try await author(caller), try await directory())
        return try await engine.read { connection in
            guard let client = try ClientStore.find(id: id, connection),
                try author.reach(connection)(client.organisation)
            else { throw Refusal.notFound }
            let history = try ClientStore.deeds(of: client.number, connection).map { deed in
                let account = deed.account > 0 ? try self.accounts.find(id: deed.account, connection) : nil
                return ClientHistoryLine(
                    deed: deed,
                    name: account?.name,
                    organisation: account.flatMap { directory[$0.organisation]?.name }
                )
            }
            return (client, history)
        }
    }

    /// Issues a client for an organisation whose programs the caller issues; the secret is shown once.
    ///
    /// - Throws: ``Refusal/notFound`` for another's organisation and for one that doesn't exist,
    ///   ``Refusal/findings(_:)`` for a name of another length than 1–100.
    public func issueClient(
        organisation: OrganisationKey,
        name: String,
        writes: Bool,
        certificate: [UInt8]?,
        by caller: Caller
    ) async throws -> (id: String, secret: String) {
        let author = try await author(caller)
        // Before the name is looked at: nobody learns by it what there is.
        try await engine.read { connection in
            guard try author.reach(connection)(organisation) else { throw Refusal.notFound }
        }
        return try await issueClient(
            organisation: organisation,
            name: name,
            writes: writes,
            certificate: certificate,
            by: author
        )
    }

    /// Gives a client another secret, which is shown once.
    public func rotateClient(_ id: String, endsEarlier: Bool, by caller: Caller) async throws -> String {
        try await rotateClient(id, endsEarlier: endsEarlier, by: try await author(caller))
    }

    /// Binds a client to a certificate, or unbinds it.
    public func bindClient(_ id: String, to certificate: [UInt8]?, by caller: Caller) async throws {
        try await bindClient(id, to: certificate, by: try await author(caller))
    }

    /// Stops a client; its tokens end at once.
    public func stopClient(_ id: String, by caller: Caller) async throws {
        try await stopClient(id, by: try await author(caller))
    }

    private func author(_ caller: Caller) async throws -> ClientAuthor {
        let directory = try await directory()
        return ClientAuthor(account: caller.viewer.account) { connection in
            let actor = try self.holder(caller, connection)
            return { organisation in
                guard let other = directory[organisation] else { return false }
                return Issuing.issuesClients(actor, of: other) { directory[$0] }
            }
        }
    }
}

/// Who changes a client, with the right to do so as of the transaction that changes it.
struct ClientAuthor: Sendable {
    /// The account that the history names; 0 for a command.
    let account: Int64
    /// Which organisations' programs are theirs to change.
    let reach: @Sendable (_ connection: any SQLConnection) throws -> (_ organisation: OrganisationKey) -> Bool

    /// Whoever runs the program with its database and keys.
    static let command = ClientAuthor(account: 0) { _ in { _ in true } }
}
