/// The parts of a typed day, before anybody asks whether there is such a day.
struct DateText {
    enum Year {
        case western(Int)
        /// One to three digits without an era.
        case short
        case era(Era, Int)
    }

    let year: Year?
    let month: Int
    let day: Int

    /// Nil for anything that is not a day in one of the accepted shapes; the text is NFKC without spaces, hyphens are `-`.
    init?(_ scalars: String.UnicodeScalarView) {
        var scanner = Scanner(scalars)
        let era = scanner.era()
        guard let first = scanner.number(era != nil) else { return nil }
        if scanner.isAtEnd {
            guard !first.isKanji, first.digits == (era == nil ? 8 : 6) else { return nil }
            let number = first.value
            year = era.map { .era($0, number / 10_000) } ?? .western(number / 10_000)
            (month, day) = (number / 100 % 100, number % 100)
            return
        }
        guard let separator = scanner.next(), let second = scanner.number(false), second.digits <= 2 else { return nil }
        switch separator {
        case "年":
            guard scanner.take("月"), let third = scanner.number(false), third.digits <= 2, scanner.take("日") else {
                return nil
            }
            (month, day) = (second.value, third.value)
        case "月":
            guard era == nil, first.digits <= 2, scanner.take("日") else { return nil }
            (month, day) = (first.value, second.value)
            guard scanner.isAtEnd else { return nil }
            year = nil
            return
        case "-", "/", ".":
            if scanner.isAtEnd {
                guard era == nil, first.digits <= 2 else { return nil }
                (month, day) = (first.value, second.value)
                year = nil
                return
            }
            guard scanner.take(separator), let third = scanner.number(false) else { return nil }
            // 2/4/2020 is 4 February or 2 April: nobody can tell, so it has no year that could be trusted.
            guard third.digits <= 2 || (era == nil && first.digits <= 2 && third.digits == 4) else { return nil }
            (month, day) = (second.value, third.value)
        default:
            return nil
        }
        guard scanner.isAtEnd else { return nil }
        if let era {
            guard first.digits <= 2 else { return nil }
            year = .era(era, first.value)
        } else {
            guard first.digits <= 4 else { return nil }
            year = first.digits == 4 ? .western(first.value) : .short
        }
    }
}

/// Numbers and eras from the left.
private struct Scanner {
    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ scalars: String.UnicodeScalarView) {
        self.scalars = Array(scalars)
    }

    var isAtEnd: Bool { position == scalars.count }

    mutating func next() -> Unicode.Scalar? {
        guard !isAtEnd else { return nil }
        position += 1
        return scalars[position - 1]
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard !isAtEnd, scalars[position] == scalar else { return false }
        position += 1
        return true
    }

    /// 令和, 令 or R.
    mutating func era() -> Era? {
        guard let first = scalars.first else { return nil }
        for era in Era.all {
            if scalars.starts(with: era.name.unicodeScalars) {
                position = 2
                return era
            }
            if first == era.letter || first.value == era.letter.value + 0x20 || first == era.name.unicodeScalars.first {
                position = 1
                return era
            }
        }
        return nil
    }

    /// Digits, or kanji numerals by place (二〇二〇) or by unit (二十二); 元 only as the year of an era.
    mutating func number(_ inEra: Bool) -> (value: Int, digits: Int, isKanji: Bool)? {
        if inEra, take("元") { return (1, 1, true) }
        let start = position
        while !isAtEnd, scalars[position].digit != nil { position += 1 }
        if position > start {
            // A run of nine digits or more is no day, and might not fit a number.
            guard position - start <= 8 else { return nil }
            return (scalars[start..<position].reduce(0) { $0 * 10 + ($1.digit ?? 0) }, position - start, false)
        }
        while !isAtEnd, Self.numeral(scalars[position]) != nil { position += 1 }
        let numerals = scalars[start..<position].compactMap(Self.numeral)
        guard !numerals.isEmpty, numerals.count <= 8 else { return nil }
        if numerals.allSatisfy({ $0 < 10 }) {
            return (numerals.reduce(0) { $0 * 10 + $1 }, numerals.count, true)
        }
        guard let value = Self.byUnit(numerals) else { return nil }
        return (value, String(value).utf8.count, true)
    }

    private static func numeral(_ scalar: Unicode.Scalar) -> Int? {
        switch scalar {
        case "〇", "零", "\u{25CB}": 0
        case "一": 1
        case "二": 2
        case "三": 3
        case "四": 4
        case "五": 5
        case "六": 6
        case "七": 7
        case "八": 8
        case "九": 9
        case "十": 10
        case "百": 100
        case "千": 1000
        default: nil
        }
    }

    /// 千九百五十二: units fall, each with at most one digit from 1 before it.
    private static func byUnit(_ numerals: [Int]) -> Int? {
        var total = 0
        var digit: Int?
        var smallest = 10_000
        for numeral in numerals {
            if numeral < 10 {
                guard digit == nil, numeral > 0 else { return nil }
                digit = numeral
            } else {
                guard numeral < smallest else { return nil }
                smallest = numeral
                total += (digit ?? 1) * numeral
                digit = nil
            }
        }
        return total + (digit ?? 0)
    }
}
