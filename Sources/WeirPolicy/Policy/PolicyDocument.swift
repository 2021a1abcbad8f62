import WeirCore

/// One file as it was read: every declared key with its value and where that came from.
struct PolicyDocument: Sendable {
    let path: String
    let text: String
    let root: SectionValues
    /// It is a fleet, and not a group.
    var declaresFleet = false

    /// The limit that the file declares; nil when it is a group's.
    var fleet: FleetFile? {
        guard declaresFleet, let limit = FleetSection.limit(root) else { return nil }
        return FleetFile(path: path, limit: limit)
    }

    /// The file as typed values; nil while anything in it is mistaken.
    var file: PolicyFile? {
        guard let group = groupPolicy, let source = choice(in: "queue"), let launcher = choice(in: "workers") else {
            return nil
        }
        return PolicyFile(
            path: path, text: text, group: group, source: source, launcher: launcher,
            hookCommands: root.named("lifecycle_hooks").compactMap(LifecycleHookSection.command),
            healthProbe: workers?.child("health_check").flatMap(HealthCheckSection.probe))
    }

    private var workers: SectionValues? { root.child("workers") }

    private func choice(in name: String) -> BackendChoice? {
        root.child(name)?.chosen.map { BackendChoice(word: $0.name, options: $0.section.options) }
    }

    private var groupPolicy: GroupPolicy? {
        let options = root.options
        guard let name = options.text("group"), let minSize = options.integer("min_size"),
            let maxSize = options.integer("max_size"), let defaultCooldown = options.duration("default_cooldown"),
            let protect = options.boolean("protect_from_scale_in"),
            let queue = root.child("queue")?.options, let pollInterval = queue.duration("poll_interval"),
            let workers = root.child("workers")?.options, let concurrency = workers.integer("concurrency"),
            let stopTimeout = workers.duration("stop_timeout"), let launchTimeout = workers.duration("launch_timeout")
        else { return nil }
        var group = GroupPolicy(
            name: name, minSize: minSize, maxSize: maxSize, initialDesiredCapacity: options.integer("desired_capacity"),
            defaultCooldown: defaultCooldown, instanceWarmup: workers.duration("warmup"), protectFromScaleIn: protect,
            terminationPolicies: options.texts("termination_policies").compactMap(TerminationPolicy.init(rawValue:)),
            pollInterval: pollInterval, stopTimeout: stopTimeout, launchTimeout: launchTimeout,
            concurrency: concurrency,
            metrics: namedMetrics, alarms: root.named("alarms").compactMap(AlarmSection.definition),
            scalingPolicies: root.named("scaling_policies").compactMap { item in
                ScalingSection.policy(item)?.bound(by: item)
            })
        group.compositeAlarms = AlarmSection.compositeAlarms(of: root)
        group.scheduledActions = root.named("scheduled_actions").compactMap(ScheduledSection.action)
        group.fleet = root.child("fleet").flatMap(FleetSection.membership)
        addLives(to: &group)
        group.fallback = root.child("queue").map(FallbackSection.fallback) ?? group.fallback
        group.suspicion = root.child("queue").map(FallbackSection.suspicion) ?? group.suspicion
        group.noProgressTimeout = workers.duration("no_progress_after")
        return group
    }

    /// What holds for the life of an instance.
    private func addLives(to group: inout GroupPolicy) {
        group.healthCheckGracePeriod = workers?.options.duration("health_check_grace_period") ?? .zero
        group.healthCheck =
            workers?.child("health_check").flatMap(HealthCheckSection.policy) ?? group.healthCheck
        group.maxInstanceLifetime = root.options.duration("max_instance_lifetime").flatMap { $0 == .zero ? nil : $0 }
        group.lifecycleHooks = root.named("lifecycle_hooks").compactMap(LifecycleHookSection.hook)
        group.warmPool = root.child("warm_pool").flatMap(WarmPoolSection.pool)
        group.instanceRefresh =
            root.child("instance_refresh").flatMap(InstanceRefreshSection.preferences) ?? group.instanceRefresh
        group.workIsSeen = root.child("queue")?.chosen?.section.abilities.contains(.handingOut) ?? false
        group.templateDigest = workers?.chosen.map { TemplateDigest.of($0.name, $0.section) }
    }

    private var namedMetrics: [NamedMetric] {
        var metrics: [NamedMetric] = []
        for item in root.named("metrics") {
            guard let text = item.text,
                let expression = try? MetricExpression.parse(text, names: metrics.map(\.name))
            else { continue }
            metrics.append(NamedMetric(name: item.name, expression: expression))
        }
        return metrics
    }
}
