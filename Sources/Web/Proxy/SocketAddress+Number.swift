import NIOCore

extension SocketAddress {
    /// The address as a number of IPv6, where IPv4 has a place of its own; nil for a socket in the file system.
    var number: UInt128? {
        // Family, port and, for IPv6, the flow stand before it, on every system.
        switch self {
        case .v4: Self.mapped | number(4..<8)
        case .v6: number(8..<24)
        case .unixDomainSocket: nil
        }
    }

    /// IPv4 where the address is one that IPv6 carries (`::ffff:192.0.2.7`): one machine has one address.
    var withoutMapping: SocketAddress {
        guard case .v6 = self, let number, number >> 32 == Self.mapped >> 32 else { return self }
        let bytes = ByteBuffer(integer: UInt32(truncatingIfNeeded: number))
        return (try? SocketAddress(packedIPAddress: bytes, port: port ?? 0)) ?? self
    }

    /// An address as it is written, without a name to be looked up and without a scope.
    init?(literal text: some StringProtocol, port: Int) {
        guard text.utf8.allSatisfy({ Self.letters.contains($0) }),
            let address = try? SocketAddress(ipAddress: String(text), port: port)
        else { return nil }
        self = address
    }

    private static let letters = Set("0123456789abcdefABCDEF:.".utf8)
    private static let mapped: UInt128 = 0xFFFF_0000_0000

    private func number(_ bytes: Range<Int>) -> UInt128 {
        withSockAddr { start, size in
            UnsafeRawBufferPointer(start: start, count: size)[bytes].reduce(0) { $0 << 8 | UInt128($1) }
        }
    }
}
