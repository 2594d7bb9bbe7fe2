import Crypto
import Foundation

/// Reads which certificate is meant: the certificate itself as PEM, or its SHA-256 in hexadecimal.
public enum Thumbprint {
    /// SHA-256 of the certificate; nil where the text is neither.
    public static func read(_ text: String) -> [UInt8]? {
        let begin = "-----BEGIN CERTIFICATE-----"
        if let start = text.range(of: begin), let end = text.range(of: "-----END CERTIFICATE-----") {
            guard start.upperBound <= end.lowerBound else { return nil }
            let base64 = text[start.upperBound..<end.lowerBound].filter { !$0.isWhitespace }
            // A certificate is a sequence of at least some hundred bytes (X.509).
            guard let encoded = Data(base64Encoded: base64), encoded.count > 100, encoded.first == 0x30 else {
                return nil
            }
            return Array(SHA256.hash(data: encoded))
        }
        let digits = text.filter { !$0.isWhitespace && $0 != ":" }
        guard digits.utf8.count == 64 else { return nil }
        var bytes: [UInt8] = []
        var rest = Substring(digits)
        while !rest.isEmpty {
            guard rest.prefix(2).allSatisfy(\.isHexDigit), let byte = UInt8(rest.prefix(2), radix: 16) else {
                return nil
            }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
