import NIOCore

/// Whose word is taken for whose connection it is: addresses and networks of proxies.
public struct TrustedProxies: Sendable {
    private struct Network {
        let address: UInt128
        /// How many of its last bits may differ.
        let open: Int
    }

    private let networks: [Network]

    /// Reads addresses and networks between commas, such as `127.0.0.1,10.0.0.0/24,fd00::/8`; nil where one is neither.
    public init?(_ text: String) {
        var networks: [Network] = []
        let entries =
            text.allSatisfy(\.isWhitespace) ? [] : text.split(separator: ",", omittingEmptySubsequences: false)
        for entry in entries {
            let begun = entry.drop(while: \.isWhitespace)
            guard let network = Self.network(begun.prefix { !$0.isWhitespace }),
                begun.drop(while: { !$0.isWhitespace }).allSatisfy(\.isWhitespace)
            else { return nil }
            networks.append(network)
        }
        self.networks = networks
    }

    /// Whether nobody is trusted.
    public var isEmpty: Bool { networks.isEmpty }

    /// Whether a connection comes from one of them.
    func contains(_ peer: SocketAddress) -> Bool {
        guard let number = peer.number else { return false }
        return networks.contains { ($0.address ^ number) >> $0.open == 0 }
    }

    private static func network(_ text: Substring) -> Network? {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = SocketAddress(literal: parts[0], port: 0), let number = address.number else { return nil }
        guard parts.count == 2 else { return Network(address: number, open: 0) }
        let width = address.protocol == .inet ? 32 : 128
        guard parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }), let bits = Int(parts[1]), bits <= width else {
            return nil
        }
        return Network(address: number, open: width - bits)
    }
}
