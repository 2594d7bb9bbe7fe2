public import Access
public import Catalogue
import Storage

extension Casework {
    /// Assigns a follow-up organisation (健康フォローアップ受託機関): it sees the person's observation from today.
    ///
    /// The one that was assigned before doesn't see the case any more.
    ///
    /// - Throws: ``Refusal/forbidden(_:)`` unless the caller's health centre is in charge,
    ///   ``Refusal/findings(_:)`` for an organisation that isn't one of those.
    public func assignFollowUp(
        _ number: CaseNumber,
        to organisation: OrganisationKey,
        seen: Int? = nil,
        by caller: Caller
    ) async throws -> Disclosed<CaseFile> {
        let change = Self.assigning(organisation, seen: seen, try await directory())
        return try await changeInTransaction(number, by: caller, action: "assign", change)
    }

    /// What assigning does with a case.
    static func assigning(_ key: OrganisationKey, seen: Int?, _ directory: Directory) -> CaseChange {
        { file, permission, now, _ in
            try Self.refuseUnseen(seen, file)
            guard let organisation = directory[key], organisation.kind == .followUp else {
                throw Refusal.findings([
                    Finding("follow_up_organisation", "unknown_organisation", "健康フォローアップ受託機関を一覧から選んでください。")
                ])
            }
            guard permission.decidesIntake else {
                throw Refusal.forbidden("健康フォローアップ受託機関を割り当てられるのは管轄保健所だけです。")
            }
            guard file.items[.followUpOrganisation]?.code != key else { return }
            file.items[.followUpOrganisation] = InstitutionName(name: organisation.name, code: key)
            // Who was assigned before is no party any more: see Parties.
            file.parties.removeAll { $0.organisation == key && $0.role == .followUp }
            file.parties.append(Party(key, .followUp, from: now.japanDate))
        }
    }
}
