import WeirCore
import WeirQueue
import WeirRuntime

/// `GET /metrics`: groups and queues as Prometheus reads them. Every name ends in its unit; what is not known has no
/// sample, never a zero.
struct Metrics {
    let groups: [GroupSnapshot]
    let queues: [(name: String, depth: QueueDepth)]
    /// The policy files are in force as they are now.
    let policiesAreInForce: Bool
    let now: Instant

    var text: String { written.text }

    var written: PrometheusText {
        var text = PrometheusText()
        text.family(
            "weir_policies_in_force", .gauge,
            help: "0 when the policy files have mistakes, and older ones are in force.",
            samples: [(labels: [], value: policiesAreInForce ? 1 : 0)])
        writeCapacities(&text)
        writeFleets(&text)
        writeFleetLimits(&text)
        writeAlarms(&text)
        writeMeasurements(&text)
        writeTotals(&text)
        writeQueues(&text)
        return text
    }

    // MARK: Groups

    private func writeCapacities(_ text: inout PrometheusText) {
        gauge(&text, "weir_group_desired_capacity_instances", "Instances that the group is to have.") {
            Double($0.state.desiredCapacity)
        }
        gauge(&text, "weir_group_min_size_instances", "The least instances that the group may have.") {
            Double(Bounds(of: $0.policy, in: $0.state).minimum)
        }
        gauge(&text, "weir_group_max_size_instances", "The most instances that the group may have.") {
            Double(Bounds(of: $0.policy, in: $0.state).maximum)
        }
    }

    private func writeFleets(_ text: inout PrometheusText) {
        let samples = groups.flatMap { group in
            LifecycleState.allCases.map { state in
                (
                    labels: [("group", group.policy.name), ("lifecycle_state", state.rawValue)]
                        as [PrometheusText.Label],
                    value: Double(group.state.fleet.count { $0.lifecycleState == state })
                )
            }
        }
        text.family(
            "weir_group_instances", .gauge, help: "Instances of the group by lifecycle state.", samples: samples)
        gauge(&text, "weir_group_protected_instances", "Instances that may not be chosen for scale-in.") { group in
            Double(group.state.fleet.count { $0.protectedFromScaleIn })
        }
        gauge(&text, "weir_group_held_messages", "Messages that instances of the group hold.") { group in
            Double(group.state.fleet.reduce(0) { $0 + $1.heldMessages })
        }
        writeLifecycles(&text)
        gauge(&text, "weir_group_peak_in_service_instances", "The most instances in service at once.") {
            Double($0.totals.peakInService)
        }
    }

    private func writeLifecycles(_ text: inout PrometheusText) {
        gauge(&text, "weir_group_standby_instances", "Instances that stand by, or are about to.") { group in
            Double(group.state.fleet.count { $0.lifecycleState == .standby || $0.lifecycleState == .enteringStandby })
        }
        gauge(&text, "weir_group_unhealthy_instances", "Instances that are unhealthy and not replaced yet.") { group in
            Double(group.state.fleet.count { $0.unhealthy != nil })
        }
        gauge(&text, "weir_group_hook_waiting_instances", "Instances that wait for lifecycle hooks.") { group in
            Double(group.state.fleet.count { !$0.hooks.isEmpty })
        }
        gauge(&text, "weir_group_outdated_instances", "Instances made from another version than is launched now.") {
            group in
            Double(group.state.fleet.count { $0.isOutdated(group.launchTemplate) })
        }
        gauge(
            &text, "weir_group_template_in_force",
            "0 when another version is launched than the policy file says, as after a rollback."
        ) { group in
            let state = group.state
            return state.templateDigest == nil ? nil : state.templateVersion == state.latestTemplateVersion ? 1 : 0
        }
        gauge(&text, "weir_group_warm_pool_ready_instances", "Instances of the warm pool that can be taken at once.") {
            $0.policy.warmPool == nil ? nil : Double($0.readyInPool)
        }
        gauge(&text, "weir_group_warm_pool_size_instances", "Instances that the warm pool is to hold.") { group in
            WarmPoolView(group).map { Double($0.size) }
        }
        let statuses = groups.flatMap { group in
            InstanceRefresh.Status.allCases.compactMap { status -> (labels: [PrometheusText.Label], value: Double)? in
                guard let refresh = group.state.refresh else { return nil }
                return (
                    [("group", group.policy.name), ("status", status.rawValue)], refresh.status == status ? 1 : 0
                )
            }
        }
        text.family(
            "weir_group_refresh_status", .gauge, help: "1 for how the last instance refresh stands, else 0.",
            samples: statuses)
        gauge(
            &text, "weir_group_refresh_complete_percent",
            "Of the instances to replace, how many the last refresh has; in a rollback, of those to take back."
        ) { $0.state.refresh.map { Double($0.percentageComplete) } }
    }

    /// Limits that groups share; nothing where there are none.
    private func writeFleetLimits(_ text: inout PrometheusText) {
        let members = groups.compactMap { group in group.ceiling.map { (group: group, ceiling: $0) } }
        guard !members.isEmpty else { return }
        var limits: [(labels: [PrometheusText.Label], value: Double)] = []
        for (_, ceiling) in members {
            let labels: [PrometheusText.Label] = [("fleet", ceiling.fleet)]
            if !limits.contains(where: { $0.labels[0].1 == ceiling.fleet }) {
                limits.append((labels: labels, value: Double(ceiling.limit)))
            }
        }
        text.family(
            "weir_fleet_limit_units", .gauge, help: "What all groups of the fleet may take together.", samples: limits)
        func perMember(_ name: String, _ help: String, _ value: (GroupSnapshot, FleetCeiling) -> Int) {
            let samples = members.map { group, ceiling in
                (
                    labels: [("fleet", ceiling.fleet), ("group", group.policy.name)] as [PrometheusText.Label],
                    value: Double(value(group, ceiling))
                )
            }
            text.family(name, .gauge, help: help, samples: samples)
        }
        perMember("weir_fleet_taken_units", "What the group's instances take of the fleet's limit.") { group, _ in
            group.unitsTaken
        }
        perMember("weir_fleet_ceiling_instances", "Instances that the group may have within the fleet's limit.") {
            $1.instances
        }
        perMember("weir_fleet_limited", "1 when the group desires more than the fleet has room for, else 0.") {
            !$0.leaving && $0.state.desiredCapacity > $1.instances ? 1 : 0
        }
    }

