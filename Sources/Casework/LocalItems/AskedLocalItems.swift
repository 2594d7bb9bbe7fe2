public import Access
public import Catalogue
public import Storage

extension Directory {
    /// The local items that are asked about a case of a health centre on a day.
    public func localItems(of office: OrganisationKey?, on day: CalendarDate) -> [LocalItem] {
        guard let office else { return [] }
        let above = Set(headquarters(above: office).map(\.key))
        return localItems.all.filter { item in
            above.contains(item.owner) && item.isAsked(on: day)
                && (item.offices.isEmpty || item.offices.contains(office))
        }
    }

    /// The local items that headquarters of an organisation's area have defined, those that have ended included: its own
    /// for a headquarters, for an institution those of its health centre.
    public func localItems(concerning organisation: Organisation) -> [LocalItem] {
        if organisation.kind == .prefecture || organisation.kind == .city {
            let below = Set(
                all(.healthCentre).map { headquarters(above: $0.key).map(\.key) }
                    .filter { $0.contains(organisation.key) }.flatMap { $0 }
            )
            return localItems.all.filter { $0.owner == organisation.key || below.contains($0.owner) }
        }
        guard let office = organisation.kind == .healthCentre ? organisation.key : organisation.healthCentre else {
            return []
        }
        let above = Set(headquarters(above: office).map(\.key))
        return localItems.all.filter { item in
            above.contains(item.owner) && (item.offices.isEmpty || item.offices.contains(office))
        }
    }

    /// The local items that exist for whoever works on a case: those of its health centre's area, those that have ended
    /// included, and what the case holds from another one.
    ///
    /// Of all others nobody there learns that they exist.
    public func localItems(near office: OrganisationKey?, holding items: Record = Record()) -> LocalItems {
        let area = office.flatMap { self[$0] }.map(localItems(concerning:)) ?? []
        let known = Set(area.map(\.key))
        return LocalItems(area + items.keys.sorted().compactMap { known.contains($0) ? nil : localItems[$0] })
    }

    /// What is known of an item: the catalogue's, else a prefecture's own.
    public func item(_ key: String) -> ItemDefinition? {
        Catalogue.item(key) ?? localItems[key]?.definition
    }
}

extension Casework {
    /// The local items that headquarters of the caller's area have defined, in sections that the caller's kind of
    /// organisation reads, those that have ended included.
    public func readableLocalItems(by caller: Caller) async throws -> [LocalItem] {
        let sections = Gate.listable(caller.organisation.kind).localSections
        guard !sections.isEmpty else { return [] }
        return try await directory().localItems(concerning: caller.organisation)
            .filter { sections.contains($0.definition.section) }
    }

    /// Local items that must be answered and aren't.
    static func missing(_ items: [LocalItem], in record: Record) -> [Finding] {
        items.filter { $0.isRequired && record[$0.key] == nil }
            .map { Finding($0.key, "required", "\($0.definition.ja)を入力してください。") }
    }

    /// Values that aren't as their definition reads and keeps them.
    static func unfit(_ items: [LocalItem], in record: Record, today: CalendarDate) -> [Finding] {
        items.compactMap { item in
            guard let value = record[item.key] else { return nil }
            if case .text(let text) = value {
                switch item.read(text, today: today) {
                case .success(let read): if read == value { return nil }
                case .failure(let failure): return Finding(item.key, failure.code, failure.message)
                }
            }
            return Finding(item.key, "format", "\(item.definition.ja)を入力し直してください。")
        }
    }

    /// Whether an organisation writes an item into a report.
    public static func mayNotify(_ item: ItemDefinition, _ organisation: Organisation) -> Bool {
        let role: CaseRole = organisation.kind == .medical ? .reporting : .inCharge
        return Rights.writesLocal(item.section, as: role)
    }
}
