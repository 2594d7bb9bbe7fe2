import Access
import Casework
import Catalogue

/// The orders of a list: in the headings of the table, and in a field where a narrow screen has no headings.
struct CaseListOrder {
    let query: CaseListQuery
    let staff: Staff
    let columns: [ListColumn]

    private var kind: OrganisationKind { staff.organisation.kind }

    /// The order that a column has from its heading, rising and falling.
    private func orders(_ column: ListColumn) -> (rising: String, falling: String)? {
        switch column.sort {
        case "newest": return ("oldest", CaseListQuery.newest)
        case "updated": return ("updated", "updated")
        case nil: return nil
        case let key?:
            guard ListSort(key, isDescending: false).isOffered(to: kind) else { return nil }
            return (key, "-\(key)")
        }
    }

    /// Days and moments are asked for from the newest, everything else from its beginning.
    private static func beginsFalling(_ key: String?) -> Bool {
        guard let key, let item = Catalogue.item(key) else { return key != ListSort.person }
        return item.type == .date || item.type == .time
    }

    /// A heading that puts the list in order; nil for a column without an order.
    func heading(_ column: ListColumn) -> HTML? {
        guard let orders = orders(column) else { return nil }
        let isRising = query.order == orders.rising && orders.rising != orders.falling
        let isFalling = query.order == orders.falling
        let first = Self.beginsFalling(column.sort) ? orders.falling : orders.rising
        let next = isRising ? orders.falling : isFalling ? orders.rising : first
        let mark: HTML =
            isRising
            ? #"<span aria-hidden="true"> ▲</span>"# : isFalling ? #"<span aria-hidden="true"> ▼</span>"# : .empty
        let state: HTML =
            isRising ? #" aria-sort="ascending""# : isFalling ? #" aria-sort="descending""# : .empty
        return """
            <th scope="col"\(state)><a class="sort" href="\(query.ordered(next).address(staff))">\(column.label)\
            <span class="hidden-text">で並べ替える</span>\(mark)</a></th>
            """
    }

    /// The choices of the field 並び順.
    var options: [(value: String, label: String)] {
        var options = [("newest", "登録の新しい順"), ("oldest", "登録の古い順"), ("updated", "更新の新しい順")]
        for column in columns {
            guard let key = column.sort, key != "updated", key != "newest", let orders = orders(column) else {
                continue
            }
            let name = key == ListSort.person ? "氏名（フリガナ）" : Catalogue.item(key)?.ja ?? column.label
            let few = ListSort(key, isDescending: false).needsFew(kind) ? "・\(ListSort.mostSealed)件まで" : ""
            if Self.beginsFalling(key) {
                options.append((orders.falling, "\(name)の新しい順\(few)"))
                options.append((orders.rising, "\(name)の古い順\(few)"))
            } else {
                options.append((orders.rising, "\(name)の昇順\(few)"))
                options.append((orders.falling, "\(name)の降順\(few)"))
            }
        }
        if !options.contains(where: { $0.0 == query.order }), let sort = ListSort(name: query.order) {
            let name = sort.key == ListSort.person ? "氏名" : Catalogue.item(sort.key)?.ja ?? ""
            options.append((query.order, "\(name)の\(sort.isDescending ? "降順" : "昇順")"))
        }
        return options
    }

    /// Said where the order that was asked for can't be given.
    var refusal: HTML {
        guard let sort = ListSort(name: query.order) else { return .empty }
        let name = sort.key == ListSort.person ? "氏名" : Catalogue.item(sort.key)?.ja ?? ""
        let body: HTML = """
            <p>この項目で並べられるのは\(ListSort.mostSealed)件までです。検索や絞り込みで対象を減らすと並べ替えられます。</p>
            """
        return Components.banner(.info, title: "「\(name)」の順ではなく、登録の新しい順に表示しています", body: body)
    }
}
