import Access
import Casework
import Catalogue

/// A 発生届 as it is being typed: the texts of its fields, and the report they make.
struct NotificationForm: Sendable {
    /// The paper.
    let version: FormVersion
    /// What was typed.
    var form: ItemForm
    /// Names of municipalities and health centres.
    let words: CaseWords
    /// Today in Japan.
    let today: CalendarDate

    init(_ fields: [String: String], words: CaseWords, today: CalendarDate) {
        version = Self.version(of: fields, today: today)
        form = ItemForm(fields)
        self.words = words
        self.today = today
    }

    /// Fields that aren't items: the health centre it goes to, 「住所と同じ」, how many rows of tests are shown, and the
    /// paper where another than that of the day was chosen.
    static let ownFields: Set<String> = ["jurisdiction", "stay_same", "test_rows", "form", FaxEntry.field]

    /// Items a health centre enters along, because it knows the household.
    static let householdKeys = ["lives_with", "household_size", "household_note"]

    /// The fields of a sent form that a draft keeps.
    static func fields(_ sent: FormData) -> [String: String] {
        sent.dictionary.filter { name, _ in
            if ownFields.contains(name) { return true }
            if LocalItem.section(of: name) != nil { return true }
            let key = name.split(separator: ".").last.map(String.init) ?? ""
            return Catalogue.item(key) != nil
        }
    }

    /// The items of the form that stand once, in the order of the paper.
    var items: [ItemDefinition] {
        (version.items + Self.householdKeys).compactMap(Catalogue.item) + localItems.map(\.definition)
    }

    /// What the prefecture of the health centre asks besides the paper.
    var localItems: [LocalItem] {
        let day: CalendarDate
        if case .success(let typed) = JapaneseDate.read(form.text("notified_on"), today: today) {
            day = typed
        } else {
            day = today
        }
        return words.localItems(of: form.fields["jurisdiction"], on: day)
    }

    /// The items of one row of the tests.
    var testItems: [ItemDefinition] { version.testItems.compactMap(Catalogue.item) }

    /// How many rows of tests are shown: one at least.
    var testRows: Int {
        max(1, form.testRows, min(Int(form.fields["test_rows"] ?? "") ?? 0, 30))
    }

    /// What the texts mean, with everything that couldn't be read.
    func read() -> Entered {
        let meant = understood()
        let single = meant.read(items, words: words, today: today)
        var entered = Entered(items: single.record, findings: single.findings)
        for row in 0..<testRows {
            let test = meant.read(testItems, row: row, words: words, today: today)
            entered.findings += test.findings
            guard !test.isBlank else { continue }
            entered.tests.append(test.record)
            entered.rows.append(row)
        }
        return entered
    }

    /// The form as it is meant: 「住所と同じ」 copied, 「不明」 typed for a date, the test's method from the diagnosis.
    ///
    /// The fields themselves stay as they were typed, so that a corrected address is copied anew.
    private func understood() -> ItemForm {
        var meant = form
        if form.fields["stay_same"] == "1", asksAddress, form.text("stay_line").isEmpty {
            meant.fields["stay_line"] = form.text("address_line")
            meant.fields["stay_municipality"] = form.text("address_municipality")
        }
        if ["不明", "u", "U", "?", "？"].contains(form.text("infected_on")) {
            meant.fields["infected_on"] = ""
            meant.fields["infected_unknown"] = "yes"
        }
        let methods = ItemForm.codes(form.text("diagnosis_method")).filter { $0 != "clinical" }
        if methods.count == 1, let method = methods.first {
            for row in 0..<testRows where form.text("method", row: row).isEmpty {
                let isFilled = testItems.contains { !form.text($0.key, row: row).isEmpty }
                if isFilled { meant.fields[ItemForm.name("method", row: row)] = method }
            }
        }
        return meant
    }

    /// What was entered, read.
    struct Entered: Sendable {
        /// Single-valued items.
        var items: Record
        /// The tests that hold anything.
        var tests: [Record] = []
        /// The rows in which those tests were typed.
        var rows: [Int] = []
        /// What couldn't be read.
        var findings: [Finding]
    }

    /// The report for `Casework`.
    func report(_ entered: Entered, draft: String, keepsWarnings: Bool) -> Report {
        let office = form.fields["jurisdiction"] ?? ""
        return Report(
            form: version.id,
            items: entered.items,
            tests: entered.tests,
            healthCentre: office.isEmpty ? nil : office,
            keepsWarnings: keepsWarnings,
            draft: draft,
            fax: form.fields[FaxEntry.field].flatMap { $0.isEmpty ? nil : $0 }
        )
    }

    /// Findings about a report, at the fields in which it was typed and in the order of the paper.
    ///
    /// What couldn't be read is told once, and not also as missing.
    func findings(_ found: [Finding], of entered: Entered) -> [Finding] {
        var result = entered.findings
        for finding in found {
            var place = finding.place
            if let index = place.index, entered.rows.indices.contains(index) {
                place = Finding.Place(item: place.item, index: entered.rows[index])
            }
            if result.contains(where: { $0.place == place }) { continue }
            result.append(Finding(place, finding.code, finding.message, severity: finding.severity))
        }
        if form.fields["stay_same"] == "1", asksAddress, result.contains(where: { $0.place.item == "address_line" }) {
            result.removeAll { $0.place.item == "stay_line" && $0.code == "required" }
        }
        let keys = version.groups.flatMap { $0.items + $0.testItems }
        return result.enumerated().sorted { left, right in
            let a = keys.firstIndex(of: left.element.place.item) ?? .max
            let b = keys.firstIndex(of: right.element.place.item) ?? .max
            return (a, left.element.place.index ?? 0, left.offset) < (b, right.element.place.index ?? 0, right.offset)
        }.map(\.element)
    }

    /// Warnings by place and kind, for a form to carry along those that were looked at.
    static func names(_ warnings: [Finding]) -> String {
        warnings.map { "\(Components.fieldName($0.place)):\($0.code)" }.joined(separator: " ")
    }
}

extension NotificationForm {
    /// What a new form begins with: what is certain by law and practice.
    static func defaults(_ site: Site, _ staff: Staff) async throws -> [String: String] {
        var fields = try await site.casework.defaults(by: staff.caller)
        if let item = Catalogue.item("notified_on") {
            fields["notified_on"] = ValueText.editable(.date(site.casework.today), of: item)
        }
        let own = staff.organisation
        if let office = own.healthCentre ?? (own.kind == .healthCentre ? own.key : nil) {
            fields["jurisdiction"] = office
        }
        return fields
    }

    /// What a new form takes over from another member of the household.
    static func household(_ file: CaseFile, _ staff: Staff, words: CaseWords) -> [String: String] {
        var keys = [
            "family_name", "family_kana", "postal_code", "address_municipality", "address_line", "phone",
        ]
        // On the papers without an address the present stay stands for it.
        if file.items["address_line"] == nil { keys += ["stay_municipality", "stay_line"] }
        if staff.organisation.kind == .healthCentre { keys += householdKeys }
        var fields: [String: String] = [:]
        for key in keys {
            guard let item = Catalogue.item(key), let value = file.items[key] else { continue }
            fields[key] = words.editable(value, of: item).replacing(",", with: item.type.codeList == nil ? "," : " ")
        }
        return fields
    }
}
