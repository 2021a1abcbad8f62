import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Carries requests from sockets to an `APIHandler` and its answers back. It decides nothing, and is the only file that
/// knows the HTTP library.
public final class APIServer: Service {
    /// Where it listens, with the ports that the system chose; in the order of the listeners.
    public let addresses: [ListenAddress]
    private let handler: APIHandler
    private let connections: Connections
    private let listening: [Listening]
    private let loops: MultiThreadedEventLoopGroup
    private let stopping = Mutex<Task<Void, Never>?>(nil)
    private let logger: Logger

    /// Starts to listen; requests are answered from the moment this returns.
    /// - Parameter threads: event loops. One carries tens of thousands of requests a second.
    /// - Throws: when it cannot listen at one of the addresses; it listens at none then.
    public static func start(
        _ handler: APIHandler, on listeners: [Listener], threads: Int = 1, logger: Logger
    ) async throws(ListenFailure) -> APIServer {
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let connections = Connections()
        var listening: [Listening] = []
        do {
            for listener in listeners {
                listening.append(try await Listening.start(listener, handler, connections, loops, logger))
            }
        } catch {
            for open in listening { await open.stop() }
            await close(loops, logger)
            throw error
        }
        return APIServer(handler, connections, listening, loops, logger)
    }

    private init(
        _ handler: APIHandler, _ connections: Connections, _ listening: [Listening],
        _ loops: MultiThreadedEventLoopGroup, _ logger: Logger
    ) {
        self.handler = handler
        self.connections = connections
        self.listening = listening
        self.loops = loops
        self.logger = logger
        addresses = listening.map(\.address)
    }

    /// Serves until a graceful shutdown is asked for or the task is cancelled, and then stops.
    public func run() async throws {
        try? await gracefulShutdown()
        await stop()
    }

    /// Stops listening, ends long polls, lets answers that are under way finish, and closes what is still open after
    /// `APILimits.shutdownMilliseconds`. Stopping twice is stopping once.
    public func stop() async {
        let stopping = stopping.withLock { stopping in
            let task = stopping ?? Task { await stopOnce() }
            stopping = task
            return task
        }
        await stopping.value
    }

    private func stopOnce() async {
        handler.beginShutdown()
        connections.stopWaiting()
        await withTaskGroup { group in
            for open in listening { group.addTask { await open.stop() } }
        }
        connections.closeAll()
        await withTaskGroup { group in
            for open in listening { group.addTask { await open.end() } }
        }
        await Self.close(loops, logger)
    }

    private static func close(_ loops: MultiThreadedEventLoopGroup, _ logger: Logger) async {
        do {
            try await loops.shutdownGracefully()
        } catch {
            logger.debug("closing the event loops: \(error)")
        }
    }
}

/// One open listener.
private struct Listening: Sendable {
    let address: ListenAddress
    private let server: Server<HTTP1Channel>
    private let task: Task<Void, any Error>

    static func start(
        _ listener: Listener, _ handler: APIHandler, _ connections: Connections, _ loops: MultiThreadedEventLoopGroup,
        _ logger: Logger
    ) async throws(ListenFailure) -> Listening {
        var quiet = logger
        // What it says above debug, weir says better.
        quiet.logLevel = max(logger.logLevel, .warning)
        let (bound, announcement) = AsyncStream<SocketAddress?>.makeStream()
        let server = Server(
            childChannelSetup: HTTP1Channel(
                responder: responder(handler, connections, listener.entrance),
                configuration: channelConfiguration(connections)),
            configuration: ServerConfiguration(address: listener.address.bindAddress),
            onServerRunning: { channel in
                announcement.yield(channel.localAddress)
                announcement.finish()
            },
            eventLoopGroup: loops, logger: quiet)
        let task = Task {
            defer { announcement.finish() }
            try await server.run()
        }
        for await address in bound {
            return Listening(address: try listener.address.bound(to: address), server: server, task: task)
        }
        // It ended without ever listening.
        throw ListenFailure(address: listener.address, reason: await reason(of: task))
    }

    /// Stops listening and waits for what is under way, as long as it may take.
    func stop() async {
        await ended {
            // It is gone already when this fails.
            try? await server.shutdownGracefully()
            _ = await task.result
        }
        if case .unix(let path) = address { unlink(path) }
    }

    /// Waits until everything is closed, after the connections were.
    func end() async {
        await ended { _ = await task.result }
    }

    /// Returns when `work` has, or after the time that a shutdown may take.
    private func ended(_ work: @escaping @Sendable () async -> Void) async {
        let (ended, end) = AsyncStream<Void>.makeStream()
        Task {
            await work()
            end.finish()
        }
        let deadline = Task {
            try await Task.sleep(for: .milliseconds(APILimits.shutdownMilliseconds))
            end.finish()
        }
        for await _ in ended {}
        deadline.cancel()
    }

