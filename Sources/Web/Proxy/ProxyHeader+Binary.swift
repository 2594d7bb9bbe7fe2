import NIOCore

/// Version 2: twelve bytes that begin no other protocol, what follows, how long it is, the addresses, additions.
extension ProxyHeader {
    private static let signature: [UInt8] = [
        0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
    ]
    private static let fixed = 16

    /// Reads a header; nil where it isn't whole.
    static func binary(_ bytes: [UInt8]) throws -> Found? {
        guard zip(bytes, signature).allSatisfy({ $0 == $1 }) else { throw Malformed() }
        guard bytes.count >= fixed else { return nil }
        let length = fixed + number(bytes[14...15])
        guard bytes[12] >> 4 == 2, length <= longest else { throw Malformed() }
        guard bytes.count >= length else { return nil }
        let header: ProxyHeader =
            switch bytes[12] & 0x0F {
            // Addresses, if there are any, mean nothing here.
            case 0: .own
            case 1: try passedOn(family: bytes[13], bytes[fixed..<length])
            default: throw Malformed()
            }
        return Found(header: header, length: length)
    }

    private static func passedOn(family: UInt8, _ content: ArraySlice<UInt8>) throws -> ProxyHeader {
        let size: Int
        switch family {
        case 0x00: return .own
        case 0x11: size = 4
        case 0x21: size = 16
        // Datagrams and sockets in the file system: nothing of ours is reached so.
        default: throw Malformed()
        }
        guard content.count >= 2 * size + 4, isWhole(additions: content.dropFirst(2 * size + 4)) else {
            throw Malformed()
        }
        let port = number(content.dropFirst(2 * size).prefix(2))
        let address = try SocketAddress(packedIPAddress: ByteBuffer(bytes: content.prefix(size)), port: port)
        return .client(address.withoutMapping)
    }

    /// Each addition is a byte for its kind, two for its length, and so many.
    private static func isWhole(additions: ArraySlice<UInt8>) -> Bool {
        var rest = additions
        while !rest.isEmpty {
            guard rest.count >= 3 else { return false }
            let length = 3 + number(rest.dropFirst().prefix(2))
            guard rest.count >= length else { return false }
            rest = rest.dropFirst(length)
        }
        return true
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $0 << 8 | Int($1) }
    }
}
