/// Which metric: one that is measured, or a named expression of the policy.
public enum MetricID: Hashable, Sendable, Codable {
    case builtIn(BuiltInMetric)
    case named(String)

    /// The word that people write for it.
    public var word: String {
        switch self {
        case .builtIn(let metric): metric.rawValue
        case .named(let name): name
        }
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
