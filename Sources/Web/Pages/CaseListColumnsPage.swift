import Access
import Casework
import Catalogue
import Hummingbird

/// Choosing the columns of the list; every button stores at once.
enum CaseListColumnsPage {
    static let routes: [Route] = [
        .page("/cases/columns") { _, _, site, staff in
            .page(try await show(site, staff))
        },
        .form("/cases/columns") { form, _, site, staff in
            var ids = try await columns(site, staff).map(\.id)
            if let id = form["add_column"], form["go"] == "add" {
                if !id.isEmpty { ids.append(id) }
            } else if let id = form["up"], let index = ids.firstIndex(of: id), index > 0 {
                ids.swapAt(index, index - 1)
            } else if let id = form["down"], let index = ids.firstIndex(of: id), index + 1 < ids.count {
                ids.swapAt(index, index + 1)
            } else if let id = form["remove"], ids.count > 1 {
                ids.removeAll { $0 == id }
            } else if form["go"] == "standard" {
                ids = []
            }
            do {
                try await site.casework.setColumns(ids, by: staff.caller)
            } catch Refusal.findings(let findings) {
                return .page(try await show(site, staff, findings), status: .unprocessableContent)
            }
            return Redirect.to("/cases/columns")
        },
    ]

    private static func columns(_ site: Site, _ staff: Staff) async throws -> [ListColumn] {
        try await site.casework.columns(by: staff.caller) ?? ListColumn.standard(staff.organisation.kind)
    }

    private static func show(_ site: Site, _ staff: Staff, _ findings: [Finding] = []) async throws -> HTML {
        let columns = try await columns(site, staff)
        let words = try await CaseWords(site)
        let local = try await site.casework.localColumns(by: staff.caller).map { column in
            (value: column.id, label: "独自項目・\(words.item(column.id)?.section.label ?? "")：\(column.label)")
        }
        let lines: [HTML] = columns.enumerated().map { index, column in
            """
            <li><span>\(index + 1). <strong>\(column.label)</strong></span><span class="actions">\
            \(index == 0 ? HTML.empty : button("up", column, "上へ"))\
            \(index + 1 == columns.count ? HTML.empty : button("down", column, "下へ"))\
            \(columns.count == 1 ? HTML.empty : button("remove", column, "外す"))</span></li>
            """
        }
        return Layout.page(
            title: "表示する項目",
            staff: staff,
            current: "/cases",
            site: site,
            main: """
                <div class="title-row"><h1>表示する項目</h1>\
                <a class="button button-primary" href="/cases">対象者一覧へ</a></div>
                <p>対象者一覧に表示する項目と順番を選びます。HER-SYS IDはいつも最初に表示されます。\
                選んだ項目はこのアカウントだけのもので、すぐに保存されます。</p>
                <form method="post" action="/cases/columns" novalidate>\(Components.csrf(staff))
                <ol class="chosen">\(lines)</ol>
                <div class="deed">\(choices(columns, local, staff, findings))
                <button type="submit" name="go" value="add" class="button button-secondary">加える</button></div>
                <p class="actions"><button type="submit" name="go" value="standard" class="button button-secondary">\
                標準の項目に戻す</button></p>
                </form>
                """,
            errors: findings,
            styles: ["lists.css"]
        )
    }

    private static func button(_ name: String, _ column: ListColumn, _ label: String) -> HTML {
        """
        <button type="submit" name="\(name)" value="\(column.id)" class="button button-secondary button-small">\(label)\
        <span class="hidden-text">：\(column.label)</span></button>
        """
    }

    /// What can be added: nothing that the viewer's organisation never reads.
    private static func choices(
        _ columns: [ListColumn],
        _ local: [(value: String, label: String)],
        _ staff: Staff,
        _ findings: [Finding]
    ) -> HTML {
        let kind = staff.organisation.kind
        let taken = Set(columns.map(\.id))
        let groups = ListColumn.groups.filter { $0.isOffered(to: kind) && !taken.contains($0.id) }
            .map { (value: $0.id, label: $0.label) }
        let items = Catalogue.items.compactMap { item -> (value: String, label: String)? in
            guard let column = ListColumn(id: item.key), !taken.contains(item.key), column.isOffered(to: kind),
                !ListColumn.groups.contains(where: { $0.id == item.key })
            else { return nil }
            return (item.key, "\(item.section.label)：\(item.ja)")
        }
        return Components.select(
            name: "add_column",
            label: "加える項目",
            value: "",
            options: [("", "選んでください")] + groups + local.filter { !taken.contains($0.value) } + items,
            errors: findings
        )
    }
}
