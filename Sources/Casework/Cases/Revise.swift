public import Access
public import Catalogue
import Storage

/// What a writer wants changed, and what they had seen.
public struct Revision: Sendable {
    /// The version of the case that the writer had seen.
    public var seen: Int
    /// Items the form or patch held: a value, or nil where it was emptied; items it lacks stay as they are.
    public var items: [String: Value?]
    /// Records of repeating sections that the form or patch held.
    public var entries: [EntryRevision]
    /// Whether unlikely values were looked at and are kept.
    public var keepsWarnings: Bool
    /// Why; asked for where the status is set by hand.
    public var reason: String?

    /// A revision.
    public init(
        seen: Int,
        items: [String: Value?],
        entries: [EntryRevision] = [],
        keepsWarnings: Bool = false,
        reason: String? = nil
    ) {
        self.seen = seen
        self.items = items
        self.entries = entries
        self.keepsWarnings = keepsWarnings
        self.reason = reason
    }
}

/// A change of one record of a repeating section, or a new one.
public struct EntryRevision: Sendable {
    /// The section.
    public var section: Section
    /// The record's number within the case; nil for a new one.
    public var id: Int?
    /// Its items as in ``Revision/items``.
    public var items: [String: Value?]
    /// Whether the record is taken away.
    public var isRemoved: Bool

    /// A change of a record.
    public init(_ section: Section, id: Int?, items: [String: Value?], isRemoved: Bool = false) {
        self.section = section
        self.id = id
        self.items = items
        self.isRemoved = isRemoved
    }
}

extension Casework {
    /// Sections whose records are changed by a revision; health reports are rows of their own.
    public static let revisable = Set(Section.allCases.filter { $0 != .observation })

    /// Changes items of a case: changes of others to other items stand, the same item changed by both is a conflict.
    ///
    /// - Throws: ``Refusal/conflict(_:)`` with both values, ``Refusal/findings(_:)`` for what is wrong with the
    ///   changed items, ``Refusal/forbidden(_:)`` for an item the caller may not write, ``Refusal/notFound``.
    public func revise(
        _ number: CaseNumber,
        _ revision: Revision,
        by caller: Caller
    ) async throws -> Disclosed<CaseFile> {
        let directory = try await directory()
        let reason = try Self.reason(revision)
        let change = revising(number, revision, by: caller, directory)
        return try await changeInTransaction(number, by: caller, action: "revise", reason: reason, change)
    }

    /// What a revision does with a case.
    func revising(
        _ number: CaseNumber,
        _ revision: Revision,
        by caller: Caller,
        _ directory: Directory
    ) -> CaseChange {
        { file, permission, now, connection in
            guard revision.seen >= 1, revision.seen <= file.version else {
                throw Refusal.findings([Finding("seen", "unknown_version", "元にした版がありません。読み込み直してください。")])
            }
            try Self.refuseUnwritable(revision, file, permission, directory, today: now.japanDate)
            let history = try self.cases.history(of: number, directory: directory, connection)
            let later = history.filter { $0.version > revision.seen }.flatMap(\.changes)
            // Numbers of records that were taken away are never given again.
            let next = max(file.nextEntryID, (history.flatMap(\.changes).compactMap(\.entry).max() ?? 0) + 1)
            let before = file
            var conflicts = Self.merge(revision.items, into: &file.items, later.filter { $0.entry == nil })
            conflicts += try Self.merge(revision.entries, into: &file, from: next, caller, later)
            let changes = file.changes(from: before)
            if let refused = Gate.refusedChange(changes, permission) {
                throw Refusal.forbidden("「\(directory.item(refused)?.ja ?? refused)」を変更する権限がありません。")
            }
            if !conflicts.isEmpty { throw Refusal.conflict(conflicts) }
            let unknown = try self.unknownReferences(changes, caller, today: now.japanDate, connection)
            try Self.check(&file, before, changes, revision.keepsWarnings, directory, unknown, today: now.japanDate)
            try Self.checkLocal(file, changes, directory, today: now.japanDate)
            Self.follow(&file, before, changes, today: now.japanDate)
        }
    }

    /// The reason as it is kept; a status set by hand needs one.
    private static func reason(_ revision: Revision) throws -> String? {
        guard revision.items.keys.contains("status") else { return try? checked(reason: revision.reason) }
        return try checked(reason: revision.reason)
    }

    /// The reason for a status set by hand, as it is kept.
    ///
    /// - Throws: ``Refusal/findings(_:)`` at `reason` for none, or more than 1,000 characters.
    static func checked(reason: String?) throws -> String {
        guard let cleaned = reason.flatMap({ try? TextCleaning.clean($0, multiline: true).get() }), !cleaned.isEmpty,
            cleaned.unicodeScalars.count <= 1000
        else {
            throw Refusal.findings([
                Finding("reason", "required", "ステータスを手で変更する理由を1000文字以内で入力してください。")
            ])
        }
        return cleaned
    }

    /// 現在のステータス follows what was changed, unless it was itself set by hand.
    private static func follow(
        _ file: inout CaseFile,
        _ before: CaseFile,
        _ changes: [HistoryEntry.ItemChange],
        today: CalendarDate
    ) {
        let keys = Set(changes.map(\.change.item))
        guard !keys.contains("status") else { return }
        let sections = Set(changes.compactMap { Catalogue.item($0.change.item)?.section })
        guard !sections.isDisjoint(with: Progress.moves), let status = Progress.status(file, on: today) else { return }
        file.items[.status] = status
    }

