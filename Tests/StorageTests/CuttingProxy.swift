import Foundation
import Glibc
import Synchronization

/// Stands between the engine and PostgreSQL, reads what the engine says and breaks the line where it is told to.
final class CuttingProxy: Sendable {
    /// What happens to the next transaction that is committed.
    enum Mishap: Sendable {
        /// Nothing.
        case none
        /// The line breaks before the server has heard COMMIT.
        case cutBeforeCommit
        /// The server commits, and the line breaks before its answer.
        case answerLost
        /// The line breaks, and the server hears COMMIT a second later.
        case commitLate
        /// Nothing passes any more, and nobody is told; for so many seconds.
        case silence(seconds: Double)
    }

    private struct State {
        var mishap = Mishap.none
        var happened = 0
        var silentUntil = Date.distantPast
    }

    let port: Int
    private let target: Int
    private let listener: Int32
    private let state = Mutex(State())

    /// How often something was broken so far.
    var happened: Int { state.withLock { $0.happened } }

    init(to target: Int) throws {
        self.target = target
        let ear = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        listener = ear
        var place = Self.place(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &place) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(ear, address, size) == 0 && listen(ear, 64) == 0 && getsockname(ear, address, &size) == 0
            }
        }
        guard bound else { throw POSIXError(.EADDRINUSE) }
        port = Int(UInt16(bigEndian: place.sin_port))
        Thread.detachNewThread { self.accept() }
    }

    func close() {
        shutdown(listener, Int32(SHUT_RDWR))
        _ = Glibc.close(listener)
    }

    /// Says what happens next.
    func prepare(_ mishap: Mishap) { state.withLock { $0.mishap = mishap } }

    private static func place(_ port: Int) -> sockaddr_in {
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = in_port_t(port).bigEndian
        place.sin_addr.s_addr = inet_addr("127.0.0.1")
        return place
    }

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { return }
            let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var place = Self.place(target)
            let connected = withUnsafePointer(to: &place) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            let line = Line(client: client, server: server)
            guard connected else {
                line.cut()
                continue
            }
            Thread.detachNewThread { self.forward(line) }
            Thread.detachNewThread { self.answer(line) }
        }
    }

    /// Both ends of a connection.
    private final class Line: Sendable {
        let client: Int32
        let server: Int32
        let isDeaf = Mutex(false)

        init(client: Int32, server: Int32) {
            self.client = client
            self.server = server
        }

        func cut() {
            shutdown(client, Int32(SHUT_RDWR))
            shutdown(server, Int32(SHUT_RDWR))
        }
    }

    private static func receive(_ socket: Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(socket, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer.prefix(count)) : nil
    }

    private static func pass(_ bytes: some Collection<UInt8>, to socket: Int32) {
        let all = Array(bytes)
        var sent = 0
        while sent < all.count {
            let count = all[sent...].withUnsafeBytes {
                send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    private func waitOutSilence() {
        while state.withLock({ $0.silentUntil }) > Date() { Thread.sleep(forTimeInterval: 0.02) }
    }

    private func answer(_ line: Line) {
        while let bytes = Self.receive(line.server) {
            waitOutSilence()
            if line.isDeaf.withLock({ $0 }) { continue }
            Self.pass(bytes, to: line.client)
        }
        shutdown(line.client, Int32(SHUT_RDWR))
    }

    /// Passes on what the engine says, message by message.
    private func forward(_ line: Line) {
        var waiting: [UInt8] = []
        var isFirst = true
        // The name under which this session has prepared COMMIT.
        var commit: [UInt8]?
        while let bytes = Self.receive(line.client) {
            waiting += bytes
            var passed = 0
            while true {
                let head = isFirst ? 0 : 1
                guard waiting.count - passed >= head + 4 else { break }
                let at = passed + head
                let length = waiting[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
                guard waiting.count - passed >= head + length else { break }
                let message = waiting[passed..<passed + head + length]
                let content = message.dropFirst(head + 4)
                // Parse: name, text. Bind: portal, name.
                if !isFirst, message.first == UInt8(ascii: "P") {
                    let parts = content.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
                    if parts.count > 1, parts[1].elementsEqual("COMMIT".utf8) { commit = Array(parts[0]) }
                }
                if !isFirst, message.first == UInt8(ascii: "B"), let commit {
                    let parts = content.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
                    if parts.count > 1, parts[1].elementsEqual(commit),
                        happen(line, before: waiting[..<passed], waiting[passed...])
                    {
                        return
                    }
                }
                isFirst = false
                passed += head + length
            }
            waitOutSilence()
            Self.pass(waiting.prefix(passed), to: line.server)
            waiting.removeFirst(passed)
        }
        shutdown(line.server, Int32(SHUT_RDWR))
    }

    /// Breaks what was ordered; false where nothing was.
    private func happen(_ line: Line, before: ArraySlice<UInt8>, _ rest: ArraySlice<UInt8>) -> Bool {
        let mishap = state.withLock { state in
            defer {
                if case .none = state.mishap {} else { state.happened += 1 }
                state.mishap = .none
            }
            return state.mishap
        }
        switch mishap {
        case .none: return false
        case .cutBeforeCommit: line.cut()
        case .answerLost:
            line.isDeaf.withLock { $0 = true }
            Self.pass(before + rest, to: line.server)
            // The server has answered by then.
            Thread.sleep(forTimeInterval: 0.3)
            line.cut()
        case .commitLate:
            line.isDeaf.withLock { $0 = true }
            Self.pass(before, to: line.server)
            shutdown(line.client, Int32(SHUT_RDWR))
            Thread.sleep(forTimeInterval: 1)
            Self.pass(rest, to: line.server)
            Thread.sleep(forTimeInterval: 0.5)
            line.cut()
        case .silence(let seconds):
            state.withLock { $0.silentUntil = Date().addingTimeInterval(seconds) }
            return false
        }
        return true
    }
}
