import WeirCore
import WeirPolicy

/// Step scaling both ways: out by how many wait, in by how many have nothing to do.
struct StepKind: ScalingKind {
    let name = "step"

    func parameters(_ setting: Setting) -> [Parameter] {
        BacklogAlarm.parameters(setting) + [
            Parameter("out.adjustment", setting.instances),
            Parameter("out.second_step", setting.waiting),
            Parameter("out.second_adjustment", setting.instances),
            Parameter("out.warmup", setting.pauses, isTime: true),
        ] + IdleMetric.parameters(setting) + [
            Parameter("in.adjustment", setting.instances),
            Parameter("in.second_step", setting.instances),
            Parameter("in.second_adjustment", setting.instances),
        ]
    }

    func scaling(_ values: [Double], _ setting: Setting) -> PolicyEditing.Scaling {
        let values = Values(parameters(setting), values)
        let idle = IdleMetric(setting)
        return PolicyEditing.Scaling(
            metrics: [idle.metric],
            alarms: BacklogAlarm.lines(values) + idle.alarm(values),
            policies: [
                "tuned-out:",
                "  type: step_scaling",
                "  alarm: tuned-waiting",
                "  adjustment_type: change_in_capacity",
                "  warmup: \(values.time("out.warmup"))",
                "  steps:",
                "    - { lower: 0, upper: \(values.whole("out.second_step")), adjustment: \(values.whole("out.adjustment")) }",
                "    - { lower: \(values.whole("out.second_step")), adjustment: \(values.whole("out.second_adjustment")) }",
                "tuned-in:",
                "  type: step_scaling",
                "  alarm: tuned-idle",
                "  adjustment_type: change_in_capacity",
                "  steps:",
                "    - { lower: 0, upper: \(values.whole("in.second_step")), adjustment: -\(values.whole("in.adjustment")) }",
                "    - { lower: \(values.whole("in.second_step")), adjustment: -\(values.whole("in.second_adjustment")) }",
            ])
    }
}

/// The alarm that more instances are needed, by how many messages wait.
enum BacklogAlarm {
    static func parameters(_ setting: Setting) -> [Parameter] {
        [
            Parameter("out.threshold", setting.waiting),
            Parameter("out.period", setting.periods, isTime: true),
            Parameter("out.evaluation_periods", .counts(least: 1, most: 5)),
        ]
    }

    static func lines(_ values: Values) -> [String] {
        [
            "tuned-waiting:",
            "  metric: visible",
            "  statistic: maximum",
            "  period: \(values.time("out.period"))",
            "  evaluation_periods: \(values.whole("out.evaluation_periods"))",
            "  comparison: \">=\"",
            "  threshold: \(values.whole("out.threshold"))",
        ]
    }
}

/// Instances that have nothing to do, and the alarm that there are too many of them.
struct IdleMetric {
    private let concurrency: Int

    init(_ setting: Setting) {
        concurrency = setting.group.concurrency
    }

    static func parameters(_ setting: Setting) -> [Parameter] {
        [
            Parameter("in.threshold", setting.instances),
            Parameter("in.period", setting.periods, isTime: true),
            Parameter("in.evaluation_periods", .counts(least: 1, most: 20)),
        ]
    }

    private static let name = "tuned_idle"

    var metric: (name: String, expression: String) {
        (Self.name, "in_service - outstanding\(concurrency > 1 ? " / \(concurrency)" : "")")
    }

    func alarm(_ values: Values) -> [String] {
        [
            "tuned-idle:",
            "  metric: \(Self.name)",
            "  statistic: minimum",
            "  period: \(values.time("in.period"))",
            "  evaluation_periods: \(values.whole("in.evaluation_periods"))",
            "  comparison: \">=\"",
            "  threshold: \(values.whole("in.threshold"))",
        ]
    }
}
