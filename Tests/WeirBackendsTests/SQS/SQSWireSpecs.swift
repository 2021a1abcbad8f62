import Testing
import WeirCore
import WeirHTTP
import WeirPolicy
import WeirSignature

@testable import WeirBackends

@Suite("SQS, in bytes")
struct SQSWireSpecs {
    private static let credentials = Credentials(
        accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", sessionToken: "t/o+k=")
    /// 2026-01-02T03:04:05Z
    private static let now = Instant(milliseconds: 1_767_323_045_000)

    @Test("a request is signed for its host, its date and all of its body")
    func request() throws {
        let endpoint = try #require(SQSPlace.Endpoint("https://sqs.eu-west-1.amazonaws.com"))
        let call = SQSWire.attributes("https://sqs.eu-west-1.amazonaws.com/1/work")
        let request = SQSWire.request(
            call, to: SQSPlace(endpoint: endpoint, region: "eu-west-1"), Self.credentials, at: Self.now,
            timeLimit: .seconds(5))
        #expect(request.method == "POST" && request.url == "https://sqs.eu-west-1.amazonaws.com/")
        #expect(
            String(decoding: request.body, as: UTF8.self) == """
                {"AttributeNames":["ApproximateNumberOfMessages","ApproximateNumberOfMessagesNotVisible",\
                "ApproximateNumberOfMessagesDelayed"],"QueueUrl":"https://sqs.eu-west-1.amazonaws.com/1/work"}
                """)
        let headers = Dictionary(uniqueKeysWithValues: request.headers.map { ($0.name.lowercased(), $0.value) })
        #expect(headers["host"] == "sqs.eu-west-1.amazonaws.com")
        #expect(headers["x-amz-target"] == "AmazonSQS.GetQueueAttributes")
        #expect(headers["content-type"] == "application/x-amz-json-1.0")
        #expect(headers["x-amz-date"] == "20260102T030405Z")
        #expect(headers["x-amz-security-token"] == "t/o+k=")
        let scope = "AKIDEXAMPLE/20260102/eu-west-1/sqs/aws4_request"
        #expect(
            headers["authorization"]?.contains("Credential=\(scope), SignedHeaders=content-type;host;x-amz-date")
                == true)
        #expect(headers.values.allSatisfy { !$0.contains(Self.credentials.secretAccessKey) })
    }

    @Test("counts are texts, each its own")
    func counts() throws {
        let body =
            #"{"Attributes":{"ApproximateNumberOfMessages":"12","ApproximateNumberOfMessagesNotVisible":"3","ApproximateNumberOfMessagesDelayed":"0"}}"#
        let measurement = try SQSWire.measurement(response(200, body))
        #expect(measurement.visible == .value(12) && measurement.inFlight == .value(3))
        #expect(measurement.delayed == .value(0) && measurement.oldestAge == .missing(.notTold))
    }

    @Test("a count that is absent or no count is missing; the others are not")
    func brokenCounts() throws {
        let body = #"{"Attributes":{"ApproximateNumberOfMessages":"many","ApproximateNumberOfMessagesNotVisible":"3"}}"#
        let measurement = try SQSWire.measurement(response(200, body))
        #expect(measurement.visible.number == nil && measurement.delayed.number == nil)
        #expect(measurement.inFlight == .value(3))
    }

    @Test(
        "a refusal says what SQS says, but no secrets",
        arguments: [
            (
                400,
                #"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"The specified queue does not exist."}"#,
                "SQS refused: QueueDoesNotExist: The specified queue does not exist."
            ),
            (
                403, #"{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"not authorized"}"#,
                "SQS refused: AccessDeniedException: not authorized"
            ),
            (
                403,
                #"{"__type":"InvalidSignatureException","message":"The Canonical String was x-amz-security-token:t/o+k="}"#,
                "SQS refused: InvalidSignatureException"
            ),
            (400, #"{"__type":"X","message":"one\ntwo\u001b[2J"}"#, "SQS refused: X: one"),
            (400, #"{"__type":"X"}"#, "SQS refused: X"),
            (500, "<html>", "the answer of SQS cannot be read: status 500"),
            (200, "{}", "the answer of SQS cannot be read: there are no Attributes in it"),
            (200, "", "the answer of SQS cannot be read: there are no Attributes in it"),
        ])
    func refusals(_ status: Int, _ body: String, _ sentence: String) {
        let failure = #expect(throws: SQSFailure.self) { try SQSWire.measurement(response(status, body)) }
        #expect(failure?.sentence == sentence)
        #expect(failure?.forgetsQueue == body.contains("QueueDoesNotExist"))
    }

    @Test(
        "who is asked, and in which region's name",
        arguments: [
            (
                "work", ["region": "eu-west-1"], [:], "https://sqs.eu-west-1.amazonaws.com", "eu-west-1",
                "the region's own"
            ),
            (
                "work", ["region": "cn-north-1"], [:], "https://sqs.cn-north-1.amazonaws.com.cn", "cn-north-1",
                "in China"
            ),
            (
                "work", [:], ["AWS_ENDPOINT_URL": "http://127.0.0.1:5000/"], "http://127.0.0.1:5000", "env",
                "the environment"
            ),
            (
                "work", [:], ["AWS_ENDPOINT_URL": "http://a", "AWS_ENDPOINT_URL_SQS": "http://b"], "http://b", "env",
                "the one for SQS"
            ),
            (
                "work", ["endpoint": "http://c"], ["AWS_ENDPOINT_URL_SQS": "http://b"], "http://c", "env",
                "the policy file has the last word"
            ),
            (
                "https://sqs.us-east-2.amazonaws.com/1/work", [:], ["AWS_ENDPOINT_URL": "http://a"],
                "https://sqs.us-east-2.amazonaws.com", "us-east-2", "a URL says both"
            ),
            (
                "https://vpce-1-2.sqs.us-east-2.vpce.amazonaws.com/1/work", [:], [:],
                "https://vpce-1-2.sqs.us-east-2.vpce.amazonaws.com", "us-east-2", "behind a VPC endpoint"
            ),
            (
                "https://eu-west-3.queue.amazonaws.com/1/work", [:], [:], "https://eu-west-3.queue.amazonaws.com",
                "eu-west-3", "old"
            ),
            (
                "http://127.0.0.1:5000/1/work", [:], [:], "http://127.0.0.1:5000", "env",
                "a stand-in has no region in it"
            ),
            (
                "http://127.0.0.1:5000/1/work", ["region": "r"], [:], "http://127.0.0.1:5000", "r",
                "unless the file says so"
            ),
        ] as [(String, [String: String], [String: String], String, String, String)])
    func places(
        _ queue: String, _ options: [String: String], _ environment: [String: String], _ origin: String,
        _ region: String, because: String
    ) throws {
        let place = try SQSPlace(Self.options(queue, options), environment: environment, region: "env")
        #expect(place.endpoint.origin == origin && place.region == region, "\(because)")
    }

    @Test("without a region there is no signature, and that is said")
    func noRegion() {
        #expect(throws: SQSFailure.noRegion) {
            try SQSPlace(Self.options("work", [:]), environment: [:], region: nil)
        }
        #expect(throws: SQSFailure.strangeEndpoint) {
            try SQSPlace(Self.options("work", [:]), environment: ["AWS_ENDPOINT_URL": "localhost:5000"], region: "r")
        }
    }

    @Test(
        "the host is what an HTTP client sends",
        arguments: [
            ("https://h", "h", ""), ("https://h:443/", "h", ""), ("http://h:80", "h", ""),
            ("http://h:443", "h:443", ""),
            ("https://h:8443/base/", "h:8443", "/base"),
        ])
    func hosts(_ text: String, _ host: String, _ path: String) throws {
        let endpoint = try #require(SQSPlace.Endpoint(text))
        #expect(endpoint.host == host && endpoint.path == path)
    }

    @Test(
        "what is no endpoint",
        arguments: ["", "h:80", "ftp://h", "https://", "https://user:pw@h", "https://h?x=1", "https://h h"])
    func noEndpoints(_ text: String) {
        #expect(SQSPlace.Endpoint(text) == nil)
    }

    @Test(
        "what names a queue",
        arguments: [
            ("work", true), ("work-1_A.fifo", true), (String(repeating: "q", count: 80), true),
            (String(repeating: "q", count: 81), false), ("", false), (".fifo", false), ("a b", false), ("a.b", false),
            ("https://sqs.eu-west-1.amazonaws.com/1/work", true), ("https://sqs.eu-west-1.amazonaws.com", false),
            ("ftp://h/1/work", false),
        ])
    func queues(_ text: String, _ isOne: Bool) throws {
        let field = try #require(SQSOptions.section.fields.first { $0.name == "queue" })
        guard case .checkedText(_, let isRight) = field.kind else {
            Issue.record("the queue is not checked")
            return
        }
        #expect(isRight(text) == isOne)
    }

    private func response(_ status: Int, _ body: String) -> HTTPResponse {
        HTTPResponse(head: HTTPHead(status: status), body: Array(body.utf8))
    }

    private static func options(_ queue: String, _ others: [String: String]) -> SQSOptions {
        let values = others.sorted { $0.key < $1.key }.map { Options.Entry(name: $0.key, value: .text($0.value)) }
        return SQSOptions(Options(values: [.init(name: "queue", value: .text(queue))] + values))
    }
}
