import WeirAPI
import WeirCore

/// Groups as text for people.
enum StatusText {
    /// A block of lines for each group; wrapped when there is a window to fit into.
    static func blocks(_ groups: [GroupView], columns: Int?) -> [[String]] {
        guard !groups.isEmpty else { return [["no groups"]] }
        return groups.map { group in lines(group).flatMap { $0.wrapped(to: columns) } }
    }

    private static func lines(_ group: GroupView) -> [HangingLine] {
        var rows = [["  queue", queue(group.measurement) + measuredAt(group.measurement)]]
        rows += alarms(group.alarms)
        rows += outcomes(group)
        rows += decision("  decided", group.lastDecision)
        if let change = group.lastChange, change.at != group.lastDecision?.at {
            rows += decision("  changed", change)
        }
        rows += holds(group)
        if let next = ScheduleText.next(group.scheduledActions) { rows.append(["  next", next]) }
        if let refresh = group.refresh { rows.append(["  refresh", Self.refresh(refresh)]) }
        if let fleet = group.fleet { rows.append(["  fleet", FleetText.line(fleet)]) }
        if let launches = launches(group) { rows.append(["  launches", launches]) }
        if let shadow = group.shadow {
            rows += ShadowText.lines(shadow).enumerated().map { [$0 == 0 ? "  shadow" : "", $1] }
        }
        for (number, instance) in group.instances.enumerated() {
            rows.append([number == 0 ? "  instances" : "", line(instance, now: group.templateVersion)])
        }
        if !group.suspended.isEmpty { rows.append(["  suspended", suspended(group.suspended)]) }
        return [HangingLine(text: heading(group), hanging: 2)] + Table.lines(rows)
    }

    private static func heading(_ group: GroupView) -> String {
        let busy = group.instances.count { $0.heldMessages > 0 }
        var parts = [capacity(group), "in service \(group.count(.inService))" + (busy > 0 ? ", \(busy) busy" : "")]
        let counts = [
            ("pending", group.count(.pending, .pendingWait)),
            ("terminating", group.count(.draining, .terminatingWait, .terminating)),
            ("standby", group.count(.enteringStandby, .standby)),
            ("unhealthy", group.instances.count { $0.unhealthy != nil }),
        ]
        parts += counts.filter { $0.1 > 0 }.map { "\($0.0) \($0.1)" }
        if let pool = group.warmPool { parts.append("warm \(pool.ready) of \(pool.size)") }
        if group.leaving { parts.append("leaving: its policy is gone") }
        return Terminal.paint(group.group, .bold) + "  " + parts.joined(separator: "  ")
    }

    private static func capacity(_ group: GroupView) -> String {
        let setBy = group.sizesSetBy.map { ", set by \($0)" } ?? ""
        return "desired \(group.desiredCapacity) (\(group.minSize) to \(group.maxSize)\(setBy))"
    }

    static func alarms(_ alarms: [AlarmView]) -> [[String]] {
        alarms.enumerated().map { number, alarm in
            let reason = alarm.reason.map { "  \($0)" } ?? ""
            return [
                number == 0 ? "  alarms" : "",
                "\(alarm.name) \(painted(alarm.state)) since \(time(alarm.since))\(reason)",
            ]
        }
    }

    /// What came of the policies whose alarm is up; what was decided last tells the rest itself.
    private static func outcomes(_ group: GroupView) -> [[String]] {
        let earlier = group.policyOutcomes.filter { $0.at != group.lastDecision?.at }
        return earlier.enumerated().map { number, outcome in
            let reasons = outcome.reasons.map(\.sentence).joined(separator: "; ")
            return [number == 0 ? "  policies" : "", "\(time(outcome.at))  \(reasons)"]
        }
    }

    static func decision(_ title: String, _ decision: DecisionView?) -> [[String]] {
        guard let decision else { return [] }
        let before = decision.from == decision.to ? "" : "\(decision.from) → "
        let rows = [[title, "\(time(decision.at))  desired \(before)\(decision.to)"]]
        return rows + decision.reasons.map { ["", "  \($0.sentence)"] }
    }

    private static func suspended(_ processes: [String]) -> String {
        let all = Set(ScalingProcess.allCases.map(\.rawValue))
        return all.isSubset(of: processes) ? "all" : processes.joined(separator: ", ")
    }

    static func painted(_ state: String) -> String {
        switch state {
        case "ALARM": Terminal.paint(state, .red)
        case "OK": Terminal.paint(state, .green)
        default: Terminal.paint(state, .yellow)
        }
    }

    /// The time of day of an RFC 3339 time, in UTC.
    static func time(_ text: String) -> String {
        guard let start = text.firstIndex(of: "T") else { return text }
        return String(text[text.index(after: start)...].prefix(8))
    }
}

/// What was seen of a queue.
extension StatusText {
    private static func measuredAt(_ measurement: MeasurementView?) -> String {
        measurement?.at.map { "  " + Terminal.paint("at \(time($0))", .dim) } ?? ""
    }

    /// `visible 3  in flight 0  oldest 10s`; what is missing comes after it with its reason, each reason once.
    static func queue(_ measurement: MeasurementView?) -> String {
        guard let measurement else { return "not measured yet" }
        let figures: [(name: String, key: String, value: Double?, unit: String)] = [
            ("visible", "visible", measurement.visible, ""),
            ("in flight", "in_flight", measurement.inFlight, ""),
            ("delayed", "delayed", measurement.delayed, ""),
            // Fractions of a second are of no use to a person.
            ("oldest", "oldest_age_s", measurement.oldestAge.map { $0.rounded() }, "s"),
        ]
        var parts = figures.compactMap { name, _, value, unit in value.map { "\(name) \(numberText($0))\(unit)" } }
        let isAllMissing = parts.isEmpty
        var told: [(reason: String, names: [String])] = []
        for (name, key, _, _) in figures {
            guard let reason = measurement.missing.first(where: { $0.figure == key })?.reason else { continue }
            if let place = told.firstIndex(where: { $0.reason == reason }) {
                told[place].names.append(name)
            } else {
                told.append((reason, [name]))
            }
        }
        for (reason, names) in told {
            let isAll = isAllMissing && told.count == 1
            let subject = isAll ? "" : names.joined(separator: ", ") + " "
            parts.append("\(subject)\(Terminal.paint("missing:", .yellow)) \(reason)")
        }
        return parts.joined(separator: "  ")
    }
}
