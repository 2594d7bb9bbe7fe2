import Casework
import Foundation
import Logging
import ServiceLifecycle
import Storage

/// Follows the key file and the database's word on which key is written with, while the process works.
///
/// Everybody has to be able to open with a new key before anybody seals with it; so each process says in the database
/// which keys it holds. docs/decisions/0021-key-rotation.md
struct KeyWatch: Service {
    /// What tells one file in a place from another that took it.
    private struct Identity: Equatable {
        let file: UInt64?
        let size: UInt64?
        let changedAt: Date?

        init?(_ path: String) {
            // A link is followed: it is the file that is replaced.
            let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            guard let found = try? FileManager.default.attributesOfItem(atPath: path) else { return nil }
            file = (found[.systemFileNumber] as? NSNumber)?.uint64Value
            size = (found[.size] as? NSNumber)?.uint64Value
            changedAt = found[.modificationDate] as? Date
        }
    }

    /// What was last done.
    private struct Seen {
        var file: Identity?
        var fingerprints: [UInt32: String] = [:]
        var writes: UInt32 = 0
        var refusesFile = false
        var notedAt: ContinuousClock.Instant?
        var warnedAt: ContinuousClock.Instant?
    }

    private let casework: Casework
    private let path: String
    private let works: Bool
    private let logger: Logger
    private let id = UUID().uuidString.lowercased()

    init(_ casework: Casework, path: String, works: Bool, _ logger: Logger) {
        (self.casework, self.path, self.works, self.logger) = (casework, path, works, logger)
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var seen = Seen()
            while !Task.isCancelled {
                await look(&seen)
                do { try await Task.sleep(for: .seconds(3)) } catch { break }
            }
        }
        if await casework.isReady() { try? await casework.forgetKeys(id: id) }
    }

    /// The machine's own name; Foundation would ask the network for it.
    private static let machine: String = {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "?" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }()

    /// Whether the file in its place is the one that the process works with, as far as it can be taken.
    private func takes(_ seen: inout Seen) -> Bool {
        guard let file = Identity(path) else { return false }
        guard file != seen.file else { return true }
        // A file that is half written is looked at again.
        guard let ring = try? KeyRing.load(path: path), casework.keys.take(ring) else { return false }
        (seen.file, seen.warnedAt) = (file, nil)
        return true
    }

    private func look(_ seen: inout Seen) async {
        let refusesFile = !takes(&seen)
        if refusesFile {
            warn(
                &seen,
                "key file not taken: gone, damaged, another installation's, without the key in use, or with another "
                    + "key under a number in use; this process works on with the keys in its memory, don't restart it"
            )
        }
        do {
            if try await !casework.followKey() {
                warn(&seen, "new rows are sealed with a key that the key file hasn't got, or not under its number")
            }
            let (fingerprints, writes) = (casework.keys.fingerprints, casework.keys.writes)
            let now = ContinuousClock.now
            let isDue = seen.notedAt.map { now - $0 > .seconds(15) } ?? true
            let isNews =
                fingerprints != seen.fingerprints || writes != seen.writes || refusesFile != seen.refusesFile
            guard isDue || isNews else { return }
            try await casework.noteKeys(id: id, machine: Self.machine, works: works, refusesFile: refusesFile)
            if writes != seen.writes, seen.writes != 0 {
                logger.notice("sealing key changed", metadata: ["key": .stringConvertible(writes)])
            }
            (seen.fingerprints, seen.writes, seen.refusesFile, seen.notedAt) = (fingerprints, writes, refusesFile, now)
        } catch {
            // A database that is away is said by others; it is asked again in a moment.
        }
    }

    private func warn(_ seen: inout Seen, _ text: String) {
        // Again every ten minutes: one line is soon far up.
        let now = ContinuousClock.now
        guard seen.warnedAt.map({ now - $0 > .seconds(600) }) ?? true else { return }
        seen.warnedAt = now
        logger.error("\(text)")
    }
}
