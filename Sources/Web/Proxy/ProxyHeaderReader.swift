import Logging
import NIOCore

/// Stands first on a connection from a proxy, before TLS: takes the header off, and leaves.
///
/// Without a header the connection ends: whoever comes past the proxy, from its address, could else be anybody.
final class ProxyHeaderReader: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private enum State {
        case waiting
        case passing
        case refused
    }

    private let client: ClientAddress
    private let patience: TimeAmount
    private let logger: Logger
    private var state = State.waiting
    private var come = ByteBuffer()
    private var deadline: Scheduled<Void>?

    init(_ client: ClientAddress, patience: TimeAmount, logger: Logger) {
        self.client = client
        self.patience = patience
        self.logger = logger
    }

    func handlerAdded(context: ChannelHandlerContext) {
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: patience) {
            guard self.state == .waiting else { return }
            self.refuse(context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        deadline = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch state {
        case .passing: context.fireChannelRead(data)
        case .refused: return
        case .waiting:
            var more = unwrapInboundIn(data)
            come.writeBuffer(&more)
            do {
                guard let header = try ProxyHeader.take(from: &come) else { return }
                pass(header, context)
            } catch {
                refuse(context)
            }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // The other side has nothing more to say, or the server is about to end: nothing has begun that could be lost.
        if state == .waiting, event as? ChannelEvent == .inputClosed || event is ChannelShouldQuiesceEvent {
            state = .refused
            context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func pass(_ header: ProxyHeader, _ context: ChannelHandlerContext) {
        state = .passing
        if case .client(let address) = header { client.set(address) }
        // What came with the header is TLS's.
        if come.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(come)) }
        context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
    }

    private func refuse(_ context: ChannelHandlerContext) {
        state = .refused
        logger.warning("a connection from a trusted proxy was closed: it didn't begin with a PROXY header")
        context.close(promise: nil)
    }
}
