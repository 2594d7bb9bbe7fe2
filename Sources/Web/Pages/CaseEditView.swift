import Access
import Casework
import Catalogue

/// The page on which one section is edited.
struct CaseEditView {
    let edit: CaseEdit
    let staff: Staff
    /// What is wrong with what was typed.
    var findings: [Finding] = []
    /// Items that two people changed.
    var conflicts: [Doubt] = []
    /// Whether somebody else has just been found to have changed the same items.
    var isConflict = false
    /// The form kept at a session's end that stands in the fields.
    var kept: String?

    /// An item that two people changed, of which one value has to be chosen.
    struct Doubt {
        let place: CaseEdit.Place
        /// `mine` or `theirs`.
        var chosen: String?
        var mine: Value?
        var theirs: Value?
        /// Who changed it.
        var by = "ほかの人　"
        var at: Timestamp?
    }

    private var file: CaseFile { edit.file }
    private let fields: ItemFields

    init(edit: CaseEdit, staff: Staff) {
        self.edit = edit
        self.staff = staff
        fields = Self.fields(edit, staff)
    }

    private static func fields(_ edit: CaseEdit, _ staff: Staff) -> ItemFields {
        var fields = ItemFields(words: edit.words, today: edit.today)
        fields.offersNone = true
        for item in edit.items {
            let kinds = Casework.hosts(named: item)
            if !kinds.isEmpty { fields.hosts[item.key] = edit.words.hosts(kinds, near: staff.organisation) }
        }
        return fields
    }

