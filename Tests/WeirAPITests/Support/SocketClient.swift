import Dispatch
import Glibc
import Synchronization
import WeirAPI

/// The smallest HTTP client there is: one connection, one request at a time. It blocks, but on threads of its own: on those
/// of tasks it would keep the server from answering it.
final class SocketClient: Sendable {
    struct Failure: Error {
        var what: String
    }

    private let socket: Int32
    /// A queue of its own gets a thread of its own; the global ones share theirs with tasks.
    private let reader = DispatchQueue(label: "reader")

    init(_ address: ListenAddress) throws {
        switch address {
        case .tcp(_, let port): socket = try Self.connect(port: UInt16(port))
        case .unix(let path): socket = try Self.connect(path: path)
        }
        // Nothing here takes longer; a spec that hangs should say so.
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close() }

    private let isClosed = Atomic(false)

    func close() {
        if !isClosed.exchange(true, ordering: .relaxed) { Glibc.close(socket) }
    }

    /// Closes without a word of farewell: the other side is told that the connection broke.
    func reset() {
        var hard = linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    /// Sends no more, but still reads.
    func shutdownSending() { shutdown(socket, Int32(SHUT_WR)) }

    func ask(_ request: APIRequest) async throws -> APIResponse {
        try send(request)
        return try await readResponse()
    }

    func send(_ request: APIRequest) throws { try send(Self.bytes(request)) }

    /// The request as it travels.
    static func bytes(_ request: APIRequest) -> [UInt8] {
        let target = request.query.isEmpty ? request.path : "\(request.path)?\(request.query)"
        var text = "\(request.method) \(target) HTTP/1.1\r\n"
        for header in request.headers { text += "\(header.name): \(header.value)\r\n" }
        text += "content-length: \(request.body.count)\r\n\r\n"
        return Array(text.utf8) + request.body
    }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { throw Failure(what: "send: \(String(cString: strerror(errno)))") }
            rest = rest.dropFirst(sent)
        }
    }

    /// What came behind the last answer.
    private let surplus = Mutex<[UInt8]>([])

    /// Reads one answer, as long as its content-length says.
    /// - Parameter isHead: the answer to HEAD, which has no body whatever its content-length says.
    func readResponse(isHead: Bool = false) async throws -> APIResponse {
        var bytes = surplus.withLock { surplus in
            defer { surplus = [] }
            return surplus
        }
        func headEnd() -> Int? { bytes.indices.first { bytes[$0...].starts(with: [13, 10, 13, 10]) } }
        var end = headEnd()
        while end == nil {
            bytes += try await receive()
            end = headEnd()
        }
        let head = String(decoding: bytes[..<(end ?? 0)], as: UTF8.self)
        var lines = head.split(separator: "\r\n")
        let status = Int(lines.removeFirst().split(separator: " ")[1]) ?? 0
        let headers = lines.map { line in
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            return (name: line[..<colon].lowercased(), value: String(line[colon...].dropFirst(2)))
        }
        var body = Array(bytes[((end ?? 0) + 4)...])
        let length = isHead ? 0 : headers.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
        while body.count < length { body += try await receive() }
        surplus.withLock { $0 = Array(body[length...]) }
        return APIResponse(status: status, headers: headers, body: Array(body[..<length]))
    }

    /// What came, waiting for it; empty never.
    /// - Throws: when the server closed the connection.
    func receive() async throws -> [UInt8] {
        try await withCheckedThrowingContinuation { continuation in
            reader.async { [self] in
                var buffer = [UInt8](repeating: 0, count: 65_536)
                let count = recv(socket, &buffer, buffer.count, 0)
                if count > 0 {
                    continuation.resume(returning: Array(buffer[..<count]))
                } else {
                    let what = count == 0 ? "the server closed" : String(cString: strerror(errno))
                    continuation.resume(throwing: Failure(what: what))
                }
            }
        }
    }

    private static func connect(port: UInt16) throws -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return try connect(AF_INET, &address)
    }

    private static func connect(path: String) throws -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        return try connect(AF_UNIX, &address)
    }

    private static func connect<Address>(_ family: Int32, _ address: inout Address) throws -> Int32 {
        let socket = Glibc.socket(family, Int32(SOCK_STREAM.rawValue), 0)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
        guard result == 0 else {
            let what = String(cString: strerror(errno))
            Glibc.close(socket)
            throw Failure(what: "connect: \(what)")
        }
        return socket
    }
}

extension SocketClient {
    /// Makes a socket file that nobody listens on.
    static func leaveBehind(_ path: String) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw Failure(what: "bind: \(String(cString: strerror(errno)))") }
        Glibc.close(socket)
    }
}
