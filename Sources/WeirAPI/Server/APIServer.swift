import Glibc
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Carries requests from sockets to an `APIHandler` and its answers back; it decides nothing. Only this folder knows the
/// HTTP library.
public final class APIServer: Sendable {
    /// Where it listens, with the ports that the system chose; in the order of the listeners.
    public let addresses: [ListenAddress]
    private let handler: APIHandler
    private let connections: Connections
    let bodies: BodyBudget
    private let sockets: [any Channel]
    private let loops: MultiThreadedEventLoopGroup
    private let stopping = Mutex<Task<Void, Never>?>(nil)
    private let logger: Logger

    /// Starts to listen; requests are answered from the moment this returns.
    /// - Parameters:
    ///   - threads: event loops. One carries tens of thousands of requests a second.
    ///   - mostConnections: open at once over TCP; more wait in the system's backlog. Nil: `APILimits.connections`, or half
    ///     of what the process may open at this moment when that is less.
    /// - Throws: when it cannot listen at one of the addresses; it listens at none then.
    public static func start(
        _ handler: APIHandler, on listeners: [Listener], threads: Int = 1, mostConnections: Int? = nil,
        logger: Logger
    ) async throws(ListenFailure) -> APIServer {
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let rooms = Rooms(
            handler: handler, connections: Connections(), bodies: BodyBudget(),
            mostConnections: mostConnections ?? Self.mostConnections(), logger: logger)
        var open: [(socket: any Channel, address: ListenAddress)] = []
        do {
            for listener in listeners {
                open.append(try await Self.open(listener, rooms, loops))
            }
        } catch {
            await close(open.map(\.socket), open.map(\.address))
            await close(loops, logger)
            throw error
        }
        return APIServer(rooms, open, loops)
    }

    private init(
        _ rooms: Rooms, _ open: [(socket: any Channel, address: ListenAddress)], _ loops: MultiThreadedEventLoopGroup
    ) {
        handler = rooms.handler
        connections = rooms.connections
        bodies = rooms.bodies
        logger = rooms.logger
        self.loops = loops
        sockets = open.map(\.socket)
        addresses = open.map(\.address)
    }

    // MARK: Stopping

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
        await Self.close(sockets, addresses)
        connections.finishAll()
        let deadline = Task { [connections] in
            try await Task.sleep(for: .milliseconds(APILimits.shutdownMilliseconds))
            connections.closeAll()
        }
        await connections.allClosed()
        deadline.cancel()
        await Self.close(loops, logger)
    }

    private static func close(_ sockets: [any Channel], _ addresses: [ListenAddress]) async {
        // A socket that cannot be closed is closed already.
        for socket in sockets { try? await socket.close() }
        for address in addresses {
            if case .unix(let path) = address { unlink(path) }
        }
    }

    private static func close(_ loops: MultiThreadedEventLoopGroup, _ logger: Logger) async {
        do {
            try await loops.shutdownGracefully()
        } catch {
            logger.debug("closing the event loops: \(error)")
        }
    }

    // MARK: Listening

    /// What all connections of a server share.
    private struct Rooms: Sendable {
        var handler: APIHandler
        var connections: Connections
        var bodies: BodyBudget
        var mostConnections: Int
        var logger: Logger

        func mostConnections(at entrance: Entrance) -> Int {
            switch entrance {
            case .public: mostConnections
            case .control: APILimits.controlConnections
            }
        }
    }

    private static func mostConnections() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return APILimits.connections }
        return min(APILimits.connections, Int(clamping: limit.rlim_cur / 2))
    }

    private static func open(
        _ listener: Listener, _ rooms: Rooms, _ loops: MultiThreadedEventLoopGroup
    ) async throws(ListenFailure) -> (socket: any Channel, address: ListenAddress) {
        let bootstrap = ServerBootstrap(group: loops)
            .serverChannelOption(.backlog, value: APILimits.connectionBacklog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // One at a time, so that the doorkeeper is asked before each.
            .serverChannelOption(.maxMessagesPerRead, value: 1)
            .serverChannelInitializer { socket in
                socket.eventLoop.makeCompletedFuture {
                    let limit = rooms.mostConnections(at: listener.entrance)
                    try socket.pipeline.syncOperations.addHandler(Doorkeeper(limit: limit, rooms.logger))
                }
            }
            // A client may close its sending side and still wait for its answer.
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try prepare(channel, listener.entrance, rooms)
                }
            }
        let address = listener.address
        do {
            switch address {
            case .tcp(let host, let port):
                let socket = try await bootstrap.bind(host: host, port: port).get()
                return (socket, .tcp(host: host, port: socket.localAddress?.port ?? port))
            case .unix(let path):
                let socket = try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
                guard chmod(path, S_IRUSR | S_IWUSR) == 0 else {
                    let reason = String(cString: strerror(errno))
                    await close([socket], [address])
                    throw ListenFailure(address: address, reason: reason)
                }
                return (socket, address)
            }
        } catch let failure as ListenFailure {
            throw failure
        } catch let error as IOError {
            throw ListenFailure(address: address, reason: String(cString: strerror(error.errnoCode)))
        } catch {
            throw ListenFailure(address: address, reason: "\(error)")
        }
    }

    private static func prepare(_ channel: any Channel, _ entrance: Entrance, _ rooms: Rooms) throws {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = APILimits.headerBytes
        limits.maxHeaderListSize = APILimits.headerBytes
        limits.maxHeaderFieldCount = APILimits.headerCount
        let pipeline = channel.pipeline.syncOperations
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false, withErrorHandling: true, withOutboundHeaderValidation: false,
            withEncoderConfiguration: .init(), withDecoderLimitConfiguration: limits)
        try pipeline.addHandler(
            HTTPConnection(rooms.handler, entrance, rooms.connections, rooms.bodies, on: channel.eventLoop))
    }
}
