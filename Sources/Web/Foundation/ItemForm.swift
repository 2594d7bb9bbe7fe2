import Catalogue

/// What was typed into a form, kept as it was typed, and what it means.
///
/// A field that the form didn't hold isn't read: saving a form never empties an item that it doesn't show. Choices
/// bring an empty hidden field along, so that "none chosen" differs from "not shown".
struct ItemForm: Sendable {
    /// Texts by field name; several codes of one field are separated by spaces.
    var fields: [String: String]

    /// A form from what was sent or what a draft holds.
    init(_ fields: [String: String]) {
        self.fields = fields
    }

    /// Values that were read and what couldn't be.
    struct Reading: Sendable {
        /// Items that the form held; nil where it was left or made empty.
        var values: [String: Value?] = [:]
        /// What couldn't be read, at its field.
        var findings: [Finding] = []

        /// The values as a record.
        var record: Record { Record(values.compactMapValues { $0 }) }

        /// Whether nothing was entered at all.
        var isBlank: Bool { findings.isEmpty && record.isEmpty }
    }

    /// The name of an item's field: `onset_on`, or `tests.0.specimen_on` in a row of the tests.
    static func name(_ key: String, row: Int? = nil) -> String {
        Components.fieldName(Finding.Place(item: key, index: row))
    }

    /// The codes that a field of choices holds.
    static func codes(_ text: String) -> [String] {
        text.split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init)
    }

    /// What was typed into an item's field.
    func text(_ key: String, row: Int? = nil) -> String {
        fields[Self.name(key, row: row)] ?? ""
    }

    /// How many rows of tests the form holds.
    var testRows: Int { rows(of: .test) }

    /// How many rows of a repeating section the form holds.
    ///
    /// A report has at most thirty; where a case is edited every record of it is a row.
    func rows(of section: Section, most: Int = 30) -> Int {
        guard let records = section.records else { return 0 }
        let rows = fields.keys.compactMap { name -> Int? in
            let parts = name.split(separator: ".")
            return parts.count == 3 && parts[0] == records ? Int(parts[1]) : nil
        }
        return (rows.filter { (0..<most).contains($0) }.max() ?? -1) + 1
    }

    /// Reads the fields of items, of the whole form or of one row of the tests.
    func read(_ items: [ItemDefinition], row: Int? = nil, words: CaseWords, today: CalendarDate) -> Reading {
        var reading = Reading()
        for item in items {
            guard let text = fields[Self.name(item.key, row: row)] else { continue }
            switch Self.value(text, of: item, words: words, today: today) {
            case .success(let value):
                reading.values.updateValue(value, forKey: item.key)
            case .failure(let failure):
                let place = Finding.Place(item: item.key, index: row)
                reading.findings.append(Finding(place, failure.code, failure.message))
            }
        }
        return reading
    }

    /// Reads one field.
    static func value(
        _ text: String,
        of item: ItemDefinition,
        words: CaseWords,
        today: CalendarDate
    ) -> Result<Value?, ReadingFailure> {
        if item.isLocal {
            // Kept as text: see ``LocalItem``.
            return ValueReader.read(text, for: item, today: today).map { $0.map { .text($0.stored) } }
        }
        switch item.type {
        case .codes, .offices:
            return ValueReader.read(codes: codes(text), for: item)
        case .municipality:
            guard let found = words.municipalityCode(text) else { break }
            return found.map { .text($0) }
        default:
            break
        }
        return ValueReader.read(text, for: item, today: today)
    }
}
