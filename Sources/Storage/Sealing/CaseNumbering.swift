/// Turns the order in which cases came into numbers that nobody can guess from a neighbour's, and back.
///
/// A generalised Feistel network (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", CT-RSA 2002) over
/// 316,228² ≥ 10¹¹ values with SipHash-2-4 as round function: every number below 10¹¹ comes out exactly once, so
/// that no table of given numbers is needed and none can be given twice.
struct CaseNumbering: Sendable {
    static let count: Int64 = 100_000_000_000
    private static let half: UInt64 = 316_228
    private static let rounds: UInt8 = 8
    private let key: (UInt64, UInt64)

    init(_ key: (UInt64, UInt64)) {
        self.key = key
    }

    func scramble(_ value: Int64) -> Int64 {
        var result = value
        // A value that leaves 10¹¹ is sent round again: 16 in 10⁷ are.
        repeat { result = forward(result) } while result >= Self.count
        return result
    }

    func unscramble(_ value: Int64) -> Int64 {
        var result = value
        repeat { result = backward(result) } while result >= Self.count
        return result
    }

    private func forward(_ value: Int64) -> Int64 {
        var left = UInt64(value) / Self.half
        var right = UInt64(value) % Self.half
        for round in 0..<Self.rounds {
            (left, right) = (right, (left + mix(right, round)) % Self.half)
        }
        return Int64(left * Self.half + right)
    }

    private func backward(_ value: Int64) -> Int64 {
        var left = UInt64(value) / Self.half
        var right = UInt64(value) % Self.half
        for round in (0..<Self.rounds).reversed() {
            (left, right) = ((right + Self.half - mix(left, round)) % Self.half, left)
        }
        return Int64(left * Self.half + right)
    }

    private func mix(_ value: UInt64, _ round: UInt8) -> UInt64 {
        sipHash(key, value << 8 | UInt64(round)) % Self.half
    }
}

/// SipHash-2-4 of one 8-byte word (Aumasson and Bernstein, 2012).
func sipHash(_ key: (UInt64, UInt64), _ word: UInt64) -> UInt64 {
    var v0 = key.0 ^ 0x736f_6d65_7073_6575
    var v1 = key.1 ^ 0x646f_7261_6e64_6f6d
    var v2 = key.0 ^ 0x6c79_6765_6e65_7261
    var v3 = key.1 ^ 0x7465_6462_7974_6573
    func rotate(_ value: UInt64, _ by: UInt64) -> UInt64 { value << by | value >> (64 - by) }
    func round() {
        v0 &+= v1
        v1 = rotate(v1, 13) ^ v0
        v0 = rotate(v0, 32)
        v2 &+= v3
        v3 = rotate(v3, 16) ^ v2
        v0 &+= v3
        v3 = rotate(v3, 21) ^ v0
        v2 &+= v1
        v1 = rotate(v1, 17) ^ v2
        v2 = rotate(v2, 32)
    }
    for block in [word, 8 << 56] {
        v3 ^= block
        round()
        round()
        v0 ^= block
    }
    v2 ^= 0xff
    for _ in 0..<4 { round() }
    return v0 ^ v1 ^ v2 ^ v3
}
