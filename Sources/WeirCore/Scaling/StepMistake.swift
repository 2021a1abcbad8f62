/// What is wrong with a list of step adjustments. Steps are named by their place in the list, from 0.
///
/// Source: EC2 Auto Scaling, "Step and simple scaling policies", the rules for step adjustments; StepAdjustment.
public enum StepMistake: Sendable, Equatable {
    case noStep
    case tooMany(Int)
    case bothBoundsNull(Int)
    case upperNotAboveLower(Int)
    /// Another step without a lower bound, after the first one.
    case moreThanOneNullLower(Int)
    case moreThanOneNullUpper(Int)
    /// Nothing covers what is between the upper bound of the one and the lower bound of the other.
    case gap(below: Int, above: Int)
    case overlap(below: Int, above: Int)
    /// This step has the lowest bound of all, and it is below the threshold: something has to cover what is below it.
    case negativeLowerNeedsNullLower(Int)
    case positiveUpperNeedsNullUpper(Int)

    /// Stable and short, with hyphens.
    public var rule: String {
        switch self {
        case .noStep: "no-step"
        case .tooMany: "more-than-\(Limits.mostSteps)-steps"
        case .bothBoundsNull: "both-bounds-null"
        case .upperNotAboveLower: "upper-not-above-lower"
        case .moreThanOneNullLower: "more-than-one-null-lower"
        case .moreThanOneNullUpper: "more-than-one-null-upper"
        case .gap: "gap"
        case .overlap: "overlap"
        case .negativeLowerNeedsNullLower: "negative-lower-needs-null-lower"
        case .positiveUpperNeedsNullUpper: "positive-upper-needs-null-upper"
        }
    }

    /// It is about single steps, and not about how they lie beside each other; what those lie like is a guess then.
    public var comesFirst: Bool {
        switch self {
        case .noStep, .tooMany, .bothBoundsNull, .upperNotAboveLower, .moreThanOneNullLower, .moreThanOneNullUpper: true
        case .gap, .overlap, .negativeLowerNeedsNullLower, .positiveUpperNeedsNullUpper: false
        }
    }
}

extension StepScaling {
    /// Every rule that these steps break; none when they are right.
    public static func mistakes(in steps: [StepAdjustment]) -> [StepMistake] {
        guard !steps.isEmpty else { return [.noStep] }
        var mistakes: [StepMistake] = steps.count > Limits.mostSteps ? [.tooMany(steps.count)] : []
        for (index, step) in steps.enumerated() {
            if step.lower == nil, step.upper == nil {
                mistakes.append(.bothBoundsNull(index))
            } else if step.top <= step.bottom {
                mistakes.append(.upperNotAboveLower(index))
            }
        }
        mistakes += steps.indices.filter { steps[$0].lower == nil && steps[$0].upper != nil }.dropFirst().map {
            .moreThanOneNullLower($0)
        }
        mistakes += steps.indices.filter { steps[$0].upper == nil && steps[$0].lower != nil }.dropFirst().map {
            .moreThanOneNullUpper($0)
        }
        return mistakes + neighbourMistakes(in: steps) + endMistakes(in: steps)
    }

    private static func neighbourMistakes(in steps: [StepAdjustment]) -> [StepMistake] {
        let sorted = steps.indices.sorted { steps[$0].bottom < steps[$1].bottom }
        return zip(sorted, sorted.dropFirst()).compactMap { below, above in
            let (end, start) = (steps[below].top, steps[above].bottom)
            if end == start { return nil }
            return end < start ? .gap(below: below, above: above) : .overlap(below: below, above: above)
        }
    }

    private static func endMistakes(in steps: [StepAdjustment]) -> [StepMistake] {
        var mistakes: [StepMistake] = []
        if let lowest = steps.indices.min(by: { steps[$0].bottom < steps[$1].bottom }),
            steps[lowest].bottom.isFinite, steps[lowest].bottom < 0
        {
            mistakes.append(.negativeLowerNeedsNullLower(lowest))
        }
        if let highest = steps.indices.max(by: { steps[$0].top < steps[$1].top }),
            steps[highest].top.isFinite, steps[highest].top > 0
        {
            mistakes.append(.positiveUpperNeedsNullUpper(highest))
        }
        return mistakes
    }
}

extension StepAdjustment {
    /// The lower bound, also when there is none.
    fileprivate var bottom: Double { lower ?? -.infinity }
    fileprivate var top: Double { upper ?? .infinity }
}
