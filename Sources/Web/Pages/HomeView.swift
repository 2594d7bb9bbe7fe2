import Access
import Casework
import Catalogue
import Storage

/// How the first page looks to each kind of organisation.
struct HomeView {
    let site: Site
    let staff: Staff
    let words: CaseWords
    let page: FirstPage
    let now: Timestamp
    /// Reports begun and not yet sent, latest first.
    var drafts: [Draft] = []
    /// Lists that are opened by one click.
    var filters: [SavedFilter] = []
    /// FAXes that wait to be entered; nil where none are kept.
    var faxes: FaxBacklog?

    private var organisation: Organisation { staff.organisation }

    /// Whether the page is the list of the latest cases because nothing else waits there.
    var needsListing: Bool { organisation.kind == .followUp || organisation.kind == .lodging }

    /// The page.
    func render(_ listing: CaseListing?) -> HTML {
        let contents: HTML =
            switch organisation.kind {
            case .medical: medical
            case .healthCentre: healthCentre
            case .prefecture, .city: headquarters
            case .ministry, .analysis: deidentified
            case .followUp, .lodging: latest(listing)
            }
        return Layout.page(
            title: "トップ",
            staff: staff,
            current: "/",
            site: site,
            main: """
                <div class="title-row"><h1>\(organisation.name)</h1>\(entryButton)</div>
                \(CaseListSavedPage.links(filters))
                \(contents)
                """,
            styles: filters.isEmpty ? [] : ["lists.css"]
        )
    }

    private var entryButton: HTML {
        switch organisation.kind {
        case .medical:
            #"<a class="button button-primary button-large" href="/cases/new">発生届を入力する</a>"#
        case .healthCentre:
            """
            <a class="button button-secondary" href="/faxes">FAX受信簿</a> \
            <a class="button button-secondary" href="/cases/new">FAX・電話の発生届を入力する</a>
            """
        default: .empty
        }
    }

    // MARK: Medical institution

    private var medical: HTML {
        """
        <div id="returned" data-live>\(returned)</div>
        \(draftList)
        <div id="submitted" data-live>
        <div class="section-row"><h2>最近の発生届</h2><a href="/cases">対象者一覧をすべて見る</a></div>
        \(page.submitted.isEmpty
            ? "<div class=\"nothing\"><p>発生届はまだありません。「発生届を入力する」から始めてください。</p></div>"
            : table(hasSubmission: true).render(page.submitted, caption: "新しい順"))
        </div>
        """
    }

    private var returned: HTML {
        guard !page.returned.isEmpty else { return .empty }
        let body: HTML = "<p>保健所からの理由を確認し、内容を直して再提出してください。</p>"
        return """
            <h2>差し戻された発生届</h2>
            \(Components.banner(.error, title: "\(page.returned.count)件の発生届が差し戻されています", body: body))
            \(table(hasReason: true).render(page.returned, caption: "差し戻された発生届"))
            """
    }

    private var draftList: HTML {
        guard !drafts.isEmpty else { return .empty }
        let lines: [HTML] = drafts.map { draft in
            """
            <li><span><strong>\(Self.title(draft))</strong> \
            <span class="support">\(Components.time(draft.updatedAt)) 保存</span></span>\
            <a class="button button-secondary button-small" href="/cases/new?draft=\(Redirect.percentEncoded(draft.id))">\
            続きを入力<span class="hidden-text">：\(Self.title(draft))</span></a></li>
            """
        }
        return "<h2>入力途中の発生届</h2><ul class=\"rows\">\(lines)</ul>"
    }

    private static func title(_ draft: Draft) -> String {
        let name = ["family_name", "given_name"].compactMap { draft.fields[$0] }.filter { !$0.isEmpty }
            .joined(separator: " ")
        if !name.isEmpty { return name }
        return draft.fields["latin_name"].flatMap { $0.isEmpty ? nil : $0 } ?? "（氏名未入力）"
    }

    // MARK: Health centre

    private var healthCentre: HTML {
        """
        <div id="waiting" data-live>
        \(waitingFigures)
        <div class="section-row"><h2>確認待ちの発生届</h2>\
        <a href="/cases?intake=submitted">確認待ちをすべて見る</a></div>
        \(page.waitingCases.isEmpty
            ? "<div class=\"nothing\"><p>確認を待っている発生届はありません。届くと、ここに自動で表示されます。</p></div>"
            : waitingTable.render(waitingCases, caption: "古い順に10件まで"))
        <h2>関係保健所として共有された対象者</h2>
        \(page.related.isEmpty
            ? "<div class=\"nothing\"><p>共有された対象者はいません。</p></div>"
            : table().render(page.related, caption: "新しい順に10件まで"))
        </div>
        \(draftList)
        """
    }

    private var waitingFigures: HTML {
        let isLate = oldest.map { now.seconds - $0.seconds >= 24 * 3600 } ?? false
        let late: HTML = isLate ? " figure-late" : .empty
        let age: HTML
        if let oldest {
            age = """
                <li class="figure\(late)"><span class="figure-label">最も長く待っている発生届</span>\
                <span class="figure-number">\(Self.elapsed(now.seconds - oldest.seconds))</span>\
                <span class="figure-note">\(Components.time(oldest))に提出\(isLate ? "（24時間を過ぎています）" : "")</span></li>
                """
        } else {
            age = .empty
        }
        return """
            <ul class="figures"><li class="figure"><span class="figure-label">確認待ちの発生届</span>\
            <span class="figure-number">\(Self.count(page.waiting))<small>件</small></span></li>\(age)\
            \(FaxFigures.html(faxes, organisation, now))</ul>
            """
    }

