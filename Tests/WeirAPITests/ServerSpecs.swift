import Foundation
import Logging
import Synchronization
import Testing
import WeirCore
import WeirQueue

@testable import WeirAPI

/// Waits for something that happens elsewhere, with a deadline.
func eventually(_ what: String, within limit: Duration = .seconds(60), _ happens: () async -> Bool) async throws {
    let deadline = ContinuousClock.now + limit
    while await !happens() {
        try #require(ContinuousClock.now < deadline, "\(what) did not happen")
        try await Task.sleep(for: .milliseconds(2))
    }
}

/// Raised once, seen by everyone.
private final class Flag: Sendable {
    private let state = Atomic(false)

    var isRaised: Bool { state.load(ordering: .acquiring) }
    func raise() { state.store(true, ordering: .releasing) }
}

@Suite("The server")
struct ServerSpecs {
    @Test("It listens on the port that the system chose, and on a file that only its owner may open")
    func addresses() async throws {
        let live = try await LiveBench()
        guard case .tcp("127.0.0.1", let port) = live.tcp, case .unix(let path) = live.unix else {
            Issue.record("other addresses: \(live.server.addresses)")
            return
        }
        #expect(port > 0)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        await live.stop()
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(throws: SocketClient.Failure.self) { try SocketClient(live.tcp) }
    }

