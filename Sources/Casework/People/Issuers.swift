public import Access
import Storage

extension Casework {
    /// The duties that a caller holds now; none for an API client.
    public func duties(of caller: Caller) async throws -> Set<Duty> {
        let account = caller.viewer.account
        guard account > 0 else { return [] }
        return try await engine.read { try DutyStore.duties(of: account, $0) }
    }

    /// Throws unless a caller issues the accounts of an organisation.
    ///
    /// - Throws: ``Refusal/notFound`` for whoever doesn't, and for an organisation that doesn't exist.
    public func requireIssuer(_ caller: Caller, of organisation: OrganisationKey) async throws {
        let directory = try await directory()
        let actor = Issuing.Holder(
            account: caller.viewer.account,
            organisation: caller.organisation,
            duties: try await duties(of: caller)
        )
        guard let other = directory[organisation],
            Issuing.powers(actor, over: other, parentOf: { directory[$0] }).contains(.issue)
        else { throw Refusal.notFound }
    }
}
