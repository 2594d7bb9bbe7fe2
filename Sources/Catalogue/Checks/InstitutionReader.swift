/// Reads an institution: its name alone, `1310000018 みなと病院`, or `みなと病院（1310000018）`.
///
/// Lodging facilities and contractors have no 医療機関コード: they are named by the key that they have in the system,
/// `lodging-13-01 みなとホテル`.
enum InstitutionReader {
    static func read(_ text: String, for item: ItemDefinition) -> Result<InstitutionName, ReadingFailure> {
        guard let (code, name) = split(text) else { return named(text, code: nil, for: item) }
        if isKey(code) { return named(name, code: code, for: item) }
        return InstitutionCode.read(code).mapError(item.naming).flatMap { named(name, code: $0, for: item) }
    }

    private static func named(
        _ name: String,
        code: String?,
        for item: ItemDefinition
    ) -> Result<InstitutionName, ReadingFailure> {
        guard !name.isEmpty else {
            return .failure(item.failure("format", "は医療機関コードだけでなく、名称も入力してください。"))
        }
        return ValueReader.limited(name, to: 200, for: item).map { _ in InstitutionName(name: name, code: code) }
    }

    /// The code in front, followed by a space, or in brackets at the end; only ten digits are taken for a code.
    private static func split(_ text: String) -> (code: String, name: String)? {
        let front = text.prefix { !$0.isWhitespace }
        if isCode(front) || isKey(String(front)) { return (String(front), text.dropFirst(front.count).trimmingSpaces) }
        guard let last = text.last, last == ")" || last == "）",
            let bracket = text.lastIndex(where: { $0 == "(" || $0 == "（" })
        else { return nil }
        let inside = text[text.index(after: bracket)...].dropLast()
        return isCode(inside) || isKey(String(inside)) ? (String(inside), text[..<bracket].trimmingSpaces) : nil
    }

    /// Latin letters, digits and hyphens with at least one hyphen between: no name is written so by chance.
    private static func isKey(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard (3...64).contains(bytes.count), let first = bytes.first, (97...122).contains(first),
            bytes.contains(UInt8(ascii: "-")), bytes.last != UInt8(ascii: "-")
        else { return false }
        return bytes.allSatisfy { $0 == UInt8(ascii: "-") || (97...122).contains($0) || (48...57).contains($0) }
    }

    private static func isCode(_ text: Substring) -> Bool {
        let digits = String(text).nfkc.utf8.filter { $0 != UInt8(ascii: "-") }
        return digits.count == 10 && digits.allSatisfy(\.isDigit)
    }
}
