import Foundation
import Testing
import WeirCore
import WeirHTTP
import WeirPolicy
import WeirRuntime
import WeirSignature

@testable import WeirBackends

/// moto, or SQS itself: whatever WEIR_TEST_SQS_ENDPOINT names.
@Suite("The sqs source and a real server", .enabled(if: TestEngines.runsSQS))
struct RealSQSSpecs {
    @Test("keeps what every source promises", arguments: QueueSourcePromise.allCases)
    func keeps(_ promise: QueueSourcePromise) async throws {
        try await promise.check(await RealSQS())
    }

    @Test("a queue that is not there is missing, and says so")
    func absent() async throws {
        let subject = try await RealSQS()
        let measurement = await subject.source(named: "no-such-queue").measure(at: subject.now)
        guard case .missing(.sourceFailed(let sentence)) = measurement.visible else {
            Issue.record("\(measurement.visible)")
            return
        }
        #expect(sentence.contains("QueueDoesNotExist") || sentence.contains("NonExistentQueue"))
        await subject.end()
    }
}

/// A queue of one's own, filled by the calls that a program would make.
struct RealSQS: QueueSourceSubject {
    private let endpoint: String
    private let place: SQSPlace
    private let credentials: Credentials
    private let environment: [String: String]
    private let name = "weir-\(UUID().uuidString)"
    private let queueURL: String
    private let http: HTTPClient

    init() async throws {
        let http = HTTPClient()
        let endpoint = try #require(TestEngines.sqs, "WEIR_TEST_SQS_ENDPOINT names no server")
        let given = ProcessInfo.processInfo.environment
        var environment = ["AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"]
        for name in environment.keys.sorted() { environment[name] = given[name] ?? environment[name] }
        let region = environment["AWS_REGION"]
        place = SQSPlace(endpoint: try #require(SQSPlace.Endpoint(endpoint)), region: region)
        credentials = Credentials(
            accessKeyID: environment["AWS_ACCESS_KEY_ID"] ?? "",
            secretAccessKey: environment["AWS_SECRET_ACCESS_KEY"] ?? "")
        self.environment = environment
        self.endpoint = endpoint
        self.http = http
        let made = try await Self.call("CreateQueue", ["QueueName": name], http, place, credentials)
        queueURL = try #require(made["QueueUrl"] as? String)
    }

    var now: Instant { Instant(milliseconds: systemMilliseconds()) }

    func source() async throws -> any QueueSource { source(named: name) }

    func source(named name: String, endpoint: String? = nil) -> SQSSource {
        let options = Options(values: [
            .init(name: "queue", value: .text(name)), .init(name: "endpoint", value: .text(endpoint ?? self.endpoint)),
        ])
        return SQSSource(SQSOptions(options), environment: environment, http: http)
    }

    func fill(visible: Int, inFlight: Int, delayed: Int) async throws {
        for number in 0..<inFlight { try await send("in flight \(number)", delay: 0) }
        for _ in 0..<inFlight { try await call("ReceiveMessage", ["QueueUrl": queueURL, "VisibilityTimeout": 600]) }
        for number in 0..<visible { try await send("visible \(number)", delay: 0) }
        for number in 0..<delayed { try await send("delayed \(number)", delay: 600) }
    }

    func unreachableSource() async throws -> any QueueSource {
        let gone = try TestServer()
        gone.stop()
        return source(named: name, endpoint: gone.url)
    }

    /// A server cannot be made silent at will; FakeSQS is.
    func silentSource(timeLimit: Duration) async throws -> (any QueueSource)? { nil }

    func end() async {
        _ = try? await call("DeleteQueue", ["QueueUrl": queueURL])
    }

    private func send(_ body: String, delay: Int) async throws {
        try await call("SendMessage", ["QueueUrl": queueURL, "MessageBody": body, "DelaySeconds": delay])
    }

    @discardableResult
    private func call(_ action: String, _ arguments: [String: Any]) async throws -> [String: Any] {
        try await Self.call(action, arguments, http, place, credentials)
    }

    private static func call(
        _ action: String, _ arguments: [String: Any], _ http: HTTPClient, _ place: SQSPlace, _ credentials: Credentials
    ) async throws -> [String: Any] {
        let body = Array(try JSONSerialization.data(withJSONObject: arguments))
        let request = SQSWire.request(
            (action, body), to: place, credentials, at: Instant(milliseconds: systemMilliseconds()),
            timeLimit: .seconds(10))
        let response = try await http.send(request)
        #expect(response.status == 200, "\(action): \(response.text)")
        return try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any] ?? [:]
    }
}
