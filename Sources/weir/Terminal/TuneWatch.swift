import WeirSearch

/// Tells how far a search is and what is the best so far, on one line of a terminal.
final class TuneWatch {
    private let objective: Objective
    private let space: PolicySpace
    private let budget: Int
    private let deadline: ContinuousClock.Instant?
    private let display = ProgressDisplay(patience: .zero)

    init(_ objective: Objective, _ space: PolicySpace, budget: Int, deadline: ContinuousClock.Instant?) {
        self.objective = objective
        self.space = space
        self.budget = budget
        self.deadline = deadline
    }

    func tell(_ search: Search) {
        display.show { elapsed in
            let line = text(search, after: elapsed, left: deadline.map { $0 - .now })
            return String(line.prefix(Window.columnsOfErrors - 1))
        }
    }

    func clear() { display.clear() }

    /// `212 of 500 tried  best 2110 h at wait_s.p95 58 s (step)  20 s left`.
    private func text(_ search: Search, after elapsed: Duration, left: Duration?) -> String {
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        var words = ["\(search.trials.count) of \(budget) tried"]
        if let best = search.best {
            let aim = objective.wantsLess ? best.verdict.objective : -best.verdict.objective
            var told = "best \(FigureText.text(aim, of: ReportField.unit(of: objective.aimText)))"
            if let limited = best.verdict.limited {
                told +=
                    " at \(objective.limitedField) "
                    + FigureText.text(limited.value, of: ReportField.unit(of: objective.limitedField))
            }
            words.append("\(told) (\(space.families[best.candidate.family].name))")
        }
        var rest = search.share > 0 ? seconds * (1 - search.share) / search.share : nil
        if let left { rest = min(rest ?? .infinity, Double(left.components.seconds)) }
        if let rest, rest.isFinite { words.append("\(SimulationText.span(rest.rounded(.up))) left") }
        return words.joined(separator: "  ")
    }
}
