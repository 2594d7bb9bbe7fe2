import Access
import Catalogue
import Testing

@testable import Demonstration

@Suite struct `Demonstration organisations` {
    private let population = `Demonstration population`.population
    private let cases = `Demonstration population`.cases

    @Test func `Every kind of organisation is there, each with an account and under one that comes before it`() {
        var seen: Set<OrganisationKey> = []
        for organisation in population.organisations {
            #expect(seen.insert(organisation.key).inserted)
            for above in [organisation.parent, organisation.healthCentre].compactMap(\.self) {
                #expect(seen.contains(above))
            }
            #expect(population.accounts.contains { $0.organisation == organisation.key })
            #expect(!organisation.name.isEmpty && !organisation.address.isEmpty && !organisation.phone.isEmpty)
        }
        #expect(Set(population.organisations.map(\.kind)) == Set(OrganisationKind.allCases))
        #expect((38...50).contains(population.organisations.count { $0.kind == .healthCentre }))
    }

    @Test func `Logins are unique and the featured ones are all there`() {
        #expect(Set(population.accounts.map(\.login)).count == population.accounts.count)
        #expect(population.featured.map(\.login) == Network.featuredLogins)
        let kinds = Dictionary(uniqueKeysWithValues: population.organisations.map { ($0.key, $0.kind) })
        #expect(Set(population.featured.compactMap { kinds[$0.organisation] }) == Set(OrganisationKind.allCases))
    }

    @Test func `Codes have right check digits`() throws {
        for place in population.municipalities {
            #expect(try MunicipalityCode.read(place.code).get() == place.code)
            #expect(place.code.hasPrefix(place.prefecture))
        }
        for organisation in population.organisations {
            #expect(try MunicipalityCode.read(organisation.municipality).get() == organisation.municipality)
            guard let code = organisation.institutionCode else { continue }
            #expect(try InstitutionCode.read(code).get() == code)
            #expect(organisation.key == "med-\(code)")
        }
        let shinjuku = population.organisations.first { $0.key == "hc-13104" }
        #expect(shinjuku?.parent == "city-13104")
        #expect(population.organisations.first { $0.key == "hc-13206" }?.parent == "pref-13")
    }

    @Test func `Every health centre has institutions, a hospital among them`() {
        let network = NetworkBuilder.network(seed: 7)
        for centre in network.centres {
            #expect((2...6).contains(centre.institutions.count))
            #expect(!centre.hospitals.isEmpty)
        }
    }

    @Test func `Telephone numbers are nobody's`() {
        let phones =
            population.accounts.map(\.phone) + population.organisations.map(\.phone)
            + cases.flatMap { [$0.file.items[.phone], $0.file.items[.mobilePhone]].compactMap(\.self) }
        for phone in phones {
            // No exchange and no block of mobile numbers begins with 0.
            let parts = phone.split(separator: "-")
            #expect(parts.count == 3 && parts[1].hasPrefix("0"), "\(phone)")
            let digits = phone.utf8.count { (48...57).contains($0) }
            #expect(digits == (parts[0].utf8.count == 3 && parts[0].last == "0" ? 11 : 10), "\(phone)")
        }
    }

    @Test func `Parties are organisations of the right kind, and the offices named are among them`() {
        let kinds = Dictionary(uniqueKeysWithValues: population.organisations.map { ($0.key, $0) })
        for made in cases {
            let file = made.file
            #expect(Set(file.parties.map { "\($0.organisation) \($0.role)" }).count == file.parties.count)
            for party in file.parties {
                let kind = kinds[party.organisation]?.kind
                switch party.role {
                case .inCharge, .related: #expect(kind == .healthCentre)
                case .headquarters: #expect(kind == .city || kind == .prefecture)
                case .reporting, .testing, .admitting: #expect(kind == .medical)
                case .followUp: #expect(kind == .followUp)
                case .lodging: #expect(kind == .lodging)
                case .ministry, .analysis, .person, .opened: Issue.record("no party")
                }
            }
            #expect(file.items[.jurisdiction]?.rawValue == file.jurisdiction)
            let related = file.parties.filter { $0.role == .related }.map { Code($0.organisation) }
            #expect(file.items[.relatedOffices] ?? [] == related)
            for office in file.parties where office.role == .inCharge || office.role == .related {
                var above = kinds[office.organisation]?.parent
                while let key = above {
                    #expect(file.parties.contains { $0.organisation == key && $0.role == .headquarters })
                    above = kinds[key]?.parent
                }
            }
            for entry in file.entries.values.flatMap(\.self) { #expect(kinds[entry.owner ?? ""] != nil) }
            let isOwn = file.items[.entryRoute] == "direct" || file.items[.entryRoute] == "api"
            #expect(file.parties.contains { $0.role == .reporting } == isOwn)
        }
    }
}
