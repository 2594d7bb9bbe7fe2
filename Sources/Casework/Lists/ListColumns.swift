public import Access
import Catalogue
import Storage

/// A column of the list: a group of items that are read together, or one item.
public struct ListColumn: Sendable, Hashable {
    /// `name`, `sex_age`, … or the key of an item.
    public let id: String
    /// Its heading.
    public let label: String
    /// By what the list is put in order from its heading; nil for a column without an order.
    public let sort: String?
    /// The items in it; a column whose items a viewer may not read doesn't exist for them.
    let items: [String]

    /// The keys of the items as cells of their own, as a file has them.
    public var cells: [String] {
        switch id {
        case "name": ["family_name", "given_name", "family_kana", "given_kana", "latin_name"]
        default: items
        }
    }

    /// Columns of several items, or of facts that are no item.
    public static let groups = [
        ListColumn(id: "name", label: "氏名", sort: ListSort.person, items: ["family_name"]),
        ListColumn(id: "sex_age", label: "性別・年齢", sort: "age_band", items: ["sex", "age_band"]),
        ListColumn(id: "residence", label: "居住地", sort: "address_municipality", items: ["address_municipality"]),
        ListColumn(
            id: "institution",
            label: "届出医療機関",
            sort: "notifier_institution",
            items: ["notifier_institution"]
        ),
        ListColumn(id: "days", label: "診断日・発病日", sort: "diagnosed_on", items: ["diagnosed_on", "onset_on"]),
        ListColumn(id: "office", label: "管轄保健所", sort: "jurisdiction", items: ["jurisdiction"]),
        ListColumn(id: "intake", label: "発生届", sort: "submitted_at", items: ["submitted_at"]),
        ListColumn(id: "status", label: "状況", sort: "status", items: ["status"]),
        ListColumn(id: "updated", label: "更新", sort: "updated", items: []),
    ]

    /// The HER-SYS ID, which stands first in every list; it is put in order by the arrival of the cases.
    public static let number = ListColumn(id: "hersys_id", label: "HER-SYS ID", sort: "newest", items: ["hersys_id"])

    /// Items that a group shows already.
    private static let grouped: Set<String> = [
        "hersys_id", "family_name", "given_name", "family_kana", "given_kana", "address_municipality", "jurisdiction",
        "status", "notifier_institution",
    ]

    private static let byID: [String: ListColumn] = {
        let single = Catalogue.items.filter { !$0.section.repeats && !grouped.contains($0.key) }
            .map { ListColumn(id: $0.key, label: $0.ja, sort: $0.key, items: [$0.key]) }
        return Dictionary((groups + single).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }()

    /// A column by its id.
    public init?(id: String) {
        guard let column = Self.byID[id] else { return nil }
        self = column
    }

    /// The column of a local item; what it holds stands sealed and by text, so that it gives no order.
    init(_ item: LocalItem) {
        self.init(id: item.key, label: item.definition.ja, sort: nil, items: [item.key])
    }

    private init(id: String, label: String, sort: String?, items: [String]) {
        self.id = id
        self.label = label
        self.sort = sort
        self.items = items
    }

    /// Whether the people of a kind of organisation can have it.
    public func isOffered(to kind: OrganisationKind) -> Bool {
        let listable = Gate.listable(kind).some
        return items.isEmpty || items.contains(where: listable.contains)
    }

    /// Columns at the most: more is no list.
    public static let most = 15

    /// What the people of a kind of organisation see until they choose.
    public static func standard(_ kind: OrganisationKind) -> [ListColumn] {
        groups.filter { $0.isOffered(to: kind) && !(kind == .healthCentre && $0.id == "residence") }
    }
}

extension Casework {
    /// The columns that the caller has chosen; nil where they have chosen none.
    public func columns(by caller: Caller) async throws -> [ListColumn]? {
        let account = caller.viewer.account
        let kept = try await engine.read { try self.kept.find("list", .columns, account: account, $0) }
        guard let text = kept?.fields["columns"] else { return nil }
        // An account may have come to another organisation since.
        let local = try await localColumns(by: caller)
        let columns = text.split(separator: " ").compactMap { Self.column(String($0), local, caller) }
        return columns.isEmpty ? nil : columns
    }

    /// Columns of local items that the caller can choose.
    ///
    /// Those that have ended are among them: cases hold them.
    public func localColumns(by caller: Caller) async throws -> [ListColumn] {
        try await readableLocalItems(by: caller).map { ListColumn($0) }
    }

    /// A column that is offered to the caller; nil for every other, whether or not there is such an item.
    private static func column(_ id: String, _ local: [ListColumn], _ caller: Caller) -> ListColumn? {
        if let column = local.first(where: { $0.id == id }) { return column }
        return ListColumn(id: id).flatMap { $0.isOffered(to: caller.organisation.kind) ? $0 : nil }
    }

    /// Chooses columns in their order; none for the usual ones.
    ///
    /// - Throws: ``Refusal/findings(_:)`` for a column that isn't offered, whether or not there is such an item, and for
    ///   more than ``ListColumn/most``.
    public func setColumns(_ ids: [String], by caller: Caller) async throws {
        let account = caller.viewer.account
        guard !ids.isEmpty else {
            return try await engine.write { try self.kept.remove("list", .columns, account: account, $0) }
        }
        var known: Set<String> = []
        let local = try await localColumns(by: caller)
        let columns = ids.filter { known.insert($0).inserted }.map { Self.column($0, local, caller) }
        let offered = columns.compactMap { $0 }
        guard offered.count == columns.count else {
            throw Refusal.findings([Finding("add", "unknown_column", "この項目は一覧に表示できません。")])
        }
        guard columns.count <= ListColumn.most else {
            throw Refusal.findings([
                Finding("add", "too_many", "表示できるのは\(ListColumn.most)項目までです。使わない項目を外してから加えてください。")
            ])
        }
        let kept = Kept(id: "list", fields: ["columns": offered.map(\.id).joined(separator: " ")], at: clock())
        try await engine.write { try self.kept.save(kept, .columns, account: account, $0) }
    }
}
