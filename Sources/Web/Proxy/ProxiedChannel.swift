public import Logging
public import NIOCore

/// Connections of which some come through proxies: these begin with whose they are, before TLS.
///
/// It has the form of Hummingbird's `ServerChildChannel` and stands around one, which `hersys` puts into it.
public struct ProxiedChannel<Inner: Sendable>: Sendable {
    /// A connection with what it was set up for.
    public struct Value: Sendable {
        /// The connection.
        public let channel: any Channel
        let inner: Inner
        let client: ClientAddress?
    }

    private let proxies: TrustedProxies
    private let patience: TimeAmount
    private let setUp: @Sendable (any Channel, Logger) -> EventLoopFuture<Inner>
    private let serve: @Sendable (Inner, Logger) async -> Void

    /// Connections behind proxies.
    ///
    /// - Parameters:
    ///   - proxies: who has to say whose connection it is; of all others nothing is asked, and nothing believed.
    ///   - patience: how long a proxy's connection may do without its header.
    ///   - setUp: makes ready what comes after the header.
    ///   - serve: serves it.
    public init(
        _ proxies: TrustedProxies,
        patience: TimeAmount = .seconds(3),
        setUp: @escaping @Sendable (any Channel, Logger) -> EventLoopFuture<Inner>,
        serve: @escaping @Sendable (Inner, Logger) async -> Void
    ) {
        self.proxies = proxies
        self.patience = patience
        self.setUp = setUp
        self.serve = serve
    }

    /// Makes a connection ready, on its event loop and before its first byte.
    public func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        var client: ClientAddress?
        if let peer = channel.remoteAddress, proxies.contains(peer) {
            let told = ClientAddress()
            let reader = ProxyHeaderReader(told, patience: patience, logger: logger)
            do {
                try channel.pipeline.syncOperations.addHandler(reader)
            } catch {
                return channel.eventLoop.makeFailedFuture(error)
            }
            client = told
        }
        return setUp(channel, logger).map { [client] in Value(channel: channel, inner: $0, client: client) }
    }

    /// Serves a connection until it ends.
    public func handle(value: Value, logger: Logger) async {
        await ClientAddress.$ofConnection.withValue(value.client) { await serve(value.inner, logger) }
    }
}
