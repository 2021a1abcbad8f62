import Foundation
import Synchronization
import Testing
import WeirCore
import WeirHTTP
import WeirPolicy
import WeirRuntime
import WeirSignature

@testable import WeirBackends

@Suite("The sqs source")
struct SQSSourceSpecs {
    @Test("keeps what every source promises", arguments: QueueSourcePromise.allCases)
    func keeps(_ promise: QueueSourcePromise) async throws {
        try await promise.check(FakeSQS())
    }

    @Test("a name is looked up once, and again after the queue was gone")
    func lookup() async throws {
        let fake = try FakeSQS()
        let source = fake.makeSource()
        let now = Instant(milliseconds: systemMilliseconds())
        for _ in 0..<3 { #expect(await source.measure(at: now).visible == .value(0)) }
        #expect(fake.actions == ["GetQueueUrl", "GetQueueAttributes", "GetQueueAttributes", "GetQueueAttributes"])
        fake.isThere = false
        #expect(
            await source.measure(at: now).visible
                == .missing(.sourceFailed("SQS refused: QueueDoesNotExist: The specified queue does not exist.")))
        fake.isThere = true
        #expect(await source.measure(at: now).visible == .value(0))
        #expect(fake.actions.suffix(3) == ["GetQueueAttributes", "GetQueueUrl", "GetQueueAttributes"])
        await fake.end()
    }

    @Test("a URL needs no look-up")
    func url() async throws {
        let fake = try FakeSQS()
        let source = fake.makeSource(queue: "\(fake.url)/000000000000/work")
        #expect(await source.measure(at: Instant(milliseconds: systemMilliseconds())).visible == .value(0))
        #expect(fake.actions == ["GetQueueAttributes"])
        await fake.end()
    }

    @Test("without credentials nothing is asked, and the reason says where they were looked for")
    func noCredentials() async throws {
        let fake = try FakeSQS()
        let source = fake.makeSource(environment: ["HOME": "/nowhere"])
        guard case .missing(.sourceFailed(let sentence)) = await source.measure(at: Instant(milliseconds: 0)).visible
        else {
            Issue.record("it measured without credentials")
            return
        }
        #expect(sentence.contains("no AWS credentials") && sentence.contains("/nowhere/.aws/credentials"))
        #expect(fake.actions.isEmpty)
        await fake.end()
    }
}

/// Something that answers like SQS and, unlike moto, verifies signatures.
final class FakeSQS: QueueSourceSubject {
    private struct State {
        var counts = [0, 0, 0]
        var isThere = true
        var actions: [String] = []
    }

    private final class Box: Sendable {
        let state = Mutex(State())
    }

    private let box: Box
    private let server: TestServer
    private let silent: TestServer
    private let http = HTTPClient()

    private static let keys = [
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s3cret", "AWS_REGION": "eu-west-1",
    ]

    init() throws {
        let box = Box()
        self.box = box
        silent = try TestServer { $0.waitForEnd() }
        server = try TestServer.answering { request in
            box.state.withLock { Self.answer(request, &$0) }
        }
    }

    var url: String { server.url }
    var actions: [String] { box.state.withLock { $0.actions } }
    var isThere: Bool {
        get { box.state.withLock { $0.isThere } }
        set { box.state.withLock { $0.isThere = newValue } }
    }

    func source() async throws -> any QueueSource { makeSource() }

    func fill(visible: Int, inFlight: Int, delayed: Int) async throws {
        box.state.withLock { $0.counts = [visible, inFlight, delayed] }
    }

    func unreachableSource() async throws -> any QueueSource {
        let gone = try TestServer()
        gone.stop()
        return makeSource(endpoint: gone.url)
    }

    func silentSource(timeLimit: Duration) async throws -> (any QueueSource)? {
        makeSource(endpoint: silent.url, timeLimit: timeLimit)
    }

    func end() async {
        server.stop()
        silent.stop()
    }

    func makeSource(
        queue: String = "work", endpoint: String? = nil, environment: [String: String] = keys,
        timeLimit: Duration = .seconds(60)
    ) -> SQSSource {
        let options = Options(values: [
            .init(name: "queue", value: .text(queue)), .init(name: "endpoint", value: .text(endpoint ?? server.url)),
        ])
        return SQSSource(SQSOptions(options), environment: environment, http: http, timeLimit: timeLimit)
    }

    private static func answer(_ request: TestRequest, _ state: inout State) -> String {
        let action = request.headers["x-amz-target"]?.split(separator: ".").last.map(String.init) ?? ""
        state.actions.append(action)
        guard isSigned(request) else {
            return WeirBackendsTests.answer(403, #"{"__type":"InvalidSignatureException"}"#)
        }
        guard state.isThere else {
            return WeirBackendsTests.answer(
                400,
                #"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}"#)
        }
        let host = request.headers["host"] ?? ""
        switch action {
        case "GetQueueUrl": return WeirBackendsTests.answer(200, #"{"QueueUrl":"http://\#(host)/000000000000/work"}"#)
        case "GetQueueAttributes":
            let names = ["", "NotVisible", "Delayed"]
            let pairs = zip(names, state.counts).map { #""ApproximateNumberOfMessages\#($0)":"\#($1)""# }
            return WeirBackendsTests.answer(200, #"{"Attributes":{\#(pairs.joined(separator: ","))}}"#)
        default: return WeirBackendsTests.answer(400, #"{"__type":"InvalidAction"}"#)
        }
    }

    /// Signs what arrived once more, and compares.
    private static func isSigned(_ request: TestRequest) -> Bool {
        let signedNames = ["host", "content-type", "x-amz-target"]
        let plain = SignableRequest(
            method: "POST", path: "/", headers: signedNames.map { ($0, request.headers[$0] ?? "") },
            body: Array(request.body.utf8))
        guard let date = request.headers["x-amz-date"], let moment = try? Date(date, strategy: Self.dateStrategy) else {
            return false
        }
        let signer = Signer(
            credentials: Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "s3cret"), region: "eu-west-1",
            service: "sqs")
        let again = signer.sign(plain, at: Int64(moment.timeIntervalSince1970) * 1000)
        return again.header("authorization") == request.headers["authorization"]
    }

    private static let dateStrategy = Date.ISO8601FormatStyle(
        dateSeparator: .omitted, timeSeparator: .omitted, timeZoneSeparator: .omitted)
}
