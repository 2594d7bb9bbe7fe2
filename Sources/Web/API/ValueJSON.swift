import Catalogue

/// Reads an item's value from JSON: the shape is strict, then the catalogue's own reader checks what a page would be
/// refused for, too.
enum ValueJSON {
    /// The value of an item; nil where it is emptied by `null`, an empty text or an empty array.
    static func read(_ json: JSON, for item: ItemDefinition, today: CalendarDate) -> Result<Value?, ReadingFailure> {
        if case .null = json { return .success(nil) }
        if item.isLocal {
            guard let text = json.text else { return type(item, "文字列") }
            guard text.utf8.count <= 40_000 else { return refused(item, "length", "は10000文字以内にしてください。") }
            return ValueReader.read(text, for: item, today: today).map { $0.map { .text($0.stored) } }
        }
        switch item.type {
        case .name, .kana, .text, .longText, .phone, .email, .postalCode, .municipality, .caseReference:
            guard let text = json.text else { return type(item, "文字列") }
            if let most = item.type.maxLength, text.utf8.count > most, text.unicodeScalars.count > most {
                return refused(item, "length", "は\(most)文字以内にしてください。")
            }
            return ValueReader.read(text, for: item, today: today)
        case .integer:
            guard case .number(let number) = json else { return type(item, "整数") }
            guard let plain = JSON.plain(number), !plain.contains(".") else {
                return refused(item, "format", "は整数にしてください。")
            }
            return ValueReader.read(plain, for: item, today: today)
        case .decimal:
            guard case .number(let number) = json else { return type(item, "数") }
            guard let plain = JSON.plain(number), DecimalNumber(plain) != nil else {
                return refused(item, "format", "は小数第3位までの数にしてください。")
            }
            return ValueReader.read(plain, for: item, today: today)
        case .date:
            guard let text = json.text else { return type(item, "YYYY-MM-DDの文字列") }
            guard CalendarDate(iso: text) != nil else {
                return refused(item, "format", "は実在する日をYYYY-MM-DDの形にしてください。")
            }
            return ValueReader.read(text, for: item, today: today)
        case .time:
            guard let text = json.text else { return type(item, "RFC 3339の文字列") }
            guard moment(text) != nil else {
                return refused(item, "format", "はRFC 3339の形（例：2020-05-22T09:00:00+09:00）にしてください。")
            }
            return ValueReader.read(text, for: item, today: today)
        case .code(let list):
            guard let text = json.text else { return type(item, "コードの文字列") }
            return codes([text], of: list, for: item)
        case .office:
            guard let text = json.text else { return type(item, "機関のキーの文字列") }
            return ValueReader.read(codes: [text], for: item)
        case .codes(let list):
            guard let texts = texts(json) else { return type(item, "コードの配列") }
            return codes(texts, of: list, for: item)
        case .offices, .caseReferences:
            guard let texts = texts(json) else { return type(item, "文字列の配列") }
            return ValueReader.read(codes: texts, for: item)
        case .institution: return institution(json, for: item, today: today)
        }
    }

    /// RFC 3339 with seconds and an offset; the catalogue's reader alone would take a page's spellings, too.
    static func moment(_ text: String) -> Timestamp? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t"),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":")
        else { return nil }
        let zone = bytes[19...].drop { $0 == UInt8(ascii: ".") || (48...57).contains($0) }
        let isUniversal = zone.count == 1 && (zone.first == UInt8(ascii: "Z") || zone.first == UInt8(ascii: "z"))
        guard isUniversal || zone.count == 6 else { return nil }
        return Timestamp(rfc3339: text)
    }

    private static func texts(_ json: JSON) -> [String]? {
        guard let list = json.list else { return nil }
        let texts = list.compactMap(\.text)
        return texts.count == list.count ? texts : nil
    }

    /// Only codes: a page also takes labels, but two spellings of one answer have no place between programs.
    private static func codes(
        _ texts: [String],
        of list: CodeList,
        for item: ItemDefinition
    ) -> Result<Value?, ReadingFailure> {
        guard texts.count <= list.entries.count, texts.allSatisfy({ list[Code($0)] != nil }) else {
            return refused(item, "code", "は一覧（\(list.key)）にあるコードにしてください。")
        }
        return ValueReader.read(codes: texts, for: item)
    }

    private static func institution(
        _ json: JSON,
        for item: ItemDefinition,
        today: CalendarDate
    ) -> Result<Value?, ReadingFailure> {
        var name = json.text
        var code: String?
        if let members = json.members {
            for member in members {
                switch (member.name, member.value) {
                case ("name", .text(let text)): name = text
                case ("code", .text(let text)): code = text
                case ("code", .null): break
                default: return type(item, "文字列、またはnameとcodeの文字列を持つオブジェクト")
                }
            }
        }
        guard let name else { return type(item, "文字列、またはnameとcodeの文字列を持つオブジェクト") }
        guard name.unicodeScalars.count <= 200 else { return refused(item, "length", "は200文字以内にしてください。") }
        guard let code else { return ValueReader.read(name, for: item, today: today) }
        guard code.utf8.count == 10, code.utf8.allSatisfy({ (48...57).contains($0) }),
            name.contains(where: { !$0.isWhitespace })
        else { return refused(item, "format", "のcodeは10桁の医療機関コードにし、nameを添えてください。") }
        return ValueReader.read("\(code) \(name)", for: item, today: today)
    }

    private static func type(_ item: ItemDefinition, _ expected: String) -> Result<Value?, ReadingFailure> {
        refused(item, "type", "は\(expected)で送ってください。")
    }

    private static func refused(
        _ item: ItemDefinition,
        _ code: String,
        _ rest: String
    ) -> Result<Value?, ReadingFailure> {
        .failure(ReadingFailure(code: code, message: item.ja + rest))
    }
}

extension ValueType {
    /// The most characters (Unicode scalars) of a text; a test holds it against the catalogue's reader.
    var maxLength: Int? {
        switch self {
        case .name, .kana: 100
        case .text, .institution: 200
        case .longText: 10_000
        case .email: 254
        default: nil
        }
    }
}
