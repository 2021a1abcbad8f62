import WeirCore
import WeirHTTP
import WeirPolicy

/// What a policy file says about a backlog that an HTTP endpoint tells.
struct HTTPSourceOptions: Sendable {
    var url: String
    var method: String
    var headers: [HTTPHeader]
    var timeout: Duration
    var visible: JSONPointer
    /// Nil: the endpoint has no such figure.
    var inFlight: JSONPointer?
    var delayed: JSONPointer?
    var oldestAge: JSONPointer?

    /// A small answer is expected; more is a mistake of the endpoint.
    static let maximumAnswerBytes = 1 << 20
    static let timeouts: ClosedRange<Duration> = .milliseconds(100) ... .seconds(60)

    init(_ options: Options) {
        url = options.text("url") ?? ""
        method = options.text("method") ?? "GET"
        headers = options.textMap("headers").map { HTTPHeader($0.name, $0.value) }
        timeout = options.duration("timeout") ?? .seconds(5)
        visible = options.text("visible").flatMap(JSONPointer.init) ?? JSONPointer(names: ["visible"])
        inFlight = options.text("in_flight").flatMap(JSONPointer.init)
        delayed = options.text("delayed").flatMap(JSONPointer.init)
        oldestAge = options.text("oldest_age").flatMap(JSONPointer.init)
    }

    static let section = BackendSection(
        word: "http",
        summary: "The backlog is in the JSON that an HTTP endpoint answers with.",
        fields: [
            Field(
                "url", .text(secrets: true), required: true,
                "What is asked: http:// or https://. Redirects are not followed."),
            Field("method", .oneOf(["GET", "POST"]), default: "GET", "How it is asked; a POST has an empty body."),
            Field("headers", .textMap(secrets: true), "Headers of the request, such as Authorization."),
            Field("timeout", .duration(timeouts), default: "5s", "An answer that takes longer is missing data."),
            Field(
                "visible", pointer, default: "/visible",
                "Where in the answer the messages ready to be received are counted."),
            Field("in_flight", pointer, "Where the messages received and not yet deleted are counted."),
            Field("delayed", pointer, "Where the messages that are not yet due are counted."),
            Field("oldest_age", pointer, "Where the age of the oldest visible message is, in seconds."),
        ],
        shorthand: "url",
        check: isAddress)

    /// A reference to a secret cannot be judged before it is resolved.
    private static func isAddress(_ options: Options) -> [OptionMistake] {
        let url = options.text("url") ?? ""
        let schemes = ["http://", "https://", "file:", "$"]
        guard !schemes.contains(where: url.hasPrefix) else { return [] }
        return [
            OptionMistake(
                field: "url", message: "'url' is no address of an HTTP endpoint",
                expected: "http://… or https://…, or a reference to a secret")
        ]
    }

    private static let pointer = Field.Kind.checkedText(expected: "a JSON pointer, such as '/queue/visible'") {
        JSONPointer($0) != nil
    }
}
