import Access
import Casework
import Catalogue
import Storage

@testable import Web

/// A case in which every item has a value and every role its organisation.
enum APIFullCase {
    /// Who holds which role; the institution that admits isn't the one that reports.
    static let parties = [
        Party("hc-a", .inCharge), Party("hc-b", .related), Party("pref-13", .headquarters), Party("med-a", .reporting),
        Party("med-b", .admitting), Party("fol-a", .followUp), Party("lod-a", .lodging), Party("ana-a", .analysis),
    ]

    /// A value that the item accepts.
    static func value(of item: ItemDefinition) -> Value {
        switch item.type {
        case .name, .text, .longText: .text("値")
        case .kana: .text("ア")
        case .phone: .text("03-1234-5678")
        case .email: .text("a@example.jp")
        case .postalCode: .text("1050014")
        case .municipality: .text("131032")
        case .caseReference: .text(CaseNumber(payload: 5)?.digits ?? "")
        case .integer: .integer(item.range?.lowerBound ?? 1)
        case .decimal: .decimal(DecimalNumber(item.range?.lowerBound ?? 1))
        case .date: .date(TestSite.day("2020-05-22"))
        case .time: .time(Timestamp(TestSite.day("2020-05-22"), hour: 9))
        case .code(let list): .code(list.entries.first?.code ?? "")
        case .codes(let list): .codes(list.entries.prefix(1).map(\.code))
        case .institution: .institution(InstitutionName(name: "みなと病院", code: "1310000011"))
        case .office: .code("hc-a")
        case .offices: .codes(["hc-b"])
        case .caseReferences: .codes([Code(CaseNumber(payload: 5)?.digits ?? "")])
        }
    }

    /// The items of a section, all with values.
    static func record(_ section: Section) -> Record {
        Record(Dictionary(uniqueKeysWithValues: Catalogue.items(in: section).map { ($0.key, value(of: $0)) }))
    }

    /// Stores it; each repeating section has one record of the reporting institution and one of the health centre.
    static func store(in site: TestSite, changed: (inout CaseFile) -> Void = { _ in }) async throws -> CaseFile {
        var items = Record()
        for item in CaseJSON.singleItems { items[item.key] = value(of: item) }
        guard let number = CaseNumber(payload: 0) else { throw Refusal.notFound }
        var file = CaseFile(number: number, form: "2020-02", intake: .submitted, items: items, parties: parties)
        var next = 1
        for section in Section.allCases where section.repeats {
            for owner in ["med-a", "hc-a"] {
                file.entries[section, default: []].append(Entry(id: next, owner: owner, items: record(section)))
                next += 1
            }
        }
        let directory = try await site.casework.directory()
        let deed = CaseStore.Deed(
            at: TestSite.now,
            account: 1,
            actor: "保健師",
            organisation: "hc-a",
            through: "page",
            action: "notify"
        )
        let store = CaseStore(Vault(site.keys))
        changed(&file)
        let prepared = file
        return try await site.engine.write { try store.insert(prepared, deed, directory: directory, $0) }
    }
}
