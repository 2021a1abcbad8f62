/// What to do while an alarm is in ALARM, or in another of its states; or, without an alarm, at each measurement.
public struct ScalingPolicy: Sendable, Equatable, Codable {
    /// Unique in its group.
    public var name: String
    /// The names of the alarms that invoke it: one of the group's, or those that a target tracking policy owns. Empty for a
    /// policy that needs none.
    public internal(set) var alarms: [String]
    public var kind: Kind
    /// The state of the alarm in which the policy is invoked. Default: ALARM.
    public var alarmState: AlarmState = .alarm
    /// One that is not enabled is ignored; its alarms go on. Default: true.
    public var enabled: Bool

    public init(name: String, alarm: String, kind: Kind, enabled: Bool = true) {
        self.name = name
        self.alarms = [alarm]
        self.kind = kind
        self.enabled = enabled
    }

    /// The alarms that it owns are made, and named, with its group.
    public init(name: String, tracking: TargetTracking, enabled: Bool = true) {
        self.name = name
        self.alarms = []
        self.kind = .targetTracking(tracking)
        self.enabled = enabled
    }

    public init(name: String, backlog tracking: BacklogTracking, enabled: Bool = true) {
        self.name = name
        self.alarms = []
        self.kind = .backlogTracking(tracking)
        self.enabled = enabled
    }

    public init(name: String, waiting target: WaitTarget, enabled: Bool = true) {
        self.name = name
        self.alarms = []
        self.kind = .waitTarget(target)
        self.enabled = enabled
    }

    /// Each in a place of its own: a policy that is asked is not copied.
    public indirect enum Kind: Sendable, Equatable, Codable {
        case step(StepScaling)
        case simple(SimpleScaling)
        case targetTracking(TargetTracking)
        case backlogTracking(BacklogTracking)
        case waitTarget(WaitTarget)

        /// It acts when an alarm invokes it; one that does not is decided at each measurement.
        public var needsAlarm: Bool {
            switch self {
            case .step, .simple, .targetTracking: true
            case .backlogTracking, .waitTarget: false
            }
        }
    }
}

/// Acts by how far the metric is past the threshold. Source: EC2 Auto Scaling, "Step and simple scaling policies".
public struct StepScaling: Sendable, Equatable, Codable {
    public var adjustmentType: AdjustmentType
    /// At most 20; no gaps, no overlaps.
    public var steps: [StepAdjustment]
    /// Percent only: the change is at least this many instances.
    public var minAdjustmentMagnitude: Int?
    /// EstimatedInstanceWarmup; nil falls back to the group's warmup, then to its default cooldown.
    public var instanceWarmup: Duration?

    public init(
        adjustmentType: AdjustmentType, steps: [StepAdjustment], minAdjustmentMagnitude: Int? = nil,
        instanceWarmup: Duration? = nil
    ) {
        self.adjustmentType = adjustmentType
        self.steps = steps
        self.minAdjustmentMagnitude = minAdjustmentMagnitude
        self.instanceWarmup = instanceWarmup
    }
}

/// How much to change for how far past the threshold. Bounds are relative to the threshold, in the metric's unit; nil is
/// unbounded.
public struct StepAdjustment: Sendable, Equatable, Codable {
    public var lower: Double?
    public var upper: Double?
    /// Instances, or percent, as the adjustment type says.
    public var adjustment: Int

    public init(lower: Double? = nil, upper: Double? = nil, adjustment: Int) {
        self.lower = lower
        self.upper = upper
        self.adjustment = adjustment
    }
}

/// One adjustment, then a cooldown.
public struct SimpleScaling: Sendable, Equatable, Codable {
    public var adjustmentType: AdjustmentType
    public var adjustment: Int
    public var minAdjustmentMagnitude: Int?
    /// Nil: the group's default cooldown.
    public var cooldown: Duration?

    public init(
        adjustmentType: AdjustmentType, adjustment: Int, minAdjustmentMagnitude: Int? = nil, cooldown: Duration? = nil
    ) {
        self.adjustmentType = adjustmentType
        self.adjustment = adjustment
        self.minAdjustmentMagnitude = minAdjustmentMagnitude
        self.cooldown = cooldown
    }
}

/// Raw values are the words of the policy file.
public enum AdjustmentType: String, Sendable, Codable, CaseIterable {
    case changeInCapacity = "change_in_capacity"
    case exactCapacity = "exact_capacity"
    case percentChangeInCapacity = "percent_change_in_capacity"
}
