import WeirPlot
import WeirSearch

/// What a search looks like: everything that was tried, the frontier, and the policy before and after over time.
struct TuneFigure {
    let findings: Findings

    var page: Page {
        var page = ComparisonFigure(comparisons: findings.comparisons).page
        page.figure.title = "\(findings.path), tuned"
        page.figure.subtitle = [
            "\(findings.objective.text) · \(tried == 1 ? "1 policy" : "\(tried) policies") tried", sentence,
        ]
        page.figure.panels.insert(contentsOf: [frontier].compactMap { $0 }, at: 0)
        page.facts =
            TuneText.summary(findings).map { Page.Fact($0[0], $0[1]) }
            + TuneText.frontierRows(findings).map { Page.Fact($0[0], Array($0.dropFirst())) } + page.facts
        page.figure.notes.append(
            "The first panel is of what was searched on; the others are of the whole load, "
                + "\(findings.track.heldOutWords.map { "with \($0), which was held out" } ?? "of which nothing was held out")."
        )
        return page
    }

    private var tried: Int { findings.search.trials.count }

    private var sentence: String {
        let changes = findings.changes.map { "\($0.name) \($0.before.isEmpty ? "" : "\($0.before) → ")\($0.after)" }
        return findings.isUnchanged
            ? "nothing better was found" : "\(findings.kind(findings.best)): " + changes.joined(separator: ", ")
    }

    /// What is wanted over what is limited. Nil where nothing was tried to its end that can be drawn so.
    private var frontier: Panel? {
        guard ReportField.unit(of: findings.objective.limitedField) == "s" else { return nil }
        let rung = findings.track.rungs.count - 1
        let whole = findings.search.trials.filter { $0.rung == rung && $0.verdict.isWhole }
        let points = whole.compactMap(point)
        let edge = findings.search.frontier.compactMap(point)
        guard let best = point(findings.best), let least = points.map(\.y).min() else { return nil }
        // What is far worse than all that anybody would choose would only press the rest together.
        let start = whole.first { $0.number == 0 }.flatMap(point)
        let most = max(edge.map(\.y).max() ?? least, start?.y ?? least, best.y) * 1.1
        let widest = max(edge.map(\.x).max() ?? 1, start?.x ?? 1, best.x) * 1.5
        let shown = points.filter { $0.y <= most && $0.x <= widest }
        let places = (shown + edge + [best, start].compactMap { $0 }).map(\.x)
        let narrowest = max((places.filter { $0 > 0 }.min() ?? 1) / 1.5, 1e-3)
        var layers = [
            Layer("tried", .grey, .dots(shown)),
            Layer("none is better in both", .blue, .line(stairs(edge))),
        ]
        if let limit = findings.best.verdict.limited?.limit, findings.objective.hasLimit, limit <= widest {
            layers.append(Layer("limit", .orange, .line([Point(limit, least * 0.98), Point(limit, most)])))
        }
        if let start, start != best {
            layers.append(Layer(nil, .vermillion, .points([LabelledPoint(start, "as given")])))
        }
        let isBoth = start == best
        layers.append(Layer(nil, .green, .points([LabelledPoint(best, isBoth ? Self.unchanged(findings) : "found")])))
        return Panel(
            "\(findings.objective.aimText) over \(findings.objective.limitedField)",
            over: .durations(
                least: narrowest, most: max(widest, narrowest * 2), zero: places.contains(0)),
            .numbersFrom(least: least * 0.98),
            height: 240, layers)
    }

    private static func unchanged(_ findings: Findings) -> String {
        findings.isUnchanged ? "as given: nothing better was found" : "as given, and found"
    }

    /// Nil for one that leaves jobs undone: its waits are of the others only.
    private func point(_ trial: Trial) -> Point? {
        guard let limited = trial.verdict.limited?.value, limited.isFinite, abs(trial.verdict.objective) < 1e15,
            trial.verdict.undone == 0
        else { return nil }
        return Point(limited, findings.aimed(trial))
    }

    /// A policy is as good as it is also for who would take more.
    private func stairs(_ edge: [Point]) -> [Point] {
        zip(edge, edge.dropFirst()).flatMap { [$0, Point($1.x, $0.y)] } + edge.suffix(1)
    }
}
