import WeirCore

/// What holds when the source cannot be believed, and when it is not: keys beside the source, and from them the values that
/// decide.
enum FallbackSection {
    static let keys: [Key] = [
        Key(
            "fallback", .section(declaration),
            "What holds while nothing that the source says can be believed: hold, { floor: 2 } or { capacity: 6 }. Whatever "
                + "it is, nothing is scaled in.",
            elsewhere: ["on_error", "on_failure", "fallback_capacity", "fallback_replicas"],
            fallback: .init(text: word)),
        Key(
            "fallback_after", .value(.duration(Limits.fallbackAfter), default: Quantity.text(usual.after)),
            "For how long nothing could be believed before the fallback is in force."),
        Key(
            "suspicious_drop",
            .value(.integer(1...Limits.largestSuspiciousDrop), default: String(suspicion.suspiciousDrop)),
            "A backlog of at least so many messages, and of more than the instances have in hand, that is gone at once is "
                + "not believed at once."),
        Key(
            "believe_zero_after",
            .value(.integer(1...Limits.mostZeros), default: String(suspicion.believeZeroAfter)),
            "After so many readings in a row that say so, it is; 1: at once."),
        Key(
            "stale_after", .value(.duration(Limits.staleAfter), default: Quantity.text(suspicion.staleAfter)),
            "Figures that say of themselves that they are older than this are not believed."),
    ]

    private static let declaration = Section(
        "What holds while the source cannot be believed.",
        keys: [
            Key(
                "mode", .value(.oneOf([word]), default: nil), "hold: the desired capacity stays.",
                misnomers: ["keep", "stay", "none", "last"].map { .init(written: $0, means: word) }),
            Key(
                "floor", .value(.integer(1...Limits.largestGroup), default: nil),
                "At least so many are desired; policies may scale out further.",
                elsewhere: ["min", "minimum", "min_size", "at_least"]),
            Key(
                "capacity", .value(.integer(1...Limits.largestGroup), default: nil),
                "So many are desired, or as many as there were if that is more; policies change nothing.",
                elsewhere: ["desired", "desired_capacity", "replicas", "exact"]),
        ], shorthand: "mode", choice: .init(noun: "fallback", words: ["mode", "floor", "capacity"]))

    private static let word = "hold"
    private static let usual = SourceFallback()
    private static let suspicion = Suspicion()

    static func fallback(_ queue: SectionValues) -> SourceFallback {
        var kind = usual.kind
        if let options = queue.child("fallback")?.options {
            if let floor = options.integer("floor") { kind = .floor(floor) }
            if let capacity = options.integer("capacity") { kind = .capacity(capacity) }
        }
        return SourceFallback(kind, after: queue.options.duration("fallback_after") ?? usual.after)
    }

    static func suspicion(_ queue: SectionValues) -> Suspicion {
        Suspicion(
            suspiciousDrop: queue.options.integer("suspicious_drop") ?? suspicion.suspiciousDrop,
            believeZeroAfter: queue.options.integer("believe_zero_after") ?? suspicion.believeZeroAfter,
            staleAfter: queue.options.duration("stale_after") ?? suspicion.staleAfter)
    }
}

extension CrossChecks {
    /// A fallback that the group's bounds do not let happen.
    mutating func checkFallback() {
        guard let section = root.child("queue")?.child("fallback"), let maximum = root.options.integer("max_size")
        else {
            return
        }
        for name in ["floor", "capacity"] {
            guard let count = section.options.integer(name), count > maximum else { continue }
            findings.error(
                "'\(name)' is \(count), above 'max_size', which is \(maximum)", at: section.place(of: name),
                hint: maximum > 0 ? "expected 1 to \(maximum)" : "expected 'fallback: hold'")
        }
    }

    /// A floor that the minimum has already.
    mutating func warnOfIdleFallback() {
        guard let section = root.child("queue")?.child("fallback"), let minimum = root.options.integer("min_size"),
            let floor = section.options.integer("floor"), floor <= minimum
        else { return }
        findings.warning(
            "'floor' is \(floor), and 'min_size' is \(minimum) already", at: section.place(of: "floor"),
            hint: "expected more than \(minimum), or 'fallback: hold'")
    }
}
