import Glibc
import Testing

@testable import WeirHTTP

@Suite("An exchange")
struct ExchangeSpecs {
    let client = HTTPClient()

    @Test("brings status, headers and body")
    func whole() async throws {
        let server = try TestServer.answering { _ in
            answer(418, "short and stout", headers: "X-Pot: tea\r\nX-Empty:\r\n")
        }
        defer { server.stop() }
        let response = try await client.send(HTTPRequest("GET", "\(server.url)/pot"))
        #expect(response.status == 418)
        #expect(response.text == "short and stout")
        #expect(response.head.header("x-pot") == "tea")
        #expect(response.head.header("X-EMPTY") == "")
        #expect(response.head.header("X-Absent") == nil)
    }

    @Test("sends method, path, headers and body as they were given, and no headers that nobody asked for")
    func request() async throws {
        let server = try TestServer.answering { request in
            let headers = request.headers.keys.sorted().map { "\($0)=\(request.headers[$0] ?? "")" }
            return answer(200, ([request.line] + headers + [request.body]).joined(separator: "\n"))
        }
        defer { server.stop() }
        let headers = [HTTPHeader("X-One", "1"), HTTPHeader("X-Empty", ""), HTTPHeader("Content-Type", "text/x")]
        let sent = HTTPRequest("POST", "\(server.url)/a/b?c=d", headers: headers, body: Array("hello".utf8))
        let lines = try await client.send(sent).text.split(separator: "\n").map(String.init)
        #expect(
            lines == [
                "POST /a/b?c=d HTTP/1.1", "accept=*/*", "content-length=5", "content-type=text/x",
                "host=127.0.0.1:\(server.port)", "user-agent=weir", "x-empty=", "x-one=1", "hello",
            ])
    }

    @Test(
        "says how long an empty body is, but only where one is usual",
        arguments: [("POST", "0"), ("PUT", "0"), ("GET", nil), ("DELETE", nil), ("HEAD", nil)])
    func emptyBody(_ method: String, _ length: String?) async throws {
        let server = try TestServer.answering { request in
            let said = "X-Said: \(request.headers["content-length"] ?? "nothing")"
            return "HTTP/1.1 204 None\r\n\(said) \(request.headers["content-type"] ?? "nothing")\r\n\r\n"
        }
        defer { server.stop() }
        let response = try await client.send(HTTPRequest(method, server.url))
        #expect(response.head.header("X-Said") == "\(length ?? "nothing") nothing")
    }

    @Test("a body of a megabyte with every byte travels unchanged, both ways")
    func largeBody() async throws {
        let server = try TestServer { connection in
            guard let request = connection.readRequest() else { return }
            connection.write(answer(200, request.body))
        }
        defer { server.stop() }
        let body = String(repeating: "0123456789abcdef", count: 65536)
        let response = try await client.send(HTTPRequest("POST", server.url, body: Array(body.utf8)))
        #expect(response.text == body)
    }

    @Test("keeps its connection for the next request")
    func keepAlive() async throws {
        let server = try TestServer.answering { _ in answer(200, "again") }
        defer { server.stop() }
        for _ in 0..<20 { _ = try await client.send(HTTPRequest("GET", server.url)) }
        #expect(server.connectionCount == 1)
    }

    @Test("connects again when the server closed a kept connection in between")
    func closedBetween() async throws {
        let server = try TestServer { connection in
            _ = connection.readRequest()
            connection.write(answer(200, "once"))
        }
        defer { server.stop() }
        for _ in 0..<5 {
            #expect(try await client.send(HTTPRequest("POST", server.url, body: [1, 2, 3])).text == "once")
        }
        #expect(server.connectionCount == 5)
    }

    @Test("two hundred at once are all answered, each with its own answer")
    func many() async throws {
        let server = try TestServer.answering { request in answer(200, request.line) }
        defer { server.stop() }
        let answers = try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for index in 0..<200 {
                group.addTask {
                    (index, try await client.send(HTTPRequest("GET", "\(server.url)/\(index)")).text)
                }
            }
            return try await group.reduce(into: [Int: String]()) { $0[$1.0] = $1.1 }
        }
        #expect(answers.count == 200)
        for (index, text) in answers { #expect(text == "GET /\(index) HTTP/1.1") }
    }

    @Test("goes through a unix socket, whose path is in the failures")
    func unixSocket() async throws {
        let path = "/tmp/weir-http-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).sock"
        let server = try TestServer.answering(.unix(path: path)) { request in
            answer(200, "\(request.line) \(request.headers["host"] ?? "")")
        }
        let request = HTTPRequest("GET", "http://engine/v1/list?all=1", unixSocket: path)
        #expect(try await client.send(request).text == "GET /v1/list?all=1 HTTP/1.1 engine")
        server.stop()
        let failure = await #expect(throws: HTTPFailure.self) { try await client.send(request) }
        #expect(failure?.sentence == "GET /v1/list on \(path): could not connect: Connection refused")
        unlink(path)
        let missing = await #expect(throws: HTTPFailure.self) { try await client.send(request) }
        #expect(missing?.sentence == "GET /v1/list on \(path): could not connect: No such file or directory")
    }

    @Test("a redirect is the answer, unless following it was asked for")
    func redirects() async throws {
        let server = try TestServer.answering { request in
            request.line.hasPrefix("GET /old ")
                ? answer(302, "moved", headers: "Location: /new\r\n") : answer(200, request.line)
        }
        defer { server.stop() }
        var request = HTTPRequest("GET", "\(server.url)/old")
        #expect(try await client.send(request).status == 302)
        request.maximumRedirects = 1
        #expect(try await client.send(request).text == "GET /new HTTP/1.1")
        let stream = try await client.stream(request)
        #expect(stream.status == 200)
    }

    @Test("a redirect to a file is refused, also when following was asked for")
    func redirectToFile() async throws {
        let server = try TestServer.answering { _ in answer(302, headers: "Location: file:///etc/hostname\r\n") }
        defer { server.stop() }
        let request = HTTPRequest("GET", server.url, maximumRedirects: 3)
        await #expect(throws: HTTPFailure.self) { try await client.send(request) }
    }

    @Test(
        "what is on this machine is reached without the proxy of the environment",
        arguments: [
            ("http://127.0.0.1:1/", nil, true), ("http://127.255.0.9/", nil, true), ("http://localhost/", nil, true),
            ("http://LocalHost:8080/", nil, true), ("http://[::1]:1/", nil, true), ("http://engine/", "/s.sock", true),
            ("http://128.0.0.1/", nil, false), ("http://127.0.0.1.example.com/", nil, false),
            ("http://localhost.example.com/", nil, false), ("http://user@example.com/127.0.0.1", nil, false),
        ] as [(String, String?, Bool)])
    func noProxyHere(_ url: String, _ socket: String?, _ staysHere: Bool) {
        #expect(HTTPRequest("GET", url, unixSocket: socket).staysOnThisMachine == staysHere)
    }
}