    func html(_ site: Site) -> HTML {
        Layout.page(
            title: "\(edit.section.label)の編集 \(file.number.display)",
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
        let address = "/cases/\(file.number.digits)"
        let isOnlyUnlikely = !findings.isEmpty && findings.allSatisfy { $0.severity == .warning }
        return """
            <div class="edit" data-live-case="\(file.number.digits)" data-version="\(edit.seen)">
            <p class="back"><a href="\(address)">対象者 \(file.number.display) に戻る</a></p>
            <h1>\(edit.section.label)の編集</h1>
            <p class="edit-who">\(CaseHeader.name(file.items))</p>
            \(CasePresence.place(editing: edit.section))
            <div data-live-note hidden class="case-note"></div>
            \(kept == nil ? HTML.empty : UnfinishedFormPages.note)
            <form method="post" action="\(address)/\(edit.section.rawValue)" class="entry-form edit-form" data-entry \
            data-today="\(slashed(0))" data-yesterday="\(slashed(-1))"\(UnfinishedFormPages.mark(kept)) novalidate>
            \(Components.csrf(staff))<input type="hidden" name="seen" value="\(edit.seen)">
            \(doubts)\(lost)
            \(edit.section.repeats ? rows : body)
            \(fields.lists)
            \(edit.section == .management ? reason : .empty)
            \(isOnlyUnlikely ? #"<input type="hidden" name="keeps_warnings" value="1">"# : HTML.empty)
            <div class="actions">
            <button type="submit" class="button button-primary" data-submit>\
            \(isOnlyUnlikely ? "内容を確認しました。このまま保存する" : "保存する")</button>
            <a class="button button-secondary" href="\(address)">保存せずに戻る</a>
            </div>
            </form>
            </div>
            """
    }

    /// A status set by hand is one that doesn't follow from the records: the next reader has to know why.
    private var reason: HTML {
        Components.textArea(
            name: "reason",
            label: "手で変更する理由",
            value: edit.form.fields["reason"] ?? "",
            required: true,
            hint: "居所・入院・転帰を入力すると、ステータスは自動で変わります。それと違うステータスにする理由を書いてください。",
            errors: findings.at("reason")
        )
    }

    private func slashed(_ days: Int) -> String {
        guard let item = Catalogue.item("notified_on") else { return "" }
        return ValueText.editable(.date(edit.today.adding(days: days)), of: item)
    }

    /// 両方の値: what the writer typed and what stands now.
    private var doubts: HTML {
        guard !conflicts.isEmpty else { return .empty }
        let lines: [HTML] = conflicts.map { doubt in
            let (place, name) = (doubt.place, doubt.place.name)
            let errors = findings.filter {
                $0.place.item == place.item.key && $0.place.index == place.row && $0.code == "conflict"
            }
            let radios = Components.radios(
                name: "resolve.\(name)",
                label: edit.label(place.item, row: place.row),
                value: doubt.chosen ?? "",
                options: [
                    ("mine", "あなたの入力：\(text(doubt.mine, place, typed: true))"),
                    ("theirs", "\(doubt.by)\(moment(doubt.at))：\(text(doubt.theirs, place, typed: false))"),
                ],
                required: true,
                errors: errors
            )
            return #"<input type="hidden" name="conflict" value="\#(name)">\#(radios)"#
        }
        let note: HTML =
            isConflict
            ? Components.banner(
                .warning,
                title: "ほかの人が先に同じ項目を変更しました。まだ保存していません。",
                body: "<p>どちらの内容にするかを選んで、もう一度保存してください。ほかの項目の入力はそのまま残っています。</p>"
            ) : .empty
        return #"<section class="doubts" aria-label="内容の選択">\#(note)\#(lines)</section>"#
    }

    private func text(_ value: Value?, _ place: CaseEdit.Place, typed: Bool) -> String {
        let item = place.item
        if let value { return edit.words.text(value, of: item) }
        // On a page that comes back for another reason the values stand in the fields.
        guard !isConflict else { return "（空欄）" }
        let shown = (typed ? edit.form.fields[place.name] : edit.was[place.name]) ?? ""
        guard case .success(let read?) = ItemForm.value(shown, of: item, words: edit.words, today: edit.today) else {
            return shown.isEmpty ? "（空欄）" : shown
        }
        return edit.words.text(read, of: item)
    }

    private func moment(_ at: Timestamp?) -> String {
        guard let at else { return "の入力" }
        let (_, month, day) = at.japanDate.parts
        let (hour, minute, _) = at.japanTime
        return "\(month)月\(day)日 \(hour):\(minute < 10 ? "0" : "")\(minute)"
    }

    // MARK: Fields

    /// Items of the report's own form first; what that paper doesn't have is folded.
    private var body: HTML {
        guard edit.section == .notification, let form = file.form.flatMap(FormVersion.version) else {
            return #"<div class="group-fields edit-fields">\#(edit.items.map { field($0) })</div>"#
        }
        let keys = form.items
        let onPaper = edit.items.filter { keys.contains($0.key) || $0.isLocal }
            .sorted { (keys.firstIndex(of: $0.key) ?? .max) < (keys.firstIndex(of: $1.key) ?? .max) }
        let others = edit.items.filter { !keys.contains($0.key) && !$0.isLocal }
        let isOpen = others.contains { file.items[$0.key] != nil || !findings.at($0.key).isEmpty }
        return """
            <div class="group-fields edit-fields">\(onPaper.map { field($0) })</div>
            <details class="optional"\(isOpen ? " open" : HTML.empty)><summary>この届の様式にない項目</summary>
            <div class="group-fields edit-fields">\(others.map { field($0) })</div></details>
            """
    }

    private func field(_ item: ItemDefinition, row: Int? = nil) -> HTML {
        let name = ItemForm.name(item.key, row: row)
        var setting = ItemFields.Setting()
        if file.form.flatMap(FormVersion.version)?.isRequired(
            item.key,
            record: file.items,
            tests: (file.entries[.test] ?? []).map(\.items),
            today: edit.today
        ) == true {
            setting.required = true
        }
        let local = item.isLocal ? edit.words.localItems(of: file.jurisdiction, on: edit.today) : []
        if local.contains(where: { $0.key == item.key && $0.isRequired }) { setting.required = true }
        if row != nil, StayOrder.required[edit.section]?.contains(item.key) == true { setting.required = true }
        switch item.key {
        case "place_other": setting.attributes = #" data-when="\#(ItemForm.name("place_kind", row: row)):other""#
        case "family_name": setting.attributes = #" data-kana="family_kana""#
        case "given_name": setting.attributes = #" data-kana="given_kana""#
        default: break
        }
        let was: HTML = #"<input type="hidden" name="was.\#(name)" value="\#(edit.was[name] ?? "")">"#
        return was
            + fields.field(item, row: row, text: edit.form.text(item.key, row: row), errors: findings.at(name), setting)
    }

    /// Records: each that the writer may change, then an empty one to add.
    private var rows: HTML {
        let lines: [HTML] = edit.rows.enumerated().map { row, id in
            let content: HTML =
                #"<div class="group-fields edit-fields">\#(edit.items.map { field($0, row: row) })</div>"#
            guard let id else {
                let isTyped = edit.items.contains { !edit.form.text($0.key, row: row).isEmpty }
                let isFirst = edit.rows.count == 1
                return """
                    <details class="optional test-new"\(isTyped || isFirst ? " open" : HTML.empty)>\
                    <summary>\(edit.section.recordLabel)を追加</summary>\(content)</details>
                    """
            }
            let (number, remove) = (edit.field("id", row), edit.field("remove", row))
            return """
                <fieldset class="test"><legend>\(edit.section.recordLabel) \(row + 1)</legend>\
                <input type="hidden" name="\(number)" value="\(id)">\(content)
                <label class="choice" for="field-\(remove)"><input type="checkbox" \
                id="field-\(remove)" name="\(remove)" value="1"\
                \(edit.isRemoved(row) ? " checked" : HTML.empty)><span>この\(edit.section.recordLabel)の記録を削除する</span></label>\
                </fieldset>
                """
        }
        return HTML.empty + lines.reduce(into: HTML.empty) { $0 += $1 }
    }
}
