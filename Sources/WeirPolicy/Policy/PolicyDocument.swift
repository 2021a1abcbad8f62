import WeirCore

/// One file as it was read: every declared key with its value and where that came from.
struct PolicyDocument: Sendable {
    let path: String
    let text: String
    let root: SectionValues

    /// The file as typed values; nil while anything in it is mistaken.
    var file: PolicyFile? {
        guard let group = groupPolicy, let source = choice(in: "queue"), let launcher = choice(in: "workers") else {
            return nil
        }
        return PolicyFile(path: path, text: text, group: group, source: source, launcher: launcher)
    }

    private func choice(in name: String) -> BackendChoice? {
        guard let section = root.child(name), let words = section.section.choice?.words,
            let word = words.first(where: section.isWritten), let backend = section.child(word)
        else { return nil }
        return BackendChoice(word: word, options: backend.options)
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
        var policy = GroupPolicy(
            name: name, minSize: minSize, maxSize: maxSize, initialDesiredCapacity: options.integer("desired_capacity"),
            defaultCooldown: defaultCooldown, instanceWarmup: workers.duration("warmup"), protectFromScaleIn: protect,
            terminationPolicies: options.texts("termination_policies").compactMap(TerminationPolicy.init(rawValue:)),
            pollInterval: pollInterval, stopTimeout: stopTimeout, launchTimeout: launchTimeout,
            concurrency: concurrency,
            metrics: namedMetrics, alarms: root.named("alarms").compactMap(AlarmSection.definition),
            scalingPolicies: root.named("scaling_policies").compactMap { item in
                ScalingSection.policy(item)?.bound(by: item)
            })
        policy.compositeAlarms = AlarmSection.compositeAlarms(of: root)
        policy.scheduledActions = root.named("scheduled_actions").compactMap(ScheduledSection.action)
        return policy
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
