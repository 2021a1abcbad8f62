import WeirCore

/// A scaling policy that follows the backlog: its keys, and from them the value that decides.
enum BacklogSection {
    static let word = "backlog_tracking"

    static let section = Section(
        "Backlog tracking: as many instances as the outstanding work needs, decided at each measurement, without an alarm.",
        keys: [
            ScalingSection.type, ScalingSection.enabled,
            Key(
                "messages_per_instance", .value(.number(Limits.messagesPerInstance), default: nil),
                "How many outstanding messages, waiting or in flight, there are for each instance.",
                source: "KEDA, queueLength",
                elsewhere: [
                    "queue_length", "target_value", "target", "average_value", "backlog_per_instance", "list_length",
                    "agents_per_instance", "capacity_per_instance", "target_backlog",
                ],
                fallback: .init(text: "concurrency of the workers")),
            Key(
                "spare", amount(), "Instances on top of what the work needs: 2, or 10% of what it needs.",
                source: "GitLab Runner, idle_count and idle_scale_factor",
                elsewhere: ["idle_count", "idle_scale_factor", "min_runners", "idle_nodes"],
                pattern: AmountText.pattern),
            bound(
                "min", default: "0", "Because of this policy never fewer instances.",
                ["min_replica_count", "min_replicas", "floor", "min_size"]),
            bound(
                "max", default: nil, "Because of this policy never more instances.",
                ["max_replica_count", "max_replicas", "ceiling", "max_size"], fallback: .init(text: "max_size")),
            Key(
                "scale_in_window", .value(.duration(Limits.stabilizationWindow), default: nil),
                "Scale-in follows the largest of what was recommended in so long a time.",
                source: "Kubernetes, scaleDown.stabilizationWindowSeconds",
                elsewhere: [
                    "stabilization_window", "stabilization_window_seconds", "scale_down_window", "cooldown_period",
                    "scale_in_cooldown", "scale_in_cooldown_period", "scale_down_delay", "idle_time", "cooldown",
                ],
                fallback: .init(text: "\(Quantity.text(BacklogTracking.defaultScaleInWindow)), without scale_in_votes")),
            votes("scale_in_votes", "fewer"),
            Key(
                "scale_out_window", .value(.duration(Limits.stabilizationWindow), default: nil),
                "Scale-out follows the smallest of what was recommended in so long a time.",
                source: "Kubernetes, scaleUp.stabilizationWindowSeconds",
                elsewhere: ["scale_up_window", "scale_out_cooldown"],
                fallback: .init(text: "0s, without scale_out_votes")),
            votes("scale_out_votes", "more"),
            rate("max_scale_out_rate", "added", ["scale_up_rate", "scale_factor_limit"]),
            rate("max_scale_in_rate", "removed", ["scale_down_rate"]),
            Key(
                "disable_scale_in", .value(.boolean, default: "false"), "Only adds.",
                source: "TargetTrackingConfiguration, DisableScaleIn"),
        ],
        advice: [
            Section.Advice(
                words: ["alarm", "alarms"], text: "it needs no alarm, as it is decided at each measurement"),
            Section.Advice(
                words: ["warmup", "instance_warmup", "estimated_instance_warmup"],
                text: "instances on their way count as there, so there is nothing to wait for"),
            Section.Advice(
                words: ["votes"], text: "expected 'scale_in_votes', 'scale_out_votes' or both"),
        ])

    // MARK: Keys

    private static func amount() -> Key.Shape {
        .value(
            .checkedText(expected: "a number of instances or percent: 2 or 10%") { AmountText.amount($0) != nil },
            default: "0")
    }

    private static func bound(
        _ name: String, default value: String?, _ summary: String, _ elsewhere: [String],
        fallback: Key.Fallback? = nil
    ) -> Key {
        Key(
            name, .value(.integer(0...Limits.largestGroup), default: value), summary, elsewhere: elsewhere,
            fallback: fallback)
    }

    private static func votes(_ name: String, _ direction: String) -> Key {
        Key(
            name,
            .value(
                .checkedText(expected: "how many of how many, up to \(Limits.mostVotes): 3 of 5") {
                    AmountText.votes($0) != nil
                },
                default: nil),
            "In place of a window: so many of the newest recommendations have to be for \(direction), "
                + "and are followed as far as they agree.",
            pattern: AmountText.votesPattern)
    }

    private static func rate(_ name: String, _ deed: String, _ elsewhere: [String]) -> Key {
        Key(
            name,
            .value(
                .checkedText(expected: "instances or percent in a time, up to an hour: 10/min or 25%/30s") {
                    AmountText.rate($0) != nil
                }, default: nil),
            "At most so many are \(deed) in a time, or so much of what there was at its beginning; at least one.",
            source: "Kubernetes, scaling policies", elsewhere: elsewhere, pattern: AmountText.ratePattern,
            fallback: .init(text: "unlimited"))
    }

    // MARK: Values

    /// Nil when the section is of another type, or while something that it needs is mistaken.
    static func tracking(_ section: SectionValues) -> BacklogTracking? {
        let options = section.options
        guard options.text("type") == word, let spare = options.text("spare").flatMap(AmountText.amount),
            let minimum = options.integer("min")
        else { return nil }
        return BacklogTracking(
            messagesPerInstance: options.number("messages_per_instance"), spare: spare, minimum: minimum,
            maximum: options.integer("max"), scaleOut: behavior("scale_out", options, window: .zero),
            scaleIn: behavior("scale_in", options, window: BacklogTracking.defaultScaleInWindow),
            disableScaleIn: options.boolean("disable_scale_in") ?? false)
    }

    private static func behavior(_ direction: String, _ options: Options, window: Duration) -> ScalingBehavior {
        let votes = options.text(direction + "_votes").flatMap(AmountText.votes)
        let stabilization =
            votes.map(Stabilization.votes) ?? .window(options.duration(direction + "_window") ?? window)
        return ScalingBehavior(stabilization, maxRate: options.text("max_\(direction)_rate").flatMap(AmountText.rate))
    }
}

/// What a policy that follows the backlog has to keep to.
extension CrossChecks {
    mutating func checkBacklog(_ section: SectionValues) {
        guard section.options.text("type") == BacklogSection.word else { return }
        for direction in ["scale_in", "scale_out"]
        where section.isWritten(direction + "_window") && section.isWritten(direction + "_votes") {
            findings.error(
                "'\(direction)_window' and '\(direction)_votes' stand together",
                at: section["\(direction)_votes"]?.keySpan ?? section.span, hint: "expected one of them")
        }
        guard let minimum = section.options.integer("min") else { return }
        if let maximum = section.options.integer("max"), minimum > maximum {
            findings.error(
                "'min' is \(minimum), above 'max', which is \(maximum)", at: section.place(of: "min"),
                hint: "expected 0 to \(maximum)")
        } else if let largest = root.options.integer("max_size"), minimum > largest {
            findings.error(
                "'min' is \(minimum), above 'max_size', which is \(largest)", at: section.place(of: "min"),
                hint: "expected 0 to \(largest)")
        }
    }

    mutating func warnOfIdleBacklogScaleIn() {
        for item in root.named("scaling_policies") {
            guard let section = item.section, BacklogSection.tracking(section)?.disableScaleIn == true else { continue }
            for key in ["scale_in_window", "scale_in_votes", "max_scale_in_rate"] where section.isWritten(key) {
                findings.warning(
                    "'\(key)' has no effect with 'disable_scale_in'", at: section[key]?.keySpan ?? section.span,
                    hint: "expected it with 'disable_scale_in: false'")
            }
        }
    }
}
