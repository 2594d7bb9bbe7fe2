import Access
import Catalogue
public import Storage

extension Casework {
    /// Fields a draft may hold; more is no form of ours.
    private static let mostFields = 400

    /// Starts a draft; its id goes into the form's address.
    public func newDraft(_ fields: [String: String] = [:], by caller: Caller) async throws -> Draft {
        let draft = Draft(
            id: Secret.random(bytes: 16),
            account: caller.viewer.account,
            fields: fields,
            updatedAt: clock()
        )
        return try await store(draft, caller)
    }

    /// Keeps what was typed so far.
    ///
    /// - Throws: ``Refusal/notFound`` for a draft of somebody else.
    public func saveDraft(
        _ id: String,
        _ fields: [String: String],
        by caller: Caller
    ) async throws -> Draft {
        guard fields.count <= Self.mostFields, let known = try await draft(id, by: caller) else {
            throw Refusal.notFound
        }
        // What is typed after the report was filed belongs to another one.
        guard known.submitted == nil else { throw Refusal.notFound }
        return try await store(
            Draft(id: id, account: caller.viewer.account, fields: fields, updatedAt: clock()),
            caller
        )
    }

    private func store(_ draft: Draft, _ caller: Caller) async throws -> Draft {
        let directory = try await directory()
        guard let organisation = directory.number(caller.organisation.key) else { throw Refusal.notFound }
        try await engine.write { try self.drafts.save(draft, organisation: organisation, $0) }
        return draft
    }

    /// The caller's draft with an id.
    public func draft(_ id: String, by caller: Caller) async throws -> Draft? {
        try await engine.read { try self.drafts.find(id: id, account: caller.viewer.account, $0) }
    }

    /// The caller's drafts that wait to be finished, latest first.
    public func openDrafts(by caller: Caller) async throws -> [Draft] {
        try await engine.read { try self.drafts.open(account: caller.viewer.account, $0) }
    }

    /// Throws a draft away.
    public func discardDraft(_ id: String, by caller: Caller) async throws {
        try await engine.write { try self.drafts.remove(id: id, account: caller.viewer.account, $0) }
    }

    /// What the caller's organisation filled once for ever, by item key, as it stands in a field.
    public func defaults(by caller: Caller) async throws -> [String: String] {
        let directory = try await directory()
        guard let organisation = directory.number(caller.organisation.key) else { return [:] }
        var result = try await engine.read { try self.drafts.defaults(organisation: organisation, $0) }
        let own = caller.organisation
        if own.kind == .medical {
            let name = own.institutionCode.map { "\(own.name)（\($0)）" } ?? own.name
            result["notifier_institution", default: name] = result["notifier_institution"] ?? name
            result["notifier_address"] = result["notifier_address"] ?? own.address
            result["notifier_phone"] = result["notifier_phone"] ?? own.phone
        }
        return result
    }
}
