import NIOCore
import NIOHTTP1

/// One connection: collects a request, has it answered, writes the answer, and so on until somebody closes.
///
/// Requests that a client sends ahead are read one at a time and answered in turn. All its state belongs to the
/// connection's event loop.
final class HTTPConnection: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// How far the next request has come.
    private enum Reading {
        case nothing
        case request(HTTPRequestHead, body: ByteBuffer?)
        /// It was refused, and what is left of it does not matter.
        case refused
    }

    private struct Asked {
        var request: APIRequest
        /// The client wants to ask more on this connection.
        var keepAlive: Bool
    }

    private struct Answering {
        var task: Task<Void, Never>
        /// It may wait for messages, and ends at once when nobody waits for them any more.
        var mayWait: Bool
    }

    private let handler: APIHandler
    private let entrance: Entrance
    private let connections: Connections
    private let executor: LoopExecutor
    private var context: ChannelHandlerContext?
    private var reading = Reading.nothing
    private var answering: Answering?
    /// Complete requests that were sent ahead.
    private var ahead: [Asked] = []
    /// Somebody wants to read on, which waits until those are answered.
    private var wantsToRead = false
    /// After the answer under way, if there is one, nothing more is answered.
    private var isFinishing = false
    /// Requests answered so far, by which an idle connection is known.
    private var answered = 0

    init(_ handler: APIHandler, _ entrance: Entrance, _ connections: Connections, on loop: any EventLoop) {
        self.handler = handler
        self.entrance = entrance
        self.connections = connections
        executor = LoopExecutor(loop)
    }

    // MARK: Opening and closing

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let (channel, bound) = (context.channel, NIOLoopBound(self, eventLoop: context.eventLoop))
        connections.opened(
            ObjectIdentifier(channel),
            Connections.Handle(
                finish: { channel.eventLoop.execute { bound.value.finish() } },
                close: { channel.close(promise: nil) }))
        watchForIdleness(since: answered)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        connections.closed(ObjectIdentifier(context.channel))
    }

    func channelInactive(context: ChannelHandlerContext) {
        stopWaiting()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What was no HTTP has its answer from a handler before this one.
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A client that will send nothing more has gone, or at least waits for no message: its answer comes at once.
        if let event = event as? ChannelEvent, event == .inputClosed { finish() }
        context.fireUserInboundEventTriggered(event)
    }

    /// Ends a long poll, and closes as soon as nothing is under way.
    private func finish() {
        isFinishing = true
        stopWaiting()
        if answering == nil, case .nothing = reading { context?.close(promise: nil) }
    }

    private func stopWaiting() {
        if let answering, answering.mayWait { answering.task.cancel() }
    }

    private func watchForIdleness(since count: Int) {
        guard let context else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .seconds(APILimits.idleConnectionSeconds)) {
            let connection = bound.value
            if connection.answering == nil, connection.answered == count {
                connection.context?.close(promise: nil)
            } else {
                connection.watchForIdleness(since: connection.answered)
            }
        }
    }

    // MARK: Reading

    func read(context: ChannelHandlerContext) {
        if ahead.isEmpty { context.read() } else { wantsToRead = true }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            reading = .request(head, body: nil)
            if head.headers.contains(name: "expect"), answering == nil { write(.informational, to: context) }
        case .body(let part): append(part, context)
        case .end: endRequest()
        }
    }

    private func append(_ part: ByteBuffer, _ context: ChannelHandlerContext) {
        guard case .request(let head, let before) = reading else { return }
        // So that there is one buffer to append to.
        reading = .nothing
        var body = before ?? part
        if before != nil { body.writeImmutableBuffer(part) }
        guard body.readableBytes <= APILimits.bodyBytes else { return refuse(context) }
        reading = .request(head, body: body)
    }

    private func refuse(_ context: ChannelHandlerContext) {
        reading = .refused
        guard answering == nil else { return context.close(promise: nil) }
        write(APIHandler.bodyTooLarge(), isLast: true, to: context)
    }

    private func endRequest() {
        defer { reading = .nothing }
        guard case .request(let head, let body) = reading else { return }
        let asked = Asked(request: APIRequest(head, body: body), keepAlive: head.isKeepAlive)
        if answering == nil { answer(asked) } else { ahead.append(asked) }
    }

    // MARK: Answering

    private func answer(_ asked: Asked) {
        guard let context else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let (handler, entrance) = (handler, entrance)
        let task = Task(executorPreference: executor) {
            let response = await handler.respond(to: asked.request, entrance: entrance)
            bound.value.give(response, keepAlive: asked.keepAlive)
        }
        answering = Answering(task: task, mayWait: handler.mayWait(asked.request))
        if isFinishing { stopWaiting() }
    }

    private func give(_ response: APIResponse, keepAlive: Bool) {
        answering = nil
        answered += 1
        // Without a context the connection was closed meanwhile.
        guard let context else { return }
        let isLast = isFinishing || !keepAlive
        write(response, isLast: isLast, to: context)
        guard !isLast else { return }
        if !ahead.isEmpty { answer(ahead.removeFirst()) }
        if wantsToRead, ahead.isEmpty {
            wantsToRead = false
            context.read()
        }
    }

    // MARK: Writing

    private func write(_ head: HTTPResponseHead, to context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    /// - Parameter isLast: the connection is closed behind it.
    private func write(_ response: APIResponse, isLast: Bool, to context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(HTTPResponseHead(response, isLast: isLast))), promise: nil)
        let body = context.channel.allocator.buffer(bytes: response.body)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        let written = isLast ? context.eventLoop.makePromise(of: Void.self) : nil
        if let written {
            let channel = context.channel
            written.futureResult.whenComplete { _ in channel.close(promise: nil) }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }
}

extension HTTPResponseHead {
    fileprivate static let informational = HTTPResponseHead(version: .http1_1, status: .continue)

    fileprivate init(_ response: APIResponse, isLast: Bool) {
        var headers = HTTPHeaders(response.headers)
        headers.add(name: "content-length", value: String(response.body.count))
        if isLast { headers.add(name: "connection", value: "close") }
        self.init(version: .http1_1, status: HTTPResponseStatus(statusCode: response.status), headers: headers)
    }
}

extension APIRequest {
    fileprivate init(_ head: HTTPRequestHead, body: ByteBuffer?) {
        let uri = head.uri
        let mark = uri.utf8.firstIndex(of: UInt8(ascii: "?")) ?? uri.endIndex
        self.init(
            method: head.method.rawValue, path: String(uri[..<mark]), query: String(uri[mark...].dropFirst()),
            headers: head.headers.map { (name: $0.name, value: $0.value) },
            body: body.map { Array($0.readableBytesView) } ?? [])
    }
}
