import WeirCore
import WeirPolicy

/// What a policy file says about a queue of SQS.
struct SQSOptions: Sendable, Equatable {
    /// Its name or its URL.
    var queue: String
    var region: String?
    var endpoint: String?
    var profile: String?

    init(_ options: Options) {
        queue = options.text("queue") ?? ""
        region = options.text("region")
        endpoint = options.text("endpoint")
        profile = options.text("profile")
    }

    static let section = BackendSection(
        word: "sqs",
        summary: "A queue of Amazon SQS, or of anything that speaks its JSON protocol.",
        fields: [
            Field(
                "queue",
                .checkedText(expected: "a queue's name (letters, digits, '-', '_', '.fifo') or its URL", isQueue),
                required: true, "The queue's name or its URL."),
            Field(
                "region", .checkedText(expected: "a region, such as 'eu-west-1'", isRegion),
                "By default what the queue's URL says, or AWS_REGION, AWS_DEFAULT_REGION or the profile."),
            Field(
                "endpoint", .checkedText(expected: "'https://host' or 'http://host:port'", isEndpoint),
                "Whom to ask; by default whom the queue's URL names, or AWS_ENDPOINT_URL_SQS, AWS_ENDPOINT_URL or the region's own."
            ),
            Field(
                "profile", .text(),
                "A profile of ~/.aws/credentials or ~/.aws/config; by default the environment's credentials, or AWS_PROFILE, or 'default'."
            ),
        ],
        shorthand: "queue",
        untold: { _ in [.oldestAge, .arrivalRate, .completionRate] })

    /// The queue was given by its URL.
    var queueURL: String? { queue.contains("://") ? queue : nil }

    @Sendable private static func isQueue(_ text: String) -> Bool {
        if text.contains("://") { return SQSPlace(queueURL: text) != nil }
        let stem = text.hasSuffix(".fifo") ? String(text.dropLast(5)) : text
        return !stem.isEmpty && text.count <= SQSLimits.longestQueueName && stem.utf8.allSatisfy(isNameByte)
    }

    @Sendable private static func isRegion(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { isNameByte($0) && $0 != UInt8(ascii: "_") }
    }

    @Sendable private static func isEndpoint(_ text: String) -> Bool { SQSPlace.Endpoint(text) != nil }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
