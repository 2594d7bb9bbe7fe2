import Access
import Casework
import Catalogue

/// The page of a headquarters' local items: those there are, and one more.
struct LocalItemView {
    let items: [LocalItem]
    let offices: [Organisation]
    let staff: Staff
    let today: CalendarDate
    let done: String?
    var typed = FormData()
    var findings: [Finding] = []

    func html(_ site: Site) -> HTML {
        Layout.page(
            title: "独自項目",
            staff: staff,
            current: "/admin/local-items",
            site: site,
            main: main,
            errors: findings
        )
    }

    private var main: HTML {
        """
        <h1>独自項目</h1>
        <p>管内の保健所の対象者に、独自の項目を追加できます。保存した値の意味が変わらないよう、\
        定めた項目は変更できません。使わなくなった項目は終了し、必要なら新しい項目を定めてください。</p>
        \(banner)<h2>定めた項目</h2>\(table)\(form)
        """
    }

    private var banner: HTML {
        switch done {
        case "define": Components.banner(.success, title: "項目を定めました。入力画面には数秒で表示されます。")
        case "end": Components.banner(.success, title: "項目の終了日を定めました。")
        default: .empty
        }
    }

    private var table: HTML {
        guard !items.isEmpty else { return "<div class=\"nothing\"><p>まだありません。</p></div>" }
        let rows: [HTML] = items.map { item in
            let period: HTML = "\(Components.date(item.from))〜\(item.until.map(Components.date) ?? HTML.empty)"
            let names = item.offices.map { key in offices.first { $0.key == key }?.name ?? key }
            return """
                <tr><th scope="row" data-label="項目名">\(item.definition.ja)</th>\
                <td data-label="区分">\(item.definition.section.label)</td>\
                <td data-label="答え方">\(kind(item))\(item.isRequired ? "・必須" : "")</td>\
                <td data-label="保健所">\(names.isEmpty ? "すべて" : names.joined(separator: "、"))</td>\
                <td data-label="期間">\(period)</td><td data-label="APIの名前"><code>\(item.key)</code></td>\
                <td data-label="終了">\(end(item))</td></tr>
                """
        }
        return """
            <div class="table-scroll" tabindex="0" role="region" aria-label="定めた項目"><table class="table"><thead><tr>\
            <th scope="col">項目名</th><th scope="col">区分</th><th scope="col">答え方</th><th scope="col">保健所</th>\
            <th scope="col">期間</th><th scope="col">APIの名前</th><th scope="col">終了</th></tr></thead>\
            <tbody>\(rows)</tbody></table></div>
            """
    }

    private func kind(_ item: LocalItem) -> String {
        let name = LocalItemForm.kinds.first { $0.value == item.kind.name }?.label ?? item.kind.name
        switch item.kind {
        case .number(let range): return "\(name) \(range.lowerBound)〜\(range.upperBound)"
        case .choice(let choices): return "\(name)：\(choices.map(\.label).joined(separator: "、"))"
        default: return name
        }
    }

    private func end(_ item: LocalItem) -> HTML {
        if let until = item.until, until <= today { return until == today ? "本日まで" : "終了" }
        return """
            <form method="post" action="/admin/local-items/end">\(Components.csrf(staff))\
            <input type="hidden" name="key" value="\(item.key)"><input type="hidden" name="last_day" value="\(today.iso)">\
            <button type="submit" class="button button-secondary button-small">今日で終了\
            <span class="hidden-text">：\(item.definition.ja)</span></button></form>
            """
    }

    /// Who reads and writes the items of each section: what the gate goes by.
    private var rights: HTML {
        let rows: [HTML] = LocalItem.sections.map { section in
            let (readers, writers) = (
                Self.roles.filter { Rights.readsLocal(section, as: $0.role) }.map(\.label),
                Self.roles.filter { Rights.writesLocal(section, as: $0.role) }.map(\.label)
            )
            return """
                <tr><th scope="row" data-label="区分">\(section.label)</th>\
                <td data-label="見る人">\(readers.joined(separator: "、"))</td>\
                <td data-label="入力する人">\(writers.joined(separator: "、"))</td></tr>
                """
        }
        return """
            <details class="optional"><summary>区分ごとの、見る人・入力する人</summary>
            <div class="table-scroll" tabindex="0" role="region" aria-label="見る人・入力する人"><table class="table"><thead>\
            <tr><th scope="col">区分</th><th scope="col">見る人</th><th scope="col">入力する人</th></tr></thead>\
            <tbody>\(rows)</tbody></table></div>
            <p class="support">届出医療機関が入力できるのは、保健所確認済になるまでです。\
            保健所が閲覧・入力を許可した機関は、その区分の独自項目も見られます。</p></details>
            """
    }

    private static let roles: [(role: CaseRole, label: String)] = [
        (.inCharge, "管轄保健所"), (.related, "関係保健所"), (.headquarters, "都道府県・本庁"), (.reporting, "届出医療機関"),
        (.testing, "検査した機関"), (.admitting, "入院先の医療機関"), (.followUp, "健康フォローアップ受託機関"),
        (.lodging, "宿泊療養施設"),
    ]

    private func text(_ name: String, _ label: String, required: Bool, hint: String = "") -> HTML {
        Components.textField(
            name: name,
            label: label,
            value: typed[name] ?? "",
            required: required,
            hint: hint,
            errors: findings.at(name),
            attributes: #" autocomplete="off""#
        )
    }

    private var form: HTML {
        let sections = LocalItem.sections.map { (value: $0.rawValue, label: $0.label) }
        return """
            <h2>項目を定める</h2>
            <form method="post" action="/admin/local-items" class="narrow-form" novalidate>\(Components.csrf(staff))
            \(text("label", "項目名", required: true))
            \(text("name", "項目コード", required: true, hint: "半角の小文字・数字・_。例：school_contact"))
            \(Components.select(
                name: "section", label: "情報の区分", value: typed["section"] ?? "",
                options: [("", "選んでください")] + sections, required: true,
                hint: "見る人・入力する人は、この区分で決まります。", errors: findings.at("section")))
            \(rights)
            \(Components.radios(
                name: "kind", label: "答え方", value: typed["kind"] ?? "", options: LocalItemForm.kinds, required: true,
                errors: findings.at("kind")))
            \(text("least", "数の範囲：最小", required: false, hint: "「数（範囲つき）」のときに入力"))
            \(text("most", "数の範囲：最大", required: false, hint: "「数（範囲つき）」のときに入力"))
            \(Components.textArea(
                name: "choices", label: "選択肢", value: typed["choices"] ?? "", required: false,
                hint: "「選択肢から1つ」のときに、1行に1つずつ「コード 名称」で入力。例：a 訪問した", errors: findings.at("choices")))
            \(Components.checkboxes(
                name: "offices", label: "保健所", values: Set(typed.all("offices")),
                options: offices.map { ($0.key, $0.name) }, hint: "選ばないときは、管内のすべての保健所です。",
                errors: findings.at("offices")))
            \(text("from", "開始日", required: false, hint: "空欄は今日から"))
            \(text("until", "終了日", required: false))
            <label class="choice" for="field-required"><input type="checkbox" id="field-required" name="required" \
            value="1"\(typed["required"] == "1" ? " checked" : HTML.empty)><span>入力を必須にする</span></label>
            <div class="actions"><button type="submit" class="button button-primary">項目を定める</button></div>
            </form>
            """
    }
}
