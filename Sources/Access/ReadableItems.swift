import Catalogue

/// The keys of the items that are read, worked out once for each role: a list asks for 50 cases of 60 items each.
struct ReadableItems: Sendable {
    /// Single-valued items.
    var single: Set<String>
    /// Items of a record that the viewer's organisation entered.
    var own: Set<String>
    /// Items of a record that somebody else entered.
    var others: Set<String>
    /// Whether items that the catalogue doesn't know are read as well: only by whoever reads everything.
    var unknown: Bool

    /// Sections whose local items are read: a prefecture's own items follow their section, and the de-identified have
    /// none of them.
    var localSections: Set<Section>

    /// Whether everything is read.
    let isWhole: Bool

    private init(_ role: CaseRole) {
        func keys(isOwn: Bool) -> Set<String> {
            Set(Catalogue.items.filter { Self.reads($0, as: role, isOwn: isOwn) }.map(\.key))
        }
        single = keys(isOwn: false).filter { Catalogue.item($0).map { !$0.section.repeats } ?? false }
        single.formUnion(
            keys(isOwn: true).filter { Catalogue.item($0).map { !$0.section.repeats } ?? false }
        )
        own = keys(isOwn: true)
        others = keys(isOwn: false)
        localSections = Set(LocalItem.sections.filter { Rights.readsLocal($0, as: role) })
        unknown = role == .inCharge
        isWhole = unknown && others.count == Catalogue.items.count
    }

    private init(_ one: ReadableItems, _ other: ReadableItems) {
        single = one.single.union(other.single)
        own = one.own.union(other.own)
        others = one.others.union(other.others)
        localSections = one.localSections.union(other.localSections)
        unknown = one.unknown || other.unknown
        isWhole = one.isWhole || other.isWhole
    }

    private static let byRole = Dictionary(
        uniqueKeysWithValues: CaseRole.allCases.map { ($0, ReadableItems($0)) }
    )

    /// What several roles read together, with the sections that grants open.
    static func items(of roles: Set<CaseRole>, grants: Set<Section>) -> ReadableItems? {
        var result: ReadableItems?
        for role in roles {
            guard let items = byRole[role] else { continue }
            result = result.map { ReadableItems($0, items) } ?? items
        }
        if !grants.isEmpty {
            result?.localSections.formUnion(grants.intersection(LocalItem.sections))
            for item in Catalogue.items where Rights.sections(of: item).allSatisfy(grants.contains) {
                result?.single.insert(item.key)
                result?.own.insert(item.key)
                result?.others.insert(item.key)
            }
        }
        return result
    }

    /// Whether a single-valued item is read, a prefecture's own included.
    func reads(_ key: String) -> Bool {
        single.contains(key) || LocalItem.section(of: key).map(localSections.contains) ?? false
    }

    private static func reads(_ item: ItemDefinition, as role: CaseRole, isOwn: Bool) -> Bool {
        if Rights.seesStrip(role), Rights.strip.contains(item.key) { return true }
        if item.section == .management {
            return Rights.managementItems(of: role)?.contains(item.key) ?? true
        }
        return Rights.sections(of: item).allSatisfy { section in
            switch Rights.right(of: role, on: section) {
            case .read, .write: true
            case .readOwn, .writeOwn: !section.repeats || isOwn
            case .readDeidentified: item.deidentified
            case .none, .writeOnly: false
            }
        }
    }
}
