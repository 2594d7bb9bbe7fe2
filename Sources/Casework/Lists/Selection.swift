import Access
public import Catalogue
import Storage

/// Cases that somebody selects over the pages of a list; they are kept on the server until something is done with them.
public struct CaseSelection: Sendable, Hashable {
    /// Its name in addresses.
    public let id: String
    /// The cases in the order in which they were selected.
    public internal(set) var numbers: [CaseNumber]
}

extension Casework {
    /// Begins an empty selection.
    public func newSelection(by caller: Caller) async throws -> CaseSelection {
        let selection = CaseSelection(id: Secret.random(bytes: 12), numbers: [])
        try await store(selection, caller)
        return selection
    }

    /// A selection of the caller's.
    ///
    /// - Throws: ``Refusal/notFound`` for another account's as for one that doesn't exist.
    public func selection(_ id: String, by caller: Caller) async throws -> CaseSelection {
        let account = caller.viewer.account
        guard let kept = try await engine.read({ try self.kept.find(id, .selection, account: account, $0) }) else {
            throw Refusal.notFound
        }
        let numbers = (kept.fields["cases"] ?? "").split(separator: " ").compactMap {
            try? CaseNumber.read(String($0)).get()
        }
        return CaseSelection(id: id, numbers: numbers)
    }

    /// Takes over what was ticked on one page: of the cases shown there those that are ticked, and no others.
    ///
    /// - Throws: ``Refusal/findings(_:)`` for more than ``BulkDeed/mostCases``.
    public func select(
        _ ticked: [CaseNumber],
        of shown: [CaseNumber],
        in id: String,
        by caller: Caller
    ) async throws -> CaseSelection {
        var selection = try await selection(id, by: caller)
        let (here, chosen) = (Set(shown), Set(ticked).intersection(shown))
        let before = Set(selection.numbers)
        selection.numbers = selection.numbers.filter { !here.contains($0) || chosen.contains($0) }
        selection.numbers += shown.filter { chosen.contains($0) && !before.contains($0) }
        return try await keep(selection, caller)
    }

    /// Selects all cases that a list asks for, on every page of it.
    ///
    /// - Throws: ``Refusal/findings(_:)`` where they are more than ``BulkDeed/mostCases``.
    public func selectAll(_ request: ListRequest, in id: String, by caller: Caller) async throws -> CaseSelection {
        var selection = try await selection(id, by: caller)
        selection.numbers = try await matching(request, by: caller)
        return try await keep(selection, caller)
    }

    /// How many cases a list asks for, counted up to one more than ``BulkDeed/mostCases``.
    public func count(_ request: ListRequest, by caller: Caller) async throws -> Int {
        try await matching(request, by: caller).count
    }

    /// Empties a selection.
    public func clearSelection(_ id: String, by caller: Caller) async throws {
        var selection = try await selection(id, by: caller)
        selection.numbers = []
        try await store(selection, caller)
    }

    private func matching(_ request: ListRequest, by caller: Caller) async throws -> [CaseNumber] {
        let directory = try await directory()
        let today = clock().japanDate
        guard var query = query(request, by: caller).0 else { return [] }
        query.after = nil
        query.order = .newest
        query.limit = BulkDeed.mostCases + 1
        let ready = query
        return try await engine.read { connection in
            try self.cases.numbers(ready, directory: directory, today: today, connection)
        }
    }

    private func keep(_ selection: CaseSelection, _ caller: Caller) async throws -> CaseSelection {
        guard selection.numbers.count <= BulkDeed.mostCases else {
            throw Refusal.findings([
                Finding("cases", "too_many", "選べるのは\(BulkDeed.mostCases)件までです。検索や絞り込みで対象を減らしてください。")
            ])
        }
        try await store(selection, caller)
        return selection
    }

    private func store(_ selection: CaseSelection, _ caller: Caller) async throws {
        let account = caller.viewer.account
        let kept = Kept(
            id: selection.id,
            fields: ["cases": selection.numbers.map(\.digits).joined(separator: " ")],
            at: clock()
        )
        try await engine.write { try self.kept.save(kept, .selection, account: account, $0) }
    }
}
