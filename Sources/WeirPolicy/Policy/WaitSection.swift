import WeirCore

/// A scaling policy that keeps the time that messages wait within a target: its keys, and from them the value that decides.
enum WaitSection {
    static let word = "wait_target"

    static let section = Section(
        "Wait target: keeps the time that messages wait within a target, without an alarm and with nothing to tune: it learns "
            + "service times, arrivals and start-up times as it goes. See docs/wait-target.md.",
        keys: [
            ScalingSection.type, ScalingSection.enabled,
            Key(
                "target", .value(.duration(Limits.waitTarget), default: nil), required: true,
                "How long a message may wait from being sent to being received.",
                elsewhere: [
                    "target_value", "latency", "wait", "max_wait", "acceptable_latency", "target_wait", "wait_time",
                ]),
            Key(
                "percentile",
                .value(.number(Limits.percentile), default: Field.Kind.text(WaitTarget.defaultPercentile)),
                "So many of a hundred messages wait no longer."),
        ],
        advice: [
            Section.Advice(
                words: ["alarm", "alarms"], text: "it needs no alarm, as it is decided whenever something happens"),
            Section.Advice(
                words: ["warmup", "instance_warmup", "estimated_instance_warmup", "startup_time"],
                text: "it learns how long launches take"),
        ])

    /// Nil when the section is of another type, or while something that it needs is mistaken.
    static func target(_ section: SectionValues) -> WaitTarget? {
        let options = section.options
        guard options.text("type") == word, let target = options.duration("target"),
            let percentile = options.number("percentile")
        else { return nil }
        return WaitTarget(target: target, percentile: percentile)
    }
}