    @Test("A socket file that a dead process left behind is replaced")
    func staleSocket() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "weir-\(UUID().uuidString.prefix(8))").path
        let bench = try Bench()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let listener = Listener(.unix(path: path), entrance: .control)
        // Bound and never listened on: what is left when a process is killed.
        try SocketClient.leaveBehind(path)
        let server = try await APIServer.start(bench.handler, on: [listener], logger: logger)
        #expect(try await SocketClient(.unix(path: path)).ask(.health).status == 200)
        await server.stop()
        await bench.queues.close()
    }

    @Test("A port that is taken is named, and nothing listens then")
    func taken() async throws {
        let live = try await LiveBench()
        let bench = try Bench()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let failure = await #expect(throws: ListenFailure.self) {
            _ = try await APIServer.start(
                bench.handler,
                on: [
                    Listener(.tcp(host: "127.0.0.1", port: 0), entrance: .public),
                    Listener(live.tcp, entrance: .public),
                ], logger: logger)
        }
        #expect(failure?.description == "cannot listen on \(live.tcp): Address already in use")
        await live.stop()
        await bench.queues.close()
    }

    @Test("One connection serves many requests, and a body that is too large ends it")
    func bodies() async throws {
        let live = try await LiveBench()
        let client = try SocketClient(live.tcp)
        for _ in 0..<3 { #expect(try await client.ask(.health).status == 200) }
        var large = live.bench.request(.sqs("ListQueues", "{}"), from: .account)
        large.body = Array(repeating: 0x20, count: APILimits.bodyBytes)
        #expect(try await client.ask(large).status == 403, "the signature is of another body, but the size is fine")
        large.body.append(0x20)
        let refused = try await client.ask(large)
        #expect(refused.status == 413)
        #expect(refused.header("connection") == "close")
        await live.stop()
    }

    @Test("The largest message fits, however its JSON is written")
    func largestMessage() async throws {
        let live = try await LiveBench()
        _ = await live.bench.sqs("CreateQueue", #"{"QueueName":"jobs"}"#)
        let body = String(repeating: "ü", count: QueueLimits.batchSizeBytes / 2)
        let escaped = String(repeating: #"\u00fc"#, count: QueueLimits.batchSizeBytes / 2)
        let client = try SocketClient(live.tcp)
        let send = APIRequest.sqs("SendMessage", #"{"QueueUrl":"jobs","MessageBody":"\#(escaped)"}"#)
        #expect(try await client.ask(live.bench.request(send, from: .account)).status == 200)
        let received = try await live.bench.queues.receive(
            from: "jobs", count: 1, visibilityTimeout: nil, wait: nil, receiver: nil)
        #expect(received.map(\.body) == [body])
        await live.stop()
    }

    @Test("Requests that are sent ahead are answered in their order")
    func sentAhead() async throws {
        let live = try await LiveBench()
        let client = try SocketClient(live.tcp)
        let names = ["first", "second", "third", "fourth"]
        let requests = names.map { name in
            live.bench.request(.sqs("CreateQueue", #"{"QueueName":"\#(name)"}"#), from: .account)
        }
        try client.send(requests.flatMap(SocketClient.bytes))
        for name in names { #expect(try await client.readResponse().text.hasSuffix("/\(name)\"}")) }
        await live.stop()
    }

    @Test("A client that wants its connection closed has it closed behind the answer")
    func closes() async throws {
        let live = try await LiveBench()
        let client = try SocketClient(live.tcp)
        var request = APIRequest.health
        request.headers.append(("connection", "close"))
        #expect(try await client.ask(request).header("connection") == "close")
        await #expect(throws: SocketClient.Failure.self) { try await client.receive() }
        await live.stop()
    }

    @Test("What is no HTTP is refused")
    func noHTTP() async throws {
        let live = try await LiveBench()
        let client = try SocketClient(live.tcp)
        try client.send(Array("HELO weir\r\n\r\n".utf8))
        #expect(try await client.readResponse().status == 400)
        await #expect(throws: SocketClient.Failure.self) { try await client.receive() }
        await live.stop()
    }

    @Test("Headers without end are refused")
    func headers() async throws {
        let live = try await LiveBench()
        let client = try SocketClient(live.tcp)
        var request = APIRequest.health
        request.headers.append(("x-long", String(repeating: "x", count: APILimits.headerBytes + 1)))
        #expect(try await client.ask(request).status == 400)
        await live.stop()
    }

    @Test("A client that waits for a go-ahead before its body gets it")
    func goAhead() async throws {
        let live = try await LiveBench()
        let client = try SocketClient(live.tcp)
        try client.send(
            Array("GET /healthz HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n".utf8))
        #expect(String(decoding: try await client.receive(), as: UTF8.self).hasPrefix("HTTP/1.1 100 Continue\r\n"))
        try client.send(Array("{}".utf8))
        #expect(try await client.readResponse().status == 200)
        await live.stop()
    }

    @Test("HEAD is answered as GET is, without the body, and the connection goes on")
    func head() async throws {
        let live = try await LiveBench()
        let client = try SocketClient(live.tcp)
        let length = try await client.ask(.health).header("content-length")
        for path in ["/healthz", "/metrics", "/nothing"] {
            var request = APIRequest.health
            (request.method, request.path) = ("HEAD", path)
            try client.send(request)
            let answer = try await client.readResponse(isHead: true)
            #expect(answer.status == (path == "/nothing" ? 404 : 200))
            if path == "/healthz" { #expect(answer.header("content-length") == length) }
        }
        #expect(try await client.ask(.health).status == 200)
        await live.stop()
    }

    // MARK: Many connections

    @Test("At the limit the next connection waits until one closes; the operator's socket has a limit of its own")
    func mostConnections() async throws {
        let live = try await LiveBench(mostConnections: 2)
        let (first, second) = (try SocketClient(live.tcp), try SocketClient(live.tcp))
        for client in [first, second] { #expect(try await client.ask(.health).status == 200) }
        let third = try SocketClient(live.tcp)
        let answered = Flag()
        let answer = Task {
            let response = try await third.ask(.health)
            answered.raise()
            return response.status
        }
        let operators = try SocketClient(live.unix)
        #expect(try await operators.ask(.health).status == 200)
        try await Task.sleep(for: .milliseconds(50))
        #expect(!answered.isRaised)
        #expect(try await first.ask(.health).status == 200)
        first.close()
        #expect(try await answer.value == 200)
        await live.stop()
    }

    @Test("Large bodies have a budget together; small requests pass by it, and who leaves gives back what he took")
    func bodyBudget() async throws {
        let live = try await LiveBench()
        let most = APILimits.bodyBytes - 1
        // As many as fit: no other large one does then.
        let share = most - APILimits.freeBodyBytes
        let count = APILimits.bodyBytesTogether / share
        let beginning = Array(
            "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: \(APILimits.bodyBytes)\r\n\r\n".utf8)
        for _ in 1...2 {
            let clients = try (0..<count).map { _ in try SocketClient(live.tcp) }
            for client in clients { try client.send(beginning + Array(repeating: 0x20, count: most)) }
            try await eventually("all of it was read") { live.server.bodies.takenBytes == count * share }
            var large = live.bench.request(.sqs("ListQueues", "{}"), from: .account)
            large.body = Array(repeating: 0x20, count: APILimits.bodyBytes)
            #expect(try await SocketClient(live.tcp).ask(large).status == 503)
            #expect(try await SocketClient(live.tcp).ask(.health).status == 200)
            for client in clients { client.close() }
            try await eventually("everything is given back") { live.server.bodies.takenBytes == 0 }
            #expect(try await SocketClient(live.tcp).ask(large).status == 403)
        }
        await live.stop()
    }

    // MARK: Long polls

    @Test("A client that breaks off while requests wait behind its poll takes no message with it")
    func breaksOff() async throws {
        let live = try await LiveBench()
        let bench = live.bench
        _ = await bench.sqs("CreateQueue", #"{"QueueName":"jobs"}"#)
        let client = try SocketClient(live.tcp)
        try client.send(bench.request(.longPoll, from: .instance(Bench.worker.text)))
        try client.send(.health)
        try await live.seesWhatWasSent()
        client.reset()
        try await live.seesWhatWasSent()
        _ = await bench.sqs("SendMessage", #"{"QueueUrl":"jobs","MessageBody":"x"}"#)
        try await eventually("the message is visible") { (try? await bench.queues.depth(of: "jobs").visible) == 1 }
        #expect(await bench.queues.held().isEmpty)
        await live.stop()
    }

    @Test("A poll behind which too much waits to be read on ends, and all of it is answered")
    func muchAhead() async throws {
        let live = try await LiveBench()
        _ = await live.bench.sqs("CreateQueue", #"{"QueueName":"jobs"}"#)
        let client = try SocketClient(live.tcp)
        try client.send(live.bench.request(.longPoll, from: .account))
        for _ in 0..<3 * APILimits.requestsAhead { try client.send(.health) }
        #expect(try await client.readResponse().text == "{}")
        for _ in 0..<3 * APILimits.requestsAhead { #expect(try await client.readResponse().status == 200) }
        await live.stop()
    }

    @Test("A long poll is answered as soon as a message comes")
    func wakes() async throws {
        let live = try await LiveBench()
        _ = await live.bench.sqs("CreateQueue", #"{"QueueName":"jobs"}"#)
        let client = try SocketClient(live.tcp)
        try client.send(live.bench.request(.longPoll, from: .account))
        try await live.seesWhatWasSent()
        _ = await live.bench.sqs("SendMessage", #"{"QueueUrl":"jobs","MessageBody":"wake up"}"#)
        #expect(try await client.readResponse().text.contains("wake up"))
        await live.stop()
    }

    enum Leaving: String, CaseIterable, Sendable {
        case closes, stopsSending
    }

    @Test("A client that goes away takes no message with it", arguments: Leaving.allCases)
    func goesAway(_ leaving: Leaving) async throws {
        let live = try await LiveBench()
        let bench = live.bench
        _ = await bench.sqs("CreateQueue", #"{"QueueName":"jobs"}"#)
        let client = try SocketClient(live.tcp)
        try client.send(bench.request(.longPoll, from: .instance(Bench.worker.text)))
        try await live.seesWhatWasSent()
        switch leaving {
        case .closes: client.close()
        case .stopsSending:
            client.shutdownSending()
            #expect(try await client.readResponse().text == "{}")
        }
        try await live.seesWhatWasSent()
        _ = await bench.sqs("SendMessage", #"{"QueueUrl":"jobs","MessageBody":"x"}"#)
        // It may have been taken a moment ago; then it comes back at once.
        try await eventually("the message is visible") { (try? await bench.queues.depth(of: "jobs").visible) == 1 }
        #expect(await bench.queues.held().isEmpty)
        await live.stop()
    }

    // MARK: Stopping

    @Test("Stopping ends long polls at once, closes idle connections, and says so to whoever asks")
    func stops() async throws {
        let live = try await LiveBench()
        _ = await live.bench.sqs("CreateQueue", #"{"QueueName":"jobs"}"#)
        let idle = try SocketClient(live.tcp)
        #expect(try await idle.ask(.health).status == 200)
        let waiting = try SocketClient(live.tcp)
        try waiting.send(live.bench.request(.longPoll, from: .account))
        try await live.seesWhatWasSent()
        let began = ContinuousClock.now
        await live.server.stop()
        #expect(ContinuousClock.now - began < .milliseconds(APILimits.shutdownMilliseconds), "nothing to wait for")
        #expect(try await waiting.readResponse().text == "{}")
        await #expect(throws: SocketClient.Failure.self) { try await idle.receive() }
        let health = await live.bench.handler.respond(to: .health, entrance: .public)
        #expect(health.status == 503)
        #expect(health.text.contains(#""status":"shutting down""#))
        await live.stop()
    }

    @Test("A client in the middle of a request cannot hold up a stop for longer than its limit")
    func stopsInspiteOfSlowClients() async throws {
        let live = try await LiveBench()
        let slow = try SocketClient(live.tcp)
        try slow.send(Array("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc".utf8))
        try await live.seesWhatWasSent()
        let began = ContinuousClock.now
        await live.server.stop()
        let limit = Duration.milliseconds(APILimits.shutdownMilliseconds)
        let took = ContinuousClock.now - began
        #expect(took >= limit, "it is given that time")
        // Far more than it takes, for the sake of busy machines; without the limit it would be for ever.
        #expect(took < limit + .seconds(30))
        await live.stop()
    }
}

extension LiveBench {
    /// Returns when the server has read whatever was sent to it before: it reads all connections in turn.
    fileprivate func seesWhatWasSent() async throws {
        for _ in 1...2 { _ = try await SocketClient(tcp).ask(.health) }
    }
}

extension APIRequest {
    fileprivate static let health = APIRequest(method: "GET", path: "/healthz", headers: [("host", Bench.host)])
    fileprivate static let longPoll = sqs("ReceiveMessage", #"{"QueueUrl":"jobs","WaitTimeSeconds":20}"#)

    fileprivate static func sqs(_ action: String, _ json: String) -> APIRequest {
        APIRequest(
            method: "POST", path: "/", headers: [("host", Bench.host), ("x-amz-target", "AmazonSQS.\(action)")],
            body: Array(json.utf8))
    }
}
