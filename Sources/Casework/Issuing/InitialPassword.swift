import Catalogue

/// Initial passwords as they are printed: read from paper, typed once.
enum InitialPassword {
    /// Small letters and digits without those that are taken for each other: no 0, O, 1, l, I, and no i and o.
    static let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")
    /// Letters in one: 79 bits.
    static let length = 16

    /// What somebody meant who typed it with the gaps in which it is printed, or in capitals; nil for what is none.
    static func meant(_ typed: String) -> String? {
        let plain = typed.nfkc.lowercased().filter { !$0.isWhitespace }
        return plain.count == length && plain.allSatisfy(letters.contains) ? plain : nil
    }

    /// A fresh one by the system's generator.
    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        return String((0..<length).compactMap { _ in letters.randomElement(using: &generator) })
    }
}
