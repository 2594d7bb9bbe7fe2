import Access
import Casework
import Catalogue

// What was typed while a page was open into a field that the section no longer has: a local item that has ended or isn't
// asked by the health centre that is in charge now, an item that the writer may no longer write.

/// A field that was typed into and can't be saved.
struct LostField: Sendable {
    /// The field's name.
    let name: String
    /// The item for its reader.
    let label: String
    /// What was typed, as it reads.
    let shown: String
    /// What was typed.
    let text: String
    /// What stood in it when the page was made.
    let was: String
}

extension CaseEdit {
    /// Fields of items that were changed on a page of ours and that the section doesn't have now.
    func lostFields(in fields: [String: String]) -> [LostField] {
        let known = Set(places.map { ItemForm.name($0.item.key, row: $0.row) })
        return fields.keys.sorted().compactMap { name in
            guard !known.contains(name), let text = fields[name], let was = fields["was.\(name)"] else { return nil }
            let isLocal = LocalItem.section(of: name) != nil
            let key = isLocal ? name : name.split(separator: ".").last.map(String.init) ?? ""
            let item = words.item(key)
            guard isLocal || item != nil else { return nil }
            let isChanged = item.map { Self.plain(text, $0) != Self.plain(was, $0) } ?? (text != was)
            return isChanged ? lostField(name, item, text, was: was) : nil
        }
    }

    /// A field that was typed into; an item that the writer doesn't see now isn't named.
    func lostField(_ name: String, _ item: ItemDefinition?, _ text: String, was: String) -> LostField {
        var shown = text
        if let item, case .success(let value?) = ItemForm.value(text, of: item, words: words, today: today) {
            shown = words.text(value, of: item)
        }
        let label = item.flatMap { permission.reads($0, owner: organisation) ? $0.ja : nil }
        return LostField(name: name, label: label ?? "入力した項目", shown: shown, text: text, was: was)
    }

    /// What has to be said of fields that can't be saved, once: the next press of the button saves the rest.
    func lostFindings(_ sent: FormData) -> [Finding] {
        let told = Set(sent.all("lost"))
        return lost.filter { !told.contains($0.name) }.map { field in
            Finding(
                field.name,
                "not_asked",
                "「\(field.label)」は、いまはここで変更できない項目です。入力した内容は下に残してあります。もう一度「保存する」を押すと、この項目を除いて保存します。"
            )
        }
    }
}

extension CaseEditView {
    /// What was typed and can't be saved, to be read and copied; it stays in the form until it is saved without.
    var lost: HTML {
        guard !edit.lost.isEmpty else { return .empty }
        let lines: [HTML] = edit.lost.map { field in
            """
            <div><dt>\(field.label)</dt><dd id="field-\(field.name)" tabindex="-1">\
            \(field.shown.isEmpty ? "（空欄）" : field.shown)</dd></div>
            """
        }
        let hidden: [HTML] = edit.lost.map { field in
            """
            <input type="hidden" name="\(field.name)" value="\(field.text)">\
            <input type="hidden" name="was.\(field.name)" value="\(field.was)">\
            <input type="hidden" name="lost" value="\(field.name)">
            """
        }
        return """
            <section class="doubts" aria-label="保存されない入力">\(Components.banner(
                .warning, title: "保存されない入力があります",
                body: "<p>この画面を開いた後に、担当の保健所や項目の決まりが変わりました。必要な内容は、メモなどに写してください。</p>"))\
            <dl class="values">\(lines)</dl>\(hidden)</section>
            """
    }
}

/// A section that may no longer be edited at all.
enum CaseEditLost {
    /// What was changed on a page of ours, by the names of the catalogue; no local item is named to whom it may be hidden.
    static func typed(_ sent: FormData, _ words: CaseWords, today: CalendarDate) -> [(label: String, text: String)] {
        let fields = sent.dictionary
        return fields.keys.sorted().compactMap { name in
            guard let text = fields[name], let was = fields["was.\(name)"] else { return nil }
            guard LocalItem.section(of: name) == nil else {
                return text == was ? nil : ("自治体の独自項目", text)
            }
            let key = name.split(separator: ".").last.map(String.init) ?? ""
            guard let item = Catalogue.item(key), CaseEdit.plain(text, item) != CaseEdit.plain(was, item) else {
                return nil
            }
            guard case .success(let value?) = ItemForm.value(text, of: item, words: words, today: today) else {
                return (item.ja, text)
            }
            return (item.ja, words.text(value, of: item))
        }
    }

    /// Why nothing was saved, and what was typed.
    static func page(
        _ why: String,
        _ typed: [(label: String, text: String)],
        _ number: CaseNumber,
        _ site: Site,
        _ staff: Staff
    ) -> HTML {
        let lines: [HTML] = typed.map {
            "<div><dt>\($0.label)</dt><dd>\($0.text.isEmpty ? "（空欄）" : $0.text)</dd></div>"
        }
        let title = "保存できませんでした"
        return Layout.page(
            title: title,
            staff: staff,
            current: "/cases",
            site: site,
            main: """
                <p class="back"><a href="/cases/\(number.digits)">対象者 \(number.display) に戻る</a></p>
                <h1>\(title)</h1>
                \(Components.banner(.error, title: "この画面を開いた後に、編集できなくなりました", body: "<p>\(why)</p>"))
                <p>入力した内容です。必要なときは、写してから閉じてください。</p>
                <dl class="values">\(lines)</dl>
                """,
            styles: ["entry.css", "case.css"]
        )
    }
}
