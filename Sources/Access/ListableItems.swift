public import Catalogue

/// What a list may show to the people of one kind of organisation, and what it may be put in order by.
public struct ListableItems: Sendable {
    /// Keys of the single-valued items that at least one role of the kind reads: they can be columns, and the gate
    /// decides in every row.
    public let some: Set<String>
    /// Keys of those that every role of the kind reads: the database may sort by them, for the order of a list tells
    /// of values as much as the list itself.
    public let every: Set<String>
    /// Sections whose local items at least one role of the kind reads: those can be columns.
    public let localSections: Set<Section>

    /// Whether a list may be narrowed by an item: like an order, the answer tells of it in every row.
    public func narrows(by key: String) -> Bool { every.contains(key) }
}

extension Gate {
    /// What lists may show to the people of a kind of organisation; grants for single cases add nothing to it.
    public static func listable(_ kind: OrganisationKind) -> ListableItems {
        byKind[kind] ?? ListableItems(some: [], every: [], localSections: [])
    }

    private static let byKind = Dictionary(
        uniqueKeysWithValues: OrganisationKind.allCases.map { kind in
            let items = roles(of: kind).compactMap { ReadableItems.items(of: [$0], grants: []) }
            let readable = items.map(\.single)
            let some = readable.reduce(into: Set<String>()) { $0.formUnion($1) }
            let every = readable.reduce(some) { $0.intersection($1) }
            let local = items.reduce(into: Set<Section>()) { $0.formUnion($1.localSections) }
            return (kind, ListableItems(some: some, every: every, localSections: local))
        }
    )

    /// Kinds of organisations that a case can name for the follow-up of somebody's health (健康フォローアップ実施機関).
    public static let followUpKinds: Set<OrganisationKind> = [.followUp, .medical, .healthCentre]

    /// The roles in which an organisation of a kind takes part without reading all of some items.
    ///
    /// A health centre or hospital that only follows somebody up for another reads who it is and the observation. A
    /// list that is narrowed or put in order by more than that leaves such cases out, for their place in it would tell
    /// what is hidden. The two other ways cost more: without this role health centres and hospitals couldn't write down
    /// what they are told on the telephone; and if `every` were what this role reads, every health centre would lose its
    /// orders and filters.
    public static func roles(of kind: OrganisationKind, notReading keys: Set<String>) -> Set<CaseRole> {
        guard !keys.isEmpty else { return [] }
        let possible = Set(roles(of: kind) + (followUpKinds.contains(kind) ? [.followUp] : []))
        return possible.filter { role in
            guard let items = ReadableItems.items(of: [role], grants: []) else { return true }
            return !keys.isSubset(of: items.single)
        }
    }

    /// The roles that an organisation of a kind usually has in a case; what its lists offer follows from them.
    private static func roles(of kind: OrganisationKind) -> [CaseRole] {
        switch kind {
        case .ministry: [.ministry]
        case .prefecture, .city: [.headquarters]
        case .healthCentre: [.inCharge, .related]
        case .medical: [.reporting, .testing, .admitting]
        case .followUp: [.followUp]
        case .lodging: [.lodging]
        case .analysis: [.analysis]
        }
    }
}
