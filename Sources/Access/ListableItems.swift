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

    /// The roles that an organisation of a kind can have in a case.
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
