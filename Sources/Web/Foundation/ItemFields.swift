import Access
import Catalogue

/// The one place that turns an item of the catalogue and a text into a field of a form.
///
/// The type of the item decides which: a line of text, a date in any notation, choices, a long list. `entry.js` finds
/// what it helps with by `data-` attributes of the wrapper; without it each field works as it stands.
struct ItemFields: Sendable {
    /// Names of municipalities and health centres.
    let words: CaseWords
    /// The day that an age is shown for where nothing else is known.
    let today: CalendarDate
    /// Whether a choice can be taken back by choosing 「未入力」: where recorded data is corrected.
    var offersNone = false

    /// Organisations to choose from, by the key of the item that names one.
    var hosts: [String: [Organisation]] = [:]

    /// Lists of up to so many lines are shown as a whole; longer ones unfold.
    private static let mostChoices = 12

    /// When a field is asked for, and what stands beside it.
    struct Setting: Sendable {
        /// true marks ※必須, false ※任意, nil nothing.
        var required: Bool?
        /// Support text.
        var hint = ""
        /// `data-` attributes of the wrapper, each with a space before it.
        var attributes: HTML = .empty
        /// More markup after the control: 「不明」 beside a date.
        var beside: HTML = .empty
        /// A shorter label where the group's heading says the rest.
        var label: String?
    }

    /// The field of an item.
    func field(
        _ item: ItemDefinition,
        row: Int? = nil,
        text: String,
        errors: [Finding] = [],
        _ setting: Setting = Setting()
    ) -> HTML {
        let name = ItemForm.name(item.key, row: row)
        return """
            <div class="item item-\(item.type.name)" data-item="\(item.key)"\(helps(item))\(setting.attributes)>\
            \(control(item, name, text, errors, setting))\(echo(item, name, text))\(setting.beside)</div>
            """
    }

    private func control(
        _ item: ItemDefinition,
        _ name: String,
        _ text: String,
        _ errors: [Finding],
        _ setting: Setting
    ) -> HTML {
        let label = setting.label ?? (item.unit.map { "\(item.ja)（\($0)）" } ?? item.ja)
        let hint = setting.hint.isEmpty ? hint(item) : setting.hint
        switch item.type {
        case .longText:
            return Components.textArea(
                name: name,
                label: label,
                value: text,
                required: setting.required,
                hint: hint,
                errors: errors
            )
        case .code(let list):
            let options = options(list, chosen: [text])
            if list.entries.count > Self.mostChoices {
                return Components.select(
                    name: name,
                    label: label,
                    value: text,
                    options: [("", "選んでください")] + options,
                    required: setting.required,
                    hint: hint,
                    errors: errors
                )
            }
            return presence(name)
                + Components.radios(
                    name: name,
                    label: label,
                    value: text,
                    options: options + (offersNone && setting.required != true ? [("", "未入力")] : []),
                    required: setting.required,
                    hint: hint,
                    errors: errors
                )
        case .codes(let list):
            let chosen = ItemForm.codes(text)
            return presence(name)
                + Components.checkboxes(
                    name: name,
                    label: label,
                    values: Set(chosen),
                    options: options(list, chosen: chosen),
                    exclusive: list.exclusive?.rawValue,
                    required: setting.required,
                    hint: hint,
                    errors: errors
                )
        case .office:
            return Components.select(
                name: name,
                label: label,
                value: text,
                options: [("", "選んでください")] + words.offices,
                required: setting.required,
                hint: hint,
                errors: errors
            )
        default:
            return Components.textField(
                name: name,
                label: label,
                value: text,
                required: setting.required,
                hint: hint,
                errors: errors,
                type: Self.inputType(item.type),
                attributes: Self.inputAttributes(item.type) + list(item)
            )
        }
    }

    /// The lines of a list, and what stands in the case though the list doesn't know it (an older or foreign code).
    private func options(_ list: CodeList, chosen: [String]) -> [(value: String, label: String)] {
        let known = list.entries.map { (value: $0.code.rawValue, label: $0.ja) }
        let foreign = chosen.filter { !$0.isEmpty && list[Code($0)] == nil }
        return known + foreign.map { (value: $0, label: $0) }
    }

    /// Tells "none chosen" from "not shown".
    private func presence(_ name: String) -> HTML {
        #"<input type="hidden" name="\#(name)" value="">"#
    }

    /// What stands in a field that names one of the system's organisations.
    private func list(_ item: ItemDefinition) -> HTML {
        hosts[item.key] == nil ? .empty : #" list="hosts-\#(item.key)""#
    }

    /// The organisations to choose from: once on a page, however many rows ask for one.
    var lists: HTML {
        let lists: [HTML] = hosts.sorted { $0.key < $1.key }.map { key, organisations in
            let options: [HTML] = organisations.map {
                #"<option value="\#($0.institutionCode ?? $0.key) \#($0.name)">"#
            }
            return #"<datalist id="hosts-\#(key)">\#(options)</datalist>"#
        }
        return HTML.empty + lists.reduce(into: HTML.empty) { $0 += $1 }
    }

    private func hint(_ item: ItemDefinition) -> String {
        if hosts[item.key] != nil { return "名称の一部を入力し、一覧から選びます。選んだ機関の画面にこの対象者が表示されます。" }
        switch item.type {
        case .time: return "例：2020/5/22 14:30"
        case .institution: return "医療機関コード（10桁）が分かるときは、名称の前に入力します。"
        case .municipality: return "市区町村名か団体コード"
        case .caseReference, .caseReferences: return "HER-SYS ID（12桁）"
        default: return ""
        }
    }

    private static func inputType(_ type: ValueType) -> String {
        switch type {
        case .phone: "tel"
        case .email: "email"
        default: "text"
        }
    }

    /// Nothing of a person is kept by the browser.
    private static func inputAttributes(_ type: ValueType) -> HTML {
        switch type {
        case .date, .integer, .postalCode, .caseReference: #" autocomplete="off" inputmode="numeric""#
        case .decimal: #" autocomplete="off" inputmode="decimal""#
        default: #" autocomplete="off""#
        }
    }

    /// What `entry.js` does for the field.
    private func helps(_ item: ItemDefinition) -> HTML {
        switch item.type {
        case .date: " data-date data-check"
        case .postalCode: " data-postal data-check"
        case .phone, .email, .kana, .municipality, .integer, .decimal, .time, .institution, .caseReference:
            " data-check"
        default: .empty
        }
    }

    /// How a text was understood, below its field: 「2020年5月22日（令和2年）」.
    private func echo(_ item: ItemDefinition, _ name: String, _ text: String) -> HTML {
        guard item.type == .date || item.type == .municipality else { return .empty }
        return #"<p class="echo" id="echo-\#(name)" aria-live="polite">\#(understood(text, of: item))</p>"#
    }

    /// How a text is understood, nothing where the field shows it already.
    func understood(_ text: String, of item: ItemDefinition) -> String {
        guard case .success(let value?) = ItemForm.value(text, of: item, words: words, today: today) else { return "" }
        switch item.type {
        case .date, .time: return ValueText.display(value, of: item)
        case .municipality:
            let shown = words.text(value, of: item)
            return shown == text ? "" : shown
        default: return ""
        }
    }
}

extension HTML {
    /// One after the other.
    static func + (left: HTML, right: HTML) -> HTML {
        HTML(bytes: left.bytes + right.bytes)
    }
}
