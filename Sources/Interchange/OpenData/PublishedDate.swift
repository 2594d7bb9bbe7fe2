import Catalogue

/// Dates as published files have them.
enum PublishedDate {
    /// Reads `2020-01-24`, `2020/2/4`, `2/4/2020` (month first) and what people write by hand, eras included.
    ///
    /// A time of day after it is left out: spreadsheets add `0:00`.
    static func read(_ cell: String, today: CalendarDate) -> CalendarDate? {
        let text = PublishedWords.asciiDigits(cell)
        let day = text.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "T" }).first ?? ""
        if let date = CalendarDate(iso: day) { return date }
        if let parts = numbers(day) {
            let (first, second, third) = parts
            if first > 31 { return CalendarDate(year: first, month: second, day: third) }
            if third > 31 { return CalendarDate(year: third, month: first, day: second) }
            return nil
        }
        guard case .success(let date) = JapaneseDate.read(text, today: today) else { return nil }
        return date
    }

    /// Three numbers between hyphens, slashes or dots, one of which is a year of four digits.
    private static func numbers(_ text: Substring) -> (Int, Int, Int)? {
        let parts = text.split(
            omittingEmptySubsequences: false,
            whereSeparator: { $0 == "/" || $0 == "-" || $0 == "." }
        )
        guard parts.count == 3, let first = number(parts[0]), let second = number(parts[1]),
            let third = number(parts[2])
        else { return nil }
        return (first, second, third)
    }

    private static func number(_ text: Substring) -> Int? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }
}
