public import Access
public import Catalogue
import Storage

/// What a writer wants changed, and what they had seen.
public struct Revision: Sendable {
    /// The version of the case that the writer had seen.
    public var seen: Int
    /// Items the form or patch held: a value, or nil where it was emptied; items it lacks stay as they are.
    public var items: [String: Value?]
    /// Tests the form or patch held.
    public var tests: [TestRevision]
    /// Whether unlikely values were looked at and are kept.
    public var keepsWarnings: Bool

    /// A revision.
    public init(seen: Int, items: [String: Value?], tests: [TestRevision] = [], keepsWarnings: Bool = false) {
        self.seen = seen
        self.items = items
        self.tests = tests
        self.keepsWarnings = keepsWarnings
    }
}

/// A change of one test, or a new one.
public struct TestRevision: Sendable {
    /// The test's number within the case; nil for a new test.
    public var id: Int?
    /// Its items as in ``Revision/items``.
    public var items: [String: Value?]
    /// Whether the test is taken away.
    public var isRemoved: Bool

    /// A change of a test.
    public init(id: Int?, items: [String: Value?], isRemoved: Bool = false) {
        self.id = id
        self.items = items
        self.isRemoved = isRemoved
    }
}

extension Casework {
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
        return try await changeInTransaction(number, by: caller, action: "revise") {
            file,
            permission,
            now,
            connection in
            guard revision.seen >= 1, revision.seen <= file.version else {
                throw Refusal.findings([Finding("seen", "unknown_version", "元にした版がありません。読み込み直してください。")])
            }
            try Self.refuseUnwritable(revision, file, permission, directory, today: now.japanDate)
            let history = try self.cases.history(of: number, directory: directory, connection)
            let later = history.filter { $0.version > revision.seen }
            // Numbers of tests that were taken away are never given again.
            let next = max(file.nextEntryID, (history.flatMap(\.changes).compactMap(\.entry).max() ?? 0) + 1)
            let before = file
            var conflicts: [Conflict] = []
            conflicts += Self.merge(
                revision.items,
                into: &file.items,
                later.flatMap(\.changes).filter { $0.entry == nil }
            )
            conflicts += try Self.merge(revision.tests, into: &file, from: next, caller, later.flatMap(\.changes))
            let changes = file.changes(from: before)
            if let refused = Gate.refusedChange(changes, permission) {
                throw Refusal.forbidden("「\(directory.item(refused)?.ja ?? refused)」を変更する権限がありません。")
            }
            if !conflicts.isEmpty { throw Refusal.conflict(conflicts) }
            try Self.check(&file, before, changes, revision.keepsWarnings, today: now.japanDate)
            let emptied = directory.localItems(of: file.jurisdiction, on: now.japanDate).filter { item in
                changes.contains { $0.change.item == item.key }
            }
            let missing = Self.missing(emptied, in: file.items)
            if !missing.isEmpty { throw Refusal.findings(missing) }
        }
    }

    /// Refuses what the caller may not write before anything is compared: the answer doesn't depend on any value.
    private static func refuseUnwritable(
        _ revision: Revision,
        _ file: CaseFile,
        _ permission: Permission,
        _ directory: Directory,
        today: CalendarDate
    ) throws {
        let local = Set(directory.localItems(of: file.jurisdiction, on: today).map(\.key))
        func check(_ keys: some Collection<String>, owner: OrganisationKey?) throws {
            for key in keys.sorted() {
                // Of local items those that this case is asked, and what it holds from before.
                guard let item = directory.item(key), !item.isLocal || local.contains(key) || file.items[key] != nil
                else {
                    throw Refusal.findings([Finding(key, "unknown_item", "この項目はありません。")])
                }
                guard permission.writes(item, owner: owner) else {
                    throw Refusal.forbidden("「\(item.ja)」を変更する権限がありません。")
                }
            }
        }
        try check(revision.items.keys, owner: nil)
        for test in revision.tests {
            guard let id = test.id else {
                try check(test.items.keys, owner: permission.organisation.key)
                continue
            }
            // A test of another institution is answered like one that doesn't exist.
            guard let entry = file.entries[.test]?.first(where: { $0.id == id }),
                entry.items.keys.contains(where: { key in
                    Catalogue.item(key).map { permission.reads($0, owner: entry.owner) } ?? false
                })
            else {
                throw Refusal.findings([Finding("tests", "unknown_test", "この検査記録はありません。読み込み直してください。")])
            }
            try check(test.items.keys, owner: entry.owner)
        }
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

    /// Whether a new test is one that the same organisation has added since the writer looked, value for value: a form
    /// sent again because its first answer was lost.
    private static func isRepeated(
        _ test: Record,
        _ caller: Caller,
        _ file: CaseFile,
        _ later: [HistoryEntry.ItemChange]
    ) -> Bool {
        let added = Set(later.compactMap { $0.change.old == nil ? $0.entry : nil })
        return (file.entries[.test] ?? []).contains { entry in
            added.contains(entry.id) && entry.owner == caller.organisation.key && entry.items == test
        }
    }

    private static func merge(
        _ tests: [TestRevision],
        into file: inout CaseFile,
        from first: Int,
        _ caller: Caller,
        _ later: [HistoryEntry.ItemChange]
    ) throws -> [Conflict] {
        var conflicts: [Conflict] = []
        var entries = file.entries[.test] ?? []
        var next = first
        for test in tests {
            guard let id = test.id else {
                let values = test.items.compactMapValues { $0 }
                guard !values.isEmpty, !isRepeated(Record(values), caller, file, later) else { continue }
                entries.append(Entry(id: next, owner: caller.organisation.key, items: Record(values)))
                next += 1
                continue
            }
            guard let index = entries.firstIndex(where: { $0.id == id }) else {
                throw Refusal.findings([Finding("tests", "unknown_test", "この検査記録はありません。読み込み直してください。")])
            }
            if test.isRemoved {
                guard !later.contains(where: { $0.entry == id }) else {
                    throw Refusal.findings([
                        Finding("tests", "changed", "削除しようとした検査記録は、ほかの人が内容を変更しました。読み込み直して確かめてください。")
                    ])
                }
                entries.remove(at: index)
            } else {
                conflicts += merge(test.items, into: &entries[index].items, later.filter { $0.entry == id })
            }
        }
        file.entries[.test] = entries.isEmpty ? nil : entries
        return conflicts
    }

    /// Checks what was changed; what was incomplete before and wasn't touched doesn't stand in the way.
    private static func check(
        _ file: inout CaseFile,
        _ before: CaseFile,
        _ changes: [HistoryEntry.ItemChange],
        _ keepsWarnings: Bool,
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
        guard let form = file.form.flatMap(FormVersion.version) else { return }
        func found(_ file: CaseFile) -> [Finding] {
            form.findings(items: file.items, tests: (file.entries[.test] ?? []).map(\.items), today: today)
        }
        // A date that was moved is wrong where the other one stands: what the change made wrong is refused, too.
        let old = Set(found(before).map { "\($0.place.item) \($0.code)" })
        let findings = found(file).filter {
            touched.contains($0.place.item) || !old.contains("\($0.place.item) \($0.code)")
        }
        if findings.contains(where: { $0.severity == .refusal }) || (!findings.isEmpty && !keepsWarnings) {
            throw Refusal.findings(findings)
        }
    }
}
