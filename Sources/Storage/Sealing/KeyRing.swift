import Crypto
import Foundation

/// The secrets of an installation: sealing keys by number, and the keys of tokens, history chain and HER-SYS IDs.
///
/// Kept in a file apart from the database: whoever has one without the other has nobody's name.
public struct KeyRing: Sendable {
    /// The file's shape.
    private struct Stored: Codable {
        var current: UInt32
        var sealing: [String: String]
        var token: String
        var chain: String
        var number: String
    }

    /// What is wrong with a key file.
    public enum Failure: Error, Sendable {
        /// There is no file at that path.
        case missing(path: String)
        /// The file isn't a key ring.
        case damaged(path: String)
        /// There is a file already; a key ring is never overwritten.
        case exists(path: String)
    }

    let current: UInt32
    let sealing: [UInt32: SymmetricKey]
    let token: SymmetricKey
    let chain: SymmetricKey
    let number: (UInt64, UInt64)
    private let stored: Stored

    private init?(_ stored: Stored) {
        func key(_ text: String) -> SymmetricKey? {
            Data(base64Encoded: text).flatMap { $0.count == 32 ? SymmetricKey(data: $0) : nil }
        }
        var sealing: [UInt32: SymmetricKey] = [:]
        for (name, text) in stored.sealing {
            guard let id = UInt32(name), let key = key(text) else { return nil }
            sealing[id] = key
        }
        guard sealing[stored.current] != nil, let token = key(stored.token), let chain = key(stored.chain),
            let number = Data(base64Encoded: stored.number), number.count == 16
        else { return nil }
        let words = number.withUnsafeBytes {
            ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        self.current = stored.current
        self.sealing = sealing
        self.token = token
        self.chain = chain
        self.number = words
        self.stored = stored
    }

    /// A new ring with fresh keys.
    public static func generate() -> KeyRing {
        func fresh(_ bytes: Int) -> String {
            SymmetricKey(size: .init(bitCount: bytes * 8)).withUnsafeBytes { Data($0) }.base64EncodedString()
        }
        let stored = Stored(
            current: 1,
            sealing: ["1": fresh(32)],
            token: fresh(32),
            chain: fresh(32),
            number: fresh(16)
        )
        guard let ring = KeyRing(stored) else { preconditionFailure("fresh keys have the right length") }
        return ring
    }

    /// Reads a ring from its file.
    public static func load(path: String) throws -> KeyRing {
        guard let data = FileManager.default.contents(atPath: path) else { throw Failure.missing(path: path) }
        guard let stored = try? JSONDecoder().decode(Stored.self, from: data), let ring = KeyRing(stored) else {
            throw Failure.damaged(path: path)
        }
        return ring
    }

    /// Writes the ring to a new file that only its owner may read.
    public func save(path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let data = try encoder.encode(stored)
        // Exclusive creation with the mode set from the first moment: the keys are never readable by others.
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard file >= 0 else { throw Failure.exists(path: path) }
        let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
        try handle.write(contentsOf: data)
        try handle.synchronize()
        try handle.close()
    }
}
