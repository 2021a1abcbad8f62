import WeirCore
import WeirPolicy

/// Target tracking of the backlog of each instance, with or without what it works on.
struct TrackingKind: ScalingKind {
    let name = "target_tracking"

    func parameters(_ setting: Setting) -> [Parameter] {
        // From some idle instances to an hour's work before each.
        let concurrency = Double(setting.group.concurrency)
        let most = concurrency * max(4, min(3600 / setting.meanService, 10_000))
        return [
            Parameter("counts_work_in_hand", .choice([0, 1])),
            Parameter("target", .scale(least: concurrency / 10, most: most)),
            Parameter("period", setting.periods, isTime: true),
            Parameter("evaluation_periods", .counts(least: 1, most: 5)),
            Parameter("scale_in_evaluation_periods", .counts(least: 1, most: 20)),
            Parameter("scale_in_below", .share(least: 0.3, most: 1)),
            Parameter("warmup", setting.pauses, isTime: true),
        ]
    }

    func scaling(_ values: [Double], _ setting: Setting) -> PolicyEditing.Scaling {
        let values = Values(parameters(setting), values)
        let counted = values["counts_work_in_hand"] > 0.5 ? "outstanding" : "visible"
        var scaling = PolicyEditing.Scaling(
            metrics: [("tuned_backlog_per_instance", "\(counted) / max(in_service, 1)")], alarms: [],
            policies: [
                "tuned-tracking:",
                "  type: target_tracking",
                "  metric: tuned_backlog_per_instance",
                "  target: \(Values.number(values["target"]))",
                "  period: \(values.time("period"))",
                "  evaluation_periods: \(values.whole("evaluation_periods"))",
                "  scale_in_evaluation_periods: \(values.whole("scale_in_evaluation_periods"))",
                "  scale_in_below: \(Values.number(values["scale_in_below"]))",
                "  warmup: \(values.time("warmup"))",
            ])
        if setting.group.minSize == 0 { leaveZero(&scaling, setting) }
        return scaling
    }

    /// Nothing times anything is nothing, so a step has to take the group from zero to one.
    private func leaveZero(_ scaling: inout PolicyEditing.Scaling, _ setting: Setting) {
        scaling.metrics.append(("tuned_stranded", "if(desired == 0, visible, 0)"))
        scaling.alarms = [
            "tuned-stranded:",
            "  metric: tuned_stranded",
            "  statistic: maximum",
            "  period: \(Values.time(setting.shortestPeriod))",
            "  comparison: \">=\"",
            "  threshold: 1",
        ]
        scaling.policies += [
            "tuned-first:",
            "  type: step_scaling",
            "  alarm: tuned-stranded",
            "  adjustment_type: change_in_capacity",
            "  steps:",
            "    - { lower: 0, adjustment: 1 }",
        ]
    }
}
