import WeirAPI
import WeirCore

/// One drawing of `weir top`: from what is known, what is chosen and the window to lines, none of them longer than the window
/// is wide, and no more than it is high.
struct TopFrame {
    private(set) var lines: [StyledLine] = []
    /// How far a page goes. Unit: lines.
    private(set) var page = 1
    /// How far the chosen group can be scrolled. Unit: lines.
    private(set) var mostScrolled = 0

    /// Below this there is room for the list alone. Unit: lines.
    private static let leastForPane = 9
    private static let leastGroups = 3
    /// Lines that one trouble takes.
    private static let mostTrouble = 4

    init(_ scene: TopScene, _ choice: TopChoice, in window: Window) {
        let groups = choice.order.sorted(scene.groups)
        let place = groups.firstIndex { $0.group == choice.group }
        let chosen = place.map { scene.chosen?.group == groups[$0].group ? scene.chosen ?? groups[$0] : groups[$0] }
        lines = Self.head(scene, columns: window.columns)
        let footer = Self.footer(choice, groups)
        let room = max(window.rows - lines.count - 1, 0)
        if groups.isEmpty {
            lines.append(StyledLine(scene.answeredAt == nil ? "" : "no groups"))
        } else if let chosen, choice.isWhole {
            showWhole(chosen, from: choice.scrolled, rows: room, columns: window.columns)
        } else {
            let hasPane = room >= Self.leastForPane
            let most = hasPane ? max(Self.leastGroups, room * 2 / 5 - 1) : room - 1
            let shown = max(min(groups.count, most), 0)
            page = max(shown - 1, 1)
            lines += GroupTable.lines(groups, chosen: place ?? 0, rows: shown, columns: window.columns)
            if let chosen, hasPane {
                lines.append(Self.rule(chosen.group, columns: window.columns))
                lines += GroupPane(chosen, columns: window.columns).fitting(rows: room - shown - 2)
            }
        }
        while lines.count < window.rows - 1 { lines.append(StyledLine()) }
        lines = (lines.prefix(max(window.rows - 1, 0)) + [footer]).map { $0.cut(to: window.columns) }
    }

    private mutating func showWhole(_ group: GroupView, from first: Int, rows: Int, columns: Int) {
        let all = GroupPane(group, columns: columns).all
        let room = max(rows - 1, 1)
        mostScrolled = max(all.count - room, 0)
        page = room
        let first = min(first, mostScrolled)
        let place = mostScrolled == 0 ? "" : "\(first + 1)–\(min(first + room, all.count)) of \(all.count) lines"
        lines.append(Self.rule(group.group, place, columns: columns))
        lines += all[first..<min(first + room, all.count)]
    }

    /// `weir 0.4.0  2 groups  desired 9, in service 7  visible 1400                                    12:04:05`
    private static func head(_ scene: TopScene, columns: Int) -> [StyledLine] {
        let groups = scene.groups
        var parts = [StyledLine("weir \(scene.daemon?.version ?? "top")", .bold)]
        if scene.answeredAt != nil {
            let desired = groups.reduce(0) { $0 + $1.desiredCapacity }
            let inService = groups.reduce(0) { $0 + $1.count(.inService) }
            let visible = groups.compactMap { $0.measurement?.visible }.reduce(0, +)
            parts.append(StyledLine("\(groups.count) \(groups.count == 1 ? "group" : "groups")"))
            parts.append(StyledLine("desired \(desired), in service \(inService)"))
            parts.append(StyledLine("visible \(numberText(visible))"))
            let alarms = groups.reduce(0) { $0 + $1.alarms.count { $0.state == AlarmState.alarm.rawValue } }
            if alarms > 0 { parts.append(StyledLine("\(alarms) in ALARM", .red)) }
        }
        let time = scene.answeredAt.map { StatusText.time($0.rfc3339) } ?? ""
        let left = parts.joined("  ").cut(to: max(columns - time.cells - 2, 0))
        var lines = [left.padded(to: max(columns - time.cells, 0)) + StyledLine(time, .dim)]
        let since = scene.answeredAt == nil ? "" : "; what stands here is of \(time)"
        if let trouble = scene.trouble {
            lines += wrapped("\(trouble)\(since); it is tried again", .red, columns: columns)
        }
        if let trouble = scene.daemon?.policyTrouble {
            lines += wrapped("policies not in force as they are now, \(trouble)", .yellow, columns: columns)
        }
        return lines
    }

    private static func wrapped(_ text: String, _ colour: Terminal.Colour, columns: Int) -> [StyledLine] {
        HangingLine(text: text.harmless, hanging: 2).wrapped(to: columns).prefix(mostTrouble)
            .map { StyledLine($0, colour) }
    }

    private static func rule(_ title: String, _ right: String = "", columns: Int) -> StyledLine {
        let room = max(columns - title.cells - right.cells - (right.isEmpty ? 4 : 6), 0)
        let line = StyledLine("── ", .dim) + StyledLine(title, .bold)
        return line + StyledLine(" " + String(repeating: "─", count: room) + (right.isEmpty ? "" : " \(right) ─"), .dim)
    }

    private static func footer(_ choice: TopChoice, _ groups: [GroupView]) -> StyledLine {
        guard !groups.isEmpty else { return StyledLine("q quit", .dim) }
        let keys =
            choice.isWhole
            ? "q quit  ↑↓ scroll  Enter all groups"
            : "q quit  ↑↓ choose  Enter the whole group  s order: \(choice.order.rawValue)"
        return StyledLine(keys, .dim)
    }
}
