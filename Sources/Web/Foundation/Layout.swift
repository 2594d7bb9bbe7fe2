import Access
import Casework
import Catalogue

/// The frame of every page: skip link, header, navigation, the summary of errors, footer.
enum Layout {
    /// A whole page.
    ///
    /// - Parameters:
    ///   - title: what the page is about; 「エラー：」 goes before it where there are errors.
    ///   - staff: who is signed in; nil leaves the navigation out.
    ///   - current: the address in the navigation that the page belongs to: `/`, `/cases`, `/cases/new`, `/faxes`,
    ///     `/placement`, `/cared-for`, `/totals`, `/admin`, `/account`.
    ///   - site: whether the banner of the demonstration is shown.
    ///   - main: the contents with their one `<h1>`.
    ///   - errors: findings for the summary above the contents, which links to the fields.
    ///   - scripts: files of `Assets` that the page needs beyond `hersys.js`, which staff always get, and everybody with
    ///     errors: it puts the focus on their summary.
    ///   - styles: files of `Assets` that the page needs beyond `hersys.css`.
    /// - Returns: the document.
    static func page(
        title: String,
        staff: Staff?,
        current: String = "",
        site: Site,
        main: HTML,
        errors: [Finding] = [],
        scripts: [String] = [],
        styles: [String] = []
    ) -> HTML {
        let refused = errors.contains { $0.severity == .refusal }
        let heading = refused ? "エラー：\(title)" : title
        let links: [HTML] = (["hersys.css", "sharing.css"] + styles).map {
            #"<link rel="stylesheet" href="\#(Assets.address($0))">"#
        }
        let first: [String] = staff == nil && errors.isEmpty ? [] : ["hersys.js"]
        let common: [String] = staff == nil ? [] : ["idle.js", "keys.js", "notices.js"]
        let code: [HTML] = (first + common + scripts).map {
            #"<script src="\#(Assets.address($0))" defer></script>"#
        }
        return """
            <!DOCTYPE html>
            <html lang="ja">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="format-detection" content="telephone=no">
            <meta name="robots" content="noindex, nofollow">
            <title>\(heading) | HER-SYS</title>
            <link rel="icon" type="image/svg+xml" href="\(Assets.address("icon.svg"))">
            \(links)
            \(code)
            </head>
            <body\(staff.map(idle))>
            <a class="skip" href="#main">本文へ移動</a>
            \(header(staff, current, site))
            <main id="main" class="main" tabindex="-1">
            \(errorSummary(errors))
            \(main)
            </main>
            \(footer(staff))
            </body>
            </html>

            """
    }

    /// What is wrong or to be looked at, above the contents, each line a link to its field; nothing for no findings.
    static func errorSummary(_ findings: [Finding], _ language: Language = .ja) -> HTML {
        guard !findings.isEmpty else { return .empty }
        let refusals = findings.filter { $0.severity == .refusal }
        let warnings = findings.filter { $0.severity == .warning }
        var lists = HTML.empty
        if !refusals.isEmpty {
            let title = Wording(
                "入力内容を確認してください（\(refusals.count)件）",
                "Please check what you entered (\(refusals.count))"
            )
            lists += "<h2 id=\"summary-title\">\(title[language])</h2>\(list(refusals))"
        }
        if !warnings.isEmpty {
            let title = Wording("念のため確認してください（\(warnings.count)件）", "Please look at this once more (\(warnings.count))")
            lists +=
                refusals.isEmpty ? "<h2 id=\"summary-title\">\(title[language])</h2>" : "<h3>\(title[language])</h3>"
            lists += list(warnings)
        }
        let kind = refusals.isEmpty ? "warning" : "error"
        return """
            <div class="summary summary-\(kind)" id="error-summary" role="alert" aria-labelledby="summary-title" \
            tabindex="-1">\(lists)</div>
            """
    }

    private static func list(_ findings: [Finding]) -> HTML {
        let lines: [HTML] = findings.map { finding in
            "<li><a href=\"#field-\(Components.fieldName(finding.place))\">\(finding.message)</a></li>"
        }
        return "<ul>\(lines)</ul>"
    }

