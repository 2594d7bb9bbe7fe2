import Access
import Casework
import Catalogue
import Storage

/// A case's page: who it is about, what can be done now, and all sections that the viewer may read.
struct CaseView {
    let disclosed: Disclosed<CaseFile>
    let words: CaseWords
    let staff: Staff
    /// Japan's day now.
    let today: CalendarDate
    /// What was done with the case, as the viewer may see it, oldest first.
    var history: [HistoryEntry] = []
    /// Candidates for a duplicate.
    var similar: [SimilarCase] = []
    /// The open offer to take the case over.
    var transfer: CaseTransfer?
    /// What was just done.
    var done = ""
    /// What is wrong with a form of the page.
    var findings: [Finding] = []
    /// Why an operation was refused.
    var refusal: String?
    /// The reason for sending back as it was typed.
    var reason = ""

    private var file: CaseFile { disclosed.subject }
    private var permission: Permission { disclosed.permission }
    private var address: String { "/cases/\(file.number.digits)" }

    func html(_ site: Site) -> HTML {
        // An ID is no name: the title may stand in the browser's history.
        Layout.page(
            title: "対象者 \(file.number.display)",
            staff: staff,
            current: "/cases",
            site: site,
            main: main,
            errors: findings,
            scripts: ["entry.js", "presence.js"],
            styles: ["entry.css", "case.css"]
        )
    }

    private var main: HTML {
        let steps = NextStep.steps(in: disclosed, today: today)
        let sections = CaseSections(disclosed: disclosed, words: words, steps: steps, today: today)
        let next = CaseNextView(disclosed: disclosed, steps: steps, places: Set(sections.shown), today: today)
        let course = CaseTimeline(disclosed, history: history, words: words, today: today)
        return """
            <div class="case" data-live-case="\(file.number.digits)" data-version="\(file.version)">
            \(CasePresence.place())
            <div data-live-note hidden class="case-note"></div>
            <div data-live id="case-content">
            \(banners)
            \(CaseHeader.html(file, words: words))
            \(next.html)
            <div id="returned">\(returned)</div>
            \(SharingBlock(disclosed: disclosed, transfer: transfer, words: words, staff: staff).html)
            \(CaseActions(view: self, similar: similar, findings: findings, reason: reason).html)
            \(CaseTimelineView(course: course).html)
            <div class="case-columns">
            \(sections.navigation)
            <div class="case-sections">\(sections.html)</div>
            </div>
            </div>
            </div>
            """
    }

    private var banners: HTML {
        if let refusal { return Components.banner(.error, title: "操作できませんでした", body: "<p>\(refusal)</p>") }
        let office = file.jurisdiction.map(words.organisation) ?? "保健所"
        switch done {
        case "notify":
            return Components.banner(
                .success,
                title: "発生届を提出しました",
                body: """
                    <p>HER-SYS ID <strong class="number">\(file.number.display)</strong>　\(office)に届きました。</p>
                    <p class="banner-links"><a href="/cases/new">続けて次の発生届を入力</a>\
                    \(CaseActions.mayNotify(staff) ? householdLink : .empty)</p>
                    """
            )
        case "confirm": return Components.banner(.success, title: "保健所確認済にしました")
        case "return": return Components.banner(.success, title: "差し戻しました", body: "<p>理由は届出医療機関に表示されます。</p>")
        case "resubmit": return Components.banner(.success, title: "再提出しました", body: "<p>\(office)に届きました。</p>")
        case "related": return Components.banner(.success, title: "関係保健所を設定しました", body: "<p>設定した保健所の画面にすぐ表示されます。</p>")
        case "restore": return Components.banner(.success, title: "削除した記録を元に戻しました")
        case let done where SharingWords.done(done) != nil:
            return Components.banner(.success, title: SharingWords.done(done) ?? "")
        case "revise":
            let next: HTML =
                file.intake == .returned && permission.roles.contains(.reporting)
                ? "<p>保健所へ届けるには、下の「再提出する」を押してください。</p>" : .empty
            return Components.banner(.success, title: "保存しました", body: next)
        case "unchanged": return Components.banner(.info, title: "変更はありませんでした")
        default: return .empty
        }
    }

    private var householdLink: HTML {
        #"　<a href="/cases/new?household=\#(file.number.digits)">同居家族を続けて入力</a>"#
    }

    /// 差し戻し理由, large, to whoever has to mend the report.
    private var returned: HTML {
        guard file.intake == .returned else { return .empty }
        let reason: HTML = file.returnReason.map { #"<p class="return-reason">\#($0)</p>"# } ?? .empty
        guard permission.roles.contains(.reporting) else {
            return Components.banner(.warning, title: "差し戻し中です。医療機関の修正を待っています。", body: reason)
        }
        return Components.banner(
            .error,
            title: "保健所から差し戻されました",
            body: """
                \(reason)<p>下の各欄の「編集」で直してから、再提出してください。</p>
                <form method="post" action="\(address)/resubmit">\(Components.csrf(staff))\
                <button type="submit" class="button button-primary">再提出する</button></form>
                """
        )
    }
}

/// Who the case is about: what is needed to call the right person.
enum CaseHeader {
    static func html(_ file: CaseFile, words: CaseWords) -> HTML {
        let items = file.items
        return """
            <header class="case-head">
            <div class="case-id"><span class="case-id-label">HER-SYS ID</span>\
            <span class="case-number">\(file.number.display)</span></div>
            <div class="case-person">
            <h1>\(name(items))</h1>
            <dl class="strip">
            \(line("性別", items[.sex].map { CodeList.sex.label($0) }))
            \(line("年齢", age(items)))
            \(line("生年月日", items[.birthDate].map(JapaneseDate.display)))
            \(line("電話", items[.phone] ?? items[.mobilePhone]))
            \(line("管轄", file.jurisdiction.map(words.organisation)))
            </dl>
            </div>
            <p class="case-chips">\(file.intake == .none ? HTML.empty : Components.intakeChip(file.intake))\
            \(status(items))\(published(file))</p>
            </header>
            """
    }

    /// Kanji with kana above, or the name in Latin letters, or what stands in a de-identified case.
    static func name(_ items: Record) -> HTML {
        let kana = [items[.familyKana], items[.givenKana]].compactMap { $0 }.joined(separator: " ")
        let kanji = [items[.familyName], items[.givenName]].compactMap { $0 }.joined(separator: " ")
        let shown = kanji.isEmpty ? items[.latinName] ?? kana : kanji
        guard !shown.isEmpty else { return #"<span class="case-anonymous">氏名の表示なし</span>"# }
        let above: HTML = kana.isEmpty || kana == shown ? .empty : #"<span class="case-kana">\#(kana)</span>"#
        return #"\#(above)<span class="case-name">\#(shown)</span>"#
    }

    private static func line(_ label: String, _ value: String?) -> HTML {
        guard let value, !value.isEmpty else { return .empty }
        return "<div><dt>\(label)</dt><dd>\(value)</dd></div>"
    }

    private static func age(_ items: Record) -> String? {
        if let age = items[.ageAtDiagnosis] {
            return items[.ageMonths].map { "\(age)歳\($0)か月" } ?? "\(age)歳"
        }
        return items[.ageBand].map { CodeList.ageBand.label($0) }
    }

    private static func status(_ items: Record) -> HTML {
        items[.status].map { Components.chip(CodeList.status.label($0), .neutral) } ?? .empty
    }

    private static func published(_ file: CaseFile) -> HTML {
        file.isPublishedData ? Components.chip("公表データ", .neutral) : .empty
    }
}
