import NIOCore

/// Version 1: one line such as `PROXY TCP4 192.0.2.7 10.0.0.11 51234 443`.
extension ProxyHeader {
    /// With the line's end, for two addresses of IPv6 in full.
    private static let longestLine = 107
    private static let beginning = Array("PROXY ".utf8)
    private static let carriageReturn = UInt8(ascii: "\r")

    /// Reads a line; nil where its end hasn't come.
    static func text(_ bytes: [UInt8]) throws -> Found? {
        let line = bytes.prefix(longestLine)
        guard zip(line, beginning).allSatisfy({ $0 == $1 }) else { throw Malformed() }
        guard let end = line.firstIndex(where: { !(0x20...0x7E).contains($0) }) else {
            guard line.count < longestLine else { throw Malformed() }
            return nil
        }
        guard line[end] == carriageReturn, end + 1 < longestLine else { throw Malformed() }
        guard end + 1 < line.count else { return nil }
        guard line[end + 1] == UInt8(ascii: "\n") else { throw Malformed() }
        return Found(header: try header(String(decoding: line[..<end], as: UTF8.self)), length: end + 2)
    }

    private static func header(_ line: String) throws -> ProxyHeader {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        // Whatever follows is to be ignored.
        if words[1] == "UNKNOWN" { return .own }
        guard words.count == 6, words[1] == "TCP4" || words[1] == "TCP6" else { throw Malformed() }
        guard let sourcePort = port(words[4]), let port = port(words[5]),
            let source = SocketAddress(literal: words[2], port: sourcePort),
            let destination = SocketAddress(literal: words[3], port: port)
        else { throw Malformed() }
        let family: NIOBSDSocket.ProtocolFamily = words[1] == "TCP4" ? .inet : .inet6
        guard source.protocol == family, destination.protocol == family else { throw Malformed() }
        return .client(source.withoutMapping)
    }

    private static func port(_ text: Substring) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            text == "0" || !text.hasPrefix("0"), let port = Int(text), port <= 65_535
        else { return nil }
        return port
    }
}
