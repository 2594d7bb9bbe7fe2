/// How carefully an item's value has to be kept.
public enum Sensitivity: String, Sendable, Hashable {
    /// Tells who the person is: never leaves the health administration, de-identified output has none of it.
    case identifying
    /// Tells about the person's health or life.
    case health
    /// Tells who handles the case.
    case administrative
}

/// The facts about one item, whatever the type of its values.
///
/// A class because every value that is read, checked or disclosed asks for its item: a reference costs less to pass
/// on than a dozen texts.
public final class ItemDefinition: Sendable {
    /// Name in the dictionary, in the API and in storage: it never changes.
    public let key: String
    /// The section the item belongs to.
    public let section: Section
    /// Label on the screen and in print.
    public let ja: String
    /// Label in English.
    public let en: String
    /// What values it takes.
    public let type: ValueType
    /// Number of the item on 別記様式6-1, or nil where the form has it not.
    public let formNumber: String?
    /// ◎ of the notice: entering it replaces a report to the ministry.
    public let national: Bool
    /// Whether the NESID file carries it.
    public let nesid: Bool
    /// How carefully it is kept.
    public let sensitivity: Sensitivity
    /// Whether it is this system's own name for the case: de-identified output carries it instead of a person's name.
    public let pseudonym: Bool
    /// Smallest and largest number accepted.
    public let range: ClosedRange<Int>?
    /// The unit of a number: `℃`, `%`, `週`.
    public let unit: String?
    /// A remark for whoever enters or reads the item.
    public let note: String
    /// How the person themselves is asked for it; nil where they aren't.
    public let asked: Question?

    /// Whether de-identified output may carry the item: nothing that identifies, and no text that somebody could
    /// have written a name into.
    public let deidentified: Bool

    init(
        key: String,
        section: Section,
        ja: String,
        en: String,
        type: ValueType,
        formNumber: String?,
        national: Bool,
        nesid: Bool,
        sensitivity: Sensitivity,
        pseudonym: Bool,
        range: ClosedRange<Int>?,
        unit: String?,
        note: String,
        asked: Question?
    ) {
        self.key = key
        self.section = section
        self.ja = ja
        self.en = en
        self.type = type
        self.formNumber = formNumber
        self.national = national
        self.nesid = nesid
        self.sensitivity = sensitivity
        self.pseudonym = pseudonym
        self.range = range
        self.unit = unit
        self.note = note
        self.asked = asked
        deidentified = pseudonym || (sensitivity != .identifying && type.isCoded)
    }
}

/// A typed handle on one item: `record[.onsetOn]` is a `CalendarDate?`.
public struct Item<Content: ItemContent>: Sendable {
    /// Everything known about the item.
    public let definition: ItemDefinition

    /// The item's name in the dictionary.
    public var key: String { definition.key }

    /// Declares an item; the only place where its facts stand.
    public init(
        _ key: String,
        _ section: Section,
        _ ja: String,
        _ en: String,
        _ type: ValueType,
        form: String? = nil,
        national: Bool = false,
        nesid: Bool = false,
        sensitivity: Sensitivity = .health,
        pseudonym: Bool = false,
        range: ClosedRange<Int>? = nil,
        unit: String? = nil,
        note: String = "",
        asked: Question? = nil
    ) {
        definition = ItemDefinition(
            key: key,
            section: section,
            ja: ja,
            en: en,
            type: type,
            formNumber: form,
            national: national,
            nesid: nesid,
            sensitivity: sensitivity,
            pseudonym: pseudonym,
            range: range,
            unit: unit,
            note: note,
            asked: asked
        )
    }
}

/// What an item's value can be in Swift.
public protocol ItemContent: Sendable {
    /// Takes the content out of a value of the fitting kind.
    init?(value: Value)
    /// The content as a value of an item of that type.
    func value(for type: ValueType) -> Value
}

extension String: ItemContent {
    /// A text.
    public init?(value: Value) {
        guard case .text(let text) = value else { return nil }
        self = text
    }

    /// The text as a value.
    public func value(for type: ValueType) -> Value { .text(self) }
}

extension Int: ItemContent {
    /// A whole number.
    public init?(value: Value) {
        guard case .integer(let number) = value else { return nil }
        self = number
    }

    /// The number as a value.
    public func value(for type: ValueType) -> Value { .integer(self) }
}

extension DecimalNumber: ItemContent {
    /// A decimal.
    public init?(value: Value) {
        guard case .decimal(let number) = value else { return nil }
        self = number
    }

    /// The number as a value.
    public func value(for type: ValueType) -> Value { .decimal(self) }
}

extension CalendarDate: ItemContent {
    /// A day.
    public init?(value: Value) {
        guard case .date(let date) = value else { return nil }
        self = date
    }

    /// The day as a value.
    public func value(for type: ValueType) -> Value { .date(self) }
}

extension Timestamp: ItemContent {
    /// A moment.
    public init?(value: Value) {
        guard case .time(let time) = value else { return nil }
        self = time
    }

    /// The moment as a value.
    public func value(for type: ValueType) -> Value { .time(self) }
}

extension Code: ItemContent {
    /// A code.
    public init?(value: Value) {
        guard case .code(let code) = value else { return nil }
        self = code
    }

    /// The code as a value.
    public func value(for type: ValueType) -> Value { .code(self) }
}

extension [Code]: ItemContent {
    /// Codes.
    public init?(value: Value) {
        guard case .codes(let codes) = value else { return nil }
        self = codes
    }

    /// The codes as a value.
    public func value(for type: ValueType) -> Value { .codes(self) }
}

extension InstitutionName: ItemContent {
    /// An institution.
    public init?(value: Value) {
        guard case .institution(let institution) = value else { return nil }
        self = institution
    }

    /// The institution as a value.
    public func value(for type: ValueType) -> Value { .institution(self) }
}
