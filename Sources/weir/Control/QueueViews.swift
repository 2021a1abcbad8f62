/// What the queue's API takes and gives, as far as `weir queue` needs it. On the wire
/// the names begin with a capital letter; see `ControlClient`.
struct CreateQueueInput: Encodable {
    var queueName: String
    var attributes: [String: String]
}

struct QueueInput: Encodable {
    var queueUrl: String
}

struct ListQueuesInput: Encodable {
    var queueNamePrefix: String?
}

struct AttributesInput: Encodable {
    var queueUrl: String
    var attributeNames: [String]
}

struct SendBatchInput: Encodable {
    var queueUrl: String
    var entries: [BatchEntry]
}

struct BatchEntry: Encodable {
    var id: String
    var messageBody: String
}

struct ReceiveInput: Encodable {
    var queueUrl: String
    var maxNumberOfMessages: Int
    var waitTimeSeconds: Int
    var messageSystemAttributeNames: [String]
}

struct DeleteInput: Encodable {
    var queueUrl: String
    var receiptHandle: String
}

struct QueueURLView: Decodable {
    var queueUrl: String
}

struct QueueURLsView: Decodable {
    var queueUrls: [String]?
}

struct AttributesView: Decodable {
    var attributes: [String: String]
}

struct BatchView: Decodable {
    struct Sent: Decodable {
        var id: String
        var messageId: String
    }

    struct Refused: Decodable {
        var id: String
        var code: String
        var message: String?
    }

    var successful: [Sent]?
    var failed: [Refused]?
}

struct MessagesView: Decodable {
    var messages: [MessageView]?
}

struct MessageView: Codable {
    var messageId: String
    var receiptHandle: String
    var body: String
    var attributes: [String: String]?
}

/// What the queue's API refuses with.
struct QueueErrorView: Decodable {
    /// `com.amazonaws.sqs#QueueDoesNotExist`
    private var type: String
    var message: String

    enum CodingKeys: String, CodingKey {
        case type = "__type"
        case message
    }

    /// `QueueDoesNotExist`
    var shape: String { type.split(separator: "#").last.map(String.init) ?? type }
}

/// The last part of a queue's URL.
func queueName(of url: String) -> String {
    url.split(separator: "/").last.map(String.init) ?? url
}
