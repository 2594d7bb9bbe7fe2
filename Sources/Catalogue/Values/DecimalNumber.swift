/// An exact decimal such as a temperature of 37.5: never a binary fraction, so that what was typed is what is kept.
public struct DecimalNumber: Sendable, Hashable, Comparable {
    /// The number times 1000: three places are enough for every item of the catalogue.
    public let thousandths: Int64

    /// A number of thousandths.
    public init(thousandths: Int64) {
        self.thousandths = thousandths
    }

    /// A whole number.
    public init(_ whole: Int) {
        thousandths = Int64(whole) * 1000
    }

    /// Reads ASCII digits with at most one point and three places after it; a sign is accepted.
    public init?(_ text: some StringProtocol) {
        var negative = false
        var digits = Substring(text)
        if digits.hasPrefix("-") {
            negative = true
            digits = digits.dropFirst()
        }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts.first, !whole.isEmpty, whole.utf8.count <= 9,
            whole.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int64(whole)
        else { return nil }
        var result = number * 1000
        if parts.count == 2 {
            let places = parts[1]
            guard (1...3).contains(places.utf8.count), places.utf8.allSatisfy({ (48...57).contains($0) }),
                let fraction = Int64(places)
            else { return nil }
            result += fraction * [100, 10, 1][places.utf8.count - 1]
        }
        thousandths = negative ? -result : result
    }

    /// The shortest text of the number: `37.5`, `37`.
    public var text: String {
        let magnitude = thousandths.magnitude
        let sign = thousandths < 0 ? "-" : ""
        var places = String(magnitude % 1000 + 1000).dropFirst()
        while places.hasSuffix("0") { places = places.dropLast() }
        return places.isEmpty ? "\(sign)\(magnitude / 1000)" : "\(sign)\(magnitude / 1000).\(places)"
    }

    /// Smaller numbers come first.
    public static func < (left: DecimalNumber, right: DecimalNumber) -> Bool {
        left.thousandths < right.thousandths
    }
}
