/// How the connection to a browser is encrypted, as this server sees it.
public struct Transport: Sendable, Hashable {
    /// A version of TLS.
    public enum Version: Sendable, Hashable {
        /// TLS 1.3 (RFC 8446).
        case tls13
        /// TLS 1.2 (RFC 5246), the least that the notice allows.
        case tls12
        /// An older one.
        case older
    }

    /// The version agreed upon.
    public let version: Version
    /// Whether HTTP/2 is spoken.
    public let isHTTP2: Bool

    /// An encrypted connection.
    public init(version: Version, isHTTP2: Bool) {
        self.version = version
        self.isHTTP2 = isHTTP2
    }
}
