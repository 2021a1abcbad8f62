import WeirAPI
import WeirCore

/// All that there is to say of one group, in sections.
struct GroupPane {
    private struct Section {
        var title: String
        var lines: [StyledLine]
    }

    /// What is always shown, and what shares the room that is left.
    private let fixed: [StyledLine]
    private let sharing: [Section]
    /// Everything, wrapped rather than cut.
    let all: [StyledLine]

    private static let titleCells = 11

    init(_ group: GroupView, columns: Int) {
        let heading = Self.heading(group).map { Section(title: $0.0, lines: $0.1) }
        let alarms = Section(title: "alarms", lines: StatusText.alarms(group.alarms).map { Self.last($0) })
        let decisions = Self.decisions(of: group)
        let instances = Section(
            title: "instances",
            lines: group.instances.map { StyledLine(painted: StatusText.line($0, now: group.templateVersion)) })

        fixed = heading.flatMap { Self.lines($0) }
        let short = Section(title: "decided", lines: decisions.map { StyledLine(DecisionLine.text($0)) })
        sharing = [alarms, short, instances].filter { !$0.lines.isEmpty }
        let long = Section(title: "decided", lines: decisions.flatMap(Self.whole))
        all = (heading + [alarms, long, instances]).filter { !$0.lines.isEmpty }
            .flatMap { Self.wrapped($0, columns: columns) }
    }

    /// All of it when there is room; else as many of its lines as there is room for, cut, and every section gets its share.
    func fitting(rows: Int) -> [StyledLine] {
        guard all.count > rows else { return all }
        var lines = Array(fixed.prefix(max(rows, 0)))
        var room = rows - lines.count
        // Those that need least come first, so that what they leave is shared by the others.
        let order = sharing.indices.sorted { sharing[$0].lines.count < sharing[$1].lines.count }
        var shares = sharing.map { _ in 0 }
        for (number, index) in order.enumerated() {
            shares[index] = min(sharing[index].lines.count, room / (order.count - number))
            room -= shares[index]
        }
        for (section, share) in zip(sharing, shares) where share > 0 {
            var shown = section
            if section.lines.count > share {
                let hidden = section.lines.count - share + 1
                shown.lines = section.lines.prefix(share - 1) + [StyledLine("… \(hidden) more", .dim)]
            }
            lines += Self.lines(shown)
        }
        return lines
    }

    /// The newest first. Where the last one was asked for alone, that one.
    private static func decisions(of group: GroupView) -> [DecisionView] {
        var decisions = Array((group.decisions ?? [group.lastChange].compactMap { $0 }).reversed())
        if let last = group.lastDecision, last.at != decisions.first?.at { decisions.insert(last, at: 0) }
        return decisions
    }

    private static func whole(_ decision: DecisionView) -> [StyledLine] {
        [StyledLine("\(StatusText.time(decision.at))  desired \(DecisionLine.step(decision))")]
            + decision.reasons.map { StyledLine("          \($0.sentence)") }
    }

    private static func heading(_ group: GroupView) -> [(String, [StyledLine])] {
        let counts = Dictionary(grouping: group.instances, by: \.lifecycleState).mapValues(\.count)
        let states = counts.keys.sorted().map { "\($0) \(counts[$0] ?? 0)" }.joined(separator: "  ")
        let capacity = "desired \(group.desiredCapacity) (\(group.minSize) to \(group.maxSize))"
        var sections = [
            ("capacity", [StyledLine("\(capacity)  \(states.isEmpty ? "no instances" : states)")]),
            ("queue", [StyledLine(painted: StatusText.queue(group.measurement))]),
        ]
        let waits = StatusText.holds(group)
        if !waits.isEmpty { sections.append(("waits", waits.map { last($0) })) }
        if let next = ScheduleText.next(group.scheduledActions) {
            sections.append(("next", [StyledLine(painted: next)]))
        }
        if let refresh = group.refresh {
            sections.append(("refresh", [StyledLine(painted: StatusText.refresh(refresh))]))
        }
        if let fleet = group.fleet { sections.append(("fleet", [StyledLine(painted: FleetText.line(fleet))])) }
        if let shadow = group.shadow { sections.append(("shadow", ShadowText.lines(shadow).map { StyledLine($0) })) }
        if !group.suspended.isEmpty {
            sections.append(("suspended", [StyledLine(group.suspended.joined(separator: ", "), .yellow)]))
        }
        return sections
    }

    private static func last(_ row: [String]) -> StyledLine { StyledLine(painted: row.last ?? "") }

    private static func title(_ section: Section, _ number: Int) -> StyledLine {
        StyledLine(number == 0 ? section.title : "", .dim).padded(to: titleCells)
    }

    private static func lines(_ section: Section) -> [StyledLine] {
        section.lines.enumerated().map { title(section, $0) + $1 }
    }

    private static func wrapped(_ section: Section, columns: Int) -> [StyledLine] {
        section.lines.enumerated().flatMap { number, line in
            let indent = line.plain.prefix { $0 == " " }.count
            // What was cut goes on below, without colours: they do not survive being broken.
            let parts = HangingLine(text: line.plain, hanging: indent + 2).wrapped(to: max(columns - titleCells, 2))
            guard parts.count > 1 else { return [title(section, number) + line] }
            return parts.enumerated().map { title(section, number + $0) + StyledLine($1) }
        }
    }
}
