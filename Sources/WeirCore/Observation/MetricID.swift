/// Which metric: one that is measured, or a named expression of the policy.
public enum MetricID: Hashable, Sendable {
    case builtIn(BuiltInMetric)
    case named(String)

    /// Ticks compare them all the time, and mostly two of the first kind.
    @inline(__always)
    public static func == (left: MetricID, right: MetricID) -> Bool {
        switch (left, right) {
        case (.builtIn(let left), .builtIn(let right)): left == right
        case (.named(let left), .named(let right)): left == right
        case (.builtIn, .named), (.named, .builtIn): false
        }
    }

    /// It is an expression.
    var isNamed: Bool {
        switch self {
        case .builtIn: false
        case .named: true
        }
    }

    /// The word that people write for it.
    public var word: String {
        switch self {
        case .builtIn(let metric): metric.rawValue
        case .named(let name): name
        }
    }
}

/// Travels as its word; the name of an expression is never that of a metric that every group has.
extension MetricID: Codable {
    public init(from decoder: any Decoder) throws {
        let word = try decoder.singleValueContainer().decode(String.self)
        self = BuiltInMetric(rawValue: word).map(MetricID.builtIn) ?? .named(word)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(word)
    }
}

/// The metrics that every group has. Raw values are the words of the policy file.
public enum BuiltInMetric: String, Sendable, Codable, CaseIterable {
    /// Messages ready to be received.
    case visible
    /// Messages received and not yet deleted.
    case inFlight = "in_flight"
    /// Messages not yet due.
    case delayed
    /// visible + in flight, in messages; missing when either is.
    case outstanding
    /// Seconds; age of the oldest visible message.
    case oldestAge = "oldest_age"
    /// Messages per second.
    case arrivalRate = "arrival_rate"
    /// Messages per second.
    case completionRate = "completion_rate"
    /// Instances in service.
    case inService = "in_service"
    /// Instances whose launch is under way.
    case pending
    /// Instances that are draining or stopping.
    case terminating
    /// The desired capacity, in instances.
    case desired
}

/// A named expression over metrics: `backlog_per_instance: visible / max(in_service, 1)`.
public struct NamedMetric: Sendable, Equatable, Codable {
    public var name: String
    public var expression: MetricExpression

    public init(name: String, expression: MetricExpression) {
        self.name = name
        self.expression = expression
    }
}
