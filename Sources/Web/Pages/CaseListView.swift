import Access
import Casework
import Catalogue
import Storage

/// How the list of cases looks.
struct CaseListView {
    let site: Site
    let staff: Staff
    let query: CaseListQuery
    let words: CaseWords
    /// The columns that the viewer has chosen.
    var chosen: [ListColumn]?
    /// Their saved filters.
    var filters: [SavedFilter] = []
    /// A name that couldn't be given to this filter.
    var saving: (name: String, findings: [Finding])?
    /// The selection that is being made.
    var selecting: CaseListSelecting?
    /// Whom selected cases can be assigned to.
    var contractors: [(value: String, label: String)] = []

    private var organisation: Organisation { staff.organisation }
    private var isSearch: Bool { !query.words.allSatisfy(\.isWhitespace) }

    /// The page; nil for a listing that isn't given because of what was searched for.
    func page(
        _ listing: CaseListing?,
        terms: [SearchTerm],
        choices: CaseListPage.Choices
    ) -> HTML {
        let notifies = organisation.kind == .medical || organisation.kind == .healthCentre
        let entry: HTML =
            notifies ? #"<a class="button button-primary" href="/cases/new">発生届を入力する</a>"# : .empty
        let lost: HTML =
            query.hasLostWords
            ? Components.banner(
                .info,
                title: "検索する言葉をもう一度入力してください",
                body: "<p>検索した言葉はアドレスに残らないようにしているため、ログインし直すと消えます。</p>"
            )
            : .empty
        return Layout.page(
            title: "対象者一覧",
            staff: staff,
            current: "/cases",
            site: site,
            main: """
                <div class="title-row"><h1>対象者一覧</h1>\(entry)</div>
                \(lost)
                \(selecting == nil ? narrowing(terms, choices) : HTML.empty)
                \(contents(listing))
                \(organisation.kind == .healthCentre && selecting == nil ? Self.deleted : .empty)
                """,
            errors: (selecting?.findings ?? []) + (saving?.findings ?? []),
            styles: ["lists.css"]
        )
    }

    private static let deleted: HTML = #"<p><a href="/deleted">削除した記録</a></p>"#

    /// Everything that leads to another list; while cases are being ticked it would lose the ticks.
    private func narrowing(_ terms: [SearchTerm], _ choices: CaseListPage.Choices) -> HTML {
        """
        \(CaseListSavedPage.links(filters))
        \(search(terms, choices))
        \(Gate.listable(organisation.kind).narrows(by: Item.submittedAt.key) ? tabs : .empty)
        \(tools)
        """
    }

    /// The list, which renews itself unless something is being ticked in it.
    private func contents(_ listing: CaseListing?) -> HTML {
        let unsorted: HTML = listing?.isUnsorted == true ? order.refusal : .empty
        let partial: HTML = listing?.leavesOutFollowUp == true ? Self.partial : .empty
        let list: HTML = listing.map(list) ?? refused
        guard let selecting else { return "<div id=\"list\" data-live>\(unsorted)\(partial)\(list)</div>" }
        return selecting.form(
            "\(unsorted)\(list)",
            hasNext: listing?.next != nil,
            contractors: contractors
        )
    }

    /// Said where the list isn't all of the organisation's cases, before somebody looks for one of them in vain.
    private static let partial = Components.banner(
        .info,
        title: "健康フォローアップだけを行っている対象者は、この一覧に含まれていません",
        body: """
            <p>届出の内容を閲覧できない対象者は、絞り込みや並べ替えをした一覧には表示されません。\
            <a href="/cases">すべての対象者を表示する</a></p>
            """
    )

    private var order: CaseListOrder {
        CaseListOrder(
            query: query,
            staff: staff,
            columns: [.number] + (chosen ?? ListColumn.standard(organisation.kind))
        )
    }

