import WeirCore
import WeirPlot
import WeirSearch
import WeirSimulator

/// What several policies look like beside each other: a colour for each, the same in every panel.
struct ComparisonFigure {
    let comparisons: [Comparison]
    /// Sentences that say what got worse.
    var failures: [String] = []

    /// With one load its time is that of the figure; each of several has a time of its own.
    private var isOne: Bool { comparisons.count == 1 }
    private var paths: [String] { comparisons.first?.outcomes.map(\.path) ?? [] }

    var page: Page {
        Page(
            figure: figure, facts: comparisons.flatMap(facts), readings: isOne ? comparisons.flatMap(readings) : [],
            events: Page.Events("", []))
    }

    private var figure: Figure {
        Figure(
            title: paths.joined(separator: " · "), subtitle: subtitle,
            time: comparisons.first.map(time) ?? TimeAxis(beginsAt: nil, span: 1),
            panels: comparisons.flatMap(panels), notes: notes)
    }

    private var subtitle: [String] {
        let seed = comparisons.first.map { " · seed \($0.load.model.seed)" } ?? ""
        let base =
            "compared with \(paths.first ?? "") · traces \(comparisons.map(\.load.name).joined(separator: ", "))\(seed)"
        return [base] + failures
    }

    private var notes: [String] {
        let isDated = comparisons.allSatisfy { $0.load.beginsAt != nil }
        let clock =
            isDated ? "Times are in UTC." : "Where a trace knows no calendar, time is counted from its first job."
        return ["\(clock) Lines are means of equal pieces of time; a wait is shown by when a job was sent."]
    }

    // MARK: Panels

    func time(_ comparison: Comparison) -> TimeAxis {
        let endNs = comparison.outcomes.compactMap { $0.course?.endNs }.max() ?? 0
        return TimeAxis(beginsAt: comparison.load.beginsAt, span: max(Double(endNs) / 1e9, 1e-3))
    }

    func panels(_ comparison: Comparison) -> [Panel] {
        let name = isOne ? "" : ", \(comparison.load.name)"
        let over: Panel.Horizontal = isOne ? .time : .ownTime(time(comparison))
        func levels(_ title: String, height: Double, _ level: KeyPath<TimelinePiece, TimelinePiece.Level>) -> Panel {
            lines(title + name, over, .counts, height: height, comparison) {
                $0[keyPath: level].isEmpty ? .nan : $0[keyPath: level].mean
            }
        }
        return [
            bars("Instance-hours" + name, comparison, "worker_hours") { "\(HoursText.short($0)) h" },
            bars("95 % of the jobs waited at most (seconds)" + name, comparison, "wait_s.p95", SimulationText.span),
            undone(name, comparison),
            arrivals(name, over, comparison),
            levels("Backlog (jobs waiting)", height: 110, \.backlog),
            levels("Instances in service", height: 130, \.inService),
            lines("Mean wait" + name, over, .durations, height: 110, comparison) {
                $0.waits.count == 0 ? .nan : $0.waits.mean
            },
            distribution(name, comparison),
        ].compactMap { $0 }
    }

    private func arrivals(_ name: String, _ over: Panel.Horizontal, _ comparison: Comparison) -> Panel? {
        guard let course = comparison.base.course else { return nil }
        let width = Double(course.pieces.widthNs) / 1e9
        let values = course.pieces.contents.map { Double($0.arrivals) / width * 60 }
        return Panel(
            "Arrivals (jobs per minute)" + name, over: over, .numbers, height: 70,
            [Layer(nil, .grey, .area(Series(width: width, values: values)))])
    }

    private func lines(
        _ title: String, _ over: Panel.Horizontal, _ vertical: Panel.Vertical, height: Double,
        _ comparison: Comparison, _ value: (TimelinePiece) -> Double
    ) -> Panel {
        Panel(
            title, over: over, vertical, height: height,
            comparison.outcomes.enumerated().compactMap { number, outcome in
                outcome.course.map { course in
                    let style = Self.style(number)
                    return Layer(
                        outcome.path, style.tone, .steps(Self.series(course, value), style.stroke))
                }
            })
    }

