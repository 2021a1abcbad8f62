import WeirCore

/// The declaration of a whole policy file.
enum PolicyDeclaration {
    static func root(_ catalogue: Catalogue) -> Section {
        Section(
            "One group: what is scaled together, by which rules, over which queue, with which workers.",
            keys: [
                group,
                Key(
                    "queue", .section(queue(catalogue.sources)), required: true,
                    "Where work waits, and how often it is measured.",
                    elsewhere: ["source", "queues", "sources"]),
                Key(
                    "workers", .section(workers(catalogue.launchers)), required: true, "What is launched.",
                    elsewhere: ["launcher", "worker", "launch", "instances"]),
            ] + bounds + [FleetSection.membership] + lives + [
                Key(
                    "metrics", .named(metricNames, .value(.text(), default: nil)),
                    "Named expressions over the source's metrics and the group's own, for alarms to watch: + - * / ^, comparisons, "
                        + "AND, OR, max, min, abs, ceil, floor, if and fill, with the meaning of CloudWatch's metric math.",
                    source: "Use metric math",
                    elsewhere: ["expressions"]),
                Key(
                    "alarms", .named(alarmNames, .either(AlarmSection.declaration)),
                    "Alarms over a metric, or over other alarms, by name.",
                    elsewhere: ["metric_alarms", "composite_alarms"]),
                Key(
                    "scaling_policies", .named(policyNames, .variants(ScalingSection.declaration)),
                    "What to do while an alarm is in ALARM, by name.", elsewhere: ["policies"]),
                Key(
                    "scheduled_actions", .named(actionNames, .section(ScheduledSection.declaration)),
                    "Sizes that are set at certain times, by name.", elsewhere: ["schedule", "schedules"]),
            ])
    }

    private static let group = Key(
        "group",
        .value(
            .checkedText(expected: "1 to \(Limits.longestGroupName) of a–z, 0–9 and '-'", isGroupName), default: nil),
        required: true, "The group's name, unique in the fleet.",
        elsewhere: ["name", "group_name", "auto_scaling_group_name"],
        pattern: "^[a-z0-9-]{1,\(Limits.longestGroupName)}$")

