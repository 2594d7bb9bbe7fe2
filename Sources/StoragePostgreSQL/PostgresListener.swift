import Foundation
import Glibc
import Storage
import Synchronization

/// Tells the other processes and hears them, on a connection of its own.
///
/// What is told within a moment goes out as one notification: a notification holds a lock of the whole server while
/// it commits, and so is never part of a case's transaction.
final class PostgresListener: Sendable {
    private struct State {
        var waiting: [String] = []
        var receiver: AsyncStream<Broadcast>.Continuation?
        var isClosed = false
    }

    private let address: PostgresAddress
    private let state = Mutex(State())
    /// Wakes the thread: the reading and the writing end of a pipe.
    private let wake: (read: Int32, write: Int32)
    private let ended = DispatchSemaphore(value: 0)

    /// The server takes payloads below 8,000 bytes.
    private static let mostBytes = 7000

    init(_ address: PostgresAddress) {
        self.address = address
        var ends: [Int32] = [-1, -1]
        _ = pipe(&ends)
        for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        wake = (ends[0], ends[1])
    }

    func tell(_ text: String) {
        state.withLock { $0.waiting.append(text) }
        ring()
    }

    func stream() -> AsyncStream<Broadcast> {
        AsyncStream(bufferingPolicy: .bufferingNewest(10_000)) { continuation in
            let isClosed = state.withLock { state in
                state.receiver = continuation
                return state.isClosed
            }
            if isClosed { continuation.finish() }
        }
    }

    func close() {
        let receiver = state.withLock { state in
            state.isClosed = true
            return state.receiver
        }
        receiver?.finish()
        ring()
        ended.wait()
        _ = Glibc.close(wake.read)
        _ = Glibc.close(wake.write)
    }

    private func ring() {
        var byte: UInt8 = 1
        _ = write(wake.write, &byte, 1)
    }

    private var isClosed: Bool { state.withLock { $0.isClosed } }

    private func receive(_ broadcast: Broadcast) {
        _ = state.withLock { $0.receiver }?.yield(broadcast)
    }

    /// Works until closed, on a thread of its own.
    func work() {
        defer { ended.signal() }
        var isFirst = true
        var tries = 0
        while !isClosed {
            do {
                let session = try PostgresSession(address, patience: 10)
                try session.send("LISTEN hersys", [])
                _ = try session.finish()
                // What was said while nobody listened is not heard any more.
                if !isFirst { receive(.missed) }
                isFirst = false
                tries = 0
                var swept = ContinuousClock.now
                while !isClosed {
                    try turn(session)
                    guard swept.duration(to: .now) > .seconds(60), (try? PostgresTokens.prepare(session)) != nil else {
                        continue
                    }
                    swept = .now
                    try PostgresTokens.sweep(session)
                }
                // A command that ends at once has told something, too.
                try tellWaiting(session)
            } catch {
                tries += 1
                pause(milliseconds: min(50 << min(tries, 5), 1000))
            }
        }
    }

    private func pause(milliseconds: Int) {
        var one = pollfd(fd: wake.read, events: 0, revents: 0)
        _ = poll(&one, 1, Int32(milliseconds))
    }

    private func turn(_ session: PostgresSession) throws {
        var both = [
            pollfd(fd: wake.read, events: Int16(POLLIN), revents: 0),
            pollfd(fd: session.socket, events: Int16(POLLIN), revents: 0),
        ]
        // A statement of our own may have taken in what others said: the socket is silent then.
        hear(session)
        _ = poll(&both, 2, 15_000)
        if both[0].revents != 0 {
            var bytes = [UInt8](repeating: 0, count: 512)
            while read(wake.read, &bytes, bytes.count) > 0 {}
            try tellWaiting(session)
        }
        guard session.isAlive() else { throw SessionFailure.lost }
        hear(session)
        if both[0].revents == 0, both[1].revents == 0 {
            // Nothing was heard for a while: is the server still there?
            try session.send("SELECT 1", [])
            _ = try session.finish()
        }
    }

    private func hear(_ session: PostgresSession) {
        while let (text, isOwn) = session.notification() {
            guard !isOwn else { continue }
            for line in text.split(separator: "\n") { receive(.said(String(line))) }
        }
    }

    private func tellWaiting(_ session: PostgresSession) throws {
        while true {
            let texts = state.withLock { $0.waiting }
            guard !texts.isEmpty else { return }
            var payload = ""
            var count = 0
            for text in texts {
                if count > 0, payload.utf8.count + text.utf8.count >= Self.mostBytes { break }
                // What no notification can hold is left out: the others would wait behind it for ever.
                if text.utf8.count < Self.mostBytes { payload += text + "\n" }
                count += 1
            }
            if !payload.isEmpty {
                try session.send("SELECT pg_notify('hersys', $1)", [.text(payload)])
                _ = try session.finish()
            }
            // Only what has gone out is forgotten: a line that breaks meanwhile is told on the next.
            state.withLock { $0.waiting.removeFirst(count) }
        }
    }
}
