/// Whom to ask about a queue, and in which region's name.
struct SQSPlace: Sendable, Equatable {
    var endpoint: Endpoint
    /// Nil: the address does not say.
    var region: String?

    /// The scheme, host and path of an address, without a slash at its end.
    struct Endpoint: Sendable, Equatable {
        /// `https://sqs.eu-west-1.amazonaws.com`
        var origin: String
        /// As the Host header says it: with the port, unless it is the scheme's own.
        var host: String
        /// "" or `/…`.
        var path: String

        init?(_ text: String) {
            guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else { return nil }
            let rest = text.dropFirst(scheme.count)
            var host = rest.prefix { $0 != "/" }
            // A user or password would travel to the server and into messages; a query has no place here.
            guard !host.isEmpty, !rest.contains(where: { "@?# ".contains($0) }) else { return nil }
            let usualPort = scheme == "https://" ? ":443" : ":80"
            if host.hasSuffix(usualPort) { host = host.dropLast(usualPort.count) }
            var path = rest.drop { $0 != "/" }
            while path.hasSuffix("/") { path.removeLast() }
            self.host = String(host)
            self.path = String(path)
            origin = scheme + host
        }
    }

    init(endpoint: Endpoint, region: String?) {
        self.endpoint = endpoint
        self.region = region
    }

    /// What the address of a queue says: the service is at the root of its host.
    init?(queueURL: String) {
        guard var endpoint = Endpoint(queueURL), !endpoint.path.isEmpty else { return nil }
        endpoint.path = ""
        self.endpoint = endpoint
        region = Self.region(host: endpoint.host)
    }

    /// Option, queue's address, environment, the region's own: the first that says something.
    /// - Parameter region: what environment and profile say.
    init(_ options: SQSOptions, environment: [String: String], region: String?) throws(SQSFailure) {
        let queue = options.queueURL.flatMap { SQSPlace(queueURL: $0) }
        guard let region = options.region ?? queue?.region ?? region else { throw .noRegion }
        let fromEnvironment = environment.filled("AWS_ENDPOINT_URL_SQS") ?? environment.filled("AWS_ENDPOINT_URL")
        if let text = options.endpoint ?? (queue == nil ? fromEnvironment : nil) {
            guard let endpoint = Endpoint(text) else { throw .strangeEndpoint }
            self.init(endpoint: endpoint, region: region)
        } else if let endpoint = queue?.endpoint ?? Endpoint("https://sqs.\(region).\(Self.domain(region))") {
            self.init(endpoint: endpoint, region: region)
        } else {
            throw .strangeEndpoint
        }
    }

    private static func domain(_ region: String) -> String {
        region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
    }

    /// `sqs.REGION.amazonaws.com`, also behind a VPC endpoint, and the older `REGION.queue.amazonaws.com`.
    private static func region(host: String) -> String? {
        guard host.hasSuffix(".amazonaws.com") || host.hasSuffix(".amazonaws.com.cn") else { return nil }
        let labels = host.split(separator: ".").map(String.init)
        if let sqs = labels.firstIndex(of: "sqs"), labels.indices.contains(sqs + 1), labels[sqs + 1] != "amazonaws" {
            return labels[sqs + 1]
        }
        if let queue = labels.firstIndex(of: "queue") { return queue > 0 ? labels[queue - 1] : "us-east-1" }
        return nil
    }
}
