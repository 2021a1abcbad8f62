import WeirCore
import WeirHTTP
import WeirPolicy

/// What a policy file says about a backlog that an HTTP endpoint tells.
struct HTTPSourceOptions: Sendable {
    var url: String
    /// What people are shown instead of the URL; nil when it holds no secret but those that are cut out of any URL.
    var shownURL: String?
    var method: String
    var headers: [HTTPHeader]
    var timeout: Duration
    var visible: JSONPointer
    /// Nil: the endpoint has no such figure.
    var inFlight: JSONPointer?
    var delayed: JSONPointer?
    var oldestAge: JSONPointer?
    var arrivedTotal: JSONPointer?
    var completedTotal: JSONPointer?
    var asOf: JSONPointer?

    /// A small answer is expected; more is a mistake of the endpoint.
    static let maximumAnswerBytes = 1 << 20
    static let timeouts: ClosedRange<Duration> = .milliseconds(100) ... .seconds(60)

    /// - Parameter written: the same with references instead of secrets.
    init(_ options: Options, asWritten written: Options) {
        url = options.text("url") ?? ""
        shownURL = written.text("url").flatMap { $0 == options.text("url") ? nil : ShownURL.text($0) }
        method = options.text("method") ?? "GET"
        headers = options.textMap("headers").map { HTTPHeader($0.name, $0.value) }
        timeout = options.duration("timeout") ?? .seconds(5)
        visible = options.text("visible").flatMap(JSONPointer.init) ?? JSONPointer(names: ["visible"])
        inFlight = options.text("in_flight").flatMap(JSONPointer.init)
        delayed = options.text("delayed").flatMap(JSONPointer.init)
        oldestAge = options.text("oldest_age").flatMap(JSONPointer.init)
        arrivedTotal = options.text("arrived_total").flatMap(JSONPointer.init)
        completedTotal = options.text("completed_total").flatMap(JSONPointer.init)
        asOf = options.text("as_of").flatMap(JSONPointer.init)
    }

    static let section = BackendSection(
        word: "http",
        summary: "The backlog is in the JSON that an HTTP endpoint answers with.",
        fields: [
            Field(
                "url", .text(secrets: true), required: true,
                "What is asked: http:// or https://. Redirects are not followed."),
            Field("method", .oneOf(["GET", "POST"]), default: "GET", "How it is asked; a POST has an empty body."),
            Field("headers", .textMap(names: .header, secrets: true), "Headers of the request, such as Authorization."),
            Field("timeout", .duration(timeouts), default: "5s", "An answer that takes longer is missing data."),
            Field(
                "visible", pointer, default: "/visible",
                "Where in the answer the messages ready to be received are counted."),
            Field("in_flight", pointer, "Where the messages received and not yet deleted are counted."),
            Field("delayed", pointer, "Where the messages that are not yet due are counted."),
            Field("oldest_age", pointer, "Where the age of the oldest visible message is, in seconds."),
            Field(
                "arrived_total", pointer,
                "Where the messages ever sent are counted. `arrival_rate` is made from it; a total that falls began anew."
            ),
            Field(
                "completed_total", pointer, "Where the messages ever finished are counted; for `completion_rate`."),
            Field(
                "as_of", pointer,
                "Where the moment is that the figures are of: RFC 3339 in UTC, or seconds since 1970. Old ones are not believed."
            ),
        ],
        shorthand: "url",
        check: isAddress,
        untold: { options in
            let options = HTTPSourceOptions(options, asWritten: options)
            var untold: Set<BuiltInMetric> = []
            if options.inFlight == nil { untold.formUnion([.inFlight, .outstanding]) }
            if options.delayed == nil { untold.insert(.delayed) }
            if options.oldestAge == nil { untold.insert(.oldestAge) }
            if options.arrivedTotal == nil { untold.insert(.arrivalRate) }
            if options.completedTotal == nil { untold.insert(.completionRate) }
            return untold
        })

    /// A reference to a secret cannot be judged before it is resolved.
    private static func isAddress(_ options: Options) -> [OptionMistake] {
        let url = options.text("url") ?? ""
        let schemes = ["http://", "https://", "file:", "$"]
        guard schemes.contains(where: url.hasPrefix) else {
            return [
                OptionMistake(
                    field: "url", message: "'url' is no address of an HTTP endpoint",
                    expected: "http://… or https://…, or a reference to a secret")
            ]
        }
        guard !url.hasPrefix("file:") else { return [] }
        if url.utf8.contains(where: { $0 <= 32 || $0 == 127 }) {
            return [
                OptionMistake(
                    field: "url", message: "'url' holds a blank or a control character",
                    expected: "%20 for a blank, or another address")
            ]
        }
        guard !url.contains("${"), !isURL(url) else { return [] }
        return [
            OptionMistake(
                field: "url", message: "'url' is not a URL", expected: "http://host/path or https://host:port/path")
        ]
    }

    /// Whether there is a host, and a port if one is named, as libcurl's parser takes them.
    private static func isURL(_ url: String) -> Bool {
        guard let scheme = url.firstRange(of: "://") else { return false }
        let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
        let place = authority.lastIndex(of: "@").map { authority[$0...].dropFirst() } ?? authority
        if place.hasPrefix("[") {
            guard let match = place.prefixMatch(of: #/\[[0-9A-Fa-f:.]+(?:%[A-Za-z0-9._~\-]+)?\]/#) else { return false }
            return isPort(place[match.range.upperBound...])
        }
        let host = place.prefix { $0 != ":" }
        return !host.isEmpty && !host.contains { #"\$'"^`*<>=;,+&()|{}[]!"#.contains($0) }
            && isPort(place[host.endIndex...])
    }

    /// What follows the host: nothing, or `:8080`.
    private static func isPort(_ text: Substring) -> Bool {
        guard let colon = text.first else { return true }
        let digits = text.dropFirst()
        return colon == ":" && digits.allSatisfy { ("0"..."9").contains($0) }
            && (digits.isEmpty || UInt16(digits) != nil)
    }

    private static let pointer = Field.Kind.checkedText(expected: "a JSON pointer, such as '/queue/visible'") {
        JSONPointer($0) != nil
    }
}
