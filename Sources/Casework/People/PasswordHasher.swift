import Crypto
import CryptoExtras
import Dispatch
import Foundation
import Synchronization

/// Hashes passwords with scrypt (RFC 7914) away from the cooperative pool.
///
/// One hash at N = 2¹⁷ takes 128 MiB and half a second of a core: two run at a time, and beyond a queue of
/// ``mostWaiting`` a sign-in is told to come back rather than left hanging.
final class PasswordHasher: Sendable {
    private static let mostWaiting = 40
    private let cost: Int
    private let queues = [
        DispatchQueue(label: "hersys.password.0"), DispatchQueue(label: "hersys.password.1"),
    ]
    /// For work that nobody waits for: one hash at a time beside the sign-ins, never in their line.
    private let aside = DispatchQueue(label: "hersys.password.aside", qos: .utility)
    private let waiting = Mutex((count: 0, next: 0))
    /// What a sign-in with an unknown user ID is compared with, so that it takes as long as a wrong password.
    private let nobody: String

    init(cost: Int) {
        self.cost = cost
        let nothing = Data(count: 16).base64EncodedString()
        nobody = "scrypt$\(cost)$8$1$\(nothing)$\(Data(count: 32).base64EncodedString())"
    }

    /// The string to store for a password.
    func hash(_ password: String) async throws -> String {
        let salt = Self.salt()
        let cost = self.cost
        let key = try await run { try Self.derive(password, salt, cost) }
        return text(salt, key)
    }

    /// The string to store for a password, in work that nobody waits for; any number may wait.
    func hashAside(_ password: String) async throws -> String {
        let salt = Self.salt()
        let cost = self.cost
        let key: Data = try await withCheckedThrowingContinuation { continuation in
            aside.async { continuation.resume(with: Result { try Self.derive(password, salt, cost) }) }
        }
        return text(salt, key)
    }

    private static func salt() -> Data { SymmetricKey(size: .bits128).withUnsafeBytes { Data($0) } }

    private func text(_ salt: Data, _ key: Data) -> String {
        "scrypt$\(cost)$8$1$\(salt.base64EncodedString())$\(key.base64EncodedString())"
    }

    /// Whether a password is the one a string was stored for; nil stands for an unknown user and takes as long.
    func matches(_ password: String, _ stored: String?) async throws -> Bool {
        let parts = (stored ?? nobody).split(separator: "$")
        guard parts.count == 6, parts[0] == "scrypt", let cost = Int(parts[1]), (4...20).contains(cost),
            let salt = Data(base64Encoded: String(parts[4])), let expected = Data(base64Encoded: String(parts[5]))
        else { return false }
        let key = try await run { try Self.derive(password, salt, cost) }
        return sameBytes(key, expected) && stored != nil
    }

    private static func derive(_ password: String, _ salt: Data, _ cost: Int) throws -> Data {
        // The same letters typed on another keyboard must be the same password (RFC 8265 asks for NFC).
        let bytes = Data(password.precomposedStringWithCanonicalMapping.utf8)
        return try KDF.Scrypt.deriveKey(
            from: bytes,
            salt: salt,
            outputByteCount: 32,
            rounds: 1 << cost,
            blockSize: 8,
            parallelism: 1
        ).withUnsafeBytes { Data($0) }
    }

    private func run(_ body: @escaping @Sendable () throws -> Data) async throws -> Data {
        let queue = waiting.withLock { waiting -> DispatchQueue? in
            guard waiting.count < Self.mostWaiting else { return nil }
            waiting.count += 1
            waiting.next = 1 - waiting.next
            return queues[waiting.next]
        }
        guard let queue else { throw Refusal.tooMany(seconds: 10) }
        defer { waiting.withLock { $0.count -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body() }) }
        }
    }
}

/// Compares secrets in a time that doesn't depend on where they differ.
func sameBytes(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Bool {
    let a = Array(left)
    let b = Array(right)
    guard a.count == b.count else { return false }
    var difference: UInt8 = 0
    for index in a.indices { difference |= a[index] ^ b[index] }
    return difference == 0
}
