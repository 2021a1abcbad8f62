import Logging
import NIOCore

/// Stands before a listening socket, and accepts no more connections than there is room for. Those that wait stay in the
/// system's backlog. Without it a process out of descriptors would be told of the next connection again and again, and could
/// never accept it.
final class Doorkeeper: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias OutboundIn = Never

    private var context: ChannelHandlerContext?
    private var admission: Admission
    private let logger: Logger
    private var rest: Scheduled<Void>?
    /// Not to say the same for every connection.
    private var silentUntil = NIODeadline.now()

    init(limit: Int, _ logger: Logger) {
        admission = Admission(limit: limit)
        self.logger = logger
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        rest?.cancel()
        rest = nil
    }

    func read(context: ChannelHandlerContext) {
        if admission.next() {
            context.read()
        } else if admission.isFull {
            warn("\(admission.open) connections are open; others wait until one closes")
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        admission.accepted()
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        unwrapInboundIn(data).closeFuture.hop(to: context.eventLoop).whenComplete { _ in
            if bound.value.admission.closed() { bound.value.context?.read() }
        }
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is IOError else { return context.fireErrorCaught(error) }
        admission.failed()
        warn("no connection can be accepted: \(error); tried again every \(APILimits.acceptRestMilliseconds) ms")
        guard rest == nil else { return }
        // After a failure the channel goes on asking by itself, without a read, unless it is told not to.
        setAutoRead(false, of: context)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        rest = context.eventLoop.scheduleTask(in: .milliseconds(APILimits.acceptRestMilliseconds)) {
            let keeper = bound.value
            keeper.rest = nil
            keeper.admission.rested()
            // This asks for the next connection, through `read`.
            if let context = keeper.context { keeper.setAutoRead(true, of: context) }
        }
    }

    private func setAutoRead(_ isOn: Bool, of context: ChannelHandlerContext) {
        // It fails only for a socket that is closed, which accepts nothing any more.
        try? context.channel.syncOptions?.setOption(.autoRead, value: isOn)
    }

    private func warn(_ sentence: String) {
        guard NIODeadline.now() >= silentUntil else { return }
        silentUntil = .now() + .seconds(APILimits.silenceSeconds)
        logger.warning("\(sentence)")
    }
}