    /// The seconds until the session ends by itself: `idle.js` counts along and warns.
    private static func idle(_ staff: Staff) -> HTML {
        #" data-idle="\#(staff.secondsLeft)""#
    }

    private static let demonstration: HTML = """
        <p class="demonstration"><strong>練習用</strong>これは練習用の環境です。登場する人物はすべて架空です。</p>
        """

    private static func header(_ staff: Staff?, _ current: String, _ site: Site) -> HTML {
        """
        <header class="header">
        \(site.isDemonstration ? demonstration : HTML.empty)
        <div class="header-row">
        <a class="brand" href="/"><span class="brand-name">HER-SYS</span>\
        <span class="brand-long">新型コロナウイルス感染者等情報把握・管理支援システム</span></a>
        \(staff.map(identity))
        </div>
        \(staff.flatMap { $0.owes == nil ? navigation($0, current, site) : nil })
        </header>
        """
    }

    private static func identity(_ staff: Staff) -> HTML {
        let (organisation, name) = (staff.organisation.name, staff.caller.viewer.name)
        // An institution's one account for all often bears the institution's name.
        let person: HTML = name == organisation ? .empty : #"<span class="identity-name">\#(name)</span>"#
        return """
            <div class="identity"><p><span class="identity-organisation">\(organisation)</span>\(person)</p>
            \(staff.owes == nil ? NoticePages.badge(staff) : .empty)
            <form method="post" action="/sign-out">\(Components.csrf(staff))\
            <button type="submit" class="button button-secondary button-small">ログアウト</button></form></div>
            """
    }

    private static func navigation(_ staff: Staff, _ current: String, _ site: Site) -> HTML {
        if staff.preparing != nil { return navigation(Preparing.entries, current) }
        var entries: [(address: String, label: String)] = [("/", "トップ"), ("/cases", "対象者一覧")]
        if staff.organisation.kind == .medical || staff.organisation.kind == .healthCentre {
            entries.append(("/cases/new", "発生届の入力"))
        }
        if staff.organisation.kind == .healthCentre { entries.append(("/faxes", "FAX受信簿")) }
        switch staff.organisation.kind {
        case .prefecture, .city: entries.append(("/placement", "入院・宿泊調整"))
        case .medical, .lodging, .followUp: entries.append(("/cared-for", CaredForPages.title(staff.organisation.kind)))
        case .healthCentre, .ministry, .analysis: break
        }
        if TotalsRights.takesPart(staff.organisation), site.casework.today >= TotalsRights.firstDay {
            entries.append(("/totals", "日次総数報告"))
        }
        if staff.organisation.kind == .prefecture || staff.organisation.kind == .city {
            entries.append(("/admin/local-items", "独自項目"))
        }
        if !staff.duties.isEmpty { entries.append(("/admin", "管理")) }
        if let entry = ReadinessPages.entry(staff) { entries.append(entry) }
        entries.append(("/account", "アカウント"))
        return navigation(entries, current)
    }

    private static func navigation(_ entries: [(address: String, label: String)], _ current: String) -> HTML {
        let items: [HTML] = entries.map { entry in
            let mark: HTML = entry.address == current ? #" aria-current="page""# : .empty
            return #"<li><a href="\#(entry.address)"\#(mark)>\#(entry.label)</a></li>"#
        }
        return """
            <nav class="nav" aria-label="メインメニュー">
            <ul>\(items)</ul>
            </nav>
            """
    }

    private static func footer(_ staff: Staff?) -> HTML {
        let note: HTML =
            staff == nil
            ? ""
            : """
            <p>30分間操作がないと自動的にログアウトします。席を離れるときはログアウトしてください。</p>
            <p><a href="/manual">使い方</a>　<a href="/keys">キーボード操作</a></p>
            """
        return """
            <footer class="footer">
            <p>HER-SYS 新型コロナウイルス感染者等情報把握・管理支援システム</p>
            \(note)
            </footer>
            """
    }
}