    /// Refuses what the caller may not write before anything is compared: the answer doesn't depend on any value.
    private static func refuseUnwritable(
        _ revision: Revision,
        _ file: CaseFile,
        _ permission: Permission,
        _ directory: Directory,
        today: CalendarDate
    ) throws {
        let asked = Set(directory.localItems(of: file.jurisdiction, on: today).map(\.key))
        let known = directory.localItems(near: file.jurisdiction, holding: file.items.filter(permission.readsLocal))
        func check(_ keys: some Collection<String>, in section: Section?, owner: OrganisationKey?) throws {
            for key in keys.sorted() {
                // Another prefecture's items answer like ones that don't exist.
                guard let item = Catalogue.item(key) ?? known[key]?.definition,
                    section.map({ $0 == item.section }) ?? !item.section.repeats
                else {
                    throw Refusal.findings([Finding(key, "unknown_item", "この項目はありません。")])
                }
                guard permission.writes(item, owner: owner) else {
                    throw Refusal.forbidden("「\(item.ja)」を変更する権限がありません。")
                }
                // Of local items those that are asked about this case, and what it holds from before. Whether it does is
                // looked at last: whoever may not write the item is told the same either way.
                guard !item.isLocal || asked.contains(key) || file.items[key] != nil else {
                    throw Refusal.findings([Finding(key, "unknown_item", "この項目はありません。")])
                }
            }
        }
        try check(revision.items.keys, in: nil, owner: nil)
        for one in revision.entries {
            guard let records = one.section.records, revisable.contains(one.section) else {
                throw Refusal.findings([Finding(one.section.rawValue, "unknown_section", "この記録は変更できません。")])
            }
            guard let id = one.id else {
                try check(one.items.keys, in: one.section, owner: permission.organisation.key)
                continue
            }
            // A record that the caller doesn't see is answered like one that doesn't exist.
            guard let entry = file.entries[one.section]?.first(where: { $0.id == id }),
                entry.items.keys.contains(where: { key in
                    Catalogue.item(key).map { permission.reads($0, owner: entry.owner) } ?? false
                })
            else { throw Refusal.findings([unknown(one.section, records)]) }
            try check(
                one.isRemoved ? Array(entry.items.keys) : Array(one.items.keys),
                in: one.section,
                owner: entry.owner
            )
        }
    }

    private static func unknown(_ section: Section, _ records: String) -> Finding {
        Finding(records, "unknown_record", "この\(section.recordLabel)の記録はありません。読み込み直してください。")
    }

    /// Merges single-valued items; what they were when the writer looked follows from the history since.
    private static func merge(
        _ wanted: [String: Value?],
        into record: inout Record,
        _ later: [HistoryEntry.ItemChange]
    ) -> [Conflict] {
        var base = record
        for change in later.reversed() { base[change.change.item] = change.change.old }
        var mine = base
        for (key, value) in wanted { mine[key] = value }
        let (merged, conflicts) = record.merging(base: base, mine: mine)
        record = merged
        return conflicts
    }

    /// Whether a new record is one that the same organisation has added since the writer looked, value for value: a
    /// form sent again because its first answer was lost.
    private static func isRepeated(
        _ record: Record,
        _ section: Section,
        _ caller: Caller,
        _ file: CaseFile,
        _ later: [HistoryEntry.ItemChange]
    ) -> Bool {
        let added = Set(later.compactMap { $0.change.old == nil ? $0.entry : nil })
        return (file.entries[section] ?? []).contains { entry in
            added.contains(entry.id) && entry.owner == caller.organisation.key && entry.items == record
        }
    }

    private static func merge(
        _ revisions: [EntryRevision],
        into file: inout CaseFile,
        from first: Int,
        _ caller: Caller,
        _ later: [HistoryEntry.ItemChange]
    ) throws -> [Conflict] {
        var conflicts: [Conflict] = []
        var next = first
        for one in revisions {
            var entries = file.entries[one.section] ?? []
            guard let id = one.id else {
                let values = Record(one.items.compactMapValues { $0 })
                guard !values.isEmpty, !isRepeated(values, one.section, caller, file, later) else { continue }
                entries.append(Entry(id: next, owner: caller.organisation.key, items: values))
                next += 1
                file.entries[one.section] = entries
                continue
            }
            guard let index = entries.firstIndex(where: { $0.id == id }) else {
                throw Refusal.findings([unknown(one.section, one.section.records ?? "")])
            }
            if one.isRemoved {
                guard !later.contains(where: { $0.entry == id }) else {
                    let name = one.section.recordLabel
                    throw Refusal.findings([
                        Finding(
                            one.section.records ?? "",
                            "changed",
                            "削除しようとした\(name)の記録は、ほかの人が内容を変更しました。読み込み直して確かめてください。"
                        )
                    ])
                }
                entries.remove(at: index)
            } else {
                let both = merge(one.items, into: &entries[index].items, later.filter { $0.entry == id })
                for var conflict in both {
                    conflict.entry = id
                    conflicts.append(conflict)
                }
                // A record of which nothing is left is none.
                if entries[index].items.isEmpty { entries.remove(at: index) }
            }
            file.entries[one.section] = entries.isEmpty ? nil : entries
        }
        return conflicts
    }
}