    private var tools: HTML {
        let bulk: HTML =
            CaseListPage.hasBulk(organisation)
            ? """
            <form method="post" action="/cases/selection">\(Components.csrf(staff))\(query.hidden(staff))\
            <button type="submit" class="button button-secondary button-small">まとめて操作する</button></form>
            """ : .empty
        return """
            <div class="list-tools">\(bulk)\
            <a class="button button-secondary button-small" href="/cases/columns">表示する項目を選ぶ</a>\
            <a class="button button-secondary button-small" href="\(fileAddress)">CSVで保存する</a>\
            \(saveFilter)</div>
            """
    }

    private var fileAddress: String {
        var plain = query
        (plain.after, plain.selection) = (nil, nil)
        let address = plain.address(staff)
        return "/cases/list.csv" + address.dropFirst("/cases".count)
    }

    private var saveFilter: HTML {
        var plain = query
        (plain.after, plain.selection) = (nil, nil)
        guard plain != CaseListQuery() else { return .empty }
        let errors = saving?.findings ?? []
        return """
            <details\(saving == nil ? HTML.empty : " open")><summary>この条件を保存する</summary>
            <form method="post" action="/cases/saved" class="save-filter" novalidate>\(Components.csrf(staff))\
            \(plain.hidden(staff))\
            \(Components.textField(
                name: "name", label: "条件の名前", value: saving?.name ?? "", required: true,
                hint: "例：今週の確認待ち", errors: errors, attributes: #" maxlength="40" autocomplete="off""#))
            <p class="actions"><button type="submit" class="button button-secondary">保存する</button></p></form></details>
            """
    }

    // MARK: Search

