import WeirCore
import WeirPolicy

/// Scheduled actions, lifecycle hooks and the warm pool.
extension AWSImport {
    // MARK: Scheduled actions

    mutating func readScheduledActions() {
        for action in own(.scheduledAction) {
            let item = action.item
            var entries: [PolicyDraft.Entry] = []
            if let field = item["Recurrence"], let text = field.text(as: "recurrence") {
                entries.append(.init("recurrence", text: text, from: field))
            }
            if let field = item["TimeZone"], let zone = field.text(as: "time_zone") {
                entries.append(.init("time_zone", text: zone, from: field))
            }
            for (key, word) in [("StartTime", "start_time"), ("EndTime", "end_time")] {
                guard let field = item[key], let time = time(field, as: word) else { continue }
                // With a recurrence AWS tells the next run here, which was not asked for.
                if key == "StartTime", item["Time"] != nil, isRun(time, of: item) {
                    field.notNeeded("the next run, as the recurrence says")
                } else {
                    entries.append(.init(word, text: time, from: field))
                }
            }
            for (key, word) in [
                ("MinSize", "min_size"), ("MaxSize", "max_size"), ("DesiredCapacity", "desired_capacity"),
            ] {
                guard let field = item[key], let size = field.integer(as: word) else { continue }
                entries.append(.init(word, size, from: field))
            }
            item["ScheduledActionName"]?.carried("scheduled_actions")
            item["AutoScalingGroupName"]?.notNeeded("an action stands in the file of its group")
            item.settle(
                notNeeded: ["ScheduledActionARN": "an address on AWS", "Time": "StartTime again"], lost: [:])
            draft.scheduledActions.append(
                .init(unused(action.name, under: "scheduled_actions"), section: entries))
        }
    }

    /// Whether the recurrence of an action says that it runs at this time; any other time is one that somebody set as the first.
    private func isRun(_ time: String, of action: Item) -> Bool {
        let zone = ZoneRules.named(action["TimeZone"]?.plain ?? "UTC")
        guard let instant = OffsetTime.instant(time), let zone,
            let recurrence = try? action["Recurrence"]?.plain.map({ try Recurrence.parse($0) })
        else { return false }
        return ScheduledAction(name: "", recurrence: recurrence, timeZone: zone)
            .next(after: instant - .milliseconds(1), through: instant) == instant
    }

    /// In UTC, as `2026-03-01T08:00:00Z`; the AWS CLI prints an offset of zero, and other tools an offset of their own.
    private func time(_ item: Item, as key: String) -> String? {
        guard let text = item.text(as: key) else { return nil }
        guard let instant = OffsetTime.instant(text) else {
            item.lost("it is no time such as 2026-03-01T08:00:00Z")
            return nil
        }
        return instant.rfc3339
    }

    // MARK: Lifecycle hooks

    mutating func readLifecycleHooks() {
        for hook in own(.lifecycleHook) { readLifecycleHook(hook.item, name: hook.name) }
        for item in group.item["LifecycleHookSpecificationList"]?.items ?? [] {
            readLifecycleHook(item, name: item["LifecycleHookName"]?.plain ?? "hook")
        }
    }

    private mutating func readLifecycleHook(_ item: Item, name: String) {
        guard let field = item["LifecycleTransition"], let text = field.text(as: "transition"),
            let transition = LifecycleTransition.allCases.first(where: { $0.apiName == text })
        else {
            item.lostWhole("weir has hooks for launching and terminating only")
            return
        }
        var entries: [PolicyDraft.Entry] = [.init("transition", transition.rawValue, from: field)]
        // PutLifecycleHook, HeartbeatTimeout: an hour when it is left out.
        let timeout = item["HeartbeatTimeout"].flatMap { $0.integer(as: "heartbeat_timeout") } ?? 3600
        entries.append(
            .init(
                "heartbeat_timeout", time: .seconds(timeout), from: item["HeartbeatTimeout"],
                remark: item["HeartbeatTimeout"] == nil ? "what AWS has when nothing is said" : nil))
        if let field = item["DefaultResult"], let result = field.text(as: "default_result") {
            entries.append(.init("default_result", result.lowercased(), from: field))
        }
        item["LifecycleHookName"]?.carried("lifecycle_hooks")
        let target = "a hook of weir notifies no topic: it runs a 'command', or the worker completes it"
        item.settle(
            notNeeded: [
                "AutoScalingGroupName": "a hook stands in the file of its group",
                "GlobalTimeout": "100 heartbeat timeouts, at most 48 hours, here as there",
            ],
            lost: ["NotificationTargetARN": target, "RoleARN": target, "NotificationMetadata": target])
        draft.lifecycleHooks.append(.init(unused(name, under: "lifecycle_hooks"), section: entries))
    }

    // MARK: Warm pool

    mutating func readWarmPools() {
        // describe-warm-pool does not say whose it is; with one group there is no doubt.
        let unnamed = stock[.warmPool].filter { $0.item["AutoScalingGroupName"] == nil }
        let isAlone = stock[.group].count == 1
        for pool in unnamed where !isAlone {
            pool.item.lostWhole("it does not say whose it is, and several groups were read")
        }
        let all =
            [group.item["WarmPoolConfiguration"]].compactMap(\.self) + own(.warmPool).map(\.item)
            + (isAlone ? unnamed.map(\.item) : [])
        for (number, item) in all.enumerated() {
            if number == 0 { readWarmPool(item) } else { item.notNeededWhole("the same warm pool again") }
        }
    }

    private mutating func readWarmPool(_ item: Item) {
        var entries: [PolicyDraft.Entry] = []
        let state = item["PoolState"]
        let isHibernated = state?.plain == "Hibernated"
        switch state?.plain {
        case nil: break
        case "Stopped", "Hibernated":
            state?.carried("warm_pool.state")
            entries.append(.init("state", isHibernated ? "hibernated" : "stopped", from: state))
        default:
            item.lostWhole("a running instance can as well be in service: a larger 'min_size' says how many run")
            return
        }
        if let field = item["MinSize"], let size = field.integer(as: "warm_pool.min_size") {
            entries.append(.init("min_size", size, from: field))
        }
        if let field = item["MaxGroupPreparedCapacity"], let size = field.integer(as: "warm_pool.max_prepared_capacity")
        {
            if size >= 0 { entries.append(.init("max_prepared_capacity", size, from: field)) }
        }
        if let field = item["InstanceReusePolicy"]?["ReuseOnScaleIn"] {
            let isWanted = field.boolean(as: "warm_pool.reuse_on_scale_in") == true
            if isWanted, isHibernated, options.movesQueue {
                entries.append(.init("reuse_on_scale_in", true, from: field))
            } else if isWanted {
                field.lost(
                    isHibernated
                        ? "weir does not see what an instance holds of a queue on SQS; with --embedded-queue it does"
                        : "an instance that worked can be paused, not unstarted: hibernated pools only")
            }
        }
        item.settle(
            notNeeded: [
                "Status": AWSStock.presentState, "AutoScalingGroupName": "a warm pool stands in the file of its group",
            ], lost: [:])
        if entries.isEmpty { entries.append(.init("state", "stopped", remark: "what AWS has when nothing is said")) }
        draft.warmPool = entries
    }
}
