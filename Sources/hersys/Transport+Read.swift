import NIOCore
import NIOSSL
import Web

// The room of the pages doesn't know TLS; here they meet.
extension Transport {
    /// How a connection is encrypted; nil where a proxy before this server does that.
    ///
    /// The handler that does it stands on the connection itself, or on the one that a stream of HTTP/2 belongs to.
    @Sendable
    static func read(_ channel: any Channel) async -> Transport? {
        if let version = try? await channel.nioSSL_tlsVersion().get() {
            return Transport(version: name(version), isHTTP2: false)
        }
        if let version = try? await channel.parent?.nioSSL_tlsVersion().get() {
            return Transport(version: name(version), isHTTP2: true)
        }
        return nil
    }

    private static func name(_ version: TLSVersion) -> Version {
        switch version {
        case .tlsv13: .tls13
        case .tlsv12: .tls12
        case .tlsv11, .tlsv1: .older
        }
    }
}
