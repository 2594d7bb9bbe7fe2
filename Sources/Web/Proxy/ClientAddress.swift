import NIOCore
import Synchronization

/// Where the client of a connection is that came through a proxy.
///
/// The connection's first bytes tell it, on its event loop, before a request can come; the requests' tasks read it.
/// They are children of the connection's task, those of HTTP/2's streams, too, and so they find it.
final class ClientAddress: Sendable {
    /// That of the connection whose task this is; nil where no proxy stands between.
    @TaskLocal static var ofConnection: ClientAddress?

    private let told = Mutex<SocketAddress?>(nil)

    /// What the proxy has said; nil where the connection is its own.
    var address: SocketAddress? { told.withLock { $0 } }

    func set(_ address: SocketAddress) {
        told.withLock { $0 = address }
    }
}
