import Foundation
import Glibc
import Synchronization

/// One keep-alive connection over loopback, used by one thread.
struct Connection: ~Copyable {
    enum Failure: Error {
        case closed
        case answer(status: Int, body: String)
    }

    private let socket: Int32
    private var buffer: [UInt8] = []

    init(port: UInt16) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Connection.loopback(port)
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw Failure.closed }
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit {
        close(socket)
    }

    /// Sends a request and waits for its answer.
    mutating func exchange(_ request: [UInt8]) throws -> (status: Int, body: [UInt8]) {
        var sent = 0
        while sent < request.count {
            let count = request.withUnsafeBytes { write(socket, $0.baseAddress?.advanced(by: sent), $0.count - sent) }
            guard count > 0 else { throw Failure.closed }
            sent += count
        }
        buffer.removeAll(keepingCapacity: true)
        var end = headEnd()
        while end == nil {
            try receive()
            end = headEnd()
        }
        guard let end else { throw Failure.closed }
        let head = String(decoding: buffer[..<end], as: UTF8.self)
        let status = Int(head.dropFirst(9).prefix(3)) ?? 0
        let length =
            head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
        while buffer.count < end + 4 + length { try receive() }
        return (status, Array(buffer[(end + 4)...]))
    }

    private mutating func receive() throws {
        let piece = [UInt8](unsafeUninitializedCapacity: 65_536) { space, count in
            count = max(0, read(socket, space.baseAddress, space.count))
        }
        guard !piece.isEmpty else { throw Failure.closed }
        buffer.append(contentsOf: piece)
    }

    private func headEnd() -> Int? {
        guard buffer.count >= 4 else { return nil }
        return (0...buffer.count - 4).first { place in
            buffer[place] == 13 && buffer[place + 1] == 10 && buffer[place + 2] == 13 && buffer[place + 3] == 10
        }
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    /// A port that nobody listens on.
    static func freePort() -> UInt16 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bare in
                _ = bind(socket, bare, length)
                _ = getsockname(socket, bare, &length)
            }
            return UInt16(bigEndian: pointer.pointee.sin_port)
        }
    }
}
