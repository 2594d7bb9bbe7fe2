import Access
import Casework
import Catalogue

/// The boxes of the paper in their order, each with its required fields first and the others folded.
struct NotificationGroups {
    private let form: NotificationForm
    private let staff: Staff
    private let findings: [Finding]
    private let entered: NotificationForm.Entered
    private let fields: ItemFields

    init(form: NotificationForm, staff: Staff, findings: [Finding]) {
        self.form = form
        self.staff = staff
        self.findings = findings
        entered = form.read()
        fields = ItemFields(words: form.words, today: form.today)
    }

    /// Not required by law and yet asked of everybody: they stay in sight.
    private static let alwaysShown: Set<String> = [
        "postal_code", "address_municipality", "phone", "stay_municipality", "infected_unknown",
    ]

    /// Items that are asked only after a certain answer, and by the paper's own rule are not in `requirements`.
    private static let follows: [String: (item: String, codes: String)] = [
        "notified_symptoms_other": ("notified_symptoms", "other"),
        "specimen_other": ("specimen", "other"),
        "oxygen_or_drug_needed": ("risk_factors", riskCodes),
    ]

    /// Any risk factor.
    private static let riskCodes = CodeList.riskFactor.entries.map(\.code).filter {
        $0 != CodeList.riskFactor.exclusive
    }
    .map(\.rawValue).joined(separator: " ")

    /// The boxes; the household's for a health centre stands last.
    private var groups: [(id: String, group: Box)] {
        var boxes = form.version.groups.map {
            Box(number: $0.number, title: $0.title, items: $0.items, testItems: $0.testItems)
        }
        if staff.organisation.kind == .healthCentre {
            boxes.append(Box(number: nil, title: "同居者情報", items: NotificationForm.householdKeys, testItems: []))
        }
        let local = form.localItems.filter { Casework.mayNotify($0.definition, staff.organisation) }.map(\.key)
        if !local.isEmpty { boxes.append(Box(number: nil, title: "自治体の独自項目", items: local, testItems: [])) }
        return boxes.enumerated().map { ("group-\($0)", $1) }
    }

    /// One box.
    private struct Box {
        let number: String?
        let title: String
        let items: [String]
        let testItems: [String]
    }

    /// All boxes.
    var html: HTML {
        groups.reduce(into: HTML.empty) { html, place in
            html +=
                place.group.items.contains("notifier_institution")
                ? head(place.id, place.group) : box(place.id, place.group)
        }
    }

    /// The list beside the form on a wide screen: what is done.
    var overview: HTML {
        let lines: [HTML] = groups.map { place in
            let isDone = isComplete(place.group)
            return """
                <li\(isDone ? #" class="done""# : HTML.empty) data-step="\(place.id)"><a href="#\(place.id)">\
                <span class="step-mark" aria-hidden="true">✓</span>\(place.group.number.map { "\($0) " } ?? "")\
                \(place.group.title)<span class="hidden-text step-said">\(isDone ? "（入力済み）" : "")</span></a></li>
                """
        }
        return #"<nav class="entry-steps" aria-label="発生届の項目"><ol>\#(lines)</ol></nav>"#
    }

    private func isComplete(_ box: Box) -> Bool {
        let single = box.items.filter { isAsked($0) }
        let test = box.testItems.filter { isRequired($0) }
        guard !single.isEmpty || !test.isEmpty else { return box.items.contains { !form.form.text($0).isEmpty } }
        return single.allSatisfy { key in
            !form.version.isRequired(key, record: entered.items, tests: entered.tests, today: form.today)
                || entered.items[key] != nil
        }
            && single.contains { entered.items[$0] != nil }
            && test.allSatisfy { key in entered.tests.contains { $0[key] != nil } }
    }

    /// 届出: the institution's own fields in one line, as they are the same on every report.
    private func head(_ id: String, _ box: Box) -> HTML {
        let isFilled = box.items.allSatisfy { !form.form.text($0).isEmpty }
        let isWrong = findings.contains { box.items.contains($0.place.item) || $0.place.item == "jurisdiction" }
        let office = form.form.fields["jurisdiction"] ?? ""
        let content: HTML = """
            <div class="group-fields">\(box.items.map { item($0) })\(jurisdiction(office))</div>
            """
        guard isFilled, !isWrong, !office.isEmpty else {
            return """
                <section class="group" id="\(id)" aria-labelledby="\(id)-title"><h2 class="group-title" \
                id="\(id)-title">\(box.title)</h2><div class="group-body">\(content)</div></section>
                """
        }
        return """
            <section class="group group-head" id="\(id)" aria-labelledby="\(id)-title">\
            <h2 class="group-title" id="\(id)-title">\(box.title)</h2>
            <details class="group-body"><summary><span class="head-line">\
            \(read("notified_on"))　\(read("notifier_institution"))　医師 \(read("notifier_name"))　→ \
            \(form.words.organisation(office))</span> \
            <span class="head-change">変更</span></summary>\(content)</details></section>
            """
    }

