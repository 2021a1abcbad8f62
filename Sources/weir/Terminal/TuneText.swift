import WeirCore
import WeirPolicy
import WeirSearch
import WeirSimulator

/// What a search has found, for people.
enum TuneText {
    static func text(_ findings: Findings, output: String?) -> String {
        var parts = [Table.text(summary(findings)), Table.text(figures(findings))]
        if !changeRows(findings).isEmpty { parts.append(Table.text(changeRows(findings))) }
        let frontier = frontierRows(findings)
        if !frontier.isEmpty { parts.append(frontierTitle(findings) + "\n" + Table.text(frontier)) }
        if let output {
            parts.append("written to \(output)")
        } else if !findings.isUnchanged {
            parts.append("written nowhere: name a file with --output")
        }
        return parts.joined(separator: "\n\n")
    }

    // MARK: What was done

    static func summary(_ findings: Findings) -> [[String]] {
        let search = findings.search
        var rows = [["objective", findings.objective.text]]
        for comparison in findings.comparisons {
            let report = comparison.base.report
            rows.append(
                [
                    "load",
                    "\(comparison.load.name), \(SimulationText.span(report.span)), \(counted(report.jobs, "job"))",
                ])
        }
        rows.append(["held out", findings.heldOutText])
        let whole = findings.wholeTrials
        rows.append(
            [
                "tried",
                "\(counted(search.trials.count, "policy")), \(whole) of them to the end, the others as far as they could be the best"
                    + "; seed \(findings.comparisons.first?.load.model.seed ?? 1)",
            ])
        if findings.wasInterrupted { rows.append(["interrupted", "this is the best until then"]) }
        let kinds = findings.space.families.enumerated().compactMap { number, family -> String? in
            let trials = search.trials.filter { $0.candidate.family == number }
            guard !trials.isEmpty else { return nil }
            let kept = trials.filter {
                $0.verdict.isWhole && $0.rung == findings.track.rungs.count - 1 && $0.verdict.violation == 0
            }
            let best = kept.map(\.verdict.objective).min()
            let told =
                best.map { ", best \(aim(findings, findings.objective.wantsLess ? $0 : -$0))" }
                ?? ", none keeps the condition"
            return "\(family.name) \(trials.count)\(told)"
        }
        rows.append(["kinds", kinds.joined(separator: "; ")])
        rows.append(["found", findings.isUnchanged ? "nothing better than the policy as it is" : kindWords(findings)])
        if findings.best.verdict.objective.isFinite, findings.isConditionKeptByNone {
            rows.append(["condition", "kept by no policy that was tried; the one found comes nearest to it"])
        }
        return rows
    }

    private static func kindWords(_ findings: Findings) -> String {
        findings.best.candidate.family == 0
            ? "other figures for the policy as it is" : "another kind of scaling: \(findings.kind(findings.best))"
    }

    // MARK: What it is worth

    private static func figures(_ findings: Findings) -> [[String]] {
        let names =
            [""] + [findings.objective.limitedField, findings.objective.aimText].flatMap { ["\($0) before", "now"] }
        var rows = [names]
        func add(_ name: String, _ before: SimulationReport?, _ after: SimulationReport?) {
            guard let before, let after else { return }
            let change = share(findings.objective.value(before), findings.objective.value(after))
            rows.append(
                [
                    name, limitedValue(findings.objective, before), limitedValue(findings.objective, after),
                    aim(findings, findings.objective.value(before)), aim(findings, findings.objective.value(after)),
                ] + (change.isEmpty ? [] : [change]))
        }
        if findings.track.heldOutWords != nil {
            add("searched on", findings.before.searched, findings.after.searched)
            add("held out", findings.before.heldOut, findings.after.heldOut)
        }
        for comparison in findings.comparisons {
            add(
                findings.comparisons.count == 1 ? "the whole load" : comparison.load.name, comparison.base.report,
                comparison.outcomes[1].report)
        }
        return rows
    }

    private static func share(_ before: Double, _ after: Double) -> String {
        let percent = (after / before - 1) * 100
        guard percent.isFinite, before != after else { return "" }
        return (percent > 0 ? "+" : "") + SimulationText.decimal(percent, 1) + " %"
    }

    static func aim(_ findings: Findings, _ value: Double) -> String {
        FigureText.text(value, of: ReportField.unit(of: findings.objective.aimText))
    }

    private static func limitedValue(_ objective: Objective, _ report: SimulationReport) -> String {
        guard let field = ReportField.all.first(where: { $0.name == objective.limitedField }),
            let value = field.value(report)
        else { return "" }
        return FigureText.text(value, of: field.unit) + (report.undone > 0 ? ", \(report.undone) undone" : "")
    }

    /// `wait_s.p95 is 71.2 s`, and how many jobs are undone where some are.
    static func limited(_ objective: Objective, _ report: SimulationReport) -> String {
        "\(objective.limitedField) is \(limitedValue(objective, report))"
    }

    // MARK: What changed, and what else there is

    private static func changeRows(_ findings: Findings) -> [[String]] {
        findings.changes.map { [$0.name, $0.before.isEmpty ? "" : "\($0.before) →", $0.after] }
    }

    private static func frontierTitle(_ findings: Findings) -> String {
        "for another \(findings.objective.limitedField), the best that was found where it was searched:"
    }

    /// With a heading; none where no policy that was tried does all jobs.
    static func frontierRows(_ findings: Findings) -> [[String]] {
        guard !findings.search.frontier.isEmpty else { return [] }
        let unit = ReportField.unit(of: findings.objective.limitedField)
        return [[findings.objective.limitedField, findings.objective.aimText, "kind"]]
            + few(findings.search.frontier, around: findings.best.number).map { trial in
                [
                    FigureText.text(trial.verdict.limited?.value ?? .nan, of: unit),
                    aim(findings, findings.aimed(trial)),
                    findings.kind(trial) + (trial.number == findings.best.number ? "  ← found" : ""),
                ]
            }
    }

    /// So many that a person can read them, with the one that was found.
    private static func few(_ frontier: [Trial], around best: Int) -> [Trial] {
        let most = 12
        guard frontier.count > most else { return frontier }
        let step = Double(frontier.count - 1) / Double(most - 1)
        let kept = Set((0..<most).map { Int((Double($0) * step).rounded()) })
        return frontier.enumerated().filter { kept.contains($0.offset) || $0.element.number == best }.map(\.element)
    }

    // MARK: What stands in the file

    static func remarks(_ findings: Findings) -> [String] {
        var lines = ["What weir tune made of \(findings.path)"]
        lines += Table.text(summary(findings) + world(findings)).split(separator: "\n").map(String.init)
        lines += Table.text(figures(findings)).split(separator: "\n").map(String.init)
        if !findings.changes.isEmpty { lines.append("changed:") }
        lines += Table.text(changeRows(findings)).split(separator: "\n").map { "  \($0)" }
        lines += findings.warnings.map { "warning: \($0)" }
        // What a file or a trace is called may have anything in it.
        return lines.map { line in
            String(line.unicodeScalars.map { Self.endsLine($0) ? "?" : Character($0) })
        }
    }

    /// Controls, and what ends a line for YAML.
    private static func endsLine(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 32 || (127...159).contains(scalar.value) || scalar == "\u{2028}" || scalar == "\u{2029}"
    }

    private static func world(_ findings: Findings) -> [[String]] {
        guard let model = findings.comparisons.first?.load.model else { return [] }
        return WorldText.sentences(model).enumerated().map { [$0 == 0 ? "world" : "", $1] }
    }
}
