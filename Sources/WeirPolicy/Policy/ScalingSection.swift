import WeirCore

/// One scaling policy: the keys of each type, and from them the value that decides.
enum ScalingSection {
    static let declaration = Key.Variants(
        selector: "type", defaultWord: simple, sections: [(step, stepSection), (simple, simpleSection)])

    private static let step = "step_scaling"
    private static let simple = "simple_scaling"

    // MARK: Keys

    private static let stepSection = Section(
        "Step scaling: acts by how far the metric is past the threshold.",
        keys: common + [
            Key(
                "steps", .sequence(stepAdjustment, 1...Limits.mostSteps), required: true,
                "Step adjustments; without gaps, without overlaps, in any order.",
                source: "PutScalingPolicy, StepAdjustments", elsewhere: ["step_adjustments", "step_adjustment"]),
            minAdjustmentMagnitude,
            Key(
                "warmup", .value(.duration(Limits.warmup), default: nil),
                "From in service until an instance that this policy launched counts.",
                source: "PutScalingPolicy, EstimatedInstanceWarmup",
                elsewhere: ["estimated_instance_warmup", "instance_warmup"],
                fallback: .init(text: "warmup of the workers, else default_cooldown")),
        ])

    private static let simpleSection = Section(
        "Simple scaling: one adjustment, then a cooldown.",
        keys: common + [
            Key(
                "adjustment", .value(.integer(adjustments), default: nil), required: true,
                "How much to change, in instances or percent, or the capacity to have, as the adjustment type says.",
                source: "PutScalingPolicy, ScalingAdjustment", elsewhere: ["scaling_adjustment"]),
            minAdjustmentMagnitude,
            Key(
                "cooldown", .value(.duration(Limits.cooldown), default: nil),
                "After an activity of this policy, how long simple scaling waits.",
                source: "PutScalingPolicy, Cooldown",
                fallback: .init(text: "default_cooldown")),
        ])

    private static let common = [
        Key(
            "type", .value(.oneOf([step, simple]), default: simple), "The kind of scaling policy.",
            source: "PutScalingPolicy, PolicyType", elsewhere: ["policy_type"]),
        Key(
            "alarm", .value(.text(), default: nil), required: true,
            "The alarm that invokes it: a name, or a rule over alarms: a and not b.",
            elsewhere: ["alarm_name", "alarms"]),
        AlarmBinding.state,
        Key(
            "adjustment_type", .value(.oneOf(AdjustmentType.allCases.map(\.rawValue)), default: nil), required: true,
            "What an adjustment means: instances to add, the capacity to have, or percent to add.",
            source: "PutScalingPolicy, AdjustmentType"),
    ]

    private static let minAdjustmentMagnitude = Key(
        "min_adjustment_magnitude", .value(.integer(1...Limits.largestGroup), default: nil),
        "With percent_change_in_capacity only: the change is at least this many instances.",
        source: "PutScalingPolicy, MinAdjustmentMagnitude")

    private static let stepAdjustment = Section(
        "How much to change for how far past the threshold; bounds are relative to the alarm's threshold.",
        keys: [
            bound(
                "lower", "MetricIntervalLowerBound", elsewhere: ["lower_bound", "metric_interval_lower_bound", "from"]),
            bound(
                "upper", "MetricIntervalUpperBound", elsewhere: ["upper_bound", "metric_interval_upper_bound", "to"]),
            Key(
                "adjustment", .value(.integer(adjustments), default: nil), required: true,
                "How much to change, in instances or percent, or the capacity to have, as the adjustment type says.",
                source: "StepAdjustment, ScalingAdjustment", elsewhere: ["scaling_adjustment"]),
        ])

    private static func bound(_ name: String, _ aws: String, elsewhere: [String]) -> Key {
        Key(
            name, .value(.number(-Limits.largestThreshold...Limits.largestThreshold), default: nil),
            "The \(name) bound, in the unit of the metric, counted from the threshold.",
            source: "StepAdjustment, \(aws)",
            elsewhere: elsewhere, fallback: .init(text: "unbounded"))
    }

    private static let adjustments = -Limits.largestAdjustment...Limits.largestAdjustment

    // MARK: Values

    /// Nil while something that it needs is mistaken.
    static func policy(_ item: NamedValue) -> ScalingPolicy? {
        guard let section = item.section, section.isSound else { return nil }
        let options = section.options
        guard let alarm = options.text("alarm"),
            let adjustmentType = options.text("adjustment_type").flatMap(AdjustmentType.init(rawValue:))
        else { return nil }
        let magnitude = options.integer("min_adjustment_magnitude")
        if options.text("type") == step {
            let scaling = StepScaling(
                adjustmentType: adjustmentType, steps: section.sequence("steps").compactMap(stepAdjustment),
                minAdjustmentMagnitude: magnitude, instanceWarmup: options.duration("warmup"))
            return ScalingPolicy(name: item.name, alarm: alarm, kind: .step(scaling))
        }
        guard let adjustment = options.integer("adjustment") else { return nil }
        let scaling = SimpleScaling(
            adjustmentType: adjustmentType, adjustment: adjustment, minAdjustmentMagnitude: magnitude,
            cooldown: options.duration("cooldown"))
        return ScalingPolicy(name: item.name, alarm: alarm, kind: .simple(scaling))
    }

    static func stepAdjustment(_ section: SectionValues) -> StepAdjustment? {
        let options = section.options
        guard let adjustment = options.integer("adjustment") else { return nil }
        return StepAdjustment(
            lower: options.number("lower"), upper: options.number("upper"), adjustment: adjustment)
    }
}
