import NIOCore

/// What a proxy says before anything else: whose connection it passes on (PROXY protocol, versions 1 and 2).
///
/// https://www.haproxy.org/download/2.6/doc/proxy-protocol.txt
enum ProxyHeader: Equatable, Sendable {
    /// The proxy's own connection, as when it asks for the server's health, or one of which it knows nothing.
    case own
    /// A connection of somebody at this address.
    case client(SocketAddress)

    /// What has come is no header and won't become one.
    struct Malformed: Error {}

    /// A header and how many bytes it has.
    struct Found {
        let header: ProxyHeader
        let length: Int
    }

    /// HAProxy adds to the addresses what it knows of TLS, some hundred bytes at the most; the format would allow 64 KB.
    static let longest = 2048

    /// Takes the header off the front of what has come; nil, and nothing is taken, where it isn't whole yet.
    static func take(from buffer: inout ByteBuffer) throws -> ProxyHeader? {
        let come = min(buffer.readableBytes, longest)
        guard let bytes = buffer.getBytes(at: buffer.readerIndex, length: come), let first = bytes.first else {
            return nil
        }
        let found = first == UInt8(ascii: "P") ? try text(bytes) : try binary(bytes)
        guard let found else { return nil }
        buffer.moveReaderIndex(forwardBy: found.length)
        return found.header
    }
}
