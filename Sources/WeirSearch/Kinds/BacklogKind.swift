import WeirCore
import WeirPolicy

/// Backlog tracking: as many instances as the outstanding work needs, and some to spare.
struct BacklogKind: ScalingKind {
    let name = "backlog_tracking"

    func parameters(_ setting: Setting) -> [Parameter] {
        let concurrency = Double(setting.group.concurrency)
        return [
            Parameter(
                "messages_per_instance",
                .scale(least: concurrency / 2, most: concurrency * max(4, min(3600 / setting.meanService, 10_000)))),
            Parameter("spare", .counts(least: 0, most: setting.mostInstances)),
            Parameter("scale_out_window", .choice([0, 10, 30, 60, 120]), isTime: true),
            Parameter("scale_in_window", setting.pauses, isTime: true),
        ]
    }

    func scaling(_ values: [Double], _ setting: Setting) -> PolicyEditing.Scaling {
        let values = Values(parameters(setting), values)
        return PolicyEditing.Scaling(
            metrics: [], alarms: [],
            policies: [
                "tuned-backlog:",
                "  type: backlog_tracking",
                "  messages_per_instance: \(Values.number(values["messages_per_instance"]))",
                "  spare: \(values.whole("spare"))",
                "  scale_out_window: \(values.time("scale_out_window"))",
                "  scale_in_window: \(values.time("scale_in_window"))",
            ])
    }
}