    @Sendable static func isGroupName(_ text: String) -> Bool {
        (1...Limits.longestGroupName).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-")
            }
    }

    // MARK: Bounds

    private static let bounds: [Key] = [
        Key(
            "min_size", .value(.integer(0...Limits.largestGroup), default: "0"), "The fewest instances.",
            source: "CreateAutoScalingGroup, MinSize", elsewhere: ["min", "minimum", "min_capacity", "minimum_size"]),
        Key(
            "max_size", .value(.integer(0...Limits.largestGroup), default: nil), required: true, "The most instances.",
            source: "CreateAutoScalingGroup, MaxSize", elsewhere: ["max", "maximum", "max_capacity", "maximum_size"]),
        Key(
            "desired_capacity", .value(.integer(0...Limits.largestGroup), default: nil),
            "Where a new group starts; afterwards the desired capacity is remembered.",
            source: "CreateAutoScalingGroup, DesiredCapacity", elsewhere: ["desired", "initial_capacity", "replicas"],
            fallback: .init(text: "min_size", sibling: "min_size")),
        Key(
            "default_cooldown", .value(.duration(Limits.cooldown), default: "300s"),
            "After a scaling activity of a simple scaling policy, how long the next one waits.",
            source: "CreateAutoScalingGroup, DefaultCooldown",
            elsewhere: ["cooldown"]),
        Key(
            "protect_from_scale_in", .value(.boolean, default: "false"), "New instances start protected from scale-in.",
            source: "CreateAutoScalingGroup, NewInstancesProtectedFromScaleIn",
            elsewhere: ["new_instances_protected_from_scale_in"]),
        Key(
            "termination_policies",
            .value(.list(of: .oneOf(TerminationPolicy.allCases.map(\.rawValue))), default: "[default]"),
            "In which order instances are chosen to end; each narrows what the one before leaves. 'default' is last.",
            source: "Work with termination policies"),
    ]

    // MARK: The life of an instance

    private static let lives: [Key] = [
        Key(
            "max_instance_lifetime",
            .value(.duration(.zero...Limits.maxInstanceLifetime.upperBound), default: "0s"),
            "How old an instance becomes before it is replaced, at least "
                + "\(Quantity.text(Limits.maxInstanceLifetime.lowerBound)); with 0s as old as it likes.",
            source: "CreateAutoScalingGroup, MaxInstanceLifetime",
            elsewhere: ["max_lifetime", "maximum_instance_lifetime"]),
        Key(
            "lifecycle_hooks", .named(hookNames, .section(LifecycleHookSection.declaration)),
            "What instances wait for on their way into service, and on their way out, by name.",
            source: "PutLifecycleHook",
            elsewhere: ["hooks", "lifecycle_hook", "initial_lifecycle_hook", "initial_lifecycle_hooks"]),
        Key(
            "warm_pool", .section(WarmPoolSection.declaration), "Instances that are made before they are needed.",
            source: "PutWarmPool", elsewhere: ["warmpool", "pool"]),
        Key(
            "instance_refresh", .section(InstanceRefreshSection.declaration),
            "How an instance refresh (weir refresh, StartInstanceRefresh) goes about it when it is not told otherwise.",
            source: "StartInstanceRefresh, RefreshPreferences",
            elsewhere: ["refresh", "rolling_update", "preferences"],
            isImplied: true),
    ]

    // MARK: Queue and workers

    private static func queue(_ sources: [BackendSection]) -> Section {
        Section(
            "Where work waits, and how it is measured.",
            keys: sources.map(backend) + [
                Key(
                    "poll_interval", .value(.duration(Limits.pollInterval), default: "10s"),
                    "How often the source is measured.",
                    elsewhere: ["interval", "polling_interval"])
            ] + FallbackSection.keys,
            choice: .init(noun: "source", words: sources.map(\.word)))
    }

    private static func workers(_ launchers: [BackendSection]) -> Section {
        Section(
            "What is launched, and how it comes and goes.",
            keys: launchers.map(backend) + [
                Key(
                    "concurrency", .value(.integer(1...Limits.largestConcurrency), default: "1"),
                    "Messages that one instance works on at a time."),
                Key(
                    "warmup", .value(.duration(Limits.warmup), default: nil),
                    "From in service until an instance counts.",
                    source: "CreateAutoScalingGroup, DefaultInstanceWarmup",
                    elsewhere: ["default_instance_warmup", "instance_warmup"],
                    fallback: .init(text: "default_cooldown")),
                Key(
                    "stop_timeout", .value(.duration(Limits.stopTimeout), default: "120s"), "From SIGTERM to SIGKILL.",
                    elsewhere: ["grace_period", "stop_grace_period", "termination_grace_period"]),
                Key(
                    "launch_timeout", .value(.duration(Limits.launchTimeout), default: "10m"),
                    "How long a launch may take until it is given up."),
                Key(
                    "no_progress_after", .value(.durationOrNone(Limits.noProgressAfter), default: "2h"),
                    "Instances in service for so long, with work before them and nothing completed: no more are added, but "
                        + "one scale-out now and then. Longer than the longest job takes; none: they are added all the same.",
                    elsewhere: ["progress_timeout", "no_progress_timeout", "stall_timeout", "stuck_after"],
                    misnomers: ["never", "off", "false", "null", "infinite", "0"].map {
                        .init(written: $0, means: Field.Kind.none)
                    }),
                Key(
                    "health_check_grace_period", .value(.duration(Limits.healthCheckGracePeriod), default: "0s"),
                    "For so long after an instance came into service no health check is believed.",
                    source: "CreateAutoScalingGroup, HealthCheckGracePeriod"),
                Key(
                    "health_check", .section(HealthCheckSection.declaration),
                    "How weir finds out that an instance does not work, beside its end and its engine's own checks.",
                    elsewhere: ["healthcheck", "health_checks", "health", "health_check_type"]),
            ],
            choice: .init(noun: "launcher", words: launchers.map(\.word)))
    }

    private static func backend(_ section: BackendSection) -> Key {
        Key(
            section.word,
            .section(
                Section(
                    section.summary, keys: section.fields.map(Key.init), shorthand: section.shorthand,
                    check: section.check,
                    abilities: { section.abilities.subtracting(section.unavailable($0)) }, untold: section.untold)),
            section.summary)
    }

    // MARK: Names

    /// As in CloudWatch's metric math, an identifier; in our usual spelling.
    private static let metricNames = Key.Names(
        noun: "metric", expected: "a lower-case letter, then a–z, 0–9 and '_', at most \(Limits.longestMetricName)",
        pattern: "^[a-z][a-z0-9_]{0,\(Limits.longestMetricName - 1)}$", accepts: isMetricName, most: Limits.mostMetrics)
    private static let alarmNames = freeNames("alarm", most: Limits.mostAlarms)
    private static let policyNames = freeNames(
        "scaling policy", plural: "scaling policies", most: Limits.mostScalingPolicies)

    private static let actionNames = freeNames("scheduled action", most: Limits.mostScheduledActions)
    /// Source: PutLifecycleHook, LifecycleHookName.
    private static let hookNames = Key.Names(
        noun: "lifecycle hook",
        expected: "1 to \(Limits.longestHookName) of A–Z, a–z, 0–9, '-', '_' and '/'",
        pattern: "^[A-Za-z0-9_/-]{1,\(Limits.longestHookName)}$",
        accepts: { name in
            (1...Limits.longestHookName).contains(name.utf8.count)
                && name.unicodeScalars.allSatisfy { scalar in
                    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                        || "-_/".unicodeScalars.contains(scalar)
                }
        }, most: Limits.mostLifecycleHooks)

    private static func freeNames(_ noun: String, plural: String? = nil, most: Int) -> Key.Names {
        Key.Names(
            noun: noun, plural: plural, expected: "1 to \(Limits.longestName) characters, no control characters",
            pattern: "^[^\\u0000-\\u001f\\u007f]{1,\(Limits.longestName)}$",
            accepts: { name in
                (1...Limits.longestName).contains(name.unicodeScalars.count)
                    && name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
            }, most: most)
    }

    @Sendable private static func isMetricName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return false }
        return text.utf8.count <= Limits.longestMetricName
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "_")
            }
    }
}
