import Crypto
import Foundation

/// The provider's signature on what it asks us (`X-Twilio-Signature`).
///
/// Base 64 of HMAC-SHA1 with the account's secret over the whole address and each field's name and value, names in
/// order, repeated ones in the order of their values and each once.
/// https://www.twilio.com/docs/usage/security#validating-requests
public enum ProviderSignature {
    /// The header that carries it.
    public static let header = "X-Twilio-Signature"

    /// The signature of a form that is sent to an address.
    static func make(_ address: String, _ fields: [(name: String, value: String)], token: String) -> String {
        let text = address + sorted(fields).map { $0.name + $0.value }.joined()
        let mac = HMAC<Insecure.SHA1>.authenticationCode(
            for: Array(text.utf8),
            using: SymmetricKey(data: Array(token.utf8))
        )
        return Data(mac).base64EncodedString()
    }

    /// Whether a form comes from who knows the account's secret.
    ///
    /// A provider may sign our address with its port or without: both are right, as in its own libraries.
    public static func isRight(
        _ signature: String,
        of address: String,
        _ fields: [(name: String, value: String)],
        token: String
    ) -> Bool {
        guard let given = Data(base64Encoded: signature), !token.isEmpty else { return false }
        let text = sorted(fields).map { $0.name + $0.value }.joined()
        let key = SymmetricKey(data: Array(token.utf8))
        return forms(of: address).contains { form in
            // Compared in constant time.
            HMAC<Insecure.SHA1>.isValidAuthenticationCode(given, authenticating: Array((form + text).utf8), using: key)
        }
    }

    /// By bytes, for Swift takes 「が」 and 「か」 with a mark for the same.
    private static func sorted(_ fields: [(name: String, value: String)]) -> [(name: String, value: String)] {
        let ordered = fields.sorted { first, second in
            let (one, two) = (Array(first.name.utf8), Array(second.name.utf8))
            if one != two { return one.lexicographicallyPrecedes(two) }
            return first.value.utf8.lexicographicallyPrecedes(second.value.utf8)
        }
        return ordered.enumerated().filter { index, field in
            guard index > 0 else { return true }
            let before = ordered[index - 1]
            return Array(before.name.utf8) != Array(field.name.utf8)
                || Array(before.value.utf8) != Array(field.value.utf8)
        }.map(\.element)
    }

    /// An address with and without the port that its scheme implies.
    private static func forms(of address: String) -> [String] {
        guard var parts = URLComponents(string: address), let scheme = parts.scheme else { return [address] }
        let usual = scheme == "https" ? 443 : 80
        if parts.port == nil {
            parts.port = usual
        } else {
            parts.port = nil
        }
        return [address] + (parts.string.map { [$0] } ?? [])
    }
}
