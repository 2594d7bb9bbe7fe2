import Catalogue

extension Components {
    /// One line of text.
    ///
    /// In this and all others `required` true marks ※必須, false ※任意, nil nothing; `attributes` are more attributes of
    /// the input with a space before each: ` inputmode="numeric"`; the marks are in `language`, as the label is.
    static func textField(
        name: String,
        label: String,
        value: String,
        required: Bool? = nil,
        hint: String = "",
        errors: [Finding] = [],
        type: String = "text",
        attributes: HTML = .empty,
        language: Language = .ja
    ) -> HTML {
        field(name, label, required, hint, errors, language) { described in
            """
            <input class="input" id="field-\(name)" name="\(name)" type="\(type)" value="\(value)"\(described)\(attributes)>
            """
        }
    }

    /// Several lines of text.
    static func textArea(
        name: String,
        label: String,
        value: String,
        required: Bool? = nil,
        hint: String = "",
        errors: [Finding] = [],
        attributes: HTML = .empty,
        language: Language = .ja
    ) -> HTML {
        field(name, label, required, hint, errors, language) { described in
            // The first newline after the tag isn't part of the value.
            """
            <textarea class="input textarea" id="field-\(name)" name="\(name)" rows="4"\(described)\(attributes)>
            \(value)</textarea>
            """
        }
    }

    /// One of many.
    static func select(
        name: String,
        label: String,
        value: String,
        options: [(value: String, label: String)],
        required: Bool? = nil,
        hint: String = "",
        errors: [Finding] = [],
        attributes: HTML = .empty
    ) -> HTML {
        let lines: [HTML] = options.map { option in
            let mark: HTML = option.value == value ? " selected" : .empty
            return #"<option value="\#(option.value)"\#(mark)>\#(option.label)</option>"#
        }
        return field(name, label, required, hint, errors) { described in
            """
            <span class="select"><select class="input" id="field-\(name)" name="\(name)"\(described)\(attributes)>\
            \(lines)</select></span>
            """
        }
    }

    /// One of a few, all in sight on a line.
    static func radios(
        name: String,
        label: String,
        value: String,
        options: [(value: String, label: String)],
        required: Bool? = nil,
        hint: String = "",
        errors: [Finding] = [],
        attributes: HTML = .empty
    ) -> HTML {
        let lines: [HTML] = options.enumerated().map { index, option in
            choice(
                "radio",
                name,
                index,
                option,
                option.value == value,
                index == 0 ? describedBy(name, hint, errors) : .empty,
                attributes
            )
        }
        return group(name, label, required, hint, errors, lines)
    }

    /// Any of a few; `exclusive` is the value that stands alone: 「なし」.
    static func checkboxes(
        name: String,
        label: String,
        values: Set<String>,
        options: [(value: String, label: String)],
        exclusive: String? = nil,
        required: Bool? = nil,
        hint: String = "",
        errors: [Finding] = [],
        attributes: HTML = .empty
    ) -> HTML {
        let lines: [HTML] = options.enumerated().map { index, option in
            let alone: HTML = option.value == exclusive ? " data-exclusive" : .empty
            return choice(
                "checkbox",
                name,
                index,
                option,
                values.contains(option.value),
                index == 0 ? describedBy(name, hint, errors) : .empty,
                "\(attributes)\(alone)"
            )
        }
        return group(name, label, required, hint, errors, lines)
    }

    /// The mark after a label, in words and not by colour alone.
    static func requirementMark(_ required: Bool?, _ language: Language = .ja) -> HTML {
        switch required {
        case true?: #"<span class="mark mark-required">\#(Wording("※必須", "(required)")[language])</span>"#
        case false?: #"<span class="mark">\#(Wording("※任意", "(optional)")[language])</span>"#
        case nil: .empty
        }
    }

    /// What is wrong with a field, below it.
    static func fieldErrors(_ name: String, _ errors: [Finding]) -> HTML {
        guard !errors.isEmpty else { return .empty }
        let lines: [HTML] = errors.map { finding in
            let kind: HTML = finding.severity == .warning ? "note" : "error"
            return #"<span class="field-\#(kind)">＊\#(finding.message)</span>"#
        }
        return #"<p class="field-errors" id="error-\#(name)">\#(lines)</p>"#
    }

    /// `aria-describedby` and `aria-invalid` of an input.
    static func describedBy(_ name: String, _ hint: String, _ errors: [Finding]) -> HTML {
        var ids: [String] = []
        if !errors.isEmpty { ids.append("error-\(name)") }
        if !hint.isEmpty { ids.append("hint-\(name)") }
        let described: HTML = ids.isEmpty ? .empty : #" aria-describedby="\#(ids.joined(separator: " "))""#
        let invalid: HTML = errors.contains { $0.severity == .refusal } ? #" aria-invalid="true""# : .empty
        return "\(described)\(invalid)"
    }

    private static func hintText(_ name: String, _ hint: String) -> HTML {
        hint.isEmpty ? .empty : #"<p class="hint" id="hint-\#(name)">\#(hint)</p>"#
    }

    private static func state(_ errors: [Finding]) -> HTML {
        guard !errors.isEmpty else { return .empty }
        return errors.contains { $0.severity == .refusal } ? " has-error" : " has-note"
    }

    private static func field(
        _ name: String,
        _ label: String,
        _ required: Bool?,
        _ hint: String,
        _ errors: [Finding],
        _ language: Language = .ja,
        _ control: (HTML) -> HTML
    ) -> HTML {
        """
        <div class="field\(state(errors))"><label class="label" for="field-\(name)">\(label)\
        \(requirementMark(required, language))</label>\(hintText(name, hint))\(control(describedBy(name, hint, errors)))\
        \(fieldErrors(name, errors))</div>
        """
    }

    private static func group(
        _ name: String,
        _ label: String,
        _ required: Bool?,
        _ hint: String,
        _ errors: [Finding],
        _ lines: [HTML]
    ) -> HTML {
        """
        <fieldset class="field field-group\(state(errors))"><legend class="label">\(label)\
        \(requirementMark(required))</legend>\(hintText(name, hint))<div class="choices">\(lines)</div>\
        \(fieldErrors(name, errors))</fieldset>
        """
    }

    /// The first choice has the field's id, so that the summary of errors leads to it.
    private static func choice(
        _ type: String,
        _ name: String,
        _ index: Int,
        _ option: (value: String, label: String),
        _ isChosen: Bool,
        _ described: HTML,
        _ attributes: HTML
    ) -> HTML {
        let id = index == 0 ? "field-\(name)" : "field-\(name)-\(index + 1)"
        let mark: HTML = isChosen ? " checked" : .empty
        return """
            <label class="choice" for="\(id)"><input id="\(id)" name="\(name)" type="\(type)" value="\(option.value)"\
            \(mark)\(described)\(attributes)><span>\(option.label)</span></label>
            """
    }
}
