import Foundation

/// Whether the ports of a line are free.
enum LinePorts {
    /// Whether nobody has the ports on which a line's engine takes commands and speaks SIP.
    static func areFree(_ trunk: Trunk, line: Int) -> Bool {
        let stream = Int32(SOCK_STREAM.rawValue)
        let datagram = Int32(SOCK_DGRAM.rawValue)
        return isFree("127.0.0.1", trunk.controlPort(line: line), stream)
            && isFree(trunk.listen, trunk.port(line: line), trunk.transport == .udp ? datagram : stream)
    }

    private static func isFree(_ host: String, _ port: Int, _ kind: Int32) -> Bool {
        guard let port = UInt16(exactly: port) else { return false }
        let socket = socket(AF_INET, kind, 0)
        guard socket >= 0 else { return false }
        defer { close(socket) }
        // What an engine of before has left in TIME_WAIT is free.
        var yes: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr(host)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
