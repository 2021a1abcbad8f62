import ArgumentParser
import WeirAPI

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How the running groups stand: capacity, instances, alarms, last decisions.",
        discussion: "Examples:\n  weir status\n  weir status thumbnails --watch")

    @Argument(help: ArgumentHelp("Only this group.", valueName: "GROUP"))
    var group: String?

    @Flag(help: "Show it again each second, until interrupted.")
    var watch = false

    @OptionGroup var state: StateOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        let client = ControlClient(state: state.resolved)
        repeat {
            let text: String
            switch format.format {
            case .text: text = try StatusText.of(await groups(client))
            case .json: text = try await client.groupsText(named: group)
            }
            if watch && Terminal.isInteractive { Terminal.write("\u{1B}[H\u{1B}[2J", to: 1) }
            Terminal.out(text)
            if watch { try await Task.sleep(for: .seconds(1)) }
        } while watch
    }

    private func groups(_ client: ControlClient) async throws -> [GroupView] {
        let all = try await client.groups()
        guard let group else { return all }
        guard let found = all.first(where: { $0.group == group }) else {
            let names = all.map(\.group).joined(separator: ", ")
            throw Failure.mistake("no group '\(group)' runs here; these do: \(names.isEmpty ? "none" : names)")
        }
        return [found]
    }
}

/// Groups as text for people.
enum StatusText {
    static func of(_ groups: [GroupView]) -> String {
        groups.isEmpty ? "no groups" : groups.map(of).joined(separator: "\n\n")
    }

    static func of(_ group: GroupView) -> String {
        var rows: [[String]] = [["  queue", queue(group.measurement)]]
        for (number, alarm) in group.alarms.enumerated() {
            let reason = alarm.reason.map { "  \($0)" } ?? ""
            rows.append([
                number == 0 ? "  alarms" : "",
                "\(alarm.name) \(painted(alarm.state)) since \(time(alarm.since))\(reason)",
            ])
        }
        rows += decision("  decided", group.lastDecision)
        if let change = group.lastChange, change.at != group.lastDecision?.at {
            rows += decision("  changed", change)
        }
        for (number, instance) in group.instances.enumerated() {
            rows.append([number == 0 ? "  instances" : "", line(instance)])
        }
        if !group.suspended.isEmpty { rows.append(["  suspended", group.suspended.joined(separator: ", ")]) }
        return heading(group) + "\n" + Table.text(rows)
    }

    private static func heading(_ group: GroupView) -> String {
        func count(_ state: String) -> Int { group.instances.count { $0.lifecycleState == state } }
        let busy = group.instances.count { $0.heldMessages > 0 }
        var parts = [
            "desired \(group.desiredCapacity) (\(group.minSize) to \(group.maxSize))",
            "in service \(count("InService"))" + (busy > 0 ? ", \(busy) busy" : ""),
        ]
        if count("Pending") > 0 { parts.append("pending \(count("Pending"))") }
        let ending = count("Terminating:Wait") + count("Terminating:Proceed")
        if ending > 0 { parts.append("terminating \(ending)") }
        if group.leaving { parts.append("leaving: its policy is gone") }
        return Terminal.paint(group.group, .bold) + "  " + parts.joined(separator: "  ")
    }

    private static func queue(_ measurement: MeasurementView?) -> String {
        guard let measurement else { return "not measured yet" }
        func text(_ name: String, _ value: Double?, _ unit: String = "") -> String {
            "\(name) \(value.map { number($0) + unit } ?? Terminal.paint("missing", .yellow))"
        }
        let figures = [
            text("visible", measurement.visible), text("in flight", measurement.inFlight),
            text("delayed", measurement.delayed), text("oldest", measurement.oldestAge, "s"),
        ].joined(separator: "  ")
        return figures + (measurement.visible == nil ? "  \(measurement.missing.first?.reason ?? "")" : "")
            + Terminal.paint("  at \(time(measurement.at ?? ""))", .dim)
    }

    private static func decision(_ title: String, _ decision: DecisionView?) -> [[String]] {
        guard let decision else { return [] }
        let before = decision.from == decision.to ? "" : "\(decision.from) → "
        let change = "desired \(before)\(decision.to)"
        var rows = [[title, "\(time(decision.at))  \(change)"]]
        for reason in decision.reasons { rows.append(["", "  \(reason.sentence)"]) }
        return rows
    }

    private static func line(_ instance: InstanceView) -> String {
        var parts = [instance.id, instance.lifecycleState]
        if instance.heldMessages > 0 { parts.append("holds \(instance.heldMessages)") }
        if instance.protected { parts.append("protected") }
        parts.append("since \(time(instance.inServiceAt ?? instance.launchedAt))")
        return parts.joined(separator: "  ")
    }

    private static func painted(_ state: String) -> String {
        switch state {
        case "ALARM": Terminal.paint(state, .red)
        case "OK": Terminal.paint(state, .green)
        default: Terminal.paint(state, .yellow)
        }
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15 ? String(Int64(value)) : String(value)
    }

    /// The time of day of an RFC 3339 time, in UTC.
    private static func time(_ text: String) -> String {
        guard let start = text.firstIndex(of: "T") else { return text }
        return String(text[text.index(after: start)...].prefix(8))
    }
}
