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
        /// It was refused, and what is left of it does not matter. At its end comes this answer; nil: it has come already.
        case refused(APIResponse?)
    }

    private struct Asked: Sendable {
        var request: APIRequest
        var terms: Terms
    }

    /// What the answer has to keep to.
    private struct Terms: Sendable {
        /// The client wants to ask more on this connection.
        var keepAlive: Bool
        /// The client wants the answer without its body.
        var isHead: Bool
        /// What the request's body has taken of the budget, until it is answered.
        var share: Int
    }

    private struct Answering {
        var task: Task<Void, Never>
        /// It may wait for messages, and ends at once when nobody waits for them any more.
        var mayWait: Bool
    }

    private let handler: APIHandler
    private let entrance: Entrance
    private let connections: Connections
    private let bodies: BodyBudget
    private let executor: LoopExecutor
    private var context: ChannelHandlerContext?
    private var reading = Reading.nothing
    /// What the body that is being read has taken of the budget.
    private var share = 0
    /// Closes the connection when that body takes too long.
    private var lateness: Scheduled<Void>?
    private var answering: Answering?
    /// Complete requests that were sent ahead.
    private var ahead: [Asked] = []
    /// Somebody wants to read on, which waits until some of those are answered.
    private var wantsToRead = false
    /// After the answer under way, if there is one, nothing more is answered.
    private var isFinishing = false
    /// Requests answered so far, by which an idle connection is known.
    private var answered = 0
    private var idleness: Scheduled<Void>?

    init(
        _ handler: APIHandler, _ entrance: Entrance, _ connections: Connections, _ bodies: BodyBudget,
        on loop: any EventLoop
    ) {
        self.handler = handler
        self.entrance = entrance
        self.connections = connections
        self.bodies = bodies
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

    /// Nothing may keep the connection's memory after its end: no timer, no half of a request.
    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        idleness?.cancel()
        idleness = nil
        stopReading()
        for var asked in ahead { bodies.giveBack(&asked.terms.share) }
        ahead = []
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
        idleness = context.eventLoop.scheduleTask(in: .seconds(APILimits.idleConnectionSeconds)) {
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
        if isAheadFull { wantsToRead = true } else { context.read() }
    }

    /// Then nothing more is read, and so nobody would notice that the client has gone. Until then it is noticed.
    private var isAheadFull: Bool {
        ahead.count >= APILimits.requestsAhead
            || ahead.reduce(0) { $0 + $1.request.body.count } >= APILimits.bytesAhead
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
        let sizeBytes = (before?.readableBytes ?? 0) + part.readableBytes
        guard sizeBytes <= APILimits.bodyBytes else { return refuse(context) }
        guard bodies.grow(&share, to: sizeBytes) else { return passOver(context) }
        if share > 0, lateness == nil { watchForLateness(context) }
        // So that there is one buffer to append to.
        reading = .nothing
        var body = before ?? part
        if before != nil { body.writeImmutableBuffer(part) }
        reading = .request(head, body: body)
    }

    private func refuse(_ context: ChannelHandlerContext) {
        stopReading()
        reading = .refused(nil)
        guard answering == nil else { return context.close(promise: nil) }
        write(APIHandler.bodyTooLarge(), isLast: true, to: context)
    }

    /// Reads the rest of the request without keeping it: closing on a client that still sends would tear its answer away.
    private func passOver(_ context: ChannelHandlerContext) {
        stopReading()
        reading = .refused(APIHandler.tooManyBodies())
        watchForLateness(context)
    }

    private func endRequest() {
        defer { stopReading() }
        if case .refused(let answer?) = reading, let context {
            guard answering == nil else { return context.close(promise: nil) }
            return write(answer, isLast: true, to: context)
        }
        guard case .request(let head, let body) = reading else { return }
        let terms = Terms(keepAlive: head.isKeepAlive, isHead: head.method == .HEAD, share: share)
        share = 0
        let asked = Asked(request: APIRequest(head, body: body), terms: terms)
        guard answering != nil else { return answer(asked) }
        ahead.append(asked)
        if isAheadFull { stopWaiting() }
    }

    /// Lets go of what was read of a request.
    private func stopReading() {
        reading = .nothing
        bodies.giveBack(&share)
        lateness?.cancel()
        lateness = nil
    }

    private func watchForLateness(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        lateness = context.eventLoop.scheduleTask(in: .seconds(APILimits.bodySeconds)) {
            bound.value.context?.close(promise: nil)
        }
    }

    // MARK: Answering

    private func answer(_ asked: Asked) {
        guard let context else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let (handler, entrance) = (handler, entrance)
        let task = Task(executorPreference: executor) {
            let response = await handler.respond(to: asked.request, entrance: entrance)
            bound.value.give(response, asked.terms)
        }
        answering = Answering(task: task, mayWait: handler.mayWait(asked.request))
        if isFinishing || isAheadFull { stopWaiting() }
    }

    private func give(_ response: APIResponse, _ terms: Terms) {
        answering = nil
        var terms = terms
        bodies.giveBack(&terms.share)
        answered += 1
        // Without a context the connection was closed meanwhile.
        guard let context else { return }
        let isLast = isFinishing || !terms.keepAlive
        write(response, isLast: isLast, isHead: terms.isHead, to: context)
        guard !isLast else { return }
        if !ahead.isEmpty { answer(ahead.removeFirst()) }
        if wantsToRead, !isAheadFull {
            wantsToRead = false
            context.read()
        }
    }

    // MARK: Writing

    private func write(_ head: HTTPResponseHead, to context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    /// - Parameters:
    ///   - isLast: the connection is closed behind it.
    ///   - isHead: the head tells of the body, which stays here.
    private func write(
        _ response: APIResponse, isLast: Bool, isHead: Bool = false, to context: ChannelHandlerContext
    ) {
        context.write(wrapOutboundOut(.head(HTTPResponseHead(response, isLast: isLast))), promise: nil)
        if !isHead {
            let body = context.channel.allocator.buffer(bytes: response.body)
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
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
