import Access
import Catalogue
import Storage

/// 保存した条件: a list that somebody opens again and again.
public struct SavedFilter: Sendable, Hashable {
    /// Its name in addresses.
    public let id: String
    /// What its owner calls it.
    public let name: String
    /// The fields of the list's form.
    public let fields: [String: String]
}

extension Casework {
    /// Filters that one account keeps at the most.
    public static let mostFilters = 30

    /// The caller's saved filters by name.
    public func savedFilters(by caller: Caller) async throws -> [SavedFilter] {
        let account = caller.viewer.account
        let kept = try await engine.read { try self.kept.all(.filter, account: account, $0) }
        return kept.map(SavedFilter.init).sorted { ($0.name, $0.id) < ($1.name, $1.id) }
    }

    /// One of them.
    ///
    /// - Throws: ``Refusal/notFound`` for another account's as for one that doesn't exist.
    public func savedFilter(_ id: String, by caller: Caller) async throws -> SavedFilter {
        let account = caller.viewer.account
        guard let kept = try await engine.read({ try self.kept.find(id, .filter, account: account, $0) }) else {
            throw Refusal.notFound
        }
        return SavedFilter(kept)
    }

    /// Keeps a filter under a name; one of the same name is replaced.
    ///
    /// - Throws: ``Refusal/findings(_:)`` for a name that can't be, and for more than ``mostFilters``.
    public func saveFilter(named name: String, _ fields: [String: String], by caller: Caller) async throws {
        let name = try Self.filterName(name)
        let known = try await savedFilters(by: caller)
        let old = known.first { $0.name == name }
        guard old != nil || known.count < Self.mostFilters else {
            throw Refusal.findings([
                Finding("name", "too_many", "保存できる条件は\(Self.mostFilters)件までです。使わない条件を削除してください。")
            ])
        }
        try await store(old?.id ?? Secret.random(bytes: 12), name, fields, caller)
    }

    /// Gives one of the caller's filters another name.
    public func renameFilter(_ id: String, to name: String, by caller: Caller) async throws {
        let filter = try await savedFilter(id, by: caller)
        let name = try Self.filterName(name)
        guard try await savedFilters(by: caller).allSatisfy({ $0.name != name || $0.id == id }) else {
            throw Refusal.findings([Finding("name", "taken", "同じ名前の条件があります。別の名前にしてください。")])
        }
        try await store(id, name, filter.fields, caller)
    }

    /// Throws one of the caller's filters away.
    public func removeFilter(_ id: String, by caller: Caller) async throws {
        let account = caller.viewer.account
        try await engine.write { try self.kept.remove(id, .filter, account: account, $0) }
    }

    private func store(_ id: String, _ name: String, _ fields: [String: String], _ caller: Caller) async throws {
        let (account, kept) = (
            caller.viewer.account, Kept(id: id, fields: fields.merging(["name": name]) { $1 }, at: clock())
        )
        try await engine.write { try self.kept.save(kept, .filter, account: account, $0) }
    }

    private static func filterName(_ text: String) throws -> String {
        let cleaned = (try? TextCleaning.clean(text, multiline: false).get()) ?? ""
        guard !cleaned.isEmpty, cleaned.unicodeScalars.count <= 40 else {
            throw Refusal.findings([Finding("name", "required", "条件の名前を40文字以内で入力してください。")])
        }
        return cleaned
    }
}

extension SavedFilter {
    init(_ kept: Kept) {
        id = kept.id
        name = kept.fields["name"] ?? ""
        fields = kept.fields.filter { $0.key != "name" }
    }
}