    /// What was entered, as it reads: an institution without its code.
    private func read(_ key: String) -> String {
        guard let item = Catalogue.item(key), let value = entered.items[key] else { return form.form.text(key) }
        return form.words.text(value, of: item)
    }

    private func jurisdiction(_ office: String) -> HTML {
        let select = Components.select(
            name: "jurisdiction",
            label: "届出先の保健所",
            value: office,
            options: [("", "選んでください")] + form.words.offices,
            required: true,
            errors: findings.at("jurisdiction")
        )
        return #"<div class="item item-office">\#(select)</div>"#
    }

    private func box(_ id: String, _ box: Box) -> HTML {
        let shown = box.items.filter { isAsked($0) && !isMinorsOnly($0) }
        let folded = box.items.filter { !shown.contains($0) }
        let number = box.number.map { #"<span class="group-number">\#($0)</span>"# as HTML }
        let minors: HTML = folded.contains(where: isMinorsOnly) ? " data-minors" : .empty
        let ageNote: HTML =
            box.items.contains("age_at_diagnosis") ? #"<p class="echo" data-age>\#(ageText)</p>"# : .empty
        return """
            <section class="group" id="\(id)" aria-labelledby="\(id)-title"\(minors)>\
            <h2 class="group-title" id="\(id)-title">\(number)\(box.title)</h2>
            <div class="group-body">\(ageNote)<div class="group-fields">\(shown.map { item($0) })</div>\
            \(box.testItems.isEmpty ? fold(folded) : tests(box) + fold(folded))\(verdict(box))</div></section>
            """
    }

    /// Whether the person belongs to the four groups, said as soon as it can be.
    private func verdict(_ box: Box) -> HTML {
        guard form.version.onlyFourGroups, box.items.contains("admission_needed") else { return .empty }
        let said = EntryCheck.group(form)
        return """
            <p class="verdict\(said.isNotNeeded ? " verdict-not-needed" : "")" data-group-verdict \
            aria-live="polite">\(said.text)</p>\
            <p data-group-not-needed\(said.isNotNeeded ? HTML.empty : " hidden")>\
            <a href="/totals">日次総数報告を開く</a></p>
            """
    }

    /// Fields that are rarely needed; they open where they hold something or something is wrong with them.
    private func fold(_ keys: [String]) -> HTML {
        guard !keys.isEmpty else { return .empty }
        let items = keys.compactMap(Catalogue.item)
        let isOpen = keys.contains { !form.form.text($0).isEmpty || !findings.at($0).isEmpty } || asksGuardian(keys)
        return """
            <details class="optional"\(isOpen ? " open" : HTML.empty)><summary>任意：\
            \(items.map(\.ja).joined(separator: "、"))</summary>
            <div class="group-fields">\(keys.map { item($0) })</div></details>
            """
    }

    private func asksGuardian(_ keys: [String]) -> Bool {
        keys.contains {
            isMinorsOnly($0)
                && form.version.isRequired($0, record: entered.items, tests: entered.tests, today: form.today)
        }
    }

    private var ageText: String {
        guard case .date(let birth)? = entered.items["birth_date"] else { return "生年月日から自動で表示されます。" }
        return Age.label(birth: birth, on: Age.day(diagnosed: form.form.text("diagnosed_on"), today: form.today))
    }
}

extension NotificationGroups {
    // MARK: Fields

    private func requirement(_ key: String) -> Requirement? {
        form.version.requirements.first { $0.item == key }
    }

    private func isRequired(_ key: String) -> Bool {
        switch form.version.testRequirement {
        case .eachMethod(let keys), .one(let keys): requirement(key) != nil || keys.contains(key)
        }
    }

    /// Whether the field stands among those that are always in sight.
    private func isAsked(_ key: String) -> Bool {
        isRequired(key) || LocalItem.section(of: key) != nil || Self.alwaysShown.contains(key)
            || Self.follows[key] != nil
            || (form.version.onlyFourGroups && key == "pregnancy")
    }

    private func isMinorsOnly(_ key: String) -> Bool {
        guard let item = Catalogue.item(key), item.formNumber == "9" || item.formNumber == "10" else { return false }
        return true
    }

    private func item(_ key: String, row: Int? = nil) -> HTML {
        guard let item = form.words.item(key) else { return .empty }
        // 「不明」 stands beside its date.
        if key == "infected_unknown" { return .empty }
        let name = ItemForm.name(key, row: row)
        let field = fields.field(
            item,
            row: row,
            text: form.form.text(key, row: row),
            errors: findings.at(name),
            setting(item, row: row)
        )
        return key == "stay_municipality" && form.asksAddress ? sameAsAddress + field : field
    }

