/// Reads what was typed on a screen, sent to the API or found in a file, for any item of the catalogue.
///
/// The same reader stands at every door, so that a value refused on a page is refused by the API too. Messages name
/// the item and say how to mend it; they never repeat what was typed, for they reach logs and answers to programs.
public enum ValueReader {
    /// Reads one item's value; nil where nothing was entered.
    /// - Parameters:
    ///   - text: what was typed or sent; several codes, offices or IDs are separated by commas.
    ///   - item: the item it is for.
    ///   - today: the day that 「今日」 means.
    /// - Returns: the value to store, or why it can't be one.
    public static func read(
        _ text: String,
        for item: ItemDefinition,
        today: CalendarDate
    ) -> Result<Value?, ReadingFailure> {
        switch TextCleaning.clean(text, multiline: item.type == .longText) {
        case .failure(let failure): .failure(item.naming(failure))
        case .success(""): .success(nil)
        case .success(let cleaned): value(cleaned, for: item, today: today).map(Optional.some)
        }
    }

    /// Reads the codes chosen for an item: checkboxes, radio buttons, or a list sent by a program.
    /// - Parameters:
    ///   - codes: the codes as sent, empty ones among them ignored.
    ///   - item: an item of codes, offices or case IDs.
    /// - Returns: one code, or the codes in the order of the list; nil where none was chosen.
    public static func read(codes: [String], for item: ItemDefinition) -> Result<Value?, ReadingFailure> {
        var chosen: [Code] = []
        for text in codes where !text.isEmpty {
            switch code(text, for: item) {
            case .failure(let failure): return .failure(failure)
            case .success(let code): if !chosen.contains(code) { chosen.append(code) }
            }
        }
        guard let first = chosen.first else { return .success(nil) }
        switch item.type {
        case .codes(let list):
            if let exclusive = list.exclusive, chosen.contains(exclusive), chosen.count > 1 {
                return .failure(
                    item.failure("exclusive", "で「\(list.label(exclusive))」を選んだときは、ほかのものを選ばないでください。")
                )
            }
            let ordered = chosen.sorted { (list.place(of: $0) ?? .max) < (list.place(of: $1) ?? .max) }
            return .success(.codes(ordered))
        case .offices, .caseReferences:
            return .success(.codes(chosen))
        default:
            guard chosen.count == 1 else {
                return .failure(item.failure("several", "は一つだけ選んでください。"))
            }
            if item.type == .caseReference { return .success(.text(first.rawValue)) }
            return .success(.code(first))
        }
    }

    private static func value(
        _ text: String,
        for item: ItemDefinition,
        today: CalendarDate
    ) -> Result<Value, ReadingFailure> {
        switch item.type {
        case .name: limited(text, to: 100, for: item)
        case .kana: Kana.katakana(text).mapError(item.naming).flatMap { limited($0, to: 100, for: item) }
        case .text: limited(text, to: 200, for: item)
        case .longText: limited(text, to: 10_000, for: item)
        case .phone: PhoneNumber.read(text).mapError(item.naming).map { .text($0.typed) }
        case .email: email(text.nfkc, for: item)
        case .postalCode: PostalCode.read(text).mapError(item.naming).map { .text($0) }
        case .municipality: MunicipalityCode.read(text).mapError(item.naming).map { .text($0) }
        case .caseReference: code(text, for: item).map { .text($0.rawValue) }
        case .integer: integer(text.nfkc, for: item)
        case .decimal: decimal(text.nfkc, for: item)
        case .date: JapaneseDate.read(text, today: today).mapError(item.naming).map { .date($0) }
        case .time: MomentReader.read(text.nfkc, for: item, today: today).map { .time($0) }
        case .code, .office: code(text, for: item).map { .code($0) }
        case .codes, .offices, .caseReferences: several(text, for: item)
        case .institution: InstitutionReader.read(text, for: item).map { .institution($0) }
        }
    }

    static func limited(_ text: String, to most: Int, for item: ItemDefinition) -> Result<Value, ReadingFailure> {
        // Scalars, not characters: one character can carry any number of combining marks.
        guard text.unicodeScalars.count <= most else {
            return .failure(item.failure("length", "は\(most)文字以内で入力してください。", "use \(most) letters at the most."))
        }
        return .success(.text(text))
    }

    private static func email(_ text: String, for item: ItemDefinition) -> Result<Value, ReadingFailure> {
        guard text.utf8.count <= 254 else {
            return .failure(item.failure("length", "は254文字以内で入力してください。"))
        }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let sound = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !#"<>()[],;:"\"#.utf8.contains($0) }
        guard sound, parts.count == 2, (1...64).contains(parts[0].utf8.count) else { return malformed(item) }
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        let letters = labels.allSatisfy { label in
            !label.isEmpty && label.utf8.allSatisfy { $0.isLetterOrDigit || $0 == UInt8(ascii: "-") }
        }
        return labels.count >= 2 && letters ? .success(.text(text)) : malformed(item)

        func malformed(_ item: ItemDefinition) -> Result<Value, ReadingFailure> {
            .failure(item.failure("format", "は「name@example.jp」のように、半角の英数字と「@」で入力してください。"))
        }
    }

