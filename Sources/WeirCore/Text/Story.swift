/// The story of one tick in lines for people, as the live log, a dry run and `weir plan` print it:
///
/// ```
/// 12:04:00  thumbnails  thumbnails-up  OK → ALARM   visible maximum 240 ≥ 100 for 1 of 1 periods of 60s
/// 12:04:00  thumbnails  desired 0 → 1               up-policy: 140 over the threshold, step [0, 400) adds 1
/// 12:04:00  thumbnails  launch                      i-0f3a…: to reach 1 desired
/// ```
///
/// Columns: time of day in UTC, group, subject, text. Further links of the chain of reasons follow on lines of their own,
/// with the subject left blank.
///
/// - Parameters:
///   - quiet: also tell when nothing happened: one line with the desired capacity and why it stays.
/// - Returns: no line for a quiet tick, unless `quiet`.
public func storyLines(
    group: String, at now: Instant, evaluation: Evaluation, quiet: Bool = false
) -> [String] {
    Story(evaluation.events, evaluation.alarmTransitions, evaluation.decision, evaluation.plan, quiet: quiet)
        .lines(group: group, at: now)
}

extension Record {
    /// The story of this tick; see `storyLines`.
    public func story(quiet: Bool = false) -> [String] {
        Story(events, alarmTransitions, decision, plan, quiet: quiet).lines(group: group, at: at)
    }
}

private struct Story {
    private var rows: [(subject: String, text: String)] = []

    /// The width of the subject in the example above; longer ones widen the column for their tick.
    private static let usualSubjectWidth = 25

    init(
        _ events: [FleetEvent], _ transitions: [AlarmTransition], _ decision: Decision, _ plan: Plan, quiet: Bool
    ) {
        for event in events { rows.append((event.instance.text, event.sentence)) }
        for transition in transitions { rows.append((transition.change, transition.judgement.sentence)) }
        tell(decision, quiet: quiet)
        tell(plan)
    }

    private mutating func tell(_ decision: Decision, quiet: Bool) {
        guard quiet || !decision.isQuiet else { return }
        var subject = decision.change
        for reason in decision.reasons {
            rows.append((subject, reason.sentence))
            subject = ""
        }
    }

    /// Actions of one kind and for one reason share a line: twenty launches are one thing to read.
    private mutating func tell(_ plan: Plan) {
        var told = 0
        while told < plan.actions.count {
            let first = plan.actions[told]
            let alike = plan.actions[told...].prefix { $0.action.word == first.action.word && $0.why == first.why }
            let names = named(alike.prefix(Limits.instancesNamed).map(\.action.instance), of: alike.count)
            rows.append((first.action.word, "\(names): \(first.why.sentence)"))
            told += alike.count
        }
    }

    func lines(group: String, at now: Instant) -> [String] {
        let width = rows.reduce(Self.usualSubjectWidth) { max($0, $1.subject.count) }
        return rows.map { "\(now.clock)  \(group)  \(column($0.subject, width))   \($0.text)" }
    }
}

extension AlarmTransition {
    /// `thumbnails-up  OK → ALARM`
    public var change: String { "\(alarm)  \(from.rawValue) → \(to.rawValue)" }
}

extension Decision {
    /// `desired 0 → 5`, or `desired 5` when it stays.
    public var change: String {
        desired == previousDesired ? "desired \(desired)" : "desired \(previousDesired) → \(desired)"
    }
}

extension Action {
    /// The verb: `launch`, `drain`, `restore`, `terminate` or `remove`.
    public var word: String {
        switch self {
        case .launch: "launch"
        case .drain: "drain"
        case .restore: "restore"
        case .terminate: "terminate"
        case .remove: "remove"
        }
    }
}
