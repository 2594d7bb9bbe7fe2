import Access
import Casework
import Catalogue

/// One institution's numbers of a day: entered, corrected, with all that was changed about them.
struct TotalsEntryView {
    let shown: TotalDay
    /// The institution's last days.
    let recent: [InstitutionTotal]
    let words: CaseWords
    let staff: Staff
    let today: CalendarDate
    /// What was typed, where it is shown again.
    let typed: [String: String]?
    let findings: [Finding]
    let isSaved: Bool

    func html(_ site: Site) -> HTML {
        Layout.page(
            title: "日次総数報告",
            staff: staff,
            current: "/totals",
            site: site,
            main: main,
            errors: findings,
            scripts: ["totals.js"],
            styles: ["totals.css"]
        )
    }

    private var isOwn: Bool { shown.entry == .own }

    private var main: HTML {
        let back: HTML = isOwn ? .empty : #"<p class="back"><a href="/totals">日次総数報告の集計に戻る</a></p>"#
        return """
            \(back)
            <h1>日次総数報告</h1>
            <p class="support">\(isOwn ? "" : "\(shown.institution.name)　")新たに診断した人の数を、年代別に、1日ごとに報告します。\
            発生届を出した人も含めます。0人の日も報告してください。</p>
            \(saved)\(days)\(contents)\(history)\(recentDays)
            """
    }

    private var saved: HTML {
        guard isSaved, let total = shown.total else { return .empty }
        return Components.banner(
            .success,
            title: "\(JapaneseDate.display(shown.day))の人数を報告しました",
            body: "<p>合計 \(total.counts.total)人。\(isOwn ? "今日のうちは訂正できます。" : "")</p>"
        )
    }

    /// Another day.
    private var days: HTML {
        guard isOwn else { return .empty }
        let options = (0...Casework.lateDays).map { today.adding(days: -$0) }
            .filter { $0 >= TotalsRights.firstDay || $0 == today }
        let links: [HTML] = options.map { day in
            let isReported = recent.contains { $0.day == day }
            let mark: HTML = day == shown.day ? #" aria-current="date""# : .empty
            let (_, month, date) = day.parts
            return """
                <li><a href="/totals?day=\(day.iso)"\(mark)>\(month)月\(date)日</a> \
                \(isReported ? Components.chip("報告済み", .success) : Components.chip("未報告", .warning))</li>
                """
        }
        return #"<nav aria-label="報告する日"><ul class="totals-days">\#(links)</ul></nav>"#
    }

    /// Whether the numbers can still be changed here.
    private var isOpen: Bool {
        guard shown.day >= TotalsRights.firstDay, shown.day <= today else { return false }
        switch shown.entry {
        case .none: return false
        case .correction: return true
        case .own:
            return shown.total.map { $0.firstAt.japanDate == today }
                ?? (shown.day >= today.adding(days: -Casework.lateDays))
        }
    }

    private var contents: HTML {
        let title: HTML = "<h2>\(JapaneseDate.display(shown.day))</h2>"
        if shown.day < TotalsRights.firstDay {
            return title + "<div class=\"nothing\"><p>日次総数報告は、2022年9月26日以降の日について報告します。</p></div>"
        }
        guard isOpen else {
            let note: HTML =
                isOwn
                ? "<p>入力した日を過ぎたため、医療機関では変更できません。訂正は都道府県に依頼してください。</p>" : .empty
            return title + note + numbers
        }
        return title + form
    }

    private var numbers: HTML {
        guard let total = shown.total else { return "<div class=\"nothing\"><p>まだ報告されていません。</p></div>" }
        let lines: [HTML] = AgeCounts.bands.map {
            "<div><dt>\($0.ja)</dt><dd>\(total.counts[$0.code])人</dd></div>"
        }
        return #"<dl class="values"><div><dt>合計</dt><dd>\#(total.counts.total)人</dd></div>\#(lines)</dl>"#
    }

    private var form: HTML {
        let fields: [HTML] = AgeCounts.bands.map { band in
            let name = band.code.rawValue
            let stored = shown.total.map { String($0.counts[band.code]) } ?? ""
            return Components.textField(
                name: name,
                label: band.ja,
                value: typed?[name] ?? stored,
                errors: findings.at(name),
                attributes: #" inputmode="numeric" autocomplete="off" data-band"#
            )
        }
        let reason: HTML =
            shown.entry == .correction
            ? Components.textArea(
                name: "reason",
                label: "訂正の理由",
                value: typed?["reason"] ?? "",
                required: true,
                errors: findings.at("reason")
            ) : .empty
        let isChange = shown.total != nil
        return """
            <form method="post" action="/totals" data-totals novalidate>
            \(Components.csrf(staff))<input type="hidden" name="day" value="\(shown.day.iso)">\
            <input type="hidden" name="seen" value="\(shown.total?.version ?? 0)">
            \(isOwn ? HTML.empty : #"<input type="hidden" name="institution" value="\#(shown.institution.key)">"#)
            <div id="field-day" tabindex="-1">\(Components.fieldErrors("day", findings.at("day")))</div>
            <p class="support">空欄は0人として報告します。</p>
            <div class="totals-fields">\(fields)</div>
            <p class="totals-sum">合計 <output data-totals-sum>\(shown.total.map { String($0.counts.total) } ?? "0")</output>人</p>
            \(reason)
            <div class="actions"><button type="submit" class="button button-primary" data-totals-send>\
            \(isChange ? "訂正する" : "報告する")</button></div>
            </form>
            """
    }

    private var history: HTML {
        guard !shown.changes.isEmpty else { return .empty }
        let head: [HTML] = AgeCounts.bands.map { #"<th scope="col" class="quantity">\#($0.ja)</th>"# }
        let rows: [HTML] = shown.changes.reversed().map { change in
            let cells: [HTML] = AgeCounts.bands.map {
                #"<td class="quantity" data-label="\#($0.ja)">\#(change.counts[$0.code])</td>"#
            }
            let who = [words.organisation(change.organisation), change.actor].filter { !$0.isEmpty }
            let name = who.count == 2 && who[0] == who[1] ? who[0] : who.joined(separator: " ")
            return """
                <tr><td data-label="日時">\(Components.time(change.at))</td><td data-label="入力者">\(name)</td>\
                <td class="quantity" data-label="合計">\(change.counts.total)</td>\(cells)\
                <td data-label="理由">\(change.reason ?? "")</td></tr>
                """
        }
        return """
            <h2>変更の記録</h2>
            <div class="table-scroll" tabindex="0" role="region" aria-label="変更の記録">\
            <table class="table totals-table"><thead><tr><th scope="col">日時</th><th scope="col">入力者</th>\
            <th scope="col" class="quantity">合計</th>\(head)<th scope="col">理由</th></tr></thead>\
            <tbody>\(rows)</tbody></table></div>
            """
    }

    private var recentDays: HTML {
        guard isOwn, !recent.isEmpty else { return .empty }
        let rows: [HTML] = recent.map { total in
            """
            <li><span><a href="/totals?day=\(total.day.iso)">\(JapaneseDate.display(total.day))</a></span>\
            <span>\(total.counts.total)人</span></li>
            """
        }
        return #"<h2>最近の報告</h2><ul class="rows">\#(rows)</ul>"#
    }
}
