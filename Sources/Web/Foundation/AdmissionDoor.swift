import HTTPTypes
public import Logging
public import NIOCore
public import NIOHTTPTypes
import Synchronization

/// Sends away on the connection's own thread whom the gate would send away in any case.
///
/// Beyond capacity most of the work is saying no. Behind the gate a no costs tasks, their switches and a body in memory;
/// here it is one answer written while the request's first line is read. A form of a person goes on to the gate: what
/// was typed has to be read to be given back.
public final class AdmissionDoor: ChannelDuplexHandler, RemovableChannelHandler {
    /// Parts of requests come in.
    public typealias InboundIn = HTTPRequestPart
    /// Those that are let in go on.
    public typealias InboundOut = HTTPRequestPart
    /// Parts of answers go out.
    public typealias OutboundIn = HTTPResponsePart
    /// The refusals between them.
    public typealias OutboundOut = HTTPResponsePart

    /// What all connections of a server have in common.
    public final class Rules: Sendable {
        private let admission: Admission
        private let refusal: BusyPage.Frame
        private let alwaysOpen: Set<String>
        private let secondsToWait: @Sendable () -> Int
        private let told = Mutex((refused: 0, at: ContinuousClock.now))
        private let logger: Logger

        /// The rules of a server.
        ///
        /// - Parameters:
        ///   - admission: the places of the server, the same that its router has.
        ///   - site: what the page of refusal needs.
        ///   - logger: hears how many were sent away, once in ten seconds at most.
        public convenience init(_ admission: Admission, site: Site, logger: Logger) {
            self.init(admission, site: site, logger: logger) { Int.random(in: 2...10) }
        }

        init(_ admission: Admission, site: Site, logger: Logger, secondsToWait: @escaping @Sendable () -> Int) {
            self.admission = admission
            self.secondsToWait = secondsToWait
            self.logger = logger
            refusal = BusyPage.Frame(.crowded, site)
            alwaysOpen = Set(WebApplication.routes.filter { $0.share == nil }.map(\.path))
        }

        /// The answer to a request that isn't let in; nil where it may go on.
        fileprivate func refusal(_ head: HTTPRequest) -> (HTTPResponse, ByteBuffer)? {
            let address = head.path ?? "/"
            let path = address.prefix { $0 != "?" }
            guard head.method != .post || ErrorPages.isForPrograms(address), !alwaysOpen.contains(String(path)),
                let share = Share.usual(head.method, String(path), .open), admission.turnsAway(share)
            else { return nil }
            count()
            var (headers, body) = BusyPage.answer(refusal, head, nil, seconds: secondsToWait())
            headers[.contentLength] = String(body.readableBytes)
            SecurityHeaders.add(to: &headers)
            return (HTTPResponse(status: .serviceUnavailable, headerFields: headers), body)
        }

        /// A line for each would cost more than the refusal itself.
        private func count() {
            let refused = told.withLock { told -> Int? in
                told.refused += 1
                guard told.refused == 1 || ContinuousClock.now - told.at > .seconds(10) else { return nil }
                told.at = .now
                return told.refused
            }
            guard let refused else { return }
            logger.notice("sent away at the door", metadata: ["since_start": .stringConvertible(refused)])
        }
    }

    private let rules: Rules
    /// Requests that have gone on and have no answer yet: on one connection answers come in order.
    private var underWay = 0
    private var isRefusing = false
    private var closesAfterwards = false
    /// What a refused body may still bring before the connection is closed.
    private static let mostSwallowed = 1 << 20
    private var swallowed = 0

    /// The door of one connection, or of one stream of HTTP/2.
    public init(_ rules: Rules) {
        self.rules = rules
    }

    /// Lets parts of a request through or swallows them.
    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            guard underWay == 0, let (response, body) = rules.refusal(head) else {
                underWay += 1
                break
            }
            isRefusing = true
            swallowed = 0
            closesAfterwards = head.headerFields[.connection]?.lowercased() == "close"
            context.write(wrapOutboundOut(.head(response)), promise: nil)
            if head.method != .head { context.write(wrapOutboundOut(.body(body)), promise: nil) }
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            return
        case .body(let bytes) where isRefusing:
            swallowed += bytes.readableBytes
            if swallowed > Self.mostSwallowed { context.close(promise: nil) }
            return
        case .end where isRefusing:
            isRefusing = false
            if closesAfterwards { context.close(promise: nil) }
            return
        case .body, .end: break
        }
        context.fireChannelRead(data)
    }

    /// Counts the answers that go out.
    public func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { underWay -= 1 }
        context.write(data, promise: promise)
    }
}
