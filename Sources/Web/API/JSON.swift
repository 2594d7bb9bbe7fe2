/// A JSON value as it was sent: numbers stay the text they were, members keep their order.
enum JSON: Sendable, Hashable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number as written: what was sent is what is read, without a binary fraction in between.
    case number(String)
    /// A string.
    case text(String)
    /// An array.
    case list([JSON])
    /// An object; names are unique.
    case object([Member])

    /// One member of an object.
    struct Member: Sendable, Hashable {
        let name: String
        let value: JSON
    }

    /// The member of an object by its name.
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The string, nil for anything else.
    var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    /// The elements of an array, nil for anything else.
    var list: [JSON]? {
        guard case .list(let list) = self else { return nil }
        return list
    }

    /// The members of an object, nil for anything else.
    var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    init(stringLiteral value: String) { self = .text(value) }
}

extension JSON: ExpressibleByBooleanLiteral {
    init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSON: ExpressibleByIntegerLiteral {
    init(integerLiteral value: Int) { self = .number(String(value)) }
}

extension JSON: ExpressibleByArrayLiteral {
    init(arrayLiteral elements: JSON...) { self = .list(elements) }
}

extension JSON: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { Member(name: $0, value: $1) })
    }
}

extension JSON {
    /// The object with more members behind its own.
    func with(_ more: [(String, JSON)]) -> JSON {
        .object((members ?? []) + more.map { Member(name: $0.0, value: $0.1) })
    }

    /// A number as plain digits with at most one point, or nil beyond what any item can hold.
    ///
    /// `5.0`, `5` and `0.5e1` are one number to JSON, and so they are here.
    static func plain(_ number: String) -> String? {
        guard number.utf8.count <= 40 else { return nil }
        let parts = number.split(whereSeparator: { $0 == "e" || $0 == "E" })
        guard let mantissa = parts.first else { return nil }
        let exponent = parts.count > 1 ? Int(parts[1]) ?? 99 : 0
        guard (-20...20).contains(exponent) else { return nil }
        let negative = mantissa.hasPrefix("-")
        let halves = mantissa.drop(while: { $0 == "-" })
            .split(separator: ".", omittingEmptySubsequences: false)
        let places = halves.count > 1 ? halves[1] : ""
        var digits = Array((halves.first ?? "").utf8) + Array(places.utf8)
        var point = digits.count - places.utf8.count + exponent
        while point < 1 {
            digits.insert(UInt8(ascii: "0"), at: 0)
            point += 1
        }
        while point > digits.count { digits.append(UInt8(ascii: "0")) }
        var whole = digits[..<point].drop { $0 == UInt8(ascii: "0") }
        if whole.isEmpty { whole = digits[(point - 1)..<point] }
        var fraction = digits[point...]
        while fraction.last == UInt8(ascii: "0") { fraction = fraction.dropLast() }
        let text = String(decoding: whole, as: UTF8.self)
        let sign = negative && !(text == "0" && fraction.isEmpty) ? "-" : ""
        return fraction.isEmpty ? sign + text : "\(sign)\(text).\(String(decoding: fraction, as: UTF8.self))"
    }
}
