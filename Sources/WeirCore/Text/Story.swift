/// Tells tick after tick in lines for people, as a dry run prints them:
///
/// ```
/// 12:04:00  thumbnails  thumbnails-up  OK → ALARM   visible maximum 240 ≥ 100 for 1 of 1 periods of 60s
/// 12:04:00  thumbnails  desired 0 → 1               up-policy: 140 over the threshold, step [0, 400) adds 1
/// 12:04:00  thumbnails  launch                      i-0f3a…: to reach 1 desired
/// ```
///
/// Columns: time of day in UTC, group, subject, text. They stand where they stand from the first line to the last, for all
/// groups. Further links of the chain of reasons follow on lines of their own, with the subject left blank.
public struct Storyteller: Sendable {
    private let groupWidth: Int
    private let subjectWidth: Int
    /// For each group, the reasons that hold it back as it was told them last: what still holds is not told again.
    private var told: [String: [String]] = [:]

    /// - Parameter groups: whose ticks will be told.
    public init(_ groups: [GroupPolicy]) {
        groupWidth = groups.map(\.name.count).max() ?? 0
        let names = groups.flatMap { $0.alarms.map(\.name) + $0.compositeAlarms.map(\.name) }
        // A rule that is written in place may be long; it stands out of line rather than moving all others.
        let alarm = names.map(\.count).filter { $0 <= Self.widestAlarm }.max() ?? 0
        subjectWidth = max(Self.plainSubjectWidth, alarm + Self.longestChange.count)
    }

    /// The width of `desired 10000 → 10000`, and of an instance's id.
    private static let plainSubjectWidth = 21
    private static let widestAlarm = 40
    private static let longestChange =
        "  \(AlarmState.insufficientData.rawValue) → \(AlarmState.alarm.rawValue)"

    /// - Returns: no line for a tick on which nothing happened that was not told before.
    public mutating func tell(
        group: String, at now: Instant, events: [FleetEvent], transitions: [AlarmTransition], decision: Decision,
        plan: Plan, notifications: [AlarmNotification] = []
    ) -> [String] {
        var rows = events.map { Row($0.instance.text, $0.sentence) }
        rows += transitions.map { Row($0.change, $0.judgement.sentence) }
        rows += notifications.map { Row("tell", $0.sentence) }
        rows += tell(decision, of: group)
        rows += plan.rows
        return rows.map { row in
            "\(now.clock)  \(column(group, groupWidth))  \(column(row.subject, subjectWidth))   \(row.text)"
        }
    }

    public mutating func tell(_ record: Record) -> [String] {
        tell(
            group: record.group, at: record.at, events: record.events, transitions: record.alarmTransitions,
            decision: record.decision, plan: record.plan, notifications: record.notifications)
    }

    /// The whole chain when desired capacity changes. While it stays: what newly holds it back.
    private mutating func tell(_ decision: Decision, of group: String) -> [Row] {
        let holding = decision.reasons.filter { !$0.isQuiet }.map(\.sentence)
        let before = told[group] ?? []
        // A tick without a measurement judges no alarm, so it says nothing about what held a policy back before.
        let isPartial = decision.reasons.contains { $0.fact == .notMeasured }
        told[group] = isPartial ? before + holding.filter { !before.contains($0) } : holding

        let changes = decision.desired != decision.previousDesired
        let sentences = changes ? decision.spokenReasons : holding.filter { !before.contains($0) }
        return sentences.enumerated().map { Row($0.offset == 0 ? decision.change : "", $0.element) }
    }
}

/// What stands in the third and the fourth column.
private struct Row {
    var subject: String
    var text: String

    init(_ subject: String, _ text: String) {
        self.subject = subject
        self.text = text
    }
}

extension Plan {
    /// Actions of one kind and for one reason share a row: twenty launches are one thing to read.
    fileprivate var rows: [Row] {
        var rows: [Row] = []
        var told = 0
        while told < actions.count {
            let first = actions[told]
            let alike = actions[told...].prefix { $0.action.word == first.action.word && $0.why == first.why }
            let names = named(alike.prefix(Limits.instancesNamed).map(\.action.instance), of: alike.count)
            rows.append(Row(first.action.word, "\(names): \(first.why.sentence)"))
            told += alike.count
        }
        return rows
    }

    /// What would be done, in lines: `launch i-1, i-2 and 3 more: to reach 5 desired`.
    public var sentences: [String] { rows.map { "\($0.subject) \($0.text)" } }
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

    /// The chain, in sentences; that a tick was not measured is no reason while there is another.
    public var spokenReasons: [String] {
        let reasons = reasons.filter { $0.fact != .notMeasured }
        return (reasons.isEmpty ? self.reasons : reasons).map(\.sentence)
    }
}

extension Action {
    /// The verb: `launch`, `drain`, `restore`, `terminate`, `remove`, …
    public var word: String {
        switch self {
        case .launch: "launch"
        case .drain: "drain"
        case .restore: "restore"
        case .terminate: "terminate"
        case .remove: "remove"
        case .prepare: "prepare"
        case .pause: "pause"
        case .resume: "resume"
        case .runHook: "hook"
        }
    }
}
