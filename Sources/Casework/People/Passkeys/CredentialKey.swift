import Crypto
import CryptoExtras
import Foundation

/// A passkey's public key, read from a COSE key (RFC 9052 §7, RFC 9053, RFC 8230).
enum CredentialKey: Sendable {
    /// ECDSA over P-256 with SHA-256.
    case es256(P256.Signing.PublicKey)
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    case rs256(_RSA.Signing.PublicKey)

    /// COSE's numbers of what is taken, best first.
    static let algorithms: [Int64] = [-7, -257]

    /// RSA keys of 2048 to 4096 bits.
    private static let modulus = 256...512

    init(cose bytes: [UInt8]) throws(PasskeyFailure) {
        let key = try CBORReader.value(bytes)
        guard case .map(let map) = key else { throw .malformed }
        switch key[.integer(3)] {
        case .integer(-7):
            guard map.count == 5, key[.integer(1)] == .integer(2), key[.integer(-1)] == .integer(1),
                let x = key[.integer(-2)]?.bytes, let y = key[.integer(-3)]?.bytes, x.count == 32, y.count == 32
            else { throw .malformed }
            // A point off the curve is refused here.
            guard let point = try? P256.Signing.PublicKey(x963Representation: [0x04] + x + y) else { throw .malformed }
            self = .es256(point)
        case .integer(-257):
            guard map.count == 4, key[.integer(1)] == .integer(3), let n = key[.integer(-1)]?.bytes,
                let e = key[.integer(-2)]?.bytes, Self.modulus.contains(n.count), e == [1, 0, 1],
                let last = n.last, last & 1 == 1, let first = n.first, first != 0
            else { throw .malformed }
            guard let number = try? _RSA.Signing.PublicKey(n: n, e: e) else { throw .malformed }
            self = .rs256(number)
        default: throw .algorithm
        }
    }

    /// Whether a signature over bytes is this key's.
    func isValid(_ signature: [UInt8], over bytes: [UInt8]) -> Bool {
        switch self {
        case .es256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: SHA256.hash(data: bytes))
        case .rs256(let key):
            return key.isValidSignature(
                _RSA.Signing.RSASignature(rawRepresentation: Data(signature)),
                for: SHA256.hash(data: bytes),
                padding: .insecurePKCS1v1_5
            )
        }
    }

    /// COSE's number of the algorithm.
    var algorithm: Int64 {
        switch self {
        case .es256: -7
        case .rs256: -257
        }
    }
}
