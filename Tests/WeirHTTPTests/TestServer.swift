import Glibc
import Synchronization

/// A server on a real socket whose every byte the test decides: the handler is given each connection and writes what it
/// likes. Each connection has a thread of its own, so that a handler may simply wait.
final class TestServer: Sendable {
    typealias Handler = @Sendable (TestConnection) -> Void

    enum Place: Sendable {
        /// A free port of 127.0.0.1.
        case loopback
        case unix(path: String)
    }

    /// 0 for a unix socket.
    let port: Int
    private let listener: Int32
    private let isAccepting: Bool
    private let handler: Handler
    private let connections = Mutex<[TestConnection]>([])

    /// - Parameter accepting: false makes a server whose kernel queue fills up and then takes no more connections.
    init(_ place: Place = .loopback, accepting: Bool = true, handler: @escaping Handler = { _ in }) throws {
        (listener, port) = try Self.listen(place, backlog: accepting ? 512 : 0)
        self.handler = handler
        isAccepting = accepting
        if accepting { Self.thread { self.acceptAll() } }
    }

    /// A server that reads one request after the other and answers each.
    static func answering(
        _ place: Place = .loopback, _ answer: @escaping @Sendable (TestRequest) -> String
    ) throws -> TestServer {
        try TestServer(place) { connection in
            while let request = connection.readRequest() { connection.write(answer(request)) }
        }
    }

    var url: String { "http://127.0.0.1:\(port)" }
    var connectionCount: Int { connections.withLock { $0.count } }

    /// Ends all connections and frees the port. A test calls it at its end.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        if !isAccepting { close(listener) }
        connections.withLock { connections in
            for connection in connections { connection.hangUp() }
        }
    }

    private func acceptAll() {
        while true {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            let connection = TestConnection(descriptor)
            connections.withLock { $0.append(connection) }
            Self.thread {
                self.handler(connection)
                connection.end()
            }
        }
        // Closed by the thread that used it: its number may be somebody else's from here on.
        close(listener)
    }

    private static func listen(_ place: Place, backlog: Int32) throws -> (Int32, Int) {
        switch place {
        case .loopback:
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            try bind(descriptor, &address)
            guard Glibc.listen(descriptor, backlog) == 0 else { throw SocketError(errno) }
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            _ = withUnsafeMutableBytes(of: &address) { bytes in
                getsockname(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &size)
            }
            return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
        case .unix(let path):
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            try bind(descriptor, &address)
            guard Glibc.listen(descriptor, backlog) == 0 else { throw SocketError(errno) }
            return (descriptor, 0)
        }
    }

    private static func bind<Address>(_ descriptor: Int32, _ address: inout Address) throws {
        let result = withUnsafeBytes(of: &address) { bytes in
            Glibc.bind(descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
        if result != 0 { throw SocketError(errno) }
    }

    /// For handlers, which have a thread of their own to hold up.
    static func pause(milliseconds: UInt32) {
        usleep(milliseconds * 1000)
    }

    private static func thread(_ body: @escaping @Sendable () -> Void) {
        final class Body: Sendable {
            let run: @Sendable () -> Void
            init(_ run: @escaping @Sendable () -> Void) { self.run = run }
        }
        var thread = pthread_t()
        let context = Unmanaged.passRetained(Body(body)).toOpaque()
        pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context)
        pthread_detach(thread)
    }
}

struct SocketError: Error {
    let number: Int32

    init(_ number: Int32) {
        self.number = number
    }
}

/// What a server read.
struct TestRequest: Sendable {
    /// `GET /path HTTP/1.1`
    var line: String
    /// Names in lower case.
    var headers: [String: String]
    var body: String
}

/// One accepted connection. Used by one handler thread; only `hangUp` is called from elsewhere.
final class TestConnection: Sendable {
    private let descriptor: Int32
    private let isOpen = Mutex(true)
    private let received = Mutex<[UInt8]>([])

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Wakes the handler when it is reading or writing; the descriptor stays open until the handler returns.
    func hangUp() {
        isOpen.withLock { isOpen in
            if isOpen { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    fileprivate func end() {
        isOpen.withLock { isOpen in
            isOpen = false
            close(descriptor)
        }
    }

    /// - Returns: false when the other side is gone.
    @discardableResult
    func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Reads one request with its body; nil when the other side has gone.
    func readRequest() -> TestRequest? {
        let separator = Array("\r\n\r\n".utf8)
        while true {
            if let request = received.withLock({ Self.takeRequest(from: &$0, separator) }) { return request }
            guard readMore() else { return nil }
        }
    }

    /// Returns when the other side has closed the connection.
    func waitForEnd() {
        while readMore() {}
    }

    private func readMore() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        received.withLock { $0 += buffer.prefix(count) }
        return true
    }

    private static func takeRequest(from bytes: inout [UInt8], _ separator: [UInt8]) -> TestRequest? {
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: separator) }) else { return nil }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n").map(String.init)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
            headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        let start = end + separator.count
        guard bytes.count >= start + length else { return nil }
        let body = String(decoding: bytes[start..<(start + length)], as: UTF8.self)
        bytes.removeFirst(start + length)
        return TestRequest(line: lines.first ?? "", headers: headers, body: body)
    }
}

/// An answer with a body of known length.
func answer(_ status: Int = 200, _ body: String = "", headers: String = "") -> String {
    "HTTP/1.1 \(status) Whatever\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
}

/// A gate that one side opens and the other, a plain thread, waits for.
final class TestGate: Sendable {
    private nonisolated(unsafe) let semaphore: UnsafeMutablePointer<sem_t>

    // A semaphore is made to be used by several threads; it is freed when nobody can reach it any more.
    init() {
        semaphore = .allocate(capacity: 1)
        semaphore.initialize(to: sem_t())
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func open() { sem_post(semaphore) }
    func wait() { while sem_wait(semaphore) != 0 {} }
}
