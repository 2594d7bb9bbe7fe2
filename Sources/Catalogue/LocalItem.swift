/// An item that a prefecture or city defines for its own health centres, without a release.
///
/// Its key says its section and whose it is: `local.memo.pref-13.referral`. So rights hold for its values even where the
/// definition isn't known (yet), and values are kept as text, as those of any item that the catalogue doesn't know; the
/// definition reads and shows them. What a value means never changes: a definition can only be ended.
public struct LocalItem: Sendable {
    /// What is asked for.
    public enum Kind: Sendable, Hashable {
        /// One line.
        case text
        /// Any number of lines.
        case longText
        /// 年月日.
        case date
        /// A whole number between two.
        case number(ClosedRange<Int>)
        /// One of some answers: code and label.
        case choice([Choice])
        /// はい・いいえ・不明.
        case yesNoUnknown

        /// Its name in storage and in the API.
        public var name: String {
            switch self {
            case .text: "text"
            case .longText: "longtext"
            case .date: "date"
            case .number: "number"
            case .choice: "choice"
            case .yesNoUnknown: "yes_no_unknown"
            }
        }
    }

    /// One answer that can be chosen.
    public struct Choice: Sendable, Hashable {
        /// As stored and sent.
        public var code: String
        /// As shown.
        public var label: String

        /// An answer.
        public init(code: String, label: String) {
            self.code = code
            self.label = label
        }
    }

    /// Sections that can hold local items: those with one record for each case that people write by hand.
    public static let sections: [Section] = Section.allCases.filter { !$0.repeats && $0 != .management }

    /// Name in the API and in storage.
    public let key: String
    /// The organisation that defines it.
    public let owner: String
    /// What is known of it as of any item; it counts as identifying, so that no de-identified output has it.
    public let definition: ItemDefinition
    /// What is asked for.
    public let kind: Kind
    /// Keys of the health centres that ask it; none for all of the owner's.
    public let offices: [String]
    /// Whether it must be answered where it is asked.
    public let isRequired: Bool
    /// First day on which it is asked.
    public let from: CalendarDate
    /// Last day, nil for until further notice.
    public let until: CalendarDate?

    /// A local item; nil where the key names no section that can hold one.
    public init?(
        key: String,
        label: String,
        kind: Kind,
        offices: [String],
        isRequired: Bool,
        from: CalendarDate,
        until: CalendarDate?
    ) {
        guard let parts = Self.parts(key) else { return nil }
        self.key = key
        owner = parts.owner
        self.kind = kind
        self.offices = offices
        self.isRequired = isRequired
        self.from = from
        self.until = until
        var range: ClosedRange<Int>?
        if case .number(let numbers) = kind { range = numbers }
        definition = ItemDefinition(
            key: key,
            section: parts.section,
            ja: label,
            en: label,
            type: Self.type(kind, key),
            formNumber: nil,
            national: false,
            nesid: false,
            sensitivity: .identifying,
            pseudonym: false,
            range: range,
            unit: nil,
            note: "",
            asked: nil
        )
    }

    private static func type(_ kind: Kind, _ key: String) -> ValueType {
        switch kind {
        case .text: .text
        case .longText: .longText
        case .date: .date
        case .number: .integer
        case .choice(let choices): .code(CodeList(key, choices.map { CodeList.Entry($0.code, $0.label, $0.label) }))
        case .yesNoUnknown: .code(.yesNoUnknown)
        }
    }

    /// The key of an owner's item.
    public static func key(section: Section, owner: String, name: String) -> String {
        "local.\(section.rawValue).\(owner).\(name)"
    }

    private static func parts(_ key: String) -> (section: Section, owner: String)? {
        let parts = key.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "local", !parts[2].isEmpty, !parts[3].isEmpty,
            let section = Section(rawValue: String(parts[1])), sections.contains(section)
        else { return nil }
        return (section, String(parts[2]))
    }

    /// The section that a key says, nil for a key that is no local item's.
    public static func section(of key: String) -> Section? {
        key.hasPrefix("local.") ? parts(key)?.section : nil
    }

    /// Whether it is asked on a day.
    public func isAsked(on day: CalendarDate) -> Bool {
        from <= day && day <= (until ?? day)
    }

    /// The value to keep for a text, nil where nothing was entered.
    public func read(_ text: String, today: CalendarDate) -> Result<Value?, ReadingFailure> {
        ValueReader.read(text, for: definition, today: today).map { $0.map { .text($0.stored) } }
    }
}

extension ItemDefinition {
    /// Whether it is a prefecture's own.
    public var isLocal: Bool { LocalItem.section(of: key) != nil }

    /// A value with its type: those of local items are kept as text.
    public func typed(_ value: Value) -> Value {
        guard isLocal, case .text(let text) = value else { return value }
        return Value(stored: text, type: type) ?? value
    }
}