    private func search(_ terms: [SearchTerm], _ choices: CaseListPage.Choices) -> HTML {
        let identifies = CaseListPage.seesIdentity(organisation)
        let box = Components.textField(
            name: "q",
            label: identifies ? "氏名・フリガナ・電話番号・生年月日・HER-SYS ID" : "HER-SYS ID",
            value: query.words,
            hint: identifies ? "例：山田 花子、ヤマダ、090-1234-5678、S60.3.2、1985/3/2" : "例：1234-5678-9012の形の12桁",
            type: "search",
            attributes: #" autocomplete="off" maxlength="100" spellcheck="false""#
        )
        let intake: HTML =
            query.intake.map { #"<input type="hidden" name="intake" value="\#($0.rawValue)">"# } ?? .empty
        let clear: HTML =
            query == CaseListQuery() ? .empty : #"<a class="button button-secondary" href="/cases">条件を消す</a>"#
        return """
            <search><form method="post" action="/cases/search" class="search">\(Components.csrf(staff))\(intake)
            <div class="search-row"><div class="field-words">\(box)</div></div>
            <div class="search-row">\(filters(choices))
            <p class="actions"><button type="submit" class="button button-primary">検索</button>\(clear)</p></div>
            \(understood(terms))
            </form></search>
            """
    }

    private func filters(_ choices: CaseListPage.Choices) -> [HTML] {
        var filters: [HTML] = []
        if Gate.listable(organisation.kind).narrows(by: Item.status.key) {
            filters.append(
                Components.select(
                    name: "status",
                    label: "現在の状況",
                    value: query.status?.rawValue ?? "",
                    options: [("", "すべて")] + CodeList.status.entries.map { ($0.code.rawValue, $0.ja) }
                )
            )
        }
        if !choices.offices.isEmpty {
            filters.append(
                Components.select(
                    name: "office",
                    label: "管轄保健所",
                    value: query.office ?? "",
                    options: [("", "すべて")] + choices.offices
                )
            )
        }
        if !choices.institutions.isEmpty {
            filters.append(
                Components.select(
                    name: "institution",
                    label: "届出医療機関",
                    value: query.institution ?? "",
                    options: [("", "すべて")] + choices.institutions
                )
            )
        }
        filters.append(
            Components.select(
                name: "order",
                label: "並び順",
                value: query.order,
                options: order.options
            )
        )
        return filters
    }

    /// How each word was taken: a number typed as a date is found out at a glance.
    private func understood(_ terms: [SearchTerm]) -> HTML {
        guard isSearch, !terms.isEmpty else { return .empty }
        let chips: [HTML] = terms.map { Components.chip(Self.text($0), .info) }
        return #"<p class="understood">\#(chips) として検索しました。</p>"#
    }

    /// A search term in words.
    static func text(_ term: SearchTerm) -> String {
        switch term {
        case .name(let name): "氏名・フリガナ「\(name)」"
        case .phone(let phone): "電話番号 \(phone)"
        case .birthDate(let day): "生年月日 \(JapaneseDate.display(day))"
        case .nesid(let number): "NESID番号 \(number)"
        case .number(let number): "HER-SYS ID \(number.display)"
        }
    }

    private var tabs: HTML {
        let kinds: [Intake?] = [nil, .submitted, .returned, .confirmed]
        let items: [HTML] = kinds.map { kind in
            var other = query
            other.intake = kind
            other.after = nil
            let mark: HTML = query.intake == kind ? #" aria-current="true""# : .empty
            return #"<li><a href="\#(other.address(staff))"\#(mark)>\#(kind?.label ?? "すべて")</a></li>"#
        }
        return #"<nav aria-label="発生届の状況で絞り込む"><ul class="tabs">\#(items)</ul></nav>"#
    }

    // MARK: List

    private func list(_ listing: CaseListing) -> HTML {
        guard !listing.rows.isEmpty else { return nothing }
        var table = CaseTable(words: words, organisation: organisation, hasReason: true)
        table.hasDecision = organisation.kind == .healthCentre && selecting == nil
        table.chosen = chosen
        if let selecting {
            table.ticked = Set(selecting.selection.numbers)
        } else {
            let order = order
            table.heading = { order.heading($0) }
        }
        let more = listing.next == nil ? "" : "以上"
        return """
            \(table.render(
                listing.rows, updatedAt: listing.updatedAt,
                caption: "\(listing.rows.count)件\(more.isEmpty ? "" : "（続きがあります）")"))
            \(selecting == nil ? paging(listing.next) : HTML.empty)
            """
    }

    private func paging(_ next: CaseNumber?) -> HTML {
        var first = query
        first.after = nil
        let back: HTML =
            query.after == nil
            ? "<span></span>"
            : #"<a class="button button-secondary" href="\#(first.address(staff))">最初のページへ</a>"#
        guard let next else {
            return query.after == nil ? .empty : #"<nav class="paging" aria-label="ページ">\#(back)</nav>"#
        }
        var following = query
        following.after = next
        return """
            <nav class="paging" aria-label="ページ">\(back)\
            <a class="button button-secondary" rel="next" href="\(following.address(staff))">次のページへ</a></nav>
            """
    }

    private var nothing: HTML {
        if isSearch {
            let other: HTML =
                query.intake == nil && query.status == nil && query.office == nil && query.institution == nil
                ? .empty
                : """
                <li>絞り込みを外して検索する：<a href="\(wordsOnly.address(staff))">すべての状況から探す</a></li>
                """
            return """
                <div class="nothing"><p><strong>該当する対象者は見つかりませんでした。</strong>次の方法を試してください。</p>
                <ul>
                \(other)
                <li>姓だけ、またはフリガナだけで検索する（旧字体・ひらがな・長音の違いは気にせず探せます）</li>
                <li>電話番号か生年月日で検索する（例：090-1234-5678、S60.3.2）</li>
                <li>HER-SYS IDの数字を1桁ずつ確かめる</li>
                <li>所属組織が担当していない対象者は表示されません。</li>
                </ul></div>
                """
        }
        guard query == CaseListQuery() else {
            return """
                <div class="nothing"><p>この条件に当てはまる対象者はいません。</p>\
                <p><a href="/cases">すべての対象者を表示する</a></p></div>
                """
        }
        return "<div class=\"nothing\"><p>表示できる対象者はまだいません。登録されると、ここに自動で表示されます。</p></div>"
    }

    private var wordsOnly: CaseListQuery {
        var other = CaseListQuery()
        other.words = query.words
        return other
    }

    private var refused: HTML {
        """
        <div class="nothing"><p><strong>HER-SYS ID（12桁）で検索してください。</strong></p>\
        <p>個人を識別できない形で閲覧しているため、氏名・電話番号・生年月日では検索できません。</p></div>
        """
    }
}
