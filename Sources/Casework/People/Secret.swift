import Crypto

/// Random names and secrets in letters that survive an address.
enum Secret {
    private static let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".utf8)

    /// URL-safe text of so many random bytes.
    static func random(bytes count: Int) -> String {
        // The system's generator, six bits a letter.
        let random = SymmetricKey(size: .init(bitCount: count * 8)).withUnsafeBytes { Array($0) }
        var result: [UInt8] = []
        var buffer = 0
        var bits = 0
        for byte in random {
            buffer = buffer << 8 | Int(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                result.append(letters[buffer >> bits & 63])
            }
        }
        if bits > 0 { result.append(letters[buffer << (6 - bits) & 63]) }
        return String(decoding: result, as: UTF8.self)
    }

    /// A six-digit one-time code.
    static func code() -> String {
        String(String(Int.random(in: 1_000_000..<2_000_000)).dropFirst())
    }
}
