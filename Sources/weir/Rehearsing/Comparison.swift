import WeirSearch
import WeirSimulator

/// What several policies made of one load. The first of them is the base.
struct Comparison: Sendable {
    let load: CollectedLoad
    let outcomes: [PolicyRun.Outcome]

    var base: PolicyRun.Outcome { outcomes[0] }

    /// How a figure differs from that of the base.
    struct Difference {
        var absolute: Double
        /// Unit: percent; nil where the base is 0, or next to it.
        var percent: Double?
        /// Nil where neither is better, and where it only looks so: little is needed for jobs that nobody does.
        var isBetter: Bool?
    }

    func difference(_ field: ReportField, _ outcome: PolicyRun.Outcome) -> Difference? {
        guard let value = field.value(outcome.report), let before = field.value(base.report) else { return nil }
        let absolute = value - before
        let percent = absolute / before * 100
        var isBetter = absolute == 0 ? nil : field.lessIsBetter.map { $0 == (absolute < 0) }
        let undone = outcome.report.undone - base.report.undone
        if undone != 0, isBetter == (undone > 0) { isBetter = nil }
        return Difference(absolute: absolute, percent: percent.isFinite ? percent : nil, isBetter: isBetter)
    }

    /// Of whom leaves more jobs undone than the base, a sentence for each.
    var losses: [String] {
        outcomes.dropFirst().filter { $0.report.undone > base.report.undone }.map { outcome in
            "\(outcome.path) on \(load.name): \(outcome.report.undone) of \(outcome.report.jobs) jobs are left undone, "
                + "with \(base.path) \(base.report.undone); nobody knows how long these would have waited"
        }
    }

    /// Who leaves more undone than the base, and why conditions hold for those that are compared with it: a sentence for each.
    func failures(_ conditions: [Expression]) -> [String] {
        losses
            + outcomes.dropFirst().flatMap { outcome in
                let figures = Figures(outcome.report, base: base.report)
                return conditions.filter { $0.holds(for: figures) }.map { condition in
                    let grounds = condition.grounds(for: figures).joined(separator: "; ")
                    return "\(outcome.path) on \(load.name): \(grounds)"
                }
            }
    }
}
