import WeirCore

/// One scaling policy: the keys of each type, and from them the value that decides.
enum ScalingSection {
    static let declaration = Key.Variants(
        selector: "type", defaultWord: simple,
        sections: [
            (step, stepSection), (simple, simpleSection), (tracking, trackingSection),
            (BacklogSection.word, BacklogSection.section), (WaitSection.word, WaitSection.section),
        ])

    private static let step = "step_scaling"
    private static let simple = "simple_scaling"
    private static let tracking = "target_tracking"

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
        ], advice: [aggregation])

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
        ], advice: [aggregation])

    static let type = Key(
        "type", .value(.oneOf([step, simple, tracking, BacklogSection.word, WaitSection.word]), default: simple),
        "The kind of scaling policy; AWS's PolicyType is taken too.",
        source: "PutScalingPolicy, PolicyType", elsewhere: ["policy_type"],
        synonyms: [.init(written: "TargetTrackingScaling", means: tracking)])

    static let enabled = Key(
        "enabled", .value(.boolean, default: "true"),
        "One that is not is ignored; enabled again, it may act at once if its alarm is in ALARM.",
        source: "PutScalingPolicy, Enabled")

    private static let common = [
        type, enabled,
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

    private static let trackingSection = Section(
        "Target tracking: keeps a metric that falls as capacity rises near a target, by two alarms of its own.",
        keys: [
            type, enabled,
            Key(
                "metric", .value(.text(), default: nil), required: true,
                "What is kept near the target: a metric for each instance, such as a backlog per instance under metrics.",
                source: "PutScalingPolicy, CustomizedMetricSpecification",
                elsewhere: ["metric_name", "customized_metric_specification", "predefined_metric_specification"]),
            Key(
                "target", .value(.number(Limits.target), default: nil), "Where the metric should be, in its unit.",
                source: "TargetTrackingConfiguration, TargetValue", elsewhere: ["target_value", "threshold"]),
            Key(
                "target_backlog", .section(backlogSection),
                "In place of 'target': a backlog per instance that can be worked off in time."),
            Key(
                "statistic",
                .value(.text(), default: Statistic.average.text),
                "How the samples of a period become its datapoint.", elsewhere: ["stat"]),
            Key(
                "disable_scale_in", .value(.boolean, default: "false"), "Only adds: there is no low alarm.",
                source: "TargetTrackingConfiguration, DisableScaleIn"),
            Key(
                "warmup", .value(.duration(Limits.warmup), default: nil),
                "From in service until an instance that this policy launched counts.",
                source: "PutScalingPolicy, EstimatedInstanceWarmup",
                elsewhere: ["estimated_instance_warmup", "instance_warmup"],
                fallback: .init(text: "warmup of the workers, else default_cooldown")),
            Key(
                "period", .value(.duration(Limits.period), default: Quantity.text(AlarmShape.scaleOut.period)),
                "How long one datapoint of either alarm covers.", source: "TargetTrackingMetricDataQuery, Period"),
            Key(
                "evaluation_periods", periods(AlarmShape.scaleOut.evaluationPeriods),
                "How many of the newest periods the alarm above the target judges."),
            Key(
                "datapoints_to_alarm", .value(.integer(1...Limits.mostEvaluationPeriods), default: nil),
                "How many of them must be above the target.",
                fallback: .init(text: "evaluation_periods", sibling: "evaluation_periods")),
            Key(
                "scale_in_evaluation_periods", periods(AlarmShape.scaleIn.evaluationPeriods),
                "The same for the alarm below the target."),
            Key(
                "scale_in_datapoints_to_alarm", .value(.integer(1...Limits.mostEvaluationPeriods), default: nil),
                "How many of them must be well below the target.",
                fallback: .init(text: "scale_in_evaluation_periods", sibling: "scale_in_evaluation_periods")),
            Key(
                "scale_in_below",
                .value(.number(Limits.scaleInShare), default: Field.Kind.text(TargetTracking.defaultScaleInShare)),
                "Well below the target is below this share of it."),
        ],
        choice: .init(noun: "target", words: ["target", "target_backlog"]),
        advice: [aggregation, configuration, cooldowns])

    // MARK: Keys of AWS that have no counterpart

    private static let aggregation = Section.Advice(
        words: ["metric_aggregation_type"], text: "'statistic' says it: that of the alarm, or of target tracking")
    /// Source: PutScalingPolicy, TargetTrackingConfiguration.
    private static let configuration = Section.Advice(
        words: ["target_tracking_configuration", "target_tracking_scaling_policy_configuration"],
        text: "what is in it stands in the policy itself: 'metric', 'target' and 'disable_scale_in'",
        holds: ["metric", "target"])
    /// Source: Application Auto Scaling, TargetTrackingScalingPolicyConfiguration; groups of instances have none.
    private static let cooldowns = Section.Advice(
        words: ["cooldown", "scale_in_cooldown", "scale_out_cooldown"],
        text:
            "target tracking has none: 'warmup' says when new instances count, 'scale_in_evaluation_periods' how soon it scales in"
    )

    private static func periods(_ count: Int) -> Key.Shape {
        .value(.integer(1...Limits.mostEvaluationPeriods), default: String(count))
    }

    private static let backlogSection = Section(
        "How much work may wait for one instance: the latency that is acceptable, divided by the time for one message.",
        keys: [
            Key(
                "latency", .value(.duration(Limits.acceptableLatency), default: nil), required: true,
                "How long a message may wait.", source: "Scaling based on Amazon SQS",
                elsewhere: ["acceptable_latency"]),
            Key(
                "seconds_per_message", .value(.number(Limits.secondsPerMessage), default: nil), required: true,
                "How long one instance works on one message.", source: "Scaling based on Amazon SQS"),
        ])

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
        let enabled = options.boolean("enabled") ?? true
        if options.text("type") == tracking {
            return Self.tracking(section).map { ScalingPolicy(name: item.name, tracking: $0, enabled: enabled) }
        }
        if options.text("type") == BacklogSection.word {
            return BacklogSection.tracking(section).map {
                ScalingPolicy(name: item.name, backlog: $0, enabled: enabled)
            }
        }
        if options.text("type") == WaitSection.word {
            return WaitSection.target(section).map { ScalingPolicy(name: item.name, waiting: $0, enabled: enabled) }
        }
        guard let alarm = options.text("alarm"),
            let adjustmentType = options.text("adjustment_type").flatMap(AdjustmentType.init(rawValue:))
        else { return nil }
        let magnitude = options.integer("min_adjustment_magnitude")
        if options.text("type") == step {
            let scaling = StepScaling(
                adjustmentType: adjustmentType, steps: section.sequence("steps").compactMap(stepAdjustment),
                minAdjustmentMagnitude: magnitude, instanceWarmup: options.duration("warmup"))
            return ScalingPolicy(name: item.name, alarm: alarm, kind: .step(scaling), enabled: enabled)
        }
        guard let adjustment = options.integer("adjustment") else { return nil }
        let scaling = SimpleScaling(
            adjustmentType: adjustmentType, adjustment: adjustment, minAdjustmentMagnitude: magnitude,
            cooldown: options.duration("cooldown"))
        return ScalingPolicy(name: item.name, alarm: alarm, kind: .simple(scaling), enabled: enabled)
    }

    static func tracking(_ section: SectionValues) -> TargetTracking? {
        let options = section.options
        guard options.text("type") == tracking, let metric = options.text("metric"), let target = target(section),
            let statistic = options.text("statistic").flatMap({ Statistic($0) }),
            let period = options.duration("period"), let periods = options.integer("evaluation_periods"),
            let scaleInPeriods = options.integer("scale_in_evaluation_periods"),
            let scaleInShare = options.number("scale_in_below")
        else { return nil }
        return TargetTracking(
            metric: MetricID(word: metric), target: target, statistic: statistic,
            disableScaleIn: options.boolean("disable_scale_in") ?? false, instanceWarmup: options.duration("warmup"),
            scaleOutAlarm: AlarmShape(
                period: period, evaluationPeriods: periods, datapointsToAlarm: options.integer("datapoints_to_alarm")),
            scaleInAlarm: AlarmShape(
                period: period, evaluationPeriods: scaleInPeriods,
                datapointsToAlarm: options.integer("scale_in_datapoints_to_alarm")),
            scaleInShare: scaleInShare)
    }

    /// As written, or from the backlog that is acceptable.
    private static func target(_ section: SectionValues) -> Double? {
        if let target = section.options.number("target") { return target }
        guard let backlog = section.child("target_backlog")?.options, let latency = backlog.duration("latency"),
            let seconds = backlog.number("seconds_per_message")
        else { return nil }
        return AcceptableBacklog(acceptableLatency: latency.inSeconds, secondsPerMessage: seconds).target
    }

    static func stepAdjustment(_ section: SectionValues) -> StepAdjustment? {
        let options = section.options
        guard let adjustment = options.integer("adjustment") else { return nil }
        return StepAdjustment(
            lower: options.number("lower"), upper: options.number("upper"), adjustment: adjustment)
    }
}
