import Crypto

/// The certificate that the client of a connection has shown, verified by TLS (RFC 8705).
///
/// TLS knows it before the first request; it is asked for only by calls of programs. The requests' tasks are children
/// of the connection's, those of HTTP/2's streams, too.
public struct ClientCertificate: Sendable {
    /// That of the connection whose task this is; nil where nobody asks for certificates.
    @TaskLocal static var ofConnection: ClientCertificate?

    private let encoded: @Sendable () async -> [UInt8]?

    /// A connection's certificate.
    ///
    /// - Parameter encoded: its DER bytes, nil where none was shown.
    public init(_ encoded: @escaping @Sendable () async -> [UInt8]?) {
        self.encoded = encoded
    }

    /// Serves a connection whose requests are to find its certificate.
    public func serving(_ body: () async -> Void) async {
        await Self.$ofConnection.withValue(self, operation: body)
    }

    /// SHA-256 of the certificate, the thumbprint of RFC 8705.
    func thumbprint() async -> [UInt8]? {
        await encoded().map { Array(SHA256.hash(data: $0)) }
    }
}
