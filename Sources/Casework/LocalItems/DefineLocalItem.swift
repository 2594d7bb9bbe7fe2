public import Access
public import Catalogue
public import Storage

/// What a headquarters says of a new local item.
public struct LocalItemDraft: Sendable {
    /// 項目名.
    public var label: String
    /// Where it belongs; its rights hold.
    public var section: Section
    /// The last part of its key: small letters, digits and `_`.
    public var name: String
    /// What is asked for.
    public var kind: LocalItem.Kind
    /// Health centres that ask it; none for all.
    public var offices: [OrganisationKey]
    /// Whether it must be answered.
    public var isRequired: Bool
    /// First day.
    public var from: CalendarDate
    /// Last day.
    public var until: CalendarDate?

    /// A new item.
    public init(
        label: String,
        section: Section,
        name: String,
        kind: LocalItem.Kind,
        offices: [OrganisationKey] = [],
        isRequired: Bool = false,
        from: CalendarDate,
        until: CalendarDate? = nil
    ) {
        self.label = label
        self.section = section
        self.name = name
        self.kind = kind
        self.offices = offices
        self.isRequired = isRequired
        self.from = from
        self.until = until
    }
}

extension Casework {
    /// A headquarters has no use for more, and forms would get too long.
    static let mostLocalItems = 100

    /// The caller's own local items, those that have ended included.
    /// - Throws: ``Refusal/forbidden(_:)`` for whoever is no headquarters.
    public func localItems(by caller: Caller) async throws -> [LocalItem] {
        try Self.refuseOthers(caller)
        return try await directory().localItems.all.filter { $0.owner == caller.organisation.key }
    }

    /// The local items that headquarters of the caller's area have defined, in sections that the caller's kind of
    /// organisation reads, those that have ended included.
    public func readableLocalItems(by caller: Caller) async throws -> [LocalItem] {
        let sections = Gate.listable(caller.organisation.kind).localSections
        guard !sections.isEmpty else { return [] }
        return try await directory().localItems(concerning: caller.organisation)
            .filter { sections.contains($0.definition.section) }
    }

    /// Defines a local item: from its first day on it is asked.
    /// - Throws: ``Refusal/findings(_:)``, ``Refusal/forbidden(_:)``.
    public func defineLocalItem(_ draft: LocalItemDraft, by caller: Caller) async throws -> LocalItem {
        try Self.refuseOthers(caller)
        let directory = try await directory()
        let now = clock()
        let own = directory.localItems.all.filter { $0.owner == caller.organisation.key }
        var findings = Self.findings(draft, today: now.japanDate)
        let below = directory.all(.healthCentre).filter { office in
            directory.headquarters(above: office.key).contains { $0.key == caller.organisation.key }
        }.map(\.key)
        if !Set(draft.offices).isSubset(of: below) {
            findings.append(Finding("offices", "unknown", "管内の保健所から選んでください。"))
        }
        if own.contains(where: { $0.key.hasSuffix(".\(draft.name)") }) {
            findings.append(Finding("name", "taken", "この項目コードは使われています。別のコードにしてください。"))
        }
        if own.count >= Self.mostLocalItems {
            findings.append(Finding("label", "many", "独自項目は\(Self.mostLocalItems)個までです。"))
        }
        let label = (try? TextCleaning.clean(draft.label, multiline: false).get()) ?? ""
        if label.isEmpty || label.count > 40 {
            findings.append(Finding("label", "required", "項目名を40文字以内で入力してください。"))
        }
        let key = LocalItem.key(section: draft.section, owner: caller.organisation.key, name: draft.name)
        let item = LocalItem(
            key: key,
            label: label,
            kind: draft.kind,
            offices: draft.offices.sorted(),
            isRequired: draft.isRequired,
            from: draft.from,
            until: draft.until
        )
        guard findings.isEmpty, let item else {
            throw Refusal.findings(
                findings.isEmpty ? [Finding("section", "unknown", "情報の区分を選んでください。")] : findings
            )
        }
        do {
            try await store(item, isNew: true, caller, directory, now)
        } catch StorageFailure.duplicate {
            throw Refusal.findings([Finding("name", "taken", "この項目コードは使われています。別のコードにしてください。")])
        }
        return item
    }

    /// Ends a local item: after that day it isn't asked any more; what was entered stays and is shown.
    public func endLocalItem(_ key: String, on day: CalendarDate, by caller: Caller) async throws {
        try Self.refuseOthers(caller)
        let directory = try await directory()
        let now = clock()
        guard let item = directory.localItems[key], item.owner == caller.organisation.key else {
            throw Refusal.notFound
        }
        guard day >= item.from.adding(days: -1) else {
            throw Refusal.findings([Finding("until", "order", "終了日は開始日以後の日にしてください。")])
        }
        let ended = LocalItem(
            key: key,
            label: item.definition.ja,
            kind: item.kind,
            offices: item.offices,
            isRequired: item.isRequired,
            from: item.from,
            until: day
        )
        guard let ended, item.until != day else { return }
        do {
            try await store(ended, isNew: false, caller, directory, now)
        } catch StorageFailure.duplicate {
            throw Refusal.findings([Finding("until", "changed", "ほかの人が先に変更しました。読み込み直してください。")])
        }
    }

    private func store(
        _ item: LocalItem,
        isNew: Bool,
        _ caller: Caller,
        _ directory: Directory,
        _ now: Timestamp
    ) async throws {
        let owner = directory.number(caller.organisation.key) ?? 0
        let at = changes.time(now)
        try await engine.write { connection in
            try LocalItems.put(
                item,
                isNew: isNew,
                owner: owner,
                account: caller.viewer.account,
                at: at,
                connection
            )
        }
        directories.forget()
    }

    private static func refuseOthers(_ caller: Caller) throws {
        guard caller.organisation.kind == .prefecture || caller.organisation.kind == .city else {
            throw Refusal.forbidden("独自項目を定めるのは、都道府県と本庁です。")
        }
    }

    private static func findings(_ draft: LocalItemDraft, today: CalendarDate) -> [Finding] {
        var findings: [Finding] = []
        let letters = Set("abcdefghijklmnopqrstuvwxyz0123456789_")
        if !(1...30).contains(draft.name.count) || !draft.name.allSatisfy(letters.contains) {
            findings.append(Finding("name", "format", "項目コードは半角の小文字・数字・_で30文字以内にしてください。"))
        }
        if !LocalItem.sections.contains(draft.section) {
            findings.append(Finding("section", "unknown", "情報の区分を選んでください。"))
        }
        if let until = draft.until, until < draft.from {
            findings.append(Finding("until", "order", "終了日は開始日以後の日にしてください。"))
        }
        if case .choice(let choices) = draft.kind {
            let codes = choices.map(\.code)
            let isFit = choices.allSatisfy { choice in
                (1...30).contains(choice.code.count) && choice.code.allSatisfy(letters.contains)
                    && (1...40).contains(choice.label.count)
            }
            if !(2...50).contains(choices.count) || !isFit || Set(codes).count != codes.count {
                findings.append(
                    Finding("choices", "format", "選択肢を2〜50個、1行に1つずつ「コード 名称」の形で入力してください。コードは半角の小文字・数字・_です。")
                )
            }
        }
        return findings
    }
}

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

    /// What is known of an item: the catalogue's, else a prefecture's own.
    public func item(_ key: String) -> ItemDefinition? {
        Catalogue.item(key) ?? localItems[key]?.definition
    }
}

extension Casework {
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
        let right = Rights.right(of: role, on: item.section)
        return right == .write || right == .writeOwn
    }
}
