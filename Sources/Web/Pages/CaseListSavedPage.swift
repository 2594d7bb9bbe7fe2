import Access
import Casework
import Catalogue
import Hummingbird

/// 保存した条件: lists that are opened again and again.
enum CaseListSavedPage {
    static let routes: [Route] = [
        .page("/cases/saved") { _, _, site, staff in
            .page(try await show(site, staff))
        },
        .page("/cases/saved/{filter}") { _, context, site, staff in
            let filter = try await site.casework.savedFilter(context.parameters.get("filter") ?? "", by: staff.caller)
            let form = FormData(filter.fields.map { ($0.key, $0.value) })
            return Redirect.to(CaseListQuery(form, staff).address(staff))
        },
        .form("/cases/saved") { form, _, site, staff in
            var query = CaseListQuery(form, staff)
            (query.after, query.selection) = (nil, nil)
            let name = form["name"] ?? ""
            do {
                try await site.casework.saveFilter(named: name, query.kept, by: staff.caller)
            } catch Refusal.findings(let findings) {
                let page = try await CaseListPage.show(query, site, staff, saving: (name, findings))
                return .page(page, status: .unprocessableContent)
            }
            return Redirect.to(query.address(staff))
        },
        .form("/cases/saved/{filter}") { form, context, site, staff in
            let id = context.parameters.get("filter") ?? ""
            do {
                if form["go"] == "remove" {
                    try await site.casework.removeFilter(id, by: staff.caller)
                } else {
                    try await site.casework.renameFilter(id, to: form["name"] ?? "", by: staff.caller)
                }
            } catch Refusal.findings(let findings) {
                return .page(try await show(site, staff, findings, at: id), status: .unprocessableContent)
            }
            return Redirect.to("/cases/saved")
        },
    ]

    /// The filters to be opened by one click; nothing where there are none.
    static func links(_ filters: [SavedFilter]) -> HTML {
        guard !filters.isEmpty else { return .empty }
        let links: [HTML] = filters.map { filter in
            """
            <li><a class="saved-filter" href="/cases/saved/\(Redirect.percentEncoded(filter.id))">\(filter.name)</a></li>
            """
        }
        return """
            <nav aria-label="保存した条件"><ul class="saved"><li class="saved-title">保存した条件</li>\(links)\
            <li><a href="/cases/saved">整理する</a></li></ul></nav>
            """
    }

    private static func show(
        _ site: Site,
        _ staff: Staff,
        _ findings: [Finding] = [],
        at place: String = ""
    ) async throws -> HTML {
        let filters = try await site.casework.savedFilters(by: staff.caller)
        let lines: [HTML] = filters.map { filter in
            let errors: HTML = filter.id == place ? Components.fieldErrors("name", findings) : .empty
            return """
                <li><a href="/cases/saved/\(Redirect.percentEncoded(filter.id))">\(filter.name)</a>
                <form method="post" action="/cases/saved/\(Redirect.percentEncoded(filter.id))" class="actions" novalidate>\
                \(Components.csrf(staff))<input class="input" name="name" value="\(filter.name)" maxlength="40" \
                autocomplete="off" aria-label="「\(filter.name)」の新しい名前">\
                <button type="submit" name="go" value="rename" class="button button-secondary button-small">名前を変える\
                <span class="hidden-text">：\(filter.name)</span></button>\
                <button type="submit" name="go" value="remove" class="button button-danger button-small">削除する\
                <span class="hidden-text">：\(filter.name)</span></button>\(errors)</form></li>
                """
        }
        let list: HTML =
            filters.isEmpty
            ? """
            <div class="nothing"><p>保存した条件はありません。対象者一覧で検索や絞り込みをして、「この条件を保存する」から保存できます。</p></div>
            """ : "<ul class=\"chosen\">\(lines)</ul>"
        return Layout.page(
            title: "保存した条件",
            staff: staff,
            current: "/cases",
            site: site,
            main: """
                <div class="title-row"><h1>保存した条件</h1>\
                <a class="button button-secondary" href="/cases">対象者一覧へ</a></div>
                <p>保存した条件は、このアカウントだけに表示されます。</p>
                \(list)
                """,
            styles: ["lists.css"]
        )
    }
}
