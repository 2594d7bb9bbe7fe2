import Catalogue

/// A number that this system may call or text: only what a person in Japan answers.
///
/// 総務省「電気通信番号計画」: 0AB–J (10 digits), 050, 060, 070, 080 and 090 (11 digits). Everything that costs the caller
/// by the minute, ends at a service or leaves the country is blocked, whoever has written it into an account.
public struct Destination: Sendable, Hashable {
    /// Why a number isn't called; the code is what the ledger keeps.
    public enum Blocked: String, Error, Sendable, Hashable, CaseIterable {
        /// 110, 118, 119 and other numbers of three digits.
        case emergency
        /// Another country's number.
        case international
        /// 0990, 0570, 0180, 0170, 0910: the caller pays more, or reaches a recording.
        case service
        /// 0120, 0800: whoever is called pays.
        case freephone
        /// 020: a pager or a machine.
        case machine
        /// No number of any of these forms.
        case form
    }

    /// The number in E.164, `+819012345678`.
    public let e164: String
    /// The number as it is dialled in the country, `09012345678`.
    public let national: String
    /// Whether a mobile telephone (060, 070, 080, 090), the only kind that takes SMS.
    public let isMobile: Bool

    /// The number of an account, or why it isn't called.
    ///
    /// An extension (内線) can't be dialled by a machine: the number without it is called.
    public static func read(_ text: String) -> Result<Destination, Blocked> {
        guard case .success(let number) = PhoneNumber.read(text) else {
            return .failure(isShort(text) ? .emergency : .form)
        }
        guard !number.digits.hasPrefix("+") else { return .failure(.international) }
        if let blocked = blocked(number.digits) { return .failure(blocked) }
        return .success(
            Destination(e164: number.e164, national: number.digits, isMobile: number.isMobile)
        )
    }

    /// Whether three digits from 1 on, in any width.
    private static func isShort(_ text: String) -> Bool {
        let digits = text.unicodeScalars.filter { $0.properties.numericType == .decimal }
        return digits.count == 3 && digits.first?.properties.numericValue == 1
    }

    /// Services whose area code looks like a place's: they are listed, for 0460 or 0980 are places.
    private static let services = ["0990", "0570", "0180", "0170", "0910"]

    private static func blocked(_ digits: String) -> Blocked? {
        let values = digits.utf8.map { Int($0) - 48 }
        guard values.count >= 10, values[0] == 0, values.allSatisfy({ (0...9).contains($0) }) else { return .form }
        if values[1] == 0 { return values[2] == 1 ? .international : .service }
        if services.contains(where: digits.hasPrefix) { return .service }
        if digits.hasPrefix("0120") || digits.hasPrefix("0800") { return .freephone }
        if digits.hasPrefix("020") { return .machine }
        if values[2] == 0 {
            let mobile = ["050", "060", "070", "080", "090"].contains(String(digits.prefix(3)))
            return mobile && values.count == 11 ? nil : .form
        }
        return values.count == 10 ? nil : .form
    }
}
