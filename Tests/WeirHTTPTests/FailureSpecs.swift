import Glibc
import Synchronization
import Testing

@testable import WeirHTTP

@Suite("When there is no answer")
struct FailureSpecs {
    let client = HTTPClient()

    @Test("the time limit ends a server that says nothing")
    func silence() async throws {
        let server = try TestServer { $0.waitForEnd() }
        defer { server.stop() }
        let request = HTTPRequest("GET", "\(server.url)/x?key=1", timeLimit: .milliseconds(200))
        let took = await ContinuousClock().measure {
            let failure = await #expect(throws: HTTPFailure.self) { try await client.send(request) }
            #expect(failure == .timedOut(.waitingForAnswer, place: "GET \(server.url)/x", after: .milliseconds(200)))
            #expect(failure?.sentence == "GET \(server.url)/x: no answer within 200ms")
        }
        #expect(took >= .milliseconds(190) && took < .seconds(20))
    }

    @Test("the time limit ends a server that stops in the middle")
    func half() async throws {
        let server = try TestServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            connection.waitForEnd()
        }
        defer { server.stop() }
        let request = HTTPRequest("GET", server.url, timeLimit: .milliseconds(200))
        let failure = await #expect(throws: HTTPFailure.self) { try await client.send(request) }
        #expect(failure == .timedOut(.receiving, place: "GET \(server.url)/", after: .milliseconds(200)))
    }

    @Test("the connect limit ends a server that accepts nobody")
    func full() async throws {
        let server = try TestServer(accepting: false)
        defer { server.stop() }
        // A queue of length 0 still takes a connection or two; the kernel answers the next ones with silence.
        let failures = await withTaskGroup(of: HTTPFailure?.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let limits = (total: Duration.milliseconds(600), connect: Duration.milliseconds(150))
                    let request = HTTPRequest("GET", server.url, timeLimit: limits.total, connectLimit: limits.connect)
                    do throws(HTTPFailure) {
                        _ = try await client.send(request)
                        return nil
                    } catch { return error }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(failures.contains(.timedOut(.connecting, place: "GET \(server.url)/", after: .milliseconds(150))))
    }

    @Test("a refused connection names the place and the cause, not the secrets")
    func refused() async throws {
        let server = try TestServer()
        server.stop()
        let url = "http://user:pa55word@127.0.0.1:\(server.port)/depth?token=t0p#sec"
        let failure = await #expect(throws: HTTPFailure.self) { try await client.send(HTTPRequest("GET", url)) }
        #expect(
            failure
                == .couldNotConnect(
                    place: "GET http://127.0.0.1:\(server.port)/depth", because: "Connection refused"))
        #expect(failure?.retryHelps == true)
    }

    @Test(
        "a request that says how its address is to be shown is shown so, and libcurl's own words are left out",
        arguments: ["http://127.0.0.1:1/s3cret/", "http://s3cret.invalid/", "http://127.0.0.1:s3cret/", "s3cret://h/"])
    func shown(_ url: String) async throws {
        let request = HTTPRequest("GET", url, shownAs: "http://${HOOK}", timeLimit: .seconds(20))
        let failure = await #expect(throws: HTTPFailure.self) { try await client.send(request) }
        #expect(failure?.sentence.hasPrefix("GET http://${HOOK}: ") == true)
        #expect(failure?.sentence.contains("s3cret") == false)
    }

    @Test("cancelling a request that hangs is prompt, and the server sees the connection end")
    func cancel() async throws {
        let (asked, ended) = (Flag(), Flag())
        let server = try TestServer { connection in
            _ = connection.readRequest()
            asked.set()
            connection.waitForEnd()
            ended.set()
        }
        defer { server.stop() }
        let task = Task { try await client.send(HTTPRequest("GET", server.url)) }
        #expect(await eventually { asked.isSet })
        let took = await ContinuousClock().measure {
            task.cancel()
            await #expect(throws: HTTPFailure.cancelled) { try await task.value }
        }
        #expect(took < .seconds(60))
        #expect(await eventually { ended.isSet })
    }

    @Test("a cancellation that overtakes its request is not lost")
    func cancelledBefore() async throws {
        let server = try TestServer { $0.waitForEnd() }
        defer { server.stop() }
        for _ in 0..<100 {
            let task = Task { try await client.send(HTTPRequest("GET", server.url)) }
            task.cancel()
            await #expect(throws: HTTPFailure.cancelled) { try await task.value }
        }
    }

    @Test("a cancelled request leaves the others alone")
    func cancelOne() async throws {
        let gate = TestGate()
        let server = try TestServer { connection in
            guard let request = connection.readRequest() else { return }
            if request.line.contains("/hang") { return connection.waitForEnd() }
            gate.wait()
            connection.write(answer(200, "fine"))
        }
        defer { server.stop() }
        let good = Task { try await client.send(HTTPRequest("GET", "\(server.url)/good")) }
        let bad = Task { try await client.send(HTTPRequest("GET", "\(server.url)/hang")) }
        #expect(await eventually { server.connectionCount == 2 })
        bad.cancel()
        await #expect(throws: HTTPFailure.cancelled) { try await bad.value }
        gate.open()
        #expect(try await good.value.text == "fine")
    }

    @Test("a body over the limit is refused, whether its length was announced or not")
    func tooLarge() async throws {
        let server = try TestServer { connection in
            guard let request = connection.readRequest() else { return }
            connection.write(
                request.line.contains("/chunked") ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" : "")
            if request.line.contains("/length") {
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n")
            }
            while connection.write("400\r\n" + String(repeating: "x", count: 1024) + "\r\n") {}
        }
        defer { server.stop() }
        for path in ["/chunked", "/length"] {
            let request = HTTPRequest("GET", server.url + path, maximumResponseBytes: 5000)
            let failure = await #expect(throws: HTTPFailure.self) { try await client.send(request) }
            #expect(failure == .tooLarge(place: "GET \(server.url)\(path)", limitBytes: 5000))
        }
    }

    @Test("a body of exactly the limit is taken")
    func exactlyFits() async throws {
        let server = try TestServer.answering { _ in answer(200, String(repeating: "x", count: 5000)) }
        defer { server.stop() }
        let request = HTTPRequest("GET", server.url, maximumResponseBytes: 5000)
        #expect(try await client.send(request).body.count == 5000)
    }

    @Test("headers without end are refused")
    func endlessHeaders() async throws {
        let server = try TestServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n")
            while connection.write("X-More: \(String(repeating: "x", count: 1000))\r\n") {}
        }
        defer { server.stop() }
        let failure = await #expect(throws: HTTPFailure.self) { try await client.send(HTTPRequest("GET", server.url)) }
        #expect(failure == .tooLarge(place: "GET \(server.url)/", limitBytes: HTTPLimits.headBytes))
    }

    @Test(
        "an answer that is not one is called broken",
        arguments: [
            ("", "nothing at all"),
            ("SSH-2.0-OpenSSH_9.2\r\n", "another protocol"),
            ("\u{0}\u{1}\u{2}\u{3}\r\n\r\n", "noise"),
            ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive!", "ended before its announced length"),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "ended before its last chunk"),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
                "a chunk length that is no number"
            ),
            ("HTTP/1.1 200 OK\r\nContent-Le", "ended in its headers"),
            ("HTTP/1.1 099 No\r\nContent-Length: 0\r\n\r\n", "a status that is none"),
            ("HTTP/1.1 two OK\r\nContent-Length: 0\r\n\r\n", "a status that is no number"),
        ])
    func broken(_ sent: String, because: String) async throws {
        let server = try TestServer { connection in
            _ = connection.readRequest()
            connection.write(sent)
        }
        defer { server.stop() }
        let failure = await #expect(throws: HTTPFailure.self, "\(because)") {
            try await client.send(HTTPRequest("GET", server.url))
        }
        guard case .brokenAnswer = failure else {
            Issue.record("\(because): \(String(describing: failure))")
            return
        }
    }

    @Test("speaking TLS to a server that does not is a TLS failure")
    func notTLS() async throws {
        let server = try TestServer { connection in
            connection.write(answer(400, "this is plain HTTP"))
            connection.waitForEnd()
        }
        defer { server.stop() }
        let request = HTTPRequest("GET", "https://127.0.0.1:\(server.port)/", timeLimit: .seconds(5))
        let failure = await #expect(throws: HTTPFailure.self) { try await client.send(request) }
        guard case .tls = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test(
        "a request that cannot be sent says what is wrong with it, without its secrets",
        arguments: [
            (HTTPRequest("GET", "not a url"), "the address is not a URL"),
            (HTTPRequest("GET", ""), "the address is not a URL"),
            (HTTPRequest("GET", "file:///etc/passwd"), "only http and https are spoken"),
            (HTTPRequest("GET", "ftp://127.0.0.1/"), "only http and https are spoken"),
            (HTTPRequest("G T", "http://127.0.0.1/"), "the method is not a word"),
            (
                HTTPRequest("GET", "http://127.0.0.1/", headers: [HTTPHeader("A:B", "x")]),
                "the name of a header is not a word"
            ),
            (
                HTTPRequest("GET", "http://127.0.0.1/", headers: [HTTPHeader("A", "s3cret\r\nB: x")]),
                "the value of a header holds a line break or a zero byte"
            ),
            (HTTPRequest("GET", "http://127.0.0.1/", timeLimit: .zero), "the time limit is not above zero"),
        ])
    func invalid(_ request: HTTPRequest, because: String) async throws {
        let failure = await #expect(throws: HTTPFailure.self) { try await client.send(request) }
        #expect(failure?.sentence.hasSuffix("the request cannot be sent: \(because)") == true)
        #expect(failure?.sentence.contains("s3cret") == false)
        #expect(failure?.retryHelps == false)
        await #expect(throws: HTTPFailure.self) { try await client.stream(request) }
    }
}

/// A remark that one thread makes and another reads.
final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .acquiring) }

    func set() { value.store(true, ordering: .releasing) }
}
