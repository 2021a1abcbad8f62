import WeirCore

/// How instance refreshes go about it: the keys, and from them the value that decides.
enum InstanceRefreshSection {
    static let declaration = Section(
        "How running instances are replaced by what the file says now, a few at a time.",
        keys: [
            Key(
                "min_healthy_percentage",
                .value(.integer(Limits.minHealthyPercentage), default: String(usual.minHealthyPercentage)),
                "So much of the desired capacity stays in service, healthy and warm; with 0 all go at once.",
                source: "RefreshPreferences, MinHealthyPercentage", elsewhere: ["min_healthy"]),
            Key(
                "max_healthy_percentage",
                .value(.integer(Limits.maxHealthyPercentage), default: String(usual.maxHealthyPercentage)),
                "So much of it may be there at once; above 100, new instances come before old ones go. At most "
                    + "\(Limits.widestHealthyRange) above the minimum.",
                source: "RefreshPreferences, MaxHealthyPercentage", elsewhere: ["max_healthy", "max_surge"]),
            Key(
                "instance_warmup", .value(.duration(Limits.warmup), default: nil),
                "How long a new instance has to be in service until it counts.",
                source: "RefreshPreferences, InstanceWarmup", elsewhere: ["warmup"],
                fallback: .init(text: "warmup of the workers, else health_check_grace_period")),
            Key(
                "checkpoints", .value(.list(of: .integer(Limits.checkpoint)), default: "[]"),
                "Percentages, ascending, at which it stops for a look. When the last is below 100, the rest is not replaced.",
                source: "RefreshPreferences, CheckpointPercentages", elsewhere: ["checkpoint_percentages"]),
            Key(
                "checkpoint_delay",
                .value(.duration(Limits.checkpointDelay), default: Quantity.text(usual.checkpointDelay)),
                "How long it stops at each.", source: "RefreshPreferences, CheckpointDelay"),
            Key(
                "skip_matching", .value(.boolean, default: String(usual.skipMatching)),
                "Instances that were launched from what the file says now are left alone.",
                source: "RefreshPreferences, SkipMatching"),
            Key(
                "protected_instances", .value(treatments, default: usual.protectedInstances.rawValue),
                "What to do with instances that are protected from scale-in: wait until they are not, leave them, or "
                    + "replace them all the same.",
                source: "RefreshPreferences, ScaleInProtectedInstances", elsewhere: ["scale_in_protected_instances"],
                synonyms: [.init(written: "refresh", means: RefreshTreatment.replace.rawValue)]),
            Key(
                "standby_instances", .value(treatments, default: usual.standbyInstances.rawValue),
                "What to do with instances that stand by.", source: "RefreshPreferences, StandbyInstances",
                synonyms: [.init(written: "terminate", means: RefreshTreatment.replace.rawValue)]),
            Key(
                "auto_rollback", .value(.boolean, default: String(usual.autoRollback)),
                "When a refresh fails, the group goes back to what it launched before.",
                source: "RefreshPreferences, AutoRollback", elsewhere: ["rollback"]),
            Key(
                "on_change", .value(.boolean, default: String(usual.onChange)),
                "A change of what is launched starts a refresh by itself.", elsewhere: ["triggers", "auto"]),
        ])

    private static let treatments = Field.Kind.oneOf(RefreshTreatment.allCases.map(\.rawValue))

    /// What holds where nothing is written.
    private static let usual = RefreshPreferences()

    /// Nil while something that it needs is mistaken.
    static func preferences(_ section: SectionValues) -> RefreshPreferences? {
        let options = section.options
        guard let minimum = options.integer("min_healthy_percentage"),
            let maximum = options.integer("max_healthy_percentage"),
            let delay = options.duration("checkpoint_delay"), let skips = options.boolean("skip_matching"),
            let protected = options.text("protected_instances").flatMap(RefreshTreatment.init(rawValue:)),
            let standingBy = options.text("standby_instances").flatMap(RefreshTreatment.init(rawValue:)),
            let rollsBack = options.boolean("auto_rollback"), let onChange = options.boolean("on_change")
        else { return nil }
        return RefreshPreferences(
            minHealthyPercentage: minimum, maxHealthyPercentage: maximum,
            instanceWarmup: options.duration("instance_warmup"),
            checkpointPercentages: options.integers("checkpoints"), checkpointDelay: delay, skipMatching: skips,
            protectedInstances: protected, standbyInstances: standingBy, autoRollback: rollsBack, onChange: onChange)
    }
}
