public import Access
public import Catalogue
import Storage

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
    /// - Throws: ``Refusal/notFound`` for whoever is no headquarters.
    public func localItems(by caller: Caller) async throws -> [LocalItem] {
        try Self.refuseOthers(caller)
        return try await directory().localItems.all.filter { $0.owner == caller.organisation.key }
    }

    /// Defines a local item: from its first day on it is asked.
    /// - Throws: ``Refusal/findings(_:)``, ``Refusal/notFound`` for whoever is no headquarters.
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
            try await store(item, replacing: nil, caller, directory, now)
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
            try await store(ended, replacing: item, caller, directory, now)
        } catch StorageFailure.duplicate {
            directories.forget()
            throw Refusal.findings([Finding("until", "changed", "ほかの人が先に変更しました。読み込み直してください。")])
        }
    }

    private func store(
        _ item: LocalItem,
        replacing known: LocalItem?,
        _ caller: Caller,
        _ directory: Directory,
        _ now: Timestamp
    ) async throws {
        let owner = directory.number(caller.organisation.key) ?? 0
        let at = changes.time(now)
        try await engine.write { connection in
            try LocalItems.put(
                item,
                replacing: known,
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
            throw Refusal.notFound
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
