/// Writes values for people.
public enum ValueText {
    /// The value as it is read on a screen or in print: codes by their labels, dates in both calendars, numbers with
    /// their unit.
    public static func display(_ value: Value, of item: ItemDefinition) -> String {
        switch value {
        case .text(let text): display(text, of: item.type)
        case .integer(let number): "\(number)\(item.unit ?? "")"
        case .decimal(let number): number.text + (item.unit ?? "")
        case .date(let date): JapaneseDate.display(date)
        case .time(let time): "\(JapaneseDate.display(time.japanDate)) \(clock(time))"
        case .code(let code): label(code, of: item.type)
        case .codes(let codes): codes.map { label($0, of: item.type) }.joined(separator: "、")
        case .institution(let institution): institution.name
        }
    }

    /// The value as it stands in an input that is being edited: ``ValueReader`` reads it back to the same value.
    public static func editable(_ value: Value, of item: ItemDefinition) -> String {
        switch value {
        case .text(let text): item.type == .postalCode ? PostalCode.display(text) : text
        case .date(let date): slashed(date)
        case .time(let time): "\(slashed(time.japanDate)) \(clock(time))"
        case .codes(let codes): codes.map(\.rawValue).joined(separator: ",")
        case .institution(let institution): institution.code.map { "\($0) \(institution.name)" } ?? institution.name
        case .integer, .decimal, .code: value.stored
        }
    }

    private static func display(_ text: String, of type: ValueType) -> String {
        switch type {
        case .postalCode: PostalCode.display(text)
        case .caseReference: grouped(text)
        default: text
        }
    }

    private static func label(_ code: Code, of type: ValueType) -> String {
        switch type {
        case .code(let list), .codes(let list): list.label(code)
        case .caseReferences: grouped(code.rawValue)
        default: code.rawValue
        }
    }

    /// A HER-SYS ID in groups of four, as it is read out over the telephone.
    private static func grouped(_ digits: String) -> String {
        var groups: [Substring] = []
        var rest = Substring(digits)
        while !rest.isEmpty {
            groups.append(rest.prefix(4))
            rest = rest.dropFirst(4)
        }
        return groups.joined(separator: "-")
    }

    private static func slashed(_ date: CalendarDate) -> String {
        let (year, month, day) = date.parts
        return "\(year)/\(month)/\(day)"
    }

    /// Hours and minutes; seconds only where there are some, so that editing loses none.
    private static func clock(_ time: Timestamp) -> String {
        let (hour, minute, second) = time.japanTime
        let start = "\(hour):\(minute < 10 ? "0" : "")\(minute)"
        return second == 0 ? start : "\(start):\(second < 10 ? "0" : "")\(second)"
    }
}
