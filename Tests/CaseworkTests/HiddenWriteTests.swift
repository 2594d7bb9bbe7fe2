import Access
import Casework
import Catalogue
import Storage
import Testing

/// What an organisation doesn't see it doesn't change, whatever it sends.
@Suite struct HiddenWriteTests {
    /// A full case with a party in every role, made by the health centre in charge.
    private static func full(_ office: Office) async throws -> CaseNumber {
        let centre = try office.caller("hc-13104")
        let number = try await office.casework.notify(Office.report(), by: office.caller("med-1")).subject.number
        let day = CalendarDate(dayNumber: 18_404)
        var items: [String: Value?] = [
            "memo": .text("内緒のメモ"), "outcome": .code("ongoing"), "route_place": .text("某所"),
            "follow_up_organisation": .institution(InstitutionName(name: "見守り", code: "fol-1")),
        ]
        items["dialysis"] = .code("no")
        let clinic = Value.institution(InstitutionName(name: "渋谷みどり医院", code: "med-2"))
        let entries = [
            EntryRevision(.admission, id: nil, items: ["hospital": clinic, "admitted_on": .date(day)]),
            EntryRevision(.whereabouts, id: nil, items: ["place_kind": .code("hospital"), "place_from": .date(day)]),
            EntryRevision(
                .severity,
                id: nil,
                items: ["severity": .code("mild"), "severity_at": .time(Timestamp(day, hour: 9))]
            ),
            EntryRevision(
                .activity,
                id: nil,
                items: ["activity_place": .text("職場")].filter { Catalogue.item($0.key) != nil }
            ),
        ]
        let revision = Revision(seen: 1, items: items, entries: entries, keepsWarnings: true)
        _ = try await office.casework.revise(number, revision, by: centre)
        _ = try await office.casework.setRelated(number, offices: ["hc-13113"], by: centre)
        return number
    }

    /// A value that an item accepts.
    private static func value(_ item: ItemDefinition, _ random: inout SystemRandomNumberGenerator) -> Value? {
        switch item.type {
        case .code(let list): list.entries.randomElement(using: &random).map { .code($0.code) }
        case .codes(let list): list.entries.randomElement(using: &random).map { .codes([$0.code]) }
        case .date: .date(CalendarDate(dayNumber: 18_395 + Int32.random(in: 0...9, using: &random)))
        case .time: .time(Timestamp(CalendarDate(dayNumber: 18_400), hour: Int.random(in: 0...9, using: &random)))
        case .integer: .integer(max(item.range?.lowerBound ?? 1, 1))
        case .decimal: .decimal(DecimalNumber(item.range?.lowerBound ?? 1))
        case .institution: .institution(InstitutionName(name: "名前だけの医院"))
        case .name, .text, .longText: .text("書きかえ\(Int.random(in: 0...9, using: &random))")
        default: nil
        }
    }

    @Test(arguments: ["med-1", "med-2", "fol-1", "hc-13113", "pref-13", "city-13104", "mhlw"])
    func `a random patch changes nothing that its sender may not write`(sender: OrganisationKey) async throws {
        let office = try await Office()
        let number = try await Self.full(office)
        var local: [String] = []
        for section in LocalItem.sections {
            let draft = LocalItemDraft(
                label: "独自",
                section: section,
                name: section.rawValue,
                kind: .text,
                from: office.casework.today
            )
            local.append(try await office.casework.defineLocalItem(draft, by: office.caller("pref-13")).key)
        }
        let (centre, caller) = (try office.caller("hc-13104"), try office.caller(sender))
        var random = SystemRandomNumberGenerator()
        let permission = try await office.casework.read(number, by: caller).permission
        let directory = try await office.casework.directory()
        var stored = 0
        for _ in 0..<120 {
            let before = try await office.casework.read(number, by: centre).subject
            var items: [String: Value?] = [:]
            // Mostly one or two items: a patch is refused as a whole, and then nothing is tried.
            for item in Catalogue.items.shuffled(using: &random).prefix(Int.random(in: 0...2, using: &random)) {
                items[item.key] = Bool.random(using: &random) ? Self.value(item, &random) : Value?.none
            }
            if Int.random(in: 0...3, using: &random) == 0, let key = local.randomElement(using: &random) {
                items[key] = Bool.random(using: &random) ? .text("独自\(Int.random(in: 0...9, using: &random))") : nil
            }
            var entries: [EntryRevision] = []
            if let section = Section.allCases.filter(\.repeats).randomElement(using: &random) {
                let id = Bool.random(using: &random) ? before.entries[section]?.randomElement(using: &random)?.id : nil
                var values: [String: Value?] = [:]
                for item in Catalogue.items(in: section).shuffled(using: &random).prefix(2) {
                    values[item.key] = Self.value(item, &random)
                }
                let isRemoved = id != nil && Int.random(in: 0...4, using: &random) == 0
                entries.append(EntryRevision(section, id: id, items: values, isRemoved: isRemoved))
            }
            // A hospital that has given its own admission to another sees the case no more.
            guard let seen = try? await office.casework.read(number, by: caller).subject.version else { break }
            let revision = Revision(
                seen: seen,
                items: items,
                entries: Bool.random(using: &random) ? entries : [],
                keepsWarnings: true,
                reason: "試験"
            )
            guard (try? await office.casework.revise(number, revision, by: caller)) != nil else { continue }
            stored += 1
            let after = try await office.casework.read(number, by: centre).subject
            for change in after.changes(from: before) {
                guard let item = directory.item(change.change.item) else {
                    Issue.record("an unknown item")
                    continue
                }
                // The status follows the stays and the outcome, whoever wrote those; ages follow the dates.
                guard !["status", "age_at_diagnosis", "age_months", "age_band"].contains(item.key) else { continue }
                #expect(permission.writes(item, owner: change.owner), "\(sender) changed \(item.key)")
                #expect(permission.reads(item, owner: change.owner) || item.key == "physician_finding")
            }
        }
        // Whoever may write something has stored something: the patches aren't all refused for another reason.
        let writes = Catalogue.items.contains { permission.writes($0, owner: sender) && $0.section != .observation }
        #expect(!writes || stored > 0)
    }
}
