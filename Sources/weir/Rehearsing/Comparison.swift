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
        /// Unit: percent; nil where the base is 0.
        var percent: Double?
        /// Nil where neither is better.
        var isBetter: Bool?
    }

    func difference(_ field: ReportField, _ outcome: PolicyRun.Outcome) -> Difference? {
        guard let value = field.value(outcome.report), let before = field.value(base.report) else { return nil }
        let absolute = value - before
        return Difference(
            absolute: absolute, percent: before == 0 ? nil : absolute / before * 100,
            isBetter: absolute == 0 ? nil : field.lessIsBetter.map { $0 == (absolute < 0) })
    }

    /// Why a condition holds for those that are compared with the base: a sentence for each.
    func failures(_ condition: Expression) -> [String] {
        outcomes.dropFirst().flatMap { outcome in
            let figures = Figures(outcome.report, base: base.report)
            guard condition.holds(for: figures) else { return [String]() }
            let grounds = condition.grounds(for: figures).joined(separator: "; ")
            return ["\(outcome.path) on \(load.name): \(grounds)"]
        }
    }
}
