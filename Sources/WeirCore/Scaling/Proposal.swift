/// What one scaling policy would make of the group, and the figures that led there.
public struct Proposal: Sendable, Equatable, Codable {
    public var policy: String
    /// The alarm that invoked it; nil for a policy that needs none.
    public var alarm: String?
    /// How far the newest datapoint is past the threshold; nil for a simple policy, which does not ask.
    public var excess: Double?
    /// The step that applies; nil for a simple policy.
    public var step: StepAdjustment?
    public var adjustmentType: AdjustmentType
    public var adjustment: Int
    public var minAdjustmentMagnitude: Int?
    /// The capacity that the adjustment starts from. For a step that adds: warm instances in service. For one that
    /// removes: all, also those on their way out. For a simple policy: the desired capacity.
    public var base: Int
    /// The desired capacity before.
    public var desired: Int
    /// The desired capacity that the policy asks for, before minimum and maximum.
    public var capacity: Int
    /// What a target tracking policy compares; nil for the others.
    public var tracked: Tracked?
    /// What a policy that follows the backlog has counted; nil for the others.
    @Boxed public var backlog: Backlog?
    /// What a policy with a wait target expects; nil for the others.
    @Boxed public var waiting: Waiting?

    /// A metric and where it should be, in the metric's unit.
    public struct Tracked: Sendable, Equatable, Codable {
        public var metric: Double
        public var target: Double

        public init(metric: Double, target: Double) {
            self.metric = metric
            self.target = target
        }
    }

    /// `up-policy: 140 over the threshold, step [0, 400) adds 5`
    public var sentence: String {
        if let tracked { return sentence(tracked) }
        if $backlog.isThere, let backlog { return "\(policy): \(backlog.sentence)" }
        if $waiting.isThere, let waiting { return "\(policy): \(waiting.sentence)" + outcome }
        var text = policy + ": "
        if let excess, let step {
            text += "\(numberText(abs(excess))) \(excess < 0 ? "under" : "over") the threshold, step \(step.interval) "
        }
        text += deed
        if base != desired, adjustmentType != .exactCapacity, adjustment != 0 { text += ", counted from \(base)" }
        if capacity == desired, adjusted != base { text += ", and \(desired) are desired already" }
        return text
    }

    /// `keep-up: 150 with a target of 100, so 10 instances should be 15`
    private func sentence(_ tracked: Tracked) -> String {
        let text =
            "\(policy): \(numberText(tracked.metric)) with a target of \(numberText(tracked.target)), "
            + "so \(counted(base, "instance")) should be \(adjustment)"
        return capacity == desired && adjustment != desired ? text + ", and \(desired) are desired already" : text
    }

    /// What the adjustment alone leads to.
    var adjusted: Int {
        adjustmentType.capacity(from: base, adjustment: adjustment, minAdjustmentMagnitude: minAdjustmentMagnitude)
    }

    private var deed: String {
        switch adjustmentType {
        case .exactCapacity: return "sets \(adjustment)"
        case .changeInCapacity: return change(adjustment)
        case .percentChangeInCapacity:
            return "\(change(adjusted - base)), \(abs(adjustment)) % of \(base)"
        }
    }

    /// `; 2 more`
    private var outcome: String {
        if capacity == desired { return "" }
        return capacity > desired ? "; \(capacity - desired) more" : "; \(desired - capacity) fewer"
    }

    private func change(_ count: Int) -> String {
        count == 0 ? "adds nothing" : count > 0 ? "adds \(count)" : "removes \(-count)"
    }
}

extension StepAdjustment {
    /// `[0, 400)` above the threshold, `(-10, 0]` below it: the side decides which end belongs to it.
    public var interval: String {
        let below = (upper.map { $0 <= 0 } ?? false)
        let from = lower.map(numberText) ?? "-∞"
        let to = upper.map(numberText) ?? "∞"
        return "\(below || lower == nil ? "(" : "[")\(from), \(to)\(below ? "]" : ")")"
    }
}
