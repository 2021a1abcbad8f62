import WeirCore
import WeirSearch
import WeirSimulator

/// Policies side by side for people.
enum ComparisonText {
    static func text(_ comparison: Comparison) -> String {
        let load = comparison.load.name
        let report = comparison.base.report
        return "\(load), \(SimulationText.span(report.span)), \(counted(report.jobs, "job"))\n"
            + Table.text(rows(comparison, painted: true))
    }

    /// A heading, then a row for each figure, with a cell for each policy.
    static func rows(_ comparison: Comparison, painted: Bool) -> [[String]] {
        var rows = [["", "\(comparison.base.path) (base)"] + comparison.outcomes.dropFirst().map(\.path)]
        for line in lines {
            guard let field = ReportField.all.first(where: { $0.name == line.field }),
                comparison.outcomes.contains(where: { line.isAlwaysShown || (field.value($0.report) ?? 0) != 0 }),
                let base = field.value(comparison.base.report)
            else { continue }
            var cells = [line.name, line.text(base)]
            for outcome in comparison.outcomes.dropFirst() {
                let value = field.value(outcome.report) ?? 0
                cells.append(line.text(value) + change(comparison.difference(field, outcome), line, painted))
            }
            rows.append(cells)
        }
        return rows
    }

    /// `  +13.2 s, +22.4 %, worse`; nothing when it is the same.
    private static func change(_ difference: Comparison.Difference?, _ line: Line, _ painted: Bool) -> String {
        guard let difference, difference.absolute != 0 else { return "" }
        let sign = difference.absolute > 0 ? "+" : "-"
        let absolute = abs(difference.absolute)
        var text = sign + (line.isShare ? points(absolute) : line.text(absolute))
        if let percent = difference.percent { text += ", \(sign)\(SimulationText.decimal(abs(percent), 1)) %" }
        guard let isBetter = difference.isBetter else { return "  (\(text))" }
        text += isBetter ? ", better" : ", worse"
        return "  (" + (painted ? Terminal.paint(text, isBetter ? .green : .red) : text) + ")"
    }

    /// Of two shares.
    private static func points(_ difference: Double) -> String {
        "\(SimulationText.decimal(difference * 100, 1)) percentage points"
    }

    struct Line: Sendable {
        var name: String
        var field: String
        var isAlwaysShown = true
        var isShare = false
        var text: @Sendable (Double) -> String
    }

    private static let count: @Sendable (Double) -> String = { SimulationText.decimal($0, 0) }

    static let lines: [Line] = [
        Line(name: "wait, mean", field: "wait_s.mean", text: { SimulationText.span($0) }),
        Line(name: "wait, median", field: "wait_s.p50", text: { SimulationText.span($0) }),
        Line(name: "wait, 95 % within", field: "wait_s.p95", text: { SimulationText.span($0) }),
        Line(name: "wait, 99 % within", field: "wait_s.p99", text: { SimulationText.span($0) }),
        Line(name: "wait, at most", field: "wait_s.max", text: { SimulationText.span($0) }),
        Line(name: "backlog, at most", field: "max_backlog", text: count),
        Line(name: "instance-hours", field: "worker_hours") { SimulationText.decimal($0, 2) },
        Line(name: "cost", field: "cost", isAlwaysShown: false) { SimulationText.decimal($0, 2) },
        Line(name: "at work", field: "utilisation", isShare: true) { "\(SimulationText.decimal($0 * 100, 1)) %" },
        Line(name: "instances, at most", field: "peak_instances", text: count),
        Line(name: "launches", field: "launches", text: count),
        Line(name: "changes of alarms", field: "alarm_transitions", text: count),
        Line(name: "ended at work", field: "busy_terminations", isAlwaysShown: false, text: count),
        Line(name: "completed", field: "completed", text: count),
        Line(name: "undone", field: "undone", isAlwaysShown: false, text: count),
        Line(name: "dead letters", field: "dead_letters", isAlwaysShown: false, text: count),
    ]
}

/// The same for programs.
struct ComparisonJSON: Encodable {
    struct Policy: Encodable {
        var policy: String
        var report: SimulationJSON
        /// By the name of the figure; left out for the base.
        var difference: [String: Difference]?
    }

    struct Difference: Encodable {
        var absolute: Double
        /// Left out where the base is 0.
        var percent: Double?
        /// `better` or `worse`; left out where it is neither, or only looks so as jobs are left undone.
        var verdict: String?
    }

    struct Trace: Encodable {
        var trace: String
        /// The base first.
        var policies: [Policy]
    }

    var base: String
    var traces: [Trace]
    /// Who leaves more jobs undone than the base.
    var warnings: [String]
    /// Why `--fail-if` fails; left out without it.
    var failures: [String]?

    init(_ comparisons: [Comparison], _ failures: [String]?) {
        base = comparisons.first?.base.path ?? ""
        self.failures = failures
        warnings = comparisons.flatMap(\.losses)
        traces = comparisons.map { comparison in
            Trace(
                trace: comparison.load.name,
                policies: comparison.outcomes.enumerated().map { number, outcome in
                    Policy(
                        policy: outcome.path, report: SimulationJSON(outcome.report, wall: nil),
                        difference: number == 0 ? nil : Self.differences(comparison, outcome))
                })
        }
    }

    private static func differences(
        _ comparison: Comparison, _ outcome: PolicyRun.Outcome
    ) -> [String: Difference] {
        var told: [String: Difference] = [:]
        for field in ReportField.all {
            guard let found = comparison.difference(field, outcome) else { continue }
            told[field.name] = Difference(
                absolute: found.absolute, percent: found.percent,
                verdict: found.isBetter.map { $0 ? "better" : "worse" })
        }
        return told
    }
}
