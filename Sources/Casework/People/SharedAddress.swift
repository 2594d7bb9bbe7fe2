import Foundation
import Storage

/// What of a network address its user can't change at will: what is counted by address is counted by this.
///
/// Whoever has an IPv6 address has a network of 2⁶⁴ of them (RFC 4291, 2.5.4): counted one by one, none would ever be
/// one too many.
public enum SharedAddress {
    /// The first 64 bits of an IPv6 address, all of an IPv4 one, also where it is written as IPv6 (`::ffff:192.0.2.1`);
    /// what is no address stays as it is.
    public static func key(_ address: String) -> String {
        let plain = String(address.prefix { $0 != "%" })
        var bytes = in6_addr()
        guard inet_pton(AF_INET6, plain, &bytes) == 1 else { return plain }
        return withUnsafeBytes(of: &bytes) { bytes in
            let mapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
            if mapped { return bytes.suffix(4).map(String.init).joined(separator: ".") }
            return Hex.text(bytes.prefix(8)) + "/64"
        }
    }
}
