import Access
import Catalogue
import Storage

/// Who takes part in a case, worked out from what it says.
enum Parties {
    /// A hospital goes on writing for so long after a discharge: the outcome and the findings come with the letter.
    static let daysAfterDischarge = 14

    /// Puts the parties in order after a change of the case.
    ///
    /// The headquarters and their analysis centres follow from the health centres, the testing institutions from the tests, the hospitals from the
    /// admissions, the facilities from the stays, the contractor from its assignment; others stay as they are.
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
        // A local government that has issued an ID to its centre lets it see its own area, without identity.
        for government in result where government.role == .headquarters {
            for centre in directory.analysisCentres(of: government.organisation) { add(centre, .analysis) }
        }
        for party in file.parties where party.role == .reporting { add(party.organisation, .reporting) }
        for test in file.entries[.test] ?? [] {
            if let owner = test.owner, directory[owner]?.kind == .medical, !result.contains(Party(owner, .reporting)) {
                add(owner, .testing)
            }
        }
        for party in hosts(file, directory) where !result.contains(party) { result.append(party) }
        let derived: Set<CaseRole> = [
            .inCharge, .related, .headquarters, .reporting, .testing, .admitting, .lodging, .followUp, .analysis,
        ]
        result += file.parties.filter { !derived.contains($0.role) }
        return result
    }

    /// Hospitals, facilities and the contractor, each for its time.
    private static func hosts(_ file: CaseFile, _ directory: Directory) -> [Party] {
        var result: [Party] = []
        func hospital(_ name: InstitutionName?, _ from: CalendarDate?, _ to: CalendarDate?) {
            guard let name, let found = directory.organisation(name, of: [.medical]) else { return }
            result.append(Party(found.key, .admitting, from: from, until: to?.adding(days: daysAfterDischarge)))
        }
        for entry in file.entries[.admission] ?? [] {
            hospital(entry.items[.hospital], entry.items[.admittedOn], entry.items[.dischargedOn])
        }
        for entry in file.entries[.whereabouts] ?? [] {
            let (from, to) = (entry.items[.placeFrom], entry.items[.placeTo])
            // A headquarters that places somebody in a hospital writes the stay; the admission is the hospital's.
            if entry.items[.placeKind] == "hospital" { hospital(entry.items[.placeOrganisation], from, to) }
            if let name = entry.items[.placeOrganisation], let found = directory.organisation(name, of: [.lodging]) {
                result.append(Party(found.key, .lodging, from: from, until: to))
            }
        }
        if let name = file.items[.followUpOrganisation],
            let found = directory.organisation(name, of: Gate.followUpKinds)
        {
            let end = file.items[.releaseToldOn] ?? (file.items[.outcome] == "died" ? file.items[.outcomeOn] : nil)
            let known = file.parties.first { $0.organisation == found.key && $0.role == .followUp }
            result.append(Party(found.key, .followUp, from: known?.from, until: end))
        }
        return result
    }
}
