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
        var known: [UInt32] = []
        var writes: UInt32 = 0
        var notedAt: ContinuousClock.Instant?
        var isWarned = false
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

    private func look(_ seen: inout Seen) async {
        if let file = Identity(path), file != seen.file {
            // A file that is half written is looked at again.
            if let ring = try? KeyRing.load(path: path), casework.keys.take(ring) {
                (seen.file, seen.isWarned) = (file, false)
            } else {
                warn(&seen, "key file not taken: damaged, another installation's, or without the key in use")
            }
        }
        do {
            if try await !casework.followKey() {
                warn(&seen, "new rows are sealed with a key that isn't in the key file")
            }
            let (known, writes, now) = (casework.keys.known, casework.keys.writes, ContinuousClock.now)
            let isDue = seen.notedAt.map { now - $0 > .seconds(15) } ?? true
            guard isDue || known != seen.known || writes != seen.writes else { return }
            try await casework.noteKeys(id: id, machine: Self.machine, works: works)
            if writes != seen.writes, seen.writes != 0 {
                logger.notice("sealing key changed", metadata: ["key": .stringConvertible(writes)])
            }
            (seen.known, seen.writes, seen.notedAt) = (known, writes, now)
        } catch {
            // A database that is away is said by others; it is asked again in a moment.
        }
    }

    private func warn(_ seen: inout Seen, _ text: String) {
        guard !seen.isWarned else { return }
        seen.isWarned = true
        logger.error("\(text)")
    }
}
