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

// API clients on screen: whoever issues the accounts of an organisation issues its programs, too.

extension Casework {
    /// The clients of all organisations whose accounts the caller issues, by organisation.
    ///
    /// - Throws: ``Refusal/notFound`` for whoever issues none.
    public func clients(by caller: Caller) async throws -> [Client] {
        try await requireIssuer(caller, of: caller.organisation.key)
        let governs = try await governing(caller)
        return try await clients().filter { governs($0.organisation) }
            .sorted { ($0.organisation, $0.createdAt?.seconds ?? 0) < ($1.organisation, $1.createdAt?.seconds ?? 0) }
    }

    /// Organisations for which the caller may issue clients, own first.
    public func clientOrganisations(by caller: Caller) async throws -> [Organisation] {
        let governs = try await governing(caller)
        let own = caller.organisation.key
        return try await directory().organisations.values.filter { governs($0.key) }
            .sorted { ($0.key == own ? 0 : 1, $0.name, $0.key) < ($1.key == own ? 0 : 1, $1.name, $1.key) }
    }

    private func governing(_ caller: Caller) async throws -> @Sendable (OrganisationKey) -> Bool {
        let directory = try await directory()
        let actor = Issuing.Holder(
            account: caller.viewer.account,
            organisation: caller.organisation,
            duties: try await duties(of: caller)
        )
        return { key in
            guard let other = directory[key] else { return false }
            return Issuing.powers(actor, over: other, parentOf: { directory[$0] }).contains(.issue)
        }
    }

    /// A client with what was done with it, newest first.
    ///
    /// - Throws: ``Refusal/notFound`` for one of another's.
    public func client(_ id: String, by caller: Caller) async throws -> (client: Client, history: [ClientHistoryLine]) {
        let client = try await governed(id, caller)
        let directory = try await directory()
        let history = try await engine.read { connection in
            try ClientStore.deeds(of: client.number, connection).map { deed in
                let account = deed.account > 0 ? try self.accounts.find(id: deed.account, connection) : nil
                return ClientHistoryLine(
                    deed: deed,
                    name: account?.name,
                    organisation: account.flatMap { directory[$0.organisation]?.name }
                )
            }
        }
        return (client, history)
    }

    private func governed(_ id: String, _ caller: Caller) async throws -> Client {
        guard let client = try await engine.read({ try ClientStore.find(id: id, $0) }) else { throw Refusal.notFound }
        try await requireIssuer(caller, of: client.organisation)
        return client
    }

    /// Issues a client for an organisation whose accounts the caller issues; the secret is shown once.
    public func issueClient(
        organisation: OrganisationKey,
        name: String,
        writes: Bool,
        certificate: [UInt8]?,
        by caller: Caller
    ) async throws -> (id: String, secret: String) {
        try await requireIssuer(caller, of: organisation)
        return try await issueClient(
            organisation: organisation,
            name: name,
            writes: writes,
            certificate: certificate,
            by: caller.viewer.account
        )
    }

    /// Gives a client another secret, which is shown once.
    public func rotateClient(_ id: String, endsEarlier: Bool, by caller: Caller) async throws -> String {
        _ = try await governed(id, caller)
        return try await rotateClient(id, endsEarlier: endsEarlier, by: caller.viewer.account)
    }

    /// Binds a client to a certificate, or unbinds it.
    public func bindClient(_ id: String, to certificate: [UInt8]?, by caller: Caller) async throws {
        _ = try await governed(id, caller)
        try await bindClient(id, to: certificate, by: caller.viewer.account)
    }

    /// Stops a client; its tokens end at once.
    public func stopClient(_ id: String, by caller: Caller) async throws {
        _ = try await governed(id, caller)
        try await stopClient(id, by: caller.viewer.account)
    }
}
