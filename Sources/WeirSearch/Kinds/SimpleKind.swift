import WeirPolicy

/// Simple scaling both ways: one adjustment, then a cooldown.
struct SimpleKind: ScalingKind {
    let name = "simple"

    func parameters(_ setting: Setting) -> [Parameter] {
        BacklogAlarm.parameters(setting) + [
            Parameter("out.adjustment", setting.instances),
            Parameter("out.cooldown", setting.pauses, isTime: true),
        ] + IdleMetric.parameters(setting) + [
            Parameter("in.adjustment", setting.instances),
            Parameter("in.cooldown", setting.pauses, isTime: true),
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
                "  type: simple_scaling",
                "  alarm: tuned-waiting",
                "  adjustment_type: change_in_capacity",
                "  adjustment: \(values.whole("out.adjustment"))",
                "  cooldown: \(values.time("out.cooldown"))",
                "tuned-in:",
                "  type: simple_scaling",
                "  alarm: tuned-idle",
                "  adjustment_type: change_in_capacity",
                "  adjustment: -\(values.whole("in.adjustment"))",
                "  cooldown: \(values.time("in.cooldown"))",
            ])
    }
}
