import Access
import Casework
import Catalogue
import HTTPTypes
import Hummingbird
import Storage

/// アカウントの一覧: those that somebody looks after, with their last use, page by page.
enum AccountListPages {
    static let routes: [Route] = [
        .page("/admin/accounts") { request, _, site, staff in
            let query = try request.query()
            var filter = site.casework.accountFilter()
            filter.kind = OrganisationKind(rawValue: query["kind"] ?? "")
            filter.state = AccountFilter.State(rawValue: query["state"] ?? "")
            filter.text = String((query["q"] ?? "").prefix(60)).trimmed
            let after = String((query["after"] ?? "").prefix(64))
            let listing = try await site.casework.accountPage(filter, after: after, by: staff.caller)
            let directory = try await site.casework.directory()
            let view = AccountListView(listing: listing, filter: filter, isFirst: after.isEmpty, directory: directory)
            return .page(view.html(site, staff))
        }
    ]
}

extension String {
    /// Without spaces at its ends, the full-width ones included.
    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}

/// The list of accounts.
struct AccountListView {
    let listing: AccountListing
    let filter: AccountFilter
    let isFirst: Bool
    let directory: Directory

    func html(_ site: Site, _ staff: Staff) -> HTML {
        let issue: HTML =
            AdminPages.powers(staff).contains(.issue)
            ? """
            <p class="actions"><a class="button button-primary" href="/admin/issue">アカウントを発行する</a>\
            <a class="button button-secondary" href="/admin/account-files">CSVでまとめて発行</a></p>
            """
            : .empty
        return Layout.page(
            title: "アカウントの一覧",
            staff: staff,
            current: "/admin",
            site: site,
            main: """
                <p class="back"><a href="/admin">管理に戻る</a></p>
                <h1>アカウントの一覧</h1>
                \(issue)\(search)\(table(site))\(paging)
                """,
            styles: ["admin.css"]
        )
    }

    private var search: HTML {
        let kinds = [("", "すべて")] + OrganisationKind.allCases.map { ($0.rawValue, $0.label) }
        let states = [
            ("", "すべて"), (AccountFilter.State.active.rawValue, "停止していないもの"),
            (AccountFilter.State.unused.rawValue, "未使用・\(Casework.unusedDays)日以上未使用"),
            (AccountFilter.State.stopped.rawValue, "停止"),
        ]
        return """
            <search><form method="get" action="/admin/accounts" class="search">
            <div class="search-row"><div class="field-words">\(Components.textField(
                name: "q", label: "ユーザーID・氏名・組織名", value: filter.text, type: "search"))</div>
            \(Components.select(
                name: "kind", label: "組織の区分", value: filter.kind?.rawValue ?? "", options: kinds))
            \(Components.select(name: "state", label: "状態", value: filter.state?.rawValue ?? "", options: states))
            <p class="actions"><button type="submit" class="button button-secondary">絞り込む</button></p></div>
            </form></search>
            """
    }

    private func table(_ site: Site) -> HTML {
        guard !listing.rows.isEmpty else {
            return "<div class=\"nothing\"><p>当てはまるアカウントはありません。</p></div>"
        }
        let rows: [HTML] = listing.rows.map { account in
            let organisation = directory[account.organisation]
            let used: HTML = account.usedAt.map { Components.date($0.japanDate) } ?? "なし"
            let duties: [HTML] = account.duties.sorted().map { #"<span class="line">\#($0.label)</span>"# }
            return """
                <tr><th scope="row" data-label="ユーザーID"><a href="/admin/accounts/\(account.login)">\(account.login)</a></th>\
                <td data-label="氏名">\(account.name)</td>\
                <td data-label="組織">\(organisation?.name ?? account.organisation)\
                <span class="line support">\(organisation?.kind.label ?? "")</span></td>\
                <td data-label="役割">\(duties.isEmpty ? ["―"] : duties)</td>\
                <td data-label="最後の利用">\(used)</td>\
                <td data-label="発行">\(Components.date(account.createdAt.japanDate))</td>\
                <td data-label="状態"><span>\(AccountWords.state(account, site))</span></td></tr>
                """
        }
        return """
            <table class="table"><caption>ユーザーIDの順、1ページに\(Casework.accountsOnPage)件まで</caption><thead><tr>\
            <th scope="col">ユーザーID</th><th scope="col">氏名</th><th scope="col">組織</th><th scope="col">役割</th>\
            <th scope="col">最後の利用</th><th scope="col">発行</th><th scope="col">状態</th></tr></thead>\
            <tbody>\(rows)</tbody></table>
            """
    }

    private func address(after: String?) -> String {
        let fields = [
            ("q", filter.text), ("kind", filter.kind?.rawValue ?? ""), ("state", filter.state?.rawValue ?? ""),
            ("after", after ?? ""),
        ].filter { !$0.1.isEmpty }.map { "\($0.0)=\(Redirect.percentEncoded($0.1))" }
        return "/admin/accounts" + (fields.isEmpty ? "" : "?" + fields.joined(separator: "&"))
    }

    private var paging: HTML {
        let first: HTML = isFirst ? .empty : #"<a href="\#(address(after: nil))">はじめのページ</a>"#
        let next: HTML = listing.next.map { #"<a href="\#(address(after: $0))">次のページ</a>"# } ?? .empty
        guard !isFirst || listing.next != nil else { return .empty }
        return #"<nav class="paging" aria-label="ページ">\#(first)\#(next)</nav>"#
    }
}