    private static func integer(_ text: String, for item: ItemDefinition) -> Result<Value, ReadingFailure> {
        let digits = withoutUnit(text, of: item)
        guard !digits.isEmpty, digits.utf8.allSatisfy(\.isDigit), let number = Int(digits) else {
            return .failure(
                item.failure("format", "は数字だけで入力してください（小数は入力できません）。", "please enter a whole number in digits.")
            )
        }
        guard item.range?.contains(number) ?? true else { return .failure(outOfRange(item)) }
        return .success(.integer(number))
    }

    private static func decimal(_ text: String, for item: ItemDefinition) -> Result<Value, ReadingFailure> {
        guard let number = DecimalNumber(withoutUnit(text, of: item)) else {
            return .failure(
                item.failure(
                    "format",
                    "は「37.5」のように、数字と小数点（小数第3位まで）で入力してください。",
                    "please enter a number with a decimal point, for example 37.5."
                )
            )
        }
        if let range = item.range, number < DecimalNumber(range.lowerBound) || number > DecimalNumber(range.upperBound)
        {
            return .failure(outOfRange(item))
        }
        return .success(.decimal(number))
    }

    private static func outOfRange(_ item: ItemDefinition) -> ReadingFailure {
        let unit = item.unit.map { "（\($0)）" } ?? ""
        let bounds = item.range.map { "\($0.lowerBound)から\($0.upperBound)まで" } ?? ""
        let limits = item.range.map { " from \($0.lowerBound) to \($0.upperBound)" } ?? ""
        return item.failure("range", "は\(bounds)の数\(unit)で入力してください。", "please enter a number\(limits).")
    }

    private static func withoutUnit(_ text: String, of item: ItemDefinition) -> Substring {
        guard let unit = item.unit else { return Substring(text) }
        let spellings = [unit.nfkc] + (unit == "℃" ? ["度", "C"] : [])
        var number = Substring(text)
        if let spelling = spellings.first(where: { number.hasSuffix($0) }) { number = number.dropLast(spelling.count) }
        while number.last?.isWhitespace == true { number = number.dropLast() }
        return number
    }

    private static func several(_ text: String, for item: ItemDefinition) -> Result<Value, ReadingFailure> {
        let parts = text.nfkc.split(whereSeparator: { ",、;\n\u{1F}".contains($0) })
        let codes = parts.map { $0.trimmingSpaces }
        return read(codes: codes, for: item).flatMap { value in
            value.map { .success($0) } ?? .failure(item.failure("format", "は一つ以上を「、」で区切って入力してください。"))
        }
    }

    private static func code(_ text: String, for item: ItemDefinition) -> Result<Code, ReadingFailure> {
        switch item.type {
        case .caseReference, .caseReferences:
            return CaseNumber.read(text).mapError(item.naming).map { Code($0.digits) }
        case .code(let list), .codes(let list):
            let code = Code(text)
            if list[code] != nil { return .success(code) }
            let label = text.nfkc
            if let entry = list.entries.first(where: { $0.ja.nfkc == label }) { return .success(entry.code) }
            return .failure(item.failure("code", "は一覧にあるものから選んでください。", "please choose one of the answers."))
        default:
            let sound = text.utf8.allSatisfy {
                $0.isLetterOrDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
            }
            guard sound, (1...64).contains(text.utf8.count) else {
                return .failure(item.failure("code", "は一覧にある機関から選んでください。"))
            }
            return .success(Code(text))
        }
    }
}

extension ItemDefinition {
    /// A refusal that begins with the item's label; in English, where there is some, with the question.
    func failure(_ code: String, _ rest: String, _ english: String = "") -> ReadingFailure {
        ReadingFailure(code: code, message: ja + rest, english: self.english(english))
    }

    /// A refusal of a general reader, with the item's label in front.
    func naming(_ failure: ReadingFailure) -> ReadingFailure {
        ReadingFailure(
            code: failure.code,
            message: "\(ja)：\(failure.message)",
            english: english(failure.english)
        )
    }

    private func english(_ words: String) -> String {
        guard let asked, !words.isEmpty else { return "" }
        return "\(asked.label.en): \(words)"
    }
}

extension UInt8 {
    /// Whether the byte is an ASCII digit.
    var isDigit: Bool { (48...57).contains(self) }

    /// Whether the byte is an ASCII letter or digit.
    var isLetterOrDigit: Bool { isDigit || (65...90).contains(self) || (97...122).contains(self) }
}

extension StringProtocol {
    /// The text without spaces at its ends.
    var trimmingSpaces: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
