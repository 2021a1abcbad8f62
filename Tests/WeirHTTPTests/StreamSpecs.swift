import Synchronization
import Testing

@testable import WeirHTTP

@Suite("A streamed answer")
struct StreamSpecs {
    let client = HTTPClient()

    @Test("brings each piece when it is sent, and then its end")
    func pieces() async throws {
        let gate = TestGate()
        let server = try TestServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Kind: events\r\n\r\n")
            for piece in ["one", "two", "three"] {
                gate.wait()
                connection.write("\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n")
            }
            gate.wait()
            connection.write("0\r\n\r\n")
            connection.waitForEnd()
        }
        defer { server.stop() }
        let stream = try await client.stream(HTTPRequest("GET", server.url))
        #expect(stream.status == 200 && stream.head.header("x-kind") == "events")
        var iterator = stream.chunks.makeAsyncIterator()
        for piece in ["one", "two", "three"] {
            gate.open()
            let chunk = try await iterator.next()
            #expect(chunk.map { String(decoding: $0, as: UTF8.self) } == piece)
        }
        gate.open()
        #expect(try await iterator.next() == nil)
        #expect(try await iterator.next() == nil, "the end stays the end")
    }

    @Test("may be silent for longer than the time limit once its headers are there")
    func silence() async throws {
        let server = try TestServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
            // The pause is what is tested: longer than the limit that the request has.
            TestServer.pause(milliseconds: 700)
            connection.write("late")
            connection.waitForEnd()
        }
        defer { server.stop() }
        let stream = try await client.stream(HTTPRequest("GET", server.url, timeLimit: .milliseconds(400)))
        var text = ""
        for try await chunk in stream.chunks { text += String(decoding: chunk, as: UTF8.self) }
        #expect(text == "late")
    }

    @Test("must begin within the time limit")
    func noHead() async throws {
        let server = try TestServer { $0.waitForEnd() }
        defer { server.stop() }
        let request = HTTPRequest("GET", server.url, timeLimit: .milliseconds(150))
        let failure = await #expect(throws: HTTPFailure.self) { try await client.stream(request) }
        #expect(failure == .timedOut(.waitingForAnswer, place: "GET \(server.url)/", after: .milliseconds(150)))
    }

    @Test("that ends too early says so when the reader gets there, after all that did come")
    func cutOff() async throws {
        let server = try TestServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        }
        defer { server.stop() }
        let stream = try await client.stream(HTTPRequest("GET", server.url))
        var text = ""
        await #expect(throws: HTTPFailure.self) {
            for try await chunk in stream.chunks { text += String(decoding: chunk, as: UTF8.self) }
        }
        #expect(text == "half")
    }

    @Test("read slowly holds the sender back instead of filling memory, and loses nothing")
    func backPressure() async throws {
        let total = 64 << 20
        let sent = Counter()
        let server = try TestServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            let block = (0..<65536).map { UInt8($0 % 251) }
            while sent.value < total, connection.write(block) { sent.add(block.count) }
            connection.waitForEnd()
        }
        defer { server.stop() }
        let stream = try await client.stream(HTTPRequest("GET", server.url))

        // Nobody reads: what the server could send must come to rest far below the whole.
        var (last, quiet) = (-1, 0)
        let rests = await eventually {
            quiet = sent.value == last ? quiet + 1 : 0
            last = sent.value
            return quiet >= 40 && last >= HTTPLimits.streamBufferBytes
        }
        #expect(rests)
        #expect(last < total / 2)

        var received = 0
        for try await chunk in stream.chunks {
            if chunk.first != UInt8(received % 65536 % 251) { Issue.record("wrong byte at \(received)") }
            received += chunk.count
        }
        #expect(received == total)
    }

    @Test("ends when nobody holds it any more")
    func dropped() async throws {
        let ended = Flag()
        let server = try Self.endless(ended)
        defer { server.stop() }
        do {
            let stream = try await client.stream(HTTPRequest("GET", server.url))
            var iterator = stream.chunks.makeAsyncIterator()
            #expect(try await iterator.next() != nil)
        }
        #expect(await eventually { ended.isSet })
    }

    @Test("ends at once when the task that reads it is cancelled")
    func cancelled() async throws {
        let (ended, reading) = (Flag(), Flag())
        let server = try TestServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
            connection.waitForEnd()
            ended.set()
        }
        defer { server.stop() }
        let stream = try await client.stream(HTTPRequest("GET", server.url))
        let task = Task {
            for try await _ in stream.chunks { reading.set() }
        }
        #expect(await eventually { reading.isSet })
        let took = await ContinuousClock().measure {
            task.cancel()
            await #expect(throws: HTTPFailure.cancelled) { try await task.value }
        }
        #expect(took < .seconds(60))
        #expect(await eventually { ended.isSet })
    }

    @Test("does not keep other requests waiting while it is held back")
    func others() async throws {
        let flood = try Self.endless(Flag())
        let quick = try TestServer.answering { _ in answer(200, "quick") }
        defer {
            flood.stop()
            quick.stop()
        }
        let stream = try await client.stream(HTTPRequest("GET", flood.url))
        for _ in 0..<50 {
            #expect(try await client.send(HTTPRequest("GET", quick.url)).text == "quick")
        }
        #expect(stream.status == 200)
    }

    private static func endless(_ ended: Flag) throws -> TestServer {
        try TestServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            let piece = "1000\r\n" + String(repeating: "x", count: 4096) + "\r\n"
            while connection.write(piece) {}
            ended.set()
        }
    }
}

final class Counter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .acquiring) }

    func add(_ number: Int) { count.add(number, ordering: .acquiringAndReleasing) }
}
