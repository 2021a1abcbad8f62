import FoundationEssentials
import WeirCore
import WeirHTTP
import WeirSignature

/// Bytes of the SQS JSON protocol ↔ values. Pure: the date is an argument.
enum SQSWire {
    /// Messages of these errors repeat the request that was signed, and with it the session token.
    private static let codesWithSecrets = ["SignatureDoesNotMatch", "InvalidSignatureException", "InvalidSignature"]

    private static let visible = "ApproximateNumberOfMessages"
    private static let inFlight = "ApproximateNumberOfMessagesNotVisible"
    private static let delayed = "ApproximateNumberOfMessagesDelayed"

    // MARK: What is sent

    static func queueURL(_ name: String) -> (action: String, body: [UInt8]) {
        ("GetQueueUrl", encode(["QueueName": .text(name)]))
    }

    static func attributes(_ queueURL: String) -> (action: String, body: [UInt8]) {
        let names = [visible, inFlight, delayed].map { Argument.text($0) }
        return ("GetQueueAttributes", encode(["QueueUrl": .text(queueURL), "AttributeNames": .list(names)]))
    }

    /// The signed request.
    /// - Parameter now: decides the signature's date.
    static func request(
        _ call: (action: String, body: [UInt8]), to place: SQSPlace, _ credentials: Credentials, at now: Instant,
        timeLimit: Duration
    ) -> HTTPRequest {
        let path = place.endpoint.path + "/"
        let plain = SignableRequest(
            method: "POST", path: path,
            headers: [
                ("host", place.endpoint.host),
                ("content-type", "application/x-amz-json-1.0"),
                ("x-amz-target", "AmazonSQS.\(call.action)"),
            ],
            body: call.body)
        let signer = Signer(credentials: credentials, region: place.region ?? "", service: "sqs")
        let signed = signer.sign(plain, at: now.milliseconds)
        return HTTPRequest(
            "POST", place.endpoint.origin + path, headers: signed.headers.map { HTTPHeader($0.name, $0.value) },
            body: call.body, timeLimit: timeLimit, maximumResponseBytes: SQSLimits.answerBytes)
    }

    // MARK: What comes back

    static func queueURL(_ response: HTTPResponse) throws(SQSFailure) -> String {
        try check(response)
        guard let answer = try? JSONDecoder().decode(QueueURLAnswer.self, from: Data(response.body)) else {
            throw .unreadable("there is no QueueUrl in it")
        }
        return answer.queueURL
    }

    static func measurement(_ response: HTTPResponse) throws(SQSFailure) -> Measurement {
        try check(response)
        guard let answer = try? JSONDecoder().decode(AttributesAnswer.self, from: Data(response.body)) else {
            throw .unreadable("there are no Attributes in it")
        }
        func reading(_ name: String) -> Reading {
            guard let text = answer.attributes[name], let count = Int(text), count >= 0 else {
                return .missing(SQSFailure.unreadable("'\(name)' is no count").reason)
            }
            return .value(Double(count))
        }
        return Measurement(
            visible: reading(visible), inFlight: reading(inFlight), delayed: reading(delayed),
            oldestAge: .missing(.notTold))
    }

    private static func check(_ response: HTTPResponse) throws(SQSFailure) {
        guard response.status != 200 else { return }
        let answer = try? JSONDecoder().decode(ErrorAnswer.self, from: Data(response.body))
        guard let type = answer?.type, let name = type.split(separator: "#").last else {
            throw .unreadable("status \(response.status)")
        }
        let code = String(name)
        let message = codesWithSecrets.contains(code) ? "" : answer?.message ?? ""
        let quoted = PlainText.lines(Array(message.utf8)).first ?? ""
        throw .refused(code: code, message: quoted.cut(after: SQSLimits.quotedCharacters))
    }

    // MARK: JSON

    private enum Argument: Encodable {
        case text(String)
        case list([Argument])

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .list(let items): try container.encode(items)
            }
        }
    }

    private static func encode(_ arguments: [String: Argument]) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Names, texts and lists of texts can always be written as JSON.
        return (try? encoder.encode(arguments)).map { Array($0) } ?? []
    }

    private struct QueueURLAnswer: Decodable {
        var queueURL: String

        enum CodingKeys: String, CodingKey {
            case queueURL = "QueueUrl"
        }
    }

    private struct AttributesAnswer: Decodable {
        var attributes: [String: String]

        enum CodingKeys: String, CodingKey {
            case attributes = "Attributes"
        }
    }

    /// Services write `message`, some front ends of theirs `Message`.
    private struct ErrorAnswer: Decodable {
        var type: String?
        var message: String?

        enum CodingKeys: String, CodingKey {
            case type = "__type"
            case message
            case capitalMessage = "Message"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            type = try container.decodeIfPresent(String.self, forKey: .type)
            message =
                try container.decodeIfPresent(String.self, forKey: .message)
                ?? container.decodeIfPresent(String.self, forKey: .capitalMessage)
        }
    }
}
