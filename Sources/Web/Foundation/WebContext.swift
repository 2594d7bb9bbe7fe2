import Access
import Casework
public import Hummingbird
import Logging
import NIOCore

/// What is known of a request before anybody is known.
public struct WebContext: RequestContext, RemoteAddressRequestContext {
    /// Hummingbird's part.
    public var coreContext: CoreRequestContextStorage
    /// The other side's network address: the client's, also where a proxy stands between.
    public let remoteAddress: SocketAddress?
    /// The connection, or the stream of HTTP/2 within one.
    let channel: any Channel

    /// What the client's connection has shown of itself, where the server asks for it.
    let certificate: ClientCertificate?

    /// A context for a request that arrived on a channel.
    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        certificate = ClientCertificate.ofConnection
        channel = source.channel
        remoteAddress = ClientAddress.ofConnection?.address ?? source.channel.remoteAddress
    }

    /// Bodies of forms and of API calls: a complete report is some 20 KB.
    public var maxUploadSize: Int { 1 << 20 }

    /// The other side's address without its port, for lockout and the reading log.
    var address: String { remoteAddress?.ipAddress ?? "test" }
}

/// A signed-in member of staff: can't be had without a session.
struct Staff: Sendable {
    /// Who, for which organisation, from where.
    let caller: Caller
    /// The session's secret as the cookie carries it.
    let session: String
    /// What a form of this session carries in its field `csrf`.
    let csrf: String
    /// Seconds until the session ends by itself where nobody uses it.
    var secondsLeft = Int(Casework.idleSeconds)
    /// Whether they have shown in the last minutes who they are.
    var isConfirmed = false
    /// Unread notices of the organisation, for the page head.
    var unread = 0
    /// What they answer for besides their work (役割).
    var duties: Set<Duty> = []
    /// What comes before everything else: a new password, the terms.
    var owes: FirstUse?
    /// The day for which they prepare; nil once their local government has begun.
    var preparing: NotYetOpen?

    var organisation: Organisation { caller.organisation }
}
