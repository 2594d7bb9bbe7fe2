import Access
import Catalogue
import Storage

/// Who takes part in a case, worked out from what it says.
enum Parties {
    /// Puts the parties in order after a change of the case.
    ///
    /// The headquarters follow from the health centres, the testing institutions from the tests; parties that come
    /// from elsewhere (a stay, an assignment) stay as they are.
    static func derive(_ file: CaseFile, directory: Directory) -> [Party] {
        var result: [Party] = []
        func add(_ key: OrganisationKey, _ role: CaseRole) {
            guard directory[key] != nil, !result.contains(where: { $0.organisation == key && $0.role == role })
            else { return }
            result.append(file.parties.first { $0.organisation == key && $0.role == role } ?? Party(key, role))
        }
        var offices: [OrganisationKey] = []
        if let office = file.items[.jurisdiction]?.rawValue {
            add(office, .inCharge)
            offices.append(office)
        }
        for office in file.items[.relatedOffices] ?? [] where office.rawValue != offices.first {
            add(office.rawValue, .related)
            offices.append(office.rawValue)
        }
        for office in offices {
            for headquarters in directory.headquarters(above: office) { add(headquarters.key, .headquarters) }
        }
        for party in file.parties where party.role == .reporting { add(party.organisation, .reporting) }
        for test in file.entries[.test] ?? [] {
            if let owner = test.owner, directory[owner]?.kind == .medical, !result.contains(Party(owner, .reporting)) {
                add(owner, .testing)
            }
        }
        let derived: Set<CaseRole> = [.inCharge, .related, .headquarters, .reporting, .testing]
        result += file.parties.filter { !derived.contains($0.role) }
        return result
    }
}
