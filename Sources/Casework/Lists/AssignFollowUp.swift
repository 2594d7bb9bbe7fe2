public import Access
public import Catalogue
import Storage

extension Casework {
    /// Assigns a follow-up organisation (健康フォローアップ受託機関): it sees the person's observation from today.
    ///
    /// The one that was assigned before sees the case until yesterday.
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
            let today = now.japanDate
            let isAssigned = file.parties.contains {
                $0.organisation == key && $0.role == .followUp && $0.holds(on: today) && $0.until == nil
            }
            let name = InstitutionName(name: organisation.name)
            guard !isAssigned || file.items[.followUpOrganisation] != name else { return }
            file.items[.followUpOrganisation] = name
            guard !isAssigned else { return }
            file.parties = file.parties.compactMap { party in
                guard party.role == .followUp else { return party }
                // A party is its organisation and its role: coming back later begins anew.
                guard party.organisation != key else { return nil }
                guard party.holds(on: today) || party.from.map({ $0 > today }) == true else { return party }
                var ended = party
                ended.until = today.adding(days: -1)
                return (ended.from ?? today) <= today.adding(days: -1) || party.from == nil ? ended : nil
            }
            file.parties.append(Party(key, .followUp, from: today))
        }
    }
}
