import WeirAPI
import WeirCore
import WeirRuntime

/// One decision as `weir plan` prints it: what was seen, how each alarm stands, what follows, and why.
struct PlanText {
    private let group: GroupView
    private let record: Record

    init(_ policy: GroupPolicy, _ observation: Observation, _ evaluation: Evaluation, at now: Instant) {
        var snapshot = GroupSnapshot(policy: policy, state: evaluation.state, dryRun: true)
        snapshot.measurement = observation.measurement
        snapshot.measuredAt = now
        snapshot.lastDecision = DatedDecision(at: now, decision: evaluation.decision)
        group = GroupView(snapshot, at: now)
        record = Record(group: policy.name, at: now, dryRun: true, observation: observation, evaluation: evaluation)
    }

    func text(columns: Int?) -> String {
        var rows = [["  queue", StatusText.queue(group.measurement)]]
        if let failure = listingFailure {
            rows.append(["  instances", Terminal.paint("missing:", .yellow) + " " + failure])
        }
        for (number, alarm) in group.alarms.enumerated() {
            let before = stateBefore(alarm) == alarm.state ? "" : StatusText.painted(stateBefore(alarm)) + " → "
            let change = before + StatusText.painted(alarm.state)
            rows.append([number == 0 ? "  alarms" : "", "\(alarm.name) \(change)  \(alarm.reason ?? "not judged yet")"])
        }
        rows += StatusText.decision("  decided", group.lastDecision)
        for (number, sentence) in record.plan.sentences.enumerated() {
            rows.append([number == 0 ? "  would" : "", sentence])
        }
        let heading = HangingLine(text: Terminal.paint(group.group, .bold), hanging: 2)
        return ([heading] + Table.lines(rows)).flatMap { $0.wrapped(to: columns) }.joined(separator: "\n")
    }

    func json() throws -> String {
        try weir.json(
            View(
                group: group.group, at: record.at.rfc3339, from: record.decision.previousDesired,
                to: record.decision.desired, reasons: group.lastDecision?.reasons ?? [], measurement: group.measurement,
                listingFailure: listingFailure,
                alarms: group.alarms.map {
                    View.Alarm(name: $0.name, from: stateBefore($0), state: $0.state, reason: $0.reason)
                },
                actions: record.plan.actions.map {
                    View.Action(action: $0.action.word, instance: $0.action.instance.text, reason: $0.why.sentence)
                }))
    }

    private var listingFailure: String? {
        switch record.observation.listing {
        case .failed(let why), .neverSucceeded(let why): why
        case .instances, nil: nil
        }
    }

    private func stateBefore(_ alarm: AlarmView) -> String {
        record.alarmTransitions.first { $0.alarm == alarm.name }?.from.rawValue ?? alarm.state
    }

    private struct View: Encodable {
        struct Alarm: Encodable {
            var name: String
            /// The state before this look; the same when it did not change.
            var from: String
            var state: String
            var reason: String?
        }

        struct Action: Encodable {
            var action: String
            var instance: String
            var reason: String
        }

        var group: String
        var at: String
        var from: Int
        var to: Int
        var reasons: [ReasonView]
        var measurement: MeasurementView?
        /// Why the instances could not be listed; left out when they could.
        var listingFailure: String?
        var alarms: [Alarm]
        var actions: [Action]
    }
}