    static func series(_ course: PolicyRun.Course, _ value: (TimelinePiece) -> Double) -> Series {
        Series(width: Double(course.pieces.widthNs) / 1e9, values: course.pieces.contents.map(value))
    }

    /// A bar for each policy, with its figure and what it differs by.
    private func bars(
        _ title: String, _ comparison: Comparison, _ name: String, _ text: (Double) -> String
    ) -> Panel? {
        guard let field = ReportField.all.first(where: { $0.name == name }) else { return nil }
        let values = comparison.outcomes.map { field.value($0.report) ?? 0 }
        let labels = zip(comparison.outcomes, values).enumerated().map { number, pair in
            let (outcome, value) = pair
            guard number > 0, let difference = comparison.difference(field, outcome), difference.absolute != 0,
                let percent = difference.percent
            else { return "\(outcome.path): \(text(value))" }
            let sign = percent < 0 ? "" : "+"
            let verdict = difference.isBetter.map { $0 ? ", better" : ", worse" } ?? ""
            return "\(outcome.path): \(text(value)) (\(sign)\(SimulationText.decimal(percent, 1)) %\(verdict))"
        }
        let most = values.max() ?? 0
        return Panel(
            title, over: .numbers(most: most > 0 ? most : 1), .lanes(labels), height: 0,
            values.enumerated().map { number, value in
                let style = Self.style(number)
                return Layer(nil, style.tone, .spans([Span(lane: number, from: 0, to: value)], style.stroke))
            })
    }

    /// Nil where all jobs are done.
    private func undone(_ name: String, _ comparison: Comparison) -> Panel? {
        guard comparison.outcomes.contains(where: { $0.report.undone > 0 }) else { return nil }
        return bars("Jobs left undone" + name, comparison, "undone") { SimulationText.decimal($0, 0) }
    }

    /// What share of jobs waited longer than so long; nil where nobody waited.
    private func distribution(_ name: String, _ comparison: Comparison) -> Panel? {
        let most = comparison.outcomes.map(\.report.wait.max).max() ?? 0
        guard most > 0 else { return nil }
        let shortest = comparison.outcomes.map(\.report.wait.p50).filter { $0 > 0 }.min() ?? 1
        let least = min(max(min(shortest, most / 100) / 2, 1e-3), most / 10)
        return Panel(
            "Share of jobs that waited longer" + name, over: .durations(least: least, most: most), .shares, height: 140,
            comparison.outcomes.enumerated().map { number, outcome in
                let style = Self.style(number)
                return Layer(
                    outcome.path, style.tone, .line(WaitCurve(outcome.waits, from: least).points, style.stroke))
            })
    }

    // MARK: The page

    private func readings(_ comparison: Comparison) -> [Page.Reading] {
        func readings(_ what: String, _ content: (PolicyRun.Course) -> Page.Reading.Content) -> [Page.Reading] {
            comparison.outcomes.compactMap { outcome in
                outcome.course.map { Page.Reading("\(what), \(outcome.path)", content($0)) }
            }
        }
        return readings("backlog") { .numbers(Self.series($0) { $0.backlog.mean }) }
            + readings("in service") { .numbers(Self.series($0) { $0.inService.mean }) }
            + readings("mean wait") { .durations(Self.series($0) { $0.waits.count == 0 ? .nan : $0.waits.mean }) }
    }

    private func facts(_ comparison: Comparison) -> [Page.Fact] {
        [Page.Fact("trace", comparison.load.name)]
            + ComparisonText.rows(comparison, painted: false).map { Page.Fact($0[0], Array($0.dropFirst())) }
    }

    /// Colours that are told apart easily come first; where there are no more, lines and bars are broken, each time in another way.
    static func style(_ number: Int) -> (tone: Tone, stroke: Stroke) {
        let tones: [Tone] = [.blue, .vermillion, .green, .purple, .orange, .sky]
        return (tones[number % tones.count], Stroke.allCases[number / tones.count % Stroke.allCases.count])
    }
}
