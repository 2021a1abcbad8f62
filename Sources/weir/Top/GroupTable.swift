import WeirAPI
import WeirCore

/// The list of groups: a line each, as many columns as the window has room for.
enum GroupTable {
    /// One column. Those that a narrow window leaves out go by `rank`, the highest first.
    private struct Column: Sendable {
        var title: String
        var rank: Int
        var text: @Sendable (GroupView) -> String
    }

    private static let columns: [Column] = [
        Column(title: "DESIRED", rank: 0) { "\($0.desiredCapacity)" },
        Column(title: "RANGE", rank: 7) { "\($0.minSize)–\($0.maxSize)" },
        Column(title: "SERVICE", rank: 1) { "\($0.count(.inService))" },
        Column(title: "BUSY", rank: 3) { "\($0.instances.count { $0.heldMessages > 0 })" },
        Column(title: "PENDING", rank: 4) { "\($0.count(.pending, .pendingWait))" },
        Column(title: "ENDING", rank: 6) { "\($0.count(.draining, .terminatingWait, .terminating))" },
        Column(title: "VISIBLE", rank: 1) { figure($0.measurement?.visible) },
        Column(title: "FLIGHT", rank: 5) { figure($0.measurement?.inFlight) },
        Column(title: "OLDEST", rank: 2) { age($0.measurement?.oldestAge) },
    ]

    private static let leastName = 12
    private static let leastNotes = 16
    /// Room that a decision has to have to be worth showing.
    private static let leastDecision = 32

    /// The headings, and `rows` groups around the chosen one.
    static func lines(_ groups: [GroupView], chosen: Int, rows: Int, columns width: Int) -> [StyledLine] {
        let first = max(min(chosen - rows / 2, groups.count - rows), 0)
        let shown = groups[first..<min(first + rows, groups.count)]
        let place = groups.count > rows ? " \(first + 1)–\(first + shown.count) of \(groups.count)" : ""

        let title = StyledLine("GROUP\(place)")
        let longest = (groups.map(\.group.cells) + [title.cells]).max() ?? 0
        let least = min(longest, max(leastName, title.cells))
        // Widths follow all groups, so that nothing jumps when one scrolls.
        var kept = columns.map { column in
            (column: column, cells: (groups.map { column.text($0).cells } + [column.title.cells]).max() ?? 0)
        }
        func used() -> Int { kept.reduce(2) { $0 + $1.cells + 1 } }
        while used() + least + 2 + leastNotes > width,
            let last = kept.map(\.column.rank).max(), last > 0,
            let dropped = kept.lastIndex(where: { $0.column.rank == last })
        {
            kept.remove(at: dropped)
        }
        let name = max(min(longest, width - used() - 2 - leastNotes), least)
        let rest = max(width - used() - name - 2, 0)
        let longestNotes = groups.map { notes($0).cells }.max() ?? 0
        let hasDecision = rest - min(longestNotes, rest / 2) - 2 >= leastDecision
        let notesRoom = hasDecision ? max(min(longestNotes, rest / 2), "ALARMS".cells) : rest

        func line(
            _ marker: String, _ title: StyledLine, _ cell: (Column) -> String, _ notes: StyledLine, _ decision: String
        ) -> StyledLine {
            var line = StyledLine(marker) + title.cut(to: name).padded(to: name)
            for (column, cells) in kept {
                let text = cell(column)
                line += StyledLine(String(repeating: " ", count: max(cells - text.cells, 0) + 1) + text)
            }
            line += StyledLine("  ") + (hasDecision ? notes.cut(to: notesRoom).padded(to: notesRoom + 2) : notes)
            return (hasDecision ? line + StyledLine(decision) : line).cut(to: width)
        }

        let heading = line("  ", title, \.title, StyledLine("ALARMS"), "LAST DECISION")
        return [heading.repainted(.dim)]
            + shown.indices.map { index in
                let group = groups[index]
                let isChosen = index == chosen
                let drawn = line(
                    isChosen ? "▸ " : "  ", StyledLine(group.group, .bold), { $0.text(group) }, notes(group),
                    (group.lastChange ?? group.lastDecision).map(DecisionLine.text) ?? "")
                return isChosen ? drawn.padded(to: width).repainted(.reverse) : drawn
            }
    }

    /// What is up with a group: its alarms, and what it waits for.
    private static func notes(_ group: GroupView) -> StyledLine {
        func names(_ state: AlarmState) -> String {
            group.alarms.filter { $0.state == state.rawValue }.map(\.name).joined(separator: ", ")
        }
        var notes: [StyledLine] = []
        if !names(.alarm).isEmpty { notes.append(StyledLine(names(.alarm), .red)) }
        if group.leaving { notes.append(StyledLine("leaving", .yellow)) }
        if group.silence != nil { notes.append(StyledLine("source silent", .yellow)) }
        if group.launchBackoff != nil { notes.append(StyledLine("launches held", .yellow)) }
        if group.noProgress != nil { notes.append(StyledLine("no progress", .yellow)) }
        if let refresh = group.refresh, refresh.underWay {
            notes.append(StyledLine("refresh \(refresh.percentageComplete) %", .yellow))
        }
        if !group.suspended.isEmpty { notes.append(StyledLine("suspended", .yellow)) }
        if notes.isEmpty, !names(.insufficientData).isEmpty { notes.append(StyledLine("no data yet", .yellow)) }
        if notes.isEmpty { notes.append(group.alarms.isEmpty ? StyledLine("none", .dim) : StyledLine("OK", .green)) }
        return notes.joined(", ")
    }

    private static func figure(_ value: Double?) -> String { value.map { numberText($0) } ?? "?" }

    /// `45s`, `12m`, `3h`, `2d`.
    static func age(_ seconds: Double?) -> String {
        guard let seconds, !seconds.isNaN else { return "?" }
        switch seconds {
        case ..<100: return "\(Int(max(seconds, 0)))s"
        case ..<6000: return "\(Int(seconds / 60))m"
        case ..<172_800: return "\(Int(seconds / 3600))h"
        default: return "\(Int(min(seconds / 86_400, 99_999)))d"
        }
    }
}