    private func writeAlarms(_ text: inout PrometheusText) {
        let samples = groups.flatMap { group in
            group.state.alarms.flatMap { alarm in
                AlarmState.allCases.map { state in
                    (
                        labels: [
                            ("group", group.policy.name), ("alarm", alarm.name), ("state", state.rawValue),
                        ] as [PrometheusText.Label],
                        value: alarm.state == state ? 1.0 : 0.0
                    )
                }
            }
        }
        text.family("weir_alarm_state", .gauge, help: "1 for the state that the alarm is in, else 0.", samples: samples)
    }

    private func writeMeasurements(_ text: inout PrometheusText) {
        let figures: [(String, KeyPath<Measurement, Reading>)] = [
            ("visible", \.visible), ("in_flight", \.inFlight), ("delayed", \.delayed),
        ]
        let samples = groups.flatMap { group in
            figures.compactMap { word, figure -> (labels: [PrometheusText.Label], value: Double)? in
                guard let number = group.measurement?[keyPath: figure].number else { return nil }
                return ([("group", group.policy.name), ("state", word)], number)
            }
        }
        text.family(
            "weir_group_messages", .gauge, help: "Messages that the group's source told last.", samples: samples)
        gauge(&text, "weir_group_oldest_message_age_seconds", "Age of the oldest visible message, as told last.") {
            $0.measurement?.oldestAge.number
        }
    }

    private func writeTotals(_ text: inout PrometheusText) {
        let totals: [(String, String, KeyPath<GroupTotals, Int>)] = [
            ("ticks", "Passes of the loop.", \.ticks),
            ("launches", "Instances launched.", \.launches),
            ("launch_failures", "Launches that failed.", \.launchFailures),
            ("terminations", "Instances told to stop.", \.terminations),
            ("restores", "Drains that were undone.", \.restores),
            ("exits", "Instances that ended by themselves.", \.exits),
            ("busy_terminations", "Instances told to stop while they held a message; must stay 0.", \.busyTerminations),
            ("measurement_failures", "Measurements that failed.", \.measurementFailures),
            ("unhealthy_replacements", "Unhealthy instances chosen to be replaced.", \.unhealthyReplacements),
            ("refresh_replacements", "Instances that an instance refresh replaced.", \.refreshReplacements),
            ("lifetime_replacements", "Instances replaced as they were too old.", \.lifetimeReplacements),
            ("hook_timeouts", "Lifecycle hooks that nobody completed in time.", \.hookTimeouts),
            ("hook_abandonments", "Lifecycle hooks that ended with ABANDON.", \.hookAbandonments),
            ("warm_starts", "Instances that went to work from the warm pool.", \.warmStarts),
            ("refresh_failures", "Instance refreshes that did not succeed and were not cancelled.", \.refreshFailures),
        ]
        for (word, help, total) in totals {
            perGroup(&text, "weir_\(word)_total", .counter, help) { Double($0.totals[keyPath: total]) }
        }
    }

    private func gauge(
        _ text: inout PrometheusText, _ name: String, _ help: String, _ value: (GroupSnapshot) -> Double?
    ) {
        perGroup(&text, name, .gauge, help, value)
    }

    private func perGroup(
        _ text: inout PrometheusText, _ name: String, _ kind: PrometheusText.Kind, _ help: String,
        _ value: (GroupSnapshot) -> Double?
    ) {
        let samples = groups.compactMap { group in
            value(group).map { (labels: [("group", group.policy.name)] as [PrometheusText.Label], value: $0) }
        }
        text.family(name, kind, help: help, samples: samples)
    }

    // MARK: Queues

    private func writeQueues(_ text: inout PrometheusText) {
        perQueue(&text, "weir_queue_visible_messages", .gauge, "Messages ready to be received.") { Double($0.visible) }
        perQueue(&text, "weir_queue_in_flight_messages", .gauge, "Messages received and not yet deleted.") {
            Double($0.inFlight)
        }
        perQueue(&text, "weir_queue_delayed_messages", .gauge, "Messages not yet due.") { Double($0.delayed) }
        perQueue(&text, "weir_queue_oldest_message_age_seconds", .gauge, "Age of the oldest visible message.") {
            depth in
            depth.oldestVisibleSentAt.map { (now - $0).inSeconds }
        }
        perQueue(&text, "weir_queue_sent_messages_total", .counter, "Messages sent to the queue.") {
            Double($0.sentTotal)
        }
        perQueue(&text, "weir_queue_deleted_messages_total", .counter, "Messages deleted from the queue.") {
            Double($0.deletedTotal)
        }
    }

    private func perQueue(
        _ text: inout PrometheusText, _ name: String, _ kind: PrometheusText.Kind, _ help: String,
        _ value: (QueueDepth) -> Double?
    ) {
        let samples = queues.compactMap { queue in
            value(queue.depth).map { (labels: [("queue", queue.name)] as [PrometheusText.Label], value: $0) }
        }
        text.family(name, kind, help: help, samples: samples)
    }
}
