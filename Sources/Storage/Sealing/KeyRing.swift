import Crypto
import Foundation

/// The secrets of an installation: sealing keys by number, and the keys of tokens, history chain and HER-SYS IDs.
///
/// Kept in a file apart from the database: whoever has one without the other has nobody's name.
public struct KeyRing: Sendable {
    /// The file's shape.
    private struct Stored: Codable {
        var current: UInt32
        /// The highest number that was ever given; a file of before doesn't say it.
        var highest: UInt32?
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
        /// The ring has no such key, or it is the one that is written with.
        case noKey(UInt32)
    }

    /// Above it a number has the bit that says what a seal carries.
    private static let limit: UInt32 = 1 << 31

    /// What tells a key from another one of the same number, and says nothing of it: 8 bytes in hexadecimal digits.
    public let fingerprints: [UInt32: String]

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
            guard let id = UInt32(name), (1..<Self.limit).contains(id), let key = key(text) else { return nil }
            sealing[id] = key
        }
        guard sealing[stored.current] != nil, stored.highest ?? 1 < Self.limit, let token = key(stored.token),
            let chain = key(stored.chain), let number = Data(base64Encoded: stored.number), number.count == 16
        else { return nil }
        let words = number.withUnsafeBytes {
            ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        self.current = stored.current
        self.sealing = sealing
        self.token = token
        self.chain = chain
        self.number = words
        fingerprints = sealing.mapValues(Self.fingerprint)
        self.stored = stored
    }

    private static func fingerprint(_ key: SymmetricKey) -> String {
        let text = Array("HER-SYS sealing key".utf8)
        return Hex.text(HMAC<SHA256>.authenticationCode(for: text, using: key).prefix(8))
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

    /// The numbers of its sealing keys, smallest first.
    public var known: [UInt32] { sealing.keys.sorted() }

    /// The newest sealing key's number.
    public var newest: UInt32 { sealing.keys.max() ?? current }

    /// The highest number that a sealing key of this file ever had; it isn't given again.
    var highest: UInt32 { max(stored.highest ?? 0, newest) }

    /// The number of the key that a database is written with in which nothing else is said.
    public var usual: UInt32 { current }

    /// Whether another ring has the same keys but for those that seal: what one of them wrote, the other finds.
    func isOfSameInstallation(_ other: KeyRing) -> Bool {
        stored.token == other.stored.token && stored.chain == other.stored.chain && stored.number == other.stored.number
    }

    /// The numbers under which another ring has other keys.
    func unlike(_ other: KeyRing) -> [UInt32] {
        sealing.filter { number, key in other.sealing[number].map { $0 != key } ?? false }.keys.sorted()
    }

    /// The same ring with one more sealing key, which isn't written with yet, under a number that none had before.
    public func adding() -> KeyRing {
        var stored = stored
        let number = highest + 1
        stored.highest = number
        stored.sealing[String(number)] = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
            .base64EncodedString()
        return KeyRing(stored) ?? self
    }

    /// The same ring, written with another of its keys.
    public func writing(with number: UInt32) throws -> KeyRing {
        var stored = stored
        stored.current = number
        guard let ring = KeyRing(stored) else { throw Failure.noKey(number) }
        return ring
    }

    /// The same ring without a key that nothing is sealed with any more.
    public func retiring(_ number: UInt32) throws -> KeyRing {
        var stored = stored
        stored.highest = highest
        guard number != current, stored.sealing.removeValue(forKey: String(number)) != nil,
            let ring = KeyRing(stored)
        else { throw Failure.noKey(number) }
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
        let data = try content()
        // Exclusive creation with the mode set from the first moment: the keys are never readable by others.
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard file >= 0 else { throw Failure.exists(path: path) }
        let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
        try handle.write(contentsOf: data)
        try handle.synchronize()
        try handle.close()
    }

    /// Puts the ring in the place of the file that it came from: whoever reads meets the old one or the new one, whole,
    /// also after a power cut.
    ///
    /// - Throws: ``Failure/exists(path:)`` where another change of the file is under way or was interrupted.
    public func replace(path: String) throws {
        // A link in /etc stays one.
        let path =
            realpath(path, nil).map { found in
                defer { free(found) }
                return String(cString: found)
            } ?? path
        let fresh = "\(path).new"
        let file = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw Failure.exists(path: fresh) }
        let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
        do {
            // The servers' user goes on owning it, whoever runs the command.
            var old = stat()
            if stat(path, &old) == 0, old.st_uid != geteuid(), fchown(file, old.st_uid, old.st_gid) != 0 {
                throw Failure.exists(path: fresh)
            }
            try handle.write(contentsOf: try content())
            try handle.synchronize()
            try handle.close()
            guard rename(fresh, path) == 0 else { throw Failure.exists(path: fresh) }
        } catch {
            unlink(fresh)
            throw error
        }
        // The new name is on the disk only once its folder is.
        let folder = open(URL(fileURLWithPath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }

    private func content() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return try encoder.encode(stored)
    }
}
