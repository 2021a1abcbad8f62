/// Keeps a metric that falls as capacity rises near a target. Source: EC2 Auto Scaling, "Target tracking scaling policies".
///
/// It owns two alarms, which live among the group's as long as it does: one above the target, which adds quickly, and one
/// well below it, which removes slowly.
public struct TargetTracking: Sendable, Equatable, Codable {
    /// A metric for each instance, such as the backlog per instance: twice the capacity has to mean about half of it.
    public var metric: MetricID
    /// Unit: of the metric. Range: above 0.
    public var target: Double
    /// Default: average.
    public var statistic: Statistic
    /// Without the alarm below the target, so that it only adds. Default: false. Source: DisableScaleIn.
    public var disableScaleIn: Bool
    /// Nil falls back to the group's warmup, then to its default cooldown.
    public var instanceWarmup: Duration?
    /// Default: 3 of 3 periods of 60 s.
    public var scaleOutAlarm: AlarmShape
    /// Default: 15 of 15 periods of 60 s.
    public var scaleInAlarm: AlarmShape
    /// Below this share of the target the metric is well below it. Range: above 0, at most 1. Default: 0.9.
    public var scaleInShare: Double

    public init(
        metric: MetricID, target: Double, statistic: Statistic = .average, disableScaleIn: Bool = false,
        instanceWarmup: Duration? = nil, scaleOutAlarm: AlarmShape = .scaleOut, scaleInAlarm: AlarmShape = .scaleIn,
        scaleInShare: Double = TargetTracking.defaultScaleInShare
    ) {
        self.metric = metric
        self.target = target
        self.statistic = statistic
        self.disableScaleIn = disableScaleIn
        self.instanceWarmup = instanceWarmup
        self.scaleOutAlarm = scaleOutAlarm
        self.scaleInAlarm = scaleInAlarm
        self.scaleInShare = scaleInShare
    }

    /// "Usually more than 10 % under it." Source: "How target tracking scaling for Application Auto Scaling works".
    public static let defaultScaleInShare = 0.9
}

/// How long a metric has to be on the wrong side.
public struct AlarmShape: Sendable, Equatable, Codable {
    /// How long one datapoint covers.
    public var period: Duration
    /// N.
    public var evaluationPeriods: Int
    /// M. Default: N.
    public var datapointsToAlarm: Int

    public init(period: Duration, evaluationPeriods: Int, datapointsToAlarm: Int? = nil) {
        self.period = period
        self.evaluationPeriods = evaluationPeriods
        self.datapointsToAlarm = datapointsToAlarm ?? evaluationPeriods
    }

    /// Observed on AWS, not in its guides; likewise the other.
    public static let scaleOut = AlarmShape(period: .seconds(60), evaluationPeriods: 3)
    public static let scaleIn = AlarmShape(period: .seconds(60), evaluationPeriods: 15)
}

// MARK: The capacity

extension TargetTracking {
    /// The capacity that would bring the metric to its target: `ceil(capacity × metric ÷ target)`.
    ///
    /// One formula rounds both ways as it should: 1.5 more are needed, so 2 are added; 1.5 could go, so 1 is removed. It
    /// never removes so many that the metric would pass the target.
    ///
    /// - Parameter capacity: the instances that the metric speaks of.
    /// - Returns: nil without any capacity, as nothing times anything says nothing.
    public func capacity(from capacity: Int, metric: Double) -> Int? {
        guard capacity > 0, target > 0, metric.isFinite else { return nil }
        let exact = Double(capacity) * metric / target
        let nearest = exact.rounded()
        // 3 × (0.1 ÷ 0.1) may come out a little above 3; that is no need for a fourth.
        let isWhole = abs(exact - nearest) <= Self.noise * max(nearest, 1)
        return Int(min(max(isWhole ? nearest : exact.rounded(.up), 0), Self.mostCapacity))
    }

    /// Relative error that a few operations on a Double may leave behind.
    private static let noise = 1e-9
    /// Far beyond any group; it only keeps the conversion from overflowing.
    private static let mostCapacity = 1e15
}

// MARK: Its alarms

extension TargetTracking {
    enum Side: String {
        case high = "AlarmHigh"
        case low = "AlarmLow"
    }

    /// The alarms that it owns, the high one first.
    func alarms(group: String, policy: String) -> [AlarmDefinition] {
        let high = alarm(.high, scaleOutAlarm, .greaterThan, target, group, policy)
        if disableScaleIn { return [high] }
        return [high, alarm(.low, scaleInAlarm, .lessThan, target * scaleInShare, group, policy)]
    }

    private func alarm(
        _ side: Side, _ shape: AlarmShape, _ comparison: Comparison, _ threshold: Double, _ group: String,
        _ policy: String
    ) -> AlarmDefinition {
        AlarmDefinition(
            name: "TargetTracking-\(group)-\(side.rawValue)-\(Self.uuid(group, policy))", metric: metric,
            statistic: statistic, period: shape.period, evaluationPeriods: shape.evaluationPeriods,
            datapointsToAlarm: shape.datapointsToAlarm, comparison: comparison, threshold: threshold)
    }

    /// The same for the same policy of the same group, today and after a restart. A version 8 UUID: its digits are ours.
    private static func uuid(_ group: String, _ policy: String) -> String {
        let words = "\(group)\u{0}\(policy)"
        let high = hash(words, 0xcbf2_9ce4_8422_2325) & ~0xF000 | 0x8000
        let low = hash(words, 0x8422_2325_cbf2_9ce4) & ~(0b11 << 62) | 0b10 << 62
        let digits = hexadecimal(high) + hexadecimal(low)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(index) { text += "-" }
            text.append(digit)
        }
        return text
    }

    /// FNV-1a, from a start of our choice.
    private static func hash(_ text: String, _ start: UInt64) -> UInt64 {
        text.utf8.reduce(start) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
