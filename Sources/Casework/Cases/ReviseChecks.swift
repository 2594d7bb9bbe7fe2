public import Access
public import Catalogue
import Storage

extension Casework {
    /// Checks what was changed; what was incomplete before and wasn't touched doesn't stand in the way.
    static func check(
        _ file: inout CaseFile,
        _ before: CaseFile,
        _ changes: [HistoryEntry.ItemChange],
        _ keepsWarnings: Bool,
        _ directory: Directory,
        _ further: [Finding],
        today: CalendarDate
    ) throws {
        let unknown = changes.filter {
            Catalogue.item($0.change.item) == nil && LocalItem.section(of: $0.change.item) == nil
        }
        if let first = unknown.first {
            throw Refusal.findings([Finding(first.change.item, "unknown_item", "この項目はありません。")])
        }
        let touched = Set(changes.map(\.change.item))
        if !touched.isDisjoint(with: ["birth_date", "diagnosed_on", "notified_on", "age_at_diagnosis"]) {
            file.items = Completion.completed(file.items, on: file.items[.notifiedOn] ?? today)
        }
        // A date that was moved is wrong where the other one stands: what the change made wrong is refused, too.
        let old = Set(found(before, today).map { "\($0.place.item) \($0.code)" })
        let findings =
            found(file, today).filter {
                touched.contains($0.place.item) || !old.contains("\($0.place.item) \($0.code)")
            } + unknownInstitutions(file, before, touched, directory) + further
        if findings.contains(where: { $0.severity == .refusal }) || (!findings.isEmpty && !keepsWarnings) {
            throw Refusal.findings(findings)
        }
    }

    /// Refuses values that a local item's definition doesn't take, and one that is emptied although it must be answered.
    static func checkLocal(
        _ file: CaseFile,
        _ changes: [HistoryEntry.ItemChange],
        _ directory: Directory,
        today: CalendarDate
    ) throws {
        let touched = Set(changes.map(\.change.item).filter { LocalItem.section(of: $0) != nil })
        guard !touched.isEmpty else { return }
        let asked = directory.localItems(of: file.jurisdiction, on: today).filter { touched.contains($0.key) }
        let known = touched.sorted().compactMap { directory.localItems[$0] }
        let findings = unfit(known, in: file.items, today: today) + missing(asked, in: file.items)
        if !findings.isEmpty { throw Refusal.findings(findings) }
    }

    /// Everything that is wrong with a case as it stands.
    private static func found(_ file: CaseFile, _ today: CalendarDate) -> [Finding] {
        let tests = (file.entries[.test] ?? []).map(\.items)
        var result: [Finding] = []
        if let form = file.form.flatMap(FormVersion.version) {
            result = form.findings(items: file.items, tests: tests, today: today)
        } else {
            result = DateOrder.findings(in: file.items, today: today)
            result += StayOrder.findings(.test, tests, items: file.items, today: today)
        }
        for section in Section.allCases where section.repeats && section != .test && section != .observation {
            let records = (file.entries[section] ?? []).map(\.items)
            result += StayOrder.findings(section, records, items: file.items, today: today)
        }
        return result
    }

    // MARK: Institutions

    /// Organisations of which kinds become parties of a case by being named in an item; none for other items.
    public static func hosts(named item: ItemDefinition) -> Set<OrganisationKind> {
        hosts.first { $0.item == item.key }?.kinds ?? []
    }

    /// Institutions that become parties: whoever is named by a code has to be there, whoever is named by the name alone
    /// won't see the case.
    private static let hosts: [(item: String, section: Section, kinds: Set<OrganisationKind>)] = [
        ("hospital", .admission, [.medical]),
        ("place_organisation", .whereabouts, [.medical, .lodging]),
        ("follow_up_organisation", .careContact, [.followUp, .medical, .healthCentre]),
    ]

    private static let places: Set<Code> = ["hospital", "lodging"]

    private static func unknownInstitutions(
        _ file: CaseFile,
        _ before: CaseFile,
        _ touched: Set<String>,
        _ directory: Directory
    ) -> [Finding] {
        var result: [Finding] = []
        for host in hosts where touched.contains(host.item) {
            let now: [(index: Int?, record: Record)] =
                host.section.repeats
                ? (file.entries[host.section] ?? []).enumerated().map { ($0.offset, $0.element.items) }
                : [(nil, file.items)]
            let known = Set(
                (host.section.repeats ? (before.entries[host.section] ?? []).map(\.items) : [before.items])
                    .compactMap { $0[host.item] }
            )
            for (index, record) in now {
                guard case .institution(let name)? = record[host.item], !known.contains(.institution(name)),
                    directory.organisation(name, of: host.kinds) == nil
                else { continue }
                // Only hospitals and lodging facilities are organisations of the system; a home is a name.
                let isHost = host.item != "place_organisation" || record[.placeKind].map(places.contains) == true
                guard name.code != nil || isHost else { continue }
                result.append(finding(host.item, index, name))
            }
        }
        return result
    }

    private static func finding(_ item: String, _ index: Int?, _ name: InstitutionName) -> Finding {
        let place = Finding.Place(item: item, index: index)
        let label = Catalogue.item(item)?.ja ?? item
        guard name.code == nil else {
            return Finding(
                place,
                "unknown_institution",
                "\(label)のコードの機関は登録されていません。一覧から選ぶか、コードを確かめてください。"
            )
        }
        return Finding(
            place,
            "unlinked_institution",
            "\(label)が一覧から選ばれていません。名前だけで保存すると、その機関の画面にはこの対象者が表示されません。",
            severity: .warning
        )
    }

    // MARK: Other cases

    /// Other cases that were named and that the caller doesn't know: one that they may not see is answered like one
    /// that doesn't exist.
    func unknownReferences(
        _ changes: [HistoryEntry.ItemChange],
        _ caller: Caller,
        today: CalendarDate,
        _ connection: any SQLConnection
    ) throws -> [Finding] {
        var result: [Finding] = []
        for change in changes {
            guard let item = Catalogue.item(change.change.item) else { continue }
            var named: [String] = []
            switch (item.type, change.change.new) {
            case (.caseReference, .text(let digits)?): named = [digits]
            case (.caseReferences, .codes(let codes)?): named = codes.map(\.rawValue)
            default: continue
            }
            if case .codes(let codes)? = change.change.old { named.removeAll { codes.map(\.rawValue).contains($0) } }
            for digits in named {
                guard case .success(let number) = CaseNumber.read(digits),
                    let file = try cases.load(number, connection),
                    Gate.permission(file, caller.viewer, on: today) != nil
                else {
                    result.append(
                        Finding(item.key, "unknown_case", "\(item.ja)のHER-SYS IDの対象者が見つかりません。番号を確かめてください。")
                    )
                    break
                }
            }
        }
        return result
    }
}
