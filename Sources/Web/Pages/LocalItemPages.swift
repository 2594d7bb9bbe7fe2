import Access
import Casework
import Catalogue
import Hummingbird
import Storage

/// 独自項目: what a headquarters asks of its health centres besides the items of everybody.
enum LocalItemPages {
    static let routes: [Route] = [
        .page("/admin/local-items") { request, _, site, staff in
            let items = try await site.casework.localItems(by: staff.caller)
            let done = try request.query()["done"]
            return .page(try await view(items, site, staff, done: done).html(site))
        },
        .form("/admin/local-items") { sent, _, site, staff in
            let today = site.casework.today
            do {
                let draft = try LocalItemForm.read(sent, today: today)
                _ = try await site.casework.defineLocalItem(draft, by: staff.caller)
                return Redirect.to("/admin/local-items?done=define")
            } catch Refusal.findings(let findings) {
                let items = try await site.casework.localItems(by: staff.caller)
                var view = try await view(items, site, staff)
                (view.typed, view.findings) = (sent, findings)
                return .page(view.html(site), status: .unprocessableContent)
            }
        },
        .form("/admin/local-items/end") { sent, _, site, staff in
            do {
                guard let day = CalendarDate(iso: sent["last_day"] ?? "") else {
                    throw Refusal.findings([Finding("last_day", "format", "終了日を入力してください。")])
                }
                try await site.casework.endLocalItem(sent["key"] ?? "", on: day, by: staff.caller)
                return Redirect.to("/admin/local-items?done=end")
            } catch Refusal.findings(let findings) {
                let items = try await site.casework.localItems(by: staff.caller)
                var view = try await view(items, site, staff)
                view.findings = findings.map { Finding("label", $0.code, $0.message) }
                return .page(view.html(site), status: .unprocessableContent)
            }
        },
    ]

    private static func view(
        _ items: [LocalItem],
        _ site: Site,
        _ staff: Staff,
        done: String? = nil
    ) async throws -> LocalItemView {
        let directory = try await site.casework.directory()
        let offices = directory.all(.healthCentre).filter { office in
            directory.headquarters(above: office.key).contains { $0.key == staff.organisation.key }
        }
        return LocalItemView(items: items, offices: offices, staff: staff, today: site.casework.today, done: done)
    }
}

/// Reads the form on which a local item is defined.
enum LocalItemForm {
    static let kinds: [(value: String, label: String)] = [
        ("text", "文字（1行）"), ("longtext", "文字（複数行）"), ("date", "年月日"), ("number", "数（範囲つき）"),
        ("choice", "選択肢から1つ"), ("yes_no_unknown", "はい・いいえ・不明"),
    ]

    static func read(_ sent: FormData, today: CalendarDate) throws -> LocalItemDraft {
        var findings: [Finding] = []
        func day(_ name: String) -> CalendarDate? {
            guard let text = sent[name], !text.isEmpty else { return nil }
            guard case .success(let day) = JapaneseDate.read(text, today: today) else {
                findings.append(Finding(name, "format", "日付を 2022/10/1 のように入力してください。"))
                return nil
            }
            return day
        }
        let from = day("from") ?? today
        let until = day("until")
        let kind = kind(sent, &findings)
        guard let section = Section(rawValue: sent["section"] ?? ""), let kind, findings.isEmpty else {
            if Section(rawValue: sent["section"] ?? "") == nil {
                findings.append(Finding("section", "required", "情報の区分を選んでください。"))
            }
            throw Refusal.findings(findings)
        }
        return LocalItemDraft(
            label: sent["label"] ?? "",
            section: section,
            name: sent["name"] ?? "",
            kind: kind,
            offices: sent.all("offices").filter { !$0.isEmpty },
            isRequired: sent["required"] == "1",
            from: from,
            until: until
        )
    }

    private static func kind(_ sent: FormData, _ findings: inout [Finding]) -> LocalItem.Kind? {
        switch sent["kind"] {
        case "text": return .text
        case "longtext": return .longText
        case "date": return .date
        case "yes_no_unknown": return .yesNoUnknown
        case "number":
            if let least = Int(sent["least"] ?? ""), let most = Int(sent["most"] ?? ""), least <= most {
                return .number(least...most)
            }
            findings.append(Finding("least", "format", "数の範囲を、小さい数と大きい数で入力してください。"))
        case "choice":
            let lines = (sent["choices"] ?? "").split(whereSeparator: \.isNewline)
            return .choice(
                lines.map { line in
                    let parts = line.split(maxSplits: 1, whereSeparator: \.isWhitespace).map(String.init)
                    return LocalItem.Choice(code: parts.first ?? "", label: parts.count > 1 ? parts[1] : "")
                }
            )
        default: findings.append(Finding("kind", "required", "答え方を選んでください。"))
        }
        return nil
    }
}

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
            let period = "\(item.from.iso)〜\(item.until?.iso ?? "")"
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
        guard item.until == nil else { return "終了日あり" }
        return """
            <form method="post" action="/admin/local-items/end">\(Components.csrf(staff))\
            <input type="hidden" name="key" value="\(item.key)"><input type="hidden" name="last_day" value="\(today.iso)">\
            <button type="submit" class="button button-secondary button-small">今日で終了\
            <span class="hidden-text">：\(item.definition.ja)</span></button></form>
            """
    }

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
                hint: "この区分を見られる人だけが見られます。", errors: findings.at("section")))
            \(Components.radios(
                name: "kind", label: "答え方", value: typed["kind"] ?? "", options: LocalItemForm.kinds, required: true,
                errors: findings.at("kind")))
            \(text("least", "数の範囲：最小", required: false))\(text("most", "数の範囲：最大", required: false))
            \(Components.textArea(
                name: "choices", label: "選択肢", value: typed["choices"] ?? "", required: false,
                hint: "1行に1つずつ「コード 名称」。例：a 訪問した", errors: findings.at("choices")))
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
