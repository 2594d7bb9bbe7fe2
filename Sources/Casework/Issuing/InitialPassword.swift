/// Initial passwords as they are printed: read from paper, typed once.
enum InitialPassword {
    /// Small letters and digits without those that are taken for each other: no 0, O, 1, l, I, and no i and o.
    static let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")
    /// Letters in one: 79 bits.
    static let length = 16

    /// A fresh one by the system's generator.
    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        return String((0..<length).compactMap { _ in letters.randomElement(using: &generator) })
    }
}
