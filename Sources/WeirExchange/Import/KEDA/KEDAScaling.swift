import WeirPolicy

/// How the group follows its trigger.
///
/// KEDA has a HorizontalPodAutoscaler divide the work by the target, round up, and stabilize what that leads to. Backlog tracking
/// does the same, where it counts the same messages and any of them is work enough. Elsewhere target tracking of an
/// expression comes nearest.
extension KEDAImport {
    mutating func writeScaling(_ trigger: QueueTrigger, _ spec: Item) {
        let behaviour = KEDABehaviour(spec, minimum: minimum, isJob: isJob)
        behaviour.settle()
        if trigger.isOutstanding, minimum > 0 || trigger.activation == 0 {
            follow(trigger, behaviour)
        } else {
            track(trigger, behaviour)
        }
    }

    // MARK: Backlog tracking

    private mutating func follow(_ trigger: QueueTrigger, _ behaviour: KEDABehaviour) {
        trigger.activationItem?.notNeeded(
            minimum > 0 ? "with a minimum above 0 the workload is always active" : "any message is work")
        trigger.targetItem?.carried("messages_per_instance")
        var entries: [PolicyDraft.Entry] = [
            .init("type", "backlog_tracking"),
            .init(
                "messages_per_instance", number: trigger.target, from: trigger.targetItem,
                remark: trigger.targetItem == nil ? "what KEDA has when nothing is said" : nil),
        ]
        let outWindow = behaviour.scaleOutWindow(as: "scale_out_window")
        if outWindow.seconds > 0 {
            entries.append(.init("scale_out_window", time: .seconds(outWindow.seconds), from: outWindow.item))
        }
        if let entry = behaviour.rate(behaviour.up, "max_scale_out_rate") { entries.append(entry) }
        if let entry = behaviour.disabledScaleIn {
            entries.append(entry)
            behaviour.settleWithoutScaleIn()
        } else {
            let inWindow = behaviour.scaleInWindow(as: "scale_in_window")
            entries.append(
                .init(
                    "scale_in_window", time: .seconds(inWindow.seconds), from: inWindow.item, remark: inWindow.remark))
            if let entry = behaviour.rate(behaviour.down, "max_scale_in_rate") { entries.append(entry) }
        }
        for side in [behaviour.up, behaviour.down] {
            side?["tolerance"]?.lost("backlog tracking has none: it goes as far as the work leads")
        }
        draft.scalingPolicies = [.init("keep-up", section: entries)]
    }

    // MARK: Target tracking

    /// The shortest period that an alarm may have and the source is measured in.
    private var period: Int {
        [10, 20, 30].first { $0 >= pace } ?? (pace + 59) / 60 * 60
    }

    /// Of as many periods as cover the time, and at least one.
    private func periods(in seconds: Int) -> Int { max((seconds + period - 1) / period, 1) }

    private mutating func track(_ trigger: QueueTrigger, _ behaviour: KEDABehaviour) {
        draft.metrics = [
            .init(
                "backlog_per_instance", text: "\(trigger.backlog) / max(in_service, 1)",
                remark: "what a HorizontalPodAutoscaler divides by the pods")
        ]
        if minimum == 0 {
            leaveZero(trigger)
        } else {
            trigger.activationItem?.notNeeded("with a minimum above 0 the workload is always active")
        }
        let outWindow = behaviour.scaleOutWindow(as: "evaluation_periods")
        let inWindow = behaviour.scaleInWindow(as: "scale_in_evaluation_periods")
        var entries: [PolicyDraft.Entry] = [
            .init("type", "target_tracking"), .init("metric", "backlog_per_instance"),
            .init("target", number: trigger.target, from: trigger.targetItem),
            .init("period", time: .seconds(period)),
            .init("evaluation_periods", periods(in: outWindow.seconds), from: outWindow.item),
            .init(
                "scale_in_evaluation_periods", periods(in: inWindow.seconds), from: inWindow.item,
                remark: inWindow.remark),
        ]
        if let entry = behaviour.disabledScaleIn { entries.append(entry) }
        for side in [behaviour.up, behaviour.down] {
            side?["policies"]?.lostWhole("target tracking goes where its target leads, however far that is in one step")
            side?["tolerance"]?.lost(
                "'scale_in_below' says how far below the target it has to be; above, any excess counts")
        }
        draft.scalingPolicies.append(.init("keep-up", section: entries))
    }

    /// Nothing times anything is nothing, so a step has to take the group from zero to one.
    private mutating func leaveZero(_ trigger: QueueTrigger) {
        draft.metrics.append(
            .init("stranded", text: "if(desired == 0, \(trigger.backlog), 0)", remark: "what nobody works on"))
        draft.alarms = [
            .init(
                "active",
                section: [
                    .init("metric", "stranded"), .init("statistic", "maximum"),
                    .init("period", time: .seconds(period)),
                    .init(key: "comparison", value: .plain("\">\""), remark: nil),
                    .init("threshold", number: trigger.activation, from: trigger.activationItem),
                ])
        ]
        draft.scalingPolicies = [
            .init(
                "from-zero",
                section: [
                    .init("type", "step_scaling"), .init("alarm", "active"),
                    .init("adjustment_type", "change_in_capacity"),
                    .init(key: "steps", value: .list(["{ lower: 0, adjustment: 1 }"]), remark: nil),
                ])
        ]
    }
}