    /// The oldest submission first: a report handed in again waits from then on.
    private var waitingCases: [Disclosed<CaseFile>] {
        page.waitingCases.sorted { Self.submission($0) < Self.submission($1) }
    }

    private static func submission(_ one: Disclosed<CaseFile>) -> Int64 {
        one.subject.items[.submittedAt]?.seconds ?? 0
    }

    private var oldest: Timestamp? {
        page.waitingCases.compactMap { $0.subject.items[.submittedAt] }.min() ?? page.oldestWaiting
    }

    private var waitingTable: CaseTable {
        CaseTable(
            words: words,
            organisation: organisation,
            hasDecision: organisation.kind == .healthCentre,
            hasSubmission: true,
            hasIntake: false
        )
    }

    /// Counting stops at a thousand.
    private static func count(_ number: Int) -> String {
        number >= 1000 ? "1000以上" : String(number)
    }

    /// How long something has lasted, in the unit that matters.
    static func elapsed(_ seconds: Int64) -> String {
        switch seconds {
        case ..<60: "1分未満"
        case ..<3600: "\(seconds / 60)分"
        case ..<86_400: "\(seconds / 3600)時間\(seconds / 60 % 60)分"
        default: "\(seconds / 86_400)日\(seconds / 3600 % 24)時間"
        }
    }

    // MARK: Headquarters

    private var headquarters: HTML {
        """
        <div id="offices" data-live>
        \(waitingFigures)
        <h2>保健所ごとの確認待ち</h2>
        \(offices)
        <div class="section-row"><h2>長く待っている発生届</h2>\
        <a href="/cases?intake=submitted">確認待ちをすべて見る</a></div>
        \(page.waitingCases.isEmpty
            ? "<div class=\"nothing\"><p>確認を待っている発生届はありません。</p></div>"
            : waitingTable.render(waitingCases, caption: "古い順に10件まで"))
        </div>
        """
    }

    /// Health centres at which something waits; the others are named below, for nobody has to hurry there.
    private var offices: HTML {
        guard !page.offices.isEmpty else {
            return "<div class=\"nothing\"><p>管内の保健所が登録されていません。</p></div>"
        }
        let most = max(page.offices.map(\.waiting).max() ?? 1, 1)
        let lines: [HTML] = page.offices.filter { $0.waiting > 0 }.map { office, waiting in
            """
            <tr><th scope="row" data-label="保健所">\(officeLink(office))</th>\
            <td class="quantity" data-label="確認待ち">\(Self.count(waiting))件</td>\
            <td class="bar-cell">\(Self.bar(waiting, of: most))</td></tr>
            """
        }
        let others: [HTML] = page.offices.filter { $0.waiting == 0 }.map { "<li>\(officeLink($0.office))</li>" }
        let table: HTML =
            lines.isEmpty
            ? "<div class=\"nothing\"><p>どの保健所にも、確認を待っている発生届はありません。</p></div>"
            : """
            <table class="table"><caption>確認待ちの多い順</caption>
            <thead><tr><th scope="col">保健所</th><th scope="col" class="quantity">確認待ち</th>\
            <td class="bar-cell"></td></tr></thead>
            <tbody>\(lines)</tbody></table>
            """
        let rest: HTML =
            others.isEmpty
            ? .empty
            : """
            <details id="idle-offices"><summary>確認待ちのない保健所（\(others.count)）</summary>\
            <ul class="inline-list">\(others)</ul></details>
            """
        return "\(table)\(rest)"
    }

    private func officeLink(_ office: Organisation) -> HTML {
        #"<a href="/cases?intake=submitted&amp;office=\#(Redirect.percentEncoded(office.key))">\#(office.name)</a>"#
    }

    /// The number beside it says the same: the picture is for the eye only.
    private static func bar(_ number: Int, of most: Int) -> HTML {
        let width = number == 0 ? 0 : max(4, number * 1000 / most)
        return """
            <svg class="bar" viewBox="0 0 1000 20" preserveAspectRatio="none" aria-hidden="true" focusable="false">\
            <rect width="\(width)" height="20"/></svg>
            """
    }

    // MARK: Others

    private var deidentified: HTML {
        let waiting: HTML =
            organisation.kind == .ministry
            ? """
            <ul class="figures"><li class="figure"><span class="figure-label">全国の確認待ちの発生届</span>\
            <span class="figure-number">\(page.waiting)<small>件</small></span></li></ul>
            """ : .empty
        return """
            <div id="figures" data-live>\(waiting)</div>
            \(Components.banner(
                .info, title: "個人を識別できない形で表示しています",
                body: "<p>氏名・住所・電話番号などは表示されません。住所は市区町村までです。</p>"))
            <p class="actions"><a class="button button-primary" href="/cases">対象者一覧を開く</a></p>
            """
    }

    private func latest(_ listing: CaseListing?) -> HTML {
        let rows = listing?.rows ?? []
        return """
            <div id="latest" data-live>
            <div class="section-row"><h2>担当している対象者</h2><a href="/cases">対象者一覧をすべて見る</a></div>
            \(rows.isEmpty
                ? "<div class=\"nothing\"><p>担当している対象者はいません。</p></div>"
                : table().render(rows, updatedAt: listing?.updatedAt ?? [], caption: "更新の新しい順"))
            </div>
            """
    }

    private func table(
        hasReason: Bool = false,
        hasSubmission: Bool = false
    ) -> CaseTable {
        CaseTable(
            words: words,
            organisation: organisation,
            hasReason: hasReason,
            hasSubmission: hasSubmission
        )
    }
}
