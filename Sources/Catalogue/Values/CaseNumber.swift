/// The HER-SYS ID of a case: eleven digits and a check digit, shown as `1234-5678-9012`.
///
/// The check digit is Damm's (H. M. Damm, 2004): one decimal digit that catches every wrong digit and every swap of
/// neighbours. Luhn's would let 09 and 90 pass, and IDs are read out over the telephone to health centres and typed by
/// the persons themselves to report their health.
public struct CaseNumber: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The number without its check digit.
    public let payload: Int64

    /// The case of that number; nil where it has more than eleven digits.
    public init?(payload: Int64) {
        guard (0..<100_000_000_000).contains(payload) else { return nil }
        self.payload = payload
    }

    /// Reads twelve digits in any width and grouping.
    public static func read(_ text: String) -> Result<CaseNumber, ReadingFailure> {
        text.codeDigits().flatMap { digits in
            let values = digits.digitValues
            guard values.count == 12 else {
                return .refused("length", "HER-SYS IDは12桁です（入力は\(values.count)桁）。例：1234-5678-9012の形")
            }
            guard interim(values) == 0, let payload = Int64(digits.dropLast()),
                let number = CaseNumber(payload: payload)
            else {
                return .refused("check_digit", "HER-SYS IDの数字が違います。1桁ずつ確かめて入力し直してください。")
            }
            return .success(number)
        }
    }

    /// The twelve digits.
    public var digits: String {
        let text = String(payload)
        let eleven = String(repeating: "0", count: 11 - text.utf8.count) + text
        return eleven + String(Self.interim(eleven.digitValues))
    }

    /// The digits in groups of four.
    public var display: String {
        let digits = digits
        return "\(digits.prefix(4))-\(digits.dropFirst(4).prefix(4))-\(digits.suffix(4))"
    }

    /// The twelve digits.
    public var description: String { digits }

    /// Lower numbers come first.
    public static func < (left: CaseNumber, right: CaseNumber) -> Bool {
        left.payload < right.payload
    }

    /// Runs the digits through the quasigroup: the check digit of eleven, 0 for twelve that are right.
    private static func interim(_ digits: [Int]) -> Int {
        digits.reduce(0) { quasigroup[$0 * 10 + $1] }
    }

    /// Totally anti-symmetric, of order 10, with 0 on its diagonal; the tests prove both.
    private static let quasigroup: [Int] = [
        0, 3, 1, 7, 5, 9, 8, 6, 4, 2,
        7, 0, 9, 2, 1, 5, 4, 8, 6, 3,
        4, 2, 0, 6, 8, 7, 1, 3, 5, 9,
        1, 7, 5, 0, 9, 8, 3, 4, 2, 6,
        6, 1, 2, 3, 0, 4, 5, 9, 7, 8,
        3, 6, 7, 4, 2, 0, 9, 5, 8, 1,
        5, 8, 6, 9, 7, 2, 0, 1, 3, 4,
        8, 9, 4, 5, 3, 6, 2, 0, 1, 7,
        9, 4, 3, 8, 6, 1, 7, 2, 0, 5,
        2, 5, 8, 1, 4, 3, 6, 7, 9, 0,
    ]
}
