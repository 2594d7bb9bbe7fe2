import Crypto
import Foundation

/// Codes of an authenticator app: TOTP (RFC 6238) with SHA-1, 30 seconds, 6 digits, what every app does.
enum OneTimeCode {
    /// The code of a 30-second step.
    static func code(secret: [UInt8], step: Int) -> String {
        let counter = withUnsafeBytes(of: UInt64(step).bigEndian) { Array($0) }
        let mac = Array(
            HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret))
        )
        let offset = Int(mac[19] & 0x0f)
        let word =
            UInt32(mac[offset] & 0x7f) << 24 | UInt32(mac[offset + 1]) << 16 | UInt32(mac[offset + 2]) << 8
            | UInt32(mac[offset + 3])
        return String(String(word % 1_000_000 + 1_000_000).dropFirst())
    }

    /// The step whose code was given, one step of a slow or fast clock accepted; nil for a wrong code.
    static func step(of code: String, secret: [UInt8], now: Int64) -> Int? {
        let present = Int(now / 30)
        return [present, present - 1, present + 1].first {
            sameBytes(Self.code(secret: secret, step: $0).utf8, code.utf8)
        }
    }

    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// Base 32 (RFC 4648) without padding, as apps show and take it.
    static func base32(_ bytes: [UInt8]) -> String {
        var result: [UInt8] = []
        var buffer = 0
        var bits = 0
        for byte in bytes {
            buffer = (buffer << 8 | Int(byte)) & 0xffff
            bits += 8
            while bits >= 5 {
                bits -= 5
                result.append(letters[buffer >> bits & 31])
            }
        }
        if bits > 0 { result.append(letters[buffer << (5 - bits) & 31]) }
        return String(decoding: result, as: UTF8.self)
    }

    /// Reads base 32; nil where a letter isn't of it.
    static func bytes(base32 text: String) -> [UInt8]? {
        var result: [UInt8] = []
        var buffer = 0
        var bits = 0
        for letter in text.uppercased().utf8 where letter != UInt8(ascii: " ") {
            guard let value = letters.firstIndex(of: letter) else { return nil }
            buffer = (buffer << 5 | value) & 0xffff
            bits += 5
            if bits >= 8 {
                bits -= 8
                result.append(UInt8(buffer >> bits & 255))
            }
        }
        return result
    }
}
