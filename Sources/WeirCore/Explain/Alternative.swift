/// One thing that was otherwise, and what would have been decided then. Each was decided, by `evaluate`, before it is told.
public struct Alternative: Sendable, Equatable {
    public enum Change: Sendable, Equatable {
        /// The source had said this instead.
        case figure(BuiltInMetric, from: Double, to: Double)
        /// The source had gone on to say the same, and so much time had passed.
        case time(Duration)
        /// The maximum of the group.
        case maximum(from: Int, to: Int)
        /// The minimum of the group.
        case minimum(from: Int, to: Int)
    }

    public var change: Change
    /// When it would have been decided.
    public var at: Instant
    public var decision: Decision
    /// The desired capacity before, and as it was really decided. Unit: instances.
    var previous: Int
    var really: Int

    /// `with 12 more messages waiting (45 instead of 33) it would have scaled out to 5`
    public var sentence: String {
        switch change {
        case .figure(let metric, let from, let to):
            "with \(Self.difference(metric, from, to)) it would have \(outcome)"
        case .time(let span):
            "had the source gone on to say the same, then at \(at.clock), \(span.inWords) later, it would have \(outcome)\(cause)"
        case .maximum(let from, let to): "with a maximum of \(to) instead of \(from) it would have \(outcome)"
        case .minimum(let from, let to): "with a minimum of \(to) instead of \(from) it would have \(outcome)"
        }
    }

    private var outcome: String {
        let desired = decision.desired
        let before = if case .time = change { really } else { previous }
        if desired == before { return "stayed at \(desired)" }
        return desired > before ? "scaled out to \(desired)" : "scaled in to \(desired)"
    }

    private var cause: String {
        let asked = decision.reasons.filter { $0.role == .asked }
        return asked.isEmpty ? "" : " (" + asked.map(\.sentence).joined(separator: "; ") + ")"
    }

    private static func difference(_ metric: BuiltInMetric, _ from: Double, _ to: Double) -> String {
        let size = numberText(abs(to - from))
        let more = to > from
        let both = "\(numberText(to)) instead of \(numberText(from))"
        switch metric {
        case .oldestAge: return "an oldest message that is \(size) s \(more ? "older" : "younger") (\(both))"
        case .arrivalRate: return rates("arrivals", from, to)
        case .completionRate: return rates("completions", from, to)
        case .visible: return "\(messages(size, more)) waiting (\(both))"
        case .inFlight: return "\(messages(size, more)) in flight (\(both))"
        case .delayed: return "\(messages(size, more)) delayed (\(both))"
        case .outstanding, .inService, .pending, .terminating, .desired: return "\(metric.rawValue) \(both)"
        }
    }

    /// `1.2 more arrivals a minute (3 instead of 1.8)`: all in the unit of the larger one.
    private static func rates(_ what: String, _ from: Double, _ to: Double) -> String {
        let unit = RateUnit.fitting(max(abs(from), abs(to)))
        let (from, to) = (from * unit.seconds, to * unit.seconds)
        return "\(numberText(abs(to - from))) \(to > from ? "more" : "fewer") \(what) \(unit.words) "
            + "(\(numberText(to)) instead of \(numberText(from)))"
    }

    private static func messages(_ size: String, _ more: Bool) -> String {
        "\(size) \(more ? "more" : "fewer") \(size == "1" ? "message" : "messages")"
    }
}

extension Duration {
    /// `23 s`, `4 min 10 s`, `3 h 5 min`, `2 d 4 h`; below a second `250 ms`.
    public var inWords: String {
        let milliseconds = abs(wholeMilliseconds)
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        let seconds = (milliseconds + 500) / 1000
        let units: [(size: Int64, name: String)] = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")]
        for (place, unit) in units.enumerated() where seconds >= unit.size {
            let first = "\(seconds / unit.size) \(unit.name)"
            guard place + 1 < units.count else { return first }
            let next = units[place + 1]
            let rest = seconds % unit.size / next.size
            return rest == 0 ? first : "\(first) \(rest) \(next.name)"
        }
        return "\(seconds) s"
    }
}
