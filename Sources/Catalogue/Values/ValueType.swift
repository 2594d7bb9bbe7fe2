/// What kind of value an item takes; decides how it is read, checked, shown and sent.
public enum ValueType: Sendable, Hashable {
    /// A person's name: letters of any script, no control or private-use characters.
    case name
    /// A reading in full-width katakana, whatever was typed.
    case kana
    /// One line.
    case text
    /// Any number of lines.
    case longText
    /// A telephone number.
    case phone
    /// An e-mail address.
    case email
    /// 郵便番号, 7 digits.
    case postalCode
    /// 全国地方公共団体コード, 6 digits with check digit.
    case municipality
    /// A whole number.
    case integer
    /// An exact decimal.
    case decimal
    /// 年月日.
    case date
    /// 日時.
    case time
    /// One code of a list.
    case code(CodeList)
    /// Any number of codes of a list.
    case codes(CodeList)
    /// An institution by name and code.
    case institution
    /// A HER-SYS ID.
    case caseReference
    /// Several HER-SYS IDs.
    case caseReferences
    /// A health centre's key.
    case office
    /// Several health centres' keys.
    case offices

    /// The type's name in the dictionary of items.
    public var name: String {
        switch self {
        case .name: "name"
        case .kana: "kana"
        case .text: "text"
        case .longText: "longtext"
        case .phone: "phone"
        case .email: "email"
        case .postalCode: "postal"
        case .municipality: "municipality"
        case .integer: "integer"
        case .decimal: "decimal"
        case .date: "date"
        case .time: "datetime"
        case .code: "code"
        case .codes: "codes"
        case .institution: "institution"
        case .caseReference: "case"
        case .caseReferences: "cases"
        case .office: "office"
        case .offices: "offices"
        }
    }

    /// Whether its values are codes, days and numbers, into which nobody can write a name.
    var isCoded: Bool {
        switch self {
        case .code, .codes, .date, .time, .integer, .decimal, .municipality: true
        case .name, .kana, .text, .longText, .phone, .email, .postalCode, .institution, .caseReference,
            .caseReferences, .office, .offices:
            false
        }
    }

    /// The code list of a coded type.
    public var codeList: CodeList? {
        switch self {
        case .code(let list), .codes(let list): list
        default: nil
        }
    }
}