    private static func reason(of task: Task<Void, any Error>) async -> String {
        switch await task.result {
        case .success: "the server stopped"
        case .failure(let error as IOError): String(cString: strerror(error.errnoCode))
        case .failure(let error): "\(error)"
        }
    }

    private static func channelConfiguration(_ connections: Connections) -> HTTP1Channel.Configuration {
        var decoder = HTTP1Channel.Configuration.DecoderConfiguration()
        decoder.maxHeaderFieldSize = APILimits.headerBytes
        decoder.maxHeaderListSize = APILimits.headerBytes
        decoder.maxHeaderFieldCount = APILimits.headerCount
        return HTTP1Channel.Configuration(
            additionalChannelHandlers: [ClientWatch(connections)],
            idleTimeout: .seconds(APILimits.idleConnectionSeconds), httpDecoderConfiguration: decoder)
    }

    private static func responder(
        _ handler: APIHandler, _ connections: Connections, _ entrance: Entrance
    ) -> HTTPChannelHandler.Responder {
        { request, writer, channel in
            if request.headers[.expect] != nil {
                try await writer.writeInformationalHead(HTTPResponse(status: .continue))
            }
            guard let body = try? await request.body.collect(upTo: APILimits.bodyBytes) else {
                // What is left of the body is not read; a client that goes on sending finds the connection closed.
                try await writer.write(APIHandler.bodyTooLarge(), isLast: true)
                try await channel.close()
                return
            }
            let asked = APIRequest(request, body: body)
            let response =
                if handler.mayWait(asked) {
                    await connections.run(on: ObjectIdentifier(channel)) {
                        await handler.respond(to: asked, entrance: entrance)
                    }
                } else {
                    await handler.respond(to: asked, entrance: entrance)
                }
            try await writer.write(response, isLast: false)
        }
    }
}

/// Sees when a client goes away, also while nothing is read from or written to it.
private final class ClientWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let connections: Connections

    init(_ connections: Connections) {
        self.connections = connections
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A client that will send nothing more has closed its connection, or at least needs no long poll any more: its
        // answer comes at once.
        if let event = event as? ChannelEvent, event == .inputClosed { connections.clientWent(connection(context)) }
        context.fireUserInboundEventTriggered(event)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        connections.opened(connection(context)) { channel.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        connections.clientWent(connection(context))
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        connections.closed(connection(context))
    }

    private func connection(_ context: ChannelHandlerContext) -> Connections.ID {
        ObjectIdentifier(context.channel)
    }
}

extension ListenAddress {
    fileprivate var bindAddress: BindAddress {
        switch self {
        case .tcp(let host, let port): .hostname(host, port: port)
        case .unix(let path): .unixDomainSocket(path: path)
        }
    }

    /// The address with the port that the system chose; a socket file becomes its owner's alone.
    fileprivate func bound(to address: SocketAddress?) throws(ListenFailure) -> ListenAddress {
        switch self {
        case .tcp(let host, let port): return .tcp(host: host, port: address?.port ?? port)
        case .unix(let path):
            guard chmod(path, S_IRUSR | S_IWUSR) == 0 else {
                throw ListenFailure(address: self, reason: String(cString: strerror(errno)))
            }
            return self
        }
    }
}

extension APIRequest {
    fileprivate init(_ request: Request, body: ByteBuffer) {
        let target = request.head.path ?? "/"
        let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        var headers: [(name: String, value: String)] = []
        headers.reserveCapacity(request.headers.count + 1)
        // The library keeps the Host header apart.
        if let host = request.head.authority { headers.append(("host", host)) }
        for field in request.headers { headers.append((field.name.canonicalName, field.value)) }
        self.init(
            method: request.method.rawValue, path: String(target[..<mark]), query: String(target[mark...].dropFirst()),
            headers: headers, body: Array(body.readableBytesView))
    }
}

extension ResponseWriter {
    /// - Parameter isLast: nothing more is answered on this connection.
    fileprivate consuming func write(_ response: APIResponse, isLast: Bool) async throws {
        var fields = HTTPFields()
        fields.reserveCapacity(response.headers.count + 2)
        for header in response.headers {
            // Names and values are our own and valid; one that were not would be left out rather than break the answer.
            if let name = HTTPField.Name(header.name) { fields.append(HTTPField(name: name, value: header.value)) }
        }
        fields[.contentLength] = String(response.body.count)
        if isLast { fields[.connection] = "close" }
        let head = HTTPResponse(status: HTTPResponse.Status(code: response.status), headerFields: fields)
        try await write(response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: response.body)))
    }
}
