extension StepScaling {
    /// The step that applies to a metric's value; nil when none does.
    ///
    /// Above the threshold a step holds its lower bound but not its upper one; below it, the other way round. Exactly at the
    /// threshold a step matches on the side where it lies. When steps of both sides would match there, the alarm's
    /// comparison decides: an alarm that looks for large values takes the upper side.
    public func step(for value: Double, threshold: Double, comparison: Comparison) -> StepAdjustment? {
        guard let first = steps.firstIndex(where: { $0.matches(value, threshold: threshold) }) else { return nil }
        let others = steps[(first + 1)...]
        guard others.contains(where: { $0.matches(value, threshold: threshold) }) else { return steps[first] }
        let wantsBelow =
            switch comparison {
            case .greaterThan, .greaterThanOrEqual: false
            case .lessThan, .lessThanOrEqual: true
            }
        return steps.first { $0.matches(value, threshold: threshold) && $0.liesBelow == wantsBelow }
    }
}

extension StepAdjustment {
    /// Whether all of it is below the threshold.
    var liesBelow: Bool { upper.map { $0 <= 0 } ?? false }

    func matches(_ value: Double, threshold: Double) -> Bool {
        let excess = value - threshold
        if excess > 0 || (excess == 0 && !liesBelow) {
            return (lower ?? -.infinity) <= excess && excess < (upper ?? .infinity)
        }
        return (lower ?? -.infinity) < excess && excess <= (upper ?? .infinity)
    }
}
