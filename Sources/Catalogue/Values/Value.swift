/// The value of one item in one record.
///
/// Texts are compared by their bytes: two spellings of a name that Unicode calls equivalent are two values, so that
/// a correction from one to the other is a change and stands in the history.
public enum Value: Sendable {
    /// Names, kana, free text, telephone, e-mail, postal and municipality codes, HER-SYS IDs.
    case text(String)
    /// Whole numbers.
    case integer(Int)
    /// Exact decimals.
    case decimal(DecimalNumber)
    /// 年月日.
    case date(CalendarDate)
    /// 日時.
    case time(Timestamp)
    /// One code of a list, or one organisation's key.
    case code(Code)
    /// Several codes of a list in the list's order, several organisations' keys or several HER-SYS IDs.
    case codes([Code])
    /// An institution.
    case institution(InstitutionName)
}

extension Value: Hashable {
    /// Equal where kind and bytes are equal.
    public static func == (left: Value, right: Value) -> Bool {
        switch (left, right) {
        case (.text(let a), .text(let b)): sameBytes(a, b)
        case (.integer(let a), .integer(let b)): a == b
        case (.decimal(let a), .decimal(let b)): a == b
        case (.date(let a), .date(let b)): a == b
        case (.time(let a), .time(let b)): a == b
        case (.code(let a), .code(let b)): a == b
        case (.codes(let a), .codes(let b)): a == b
        case (.institution(let a), .institution(let b)):
            sameBytes(a.name, b.name) && a.code == b.code
        default: false
        }
    }

    /// Hashes the canonical text's bytes.
    public func hash(into hasher: inout Hasher) {
        for byte in stored.utf8 { hasher.combine(byte) }
    }
}

private func sameBytes(_ left: String, _ right: String) -> Bool {
    left.utf8.elementsEqual(right.utf8)
}

extension Value {
    /// Separates the parts of a stored list or institution: a control character that no value may hold.
    static let separator: Character = "\u{1F}"

    /// The value as text for storage, hashing and comparison; ``init(stored:type:)`` reads it back.
    public var stored: String {
        switch self {
        case .text(let text): text
        case .integer(let number): String(number)
        case .decimal(let number): number.text
        case .date(let date): date.iso
        case .time(let time): String(time.seconds)
        case .code(let code): code.rawValue
        case .codes(let codes): codes.map(\.rawValue).joined(separator: String(Self.separator))
        case .institution(let institution):
            institution.code.map { "\(institution.name)\(Self.separator)\($0)" } ?? institution.name
        }
    }

    /// Reads what ``stored`` wrote, or nil where it is not of that type.
    public init?(stored text: String, type: ValueType) {
        switch type {
        case .name, .kana, .text, .longText, .phone, .email, .postalCode, .municipality, .caseReference:
            self = .text(text)
        case .integer:
            guard let number = Int(text) else { return nil }
            self = .integer(number)
        case .decimal:
            guard let number = DecimalNumber(text) else { return nil }
            self = .decimal(number)
        case .date:
            guard let date = CalendarDate(iso: text) else { return nil }
            self = .date(date)
        case .time:
            guard let seconds = Int64(text) else { return nil }
            self = .time(Timestamp(seconds: seconds))
        case .code, .office:
            self = .code(Code(text))
        case .codes, .offices, .caseReferences:
            self = .codes(Self.parts(text).map { Code($0) })
        case .institution:
            let parts = Self.parts(text)
            self = .institution(InstitutionName(name: parts.first ?? "", code: parts.count > 1 ? parts[1] : nil))
        }
    }

    /// The parts of a stored list or institution, split by bytes: by characters it costs ten times as much.
    private static func parts(_ text: String) -> [String] {
        text.utf8.split(separator: 0x1F).map { String(Substring($0)) }
    }
}