    private func setting(_ item: ItemDefinition, row: Int?) -> ItemFields.Setting {
        var setting = ItemFields.Setting()
        let local = item.isLocal ? form.localItems.first { $0.key == item.key } : nil
        setting.required =
            local?.isRequired ?? (isRequired(item.key) ? true : Self.alwaysShown.contains(item.key) ? false : nil)
        setting.attributes = conditions(item.key, row: row)
        setting.hint = Self.hints[item.key] ?? ""
        switch item.key {
        case "infected_on": setting.beside = unknown
        case "family_name": setting.attributes = #" data-kana="family_kana""#
        case "given_name": setting.attributes = #" data-kana="given_kana""#
        case "stay_municipality" where form.asksAddress, "stay_line" where form.asksAddress:
            setting.attributes = " data-stay"
        default: break
        }
        return setting
    }

    private static let hints: [String: String] = [
        "birth_date": "例：S61.4.1、1986/4/1。分からないときは年齢だけでも提出できます。",
        "postal_code": "7桁を入力すると、市区町村と町名が入ります。",
        "occupation": "具体的に（例：小学校教諭）",
        "latin_name": "漢字の氏名がない方は、これだけで提出できます。",
        "infected_on": "分からないときは「不明」",
        "stay_line": "入院先・宿泊先など、今いる場所",
        "diagnosed_on": "例：5月22日なら 2020/5/22。tで今日、yで昨日",
    ]

    /// On which answers the field depends, for the script to hide it meanwhile; without the script it is in sight.
    private func conditions(_ key: String, row: Int?) -> HTML {
        if let follow = Self.follows[key] {
            return #" data-when="\#(ItemForm.name(follow.item, row: row)):\#(follow.codes)""#
        }
        switch requirement(key)?.condition {
        case .body: return #" data-when="case_class:death suspected_death""#
        case .patient: return #" data-unless="case_class:asymptomatic""#
        case .answered(let other, let codes):
            return #" data-when="\#(other):\#(codes.map(\.rawValue).joined(separator: " "))""#
        default: return key == "method" ? " data-method" : .empty
        }
    }

    private var unknown: HTML {
        let isChosen = form.form.text("infected_unknown").contains("yes")
        let errors = findings.at("infected_unknown")
        return """
            <input type="hidden" name="infected_unknown" value=""><label class="choice unknown" \
            for="field-infected_unknown"><input type="checkbox" id="field-infected_unknown" name="infected_unknown" \
            value="yes"\(isChosen ? " checked" : HTML.empty)\(Components.describedBy("infected_unknown", "", errors)) \
            data-unknown="infected_on"><span>不明</span></label>\(Components.fieldErrors("infected_unknown", errors))
            """
    }

    private var sameAsAddress: HTML {
        let isChosen = form.form.fields["stay_same"] == "1"
        return """
            <div class="item item-same"><label class="choice" for="field-stay_same"><input type="checkbox" \
            id="field-stay_same" name="stay_same" value="1"\(isChosen ? " checked" : HTML.empty) data-same>\
            <span>住所と同じ（自宅にいる）</span></label></div>
            """
    }

    // MARK: Tests

    private func tests(_ box: Box) -> HTML {
        let rows: [HTML] = (0..<form.testRows).map { row in test(box, "\(row)", row: row) }
        return """
            <div data-tests>\(rows)</div>
            <template data-test-template>\(test(box, "__", row: Self.templateRow))</template>
            <details class="optional"><summary>検査が2つ以上あるとき</summary>
            <p class="actions"><button type="submit" class="button button-secondary button-small" name="add_test" \
            value="1" data-add-test>検査を追加</button></p></details>
            """
    }

    /// Stands in the template for the number that the script puts in its place.
    private static let templateRow = 999

    private func test(_ box: Box, _ mark: String, row: Int) -> HTML {
        let shown = box.testItems.filter { isAsked($0) }
        let folded = box.testItems.filter { !isAsked($0) }
        let isOpen = folded.contains {
            let name = ItemForm.name($0, row: row)
            return !form.form.text($0, row: row).isEmpty || !findings.at(name).isEmpty
        }
        let labels = folded.compactMap { Catalogue.item($0)?.ja }.joined(separator: "、")
        let more: HTML =
            folded.isEmpty
            ? .empty
            : """
            <details class="optional"\(isOpen ? " open" : HTML.empty)><summary>任意：\(labels)</summary>
            <div class="group-fields">\(folded.map { item($0, row: row) })</div></details>
            """
        let number: HTML = row == Self.templateRow ? #"<span data-number></span>"# : "\(row + 1)"
        return """
            <fieldset class="test" data-row="\(mark)"><legend>検査\(number)</legend>
            <div class="group-fields">\(shown.map { item($0, row: row) })</div>\(more)</fieldset>
            """
    }
}
