extension AdjustmentType {
    /// The capacity that an adjustment leads to, never below zero. Source: EC2 Auto Scaling, "Scaling adjustment types".
    ///
    /// - Parameters:
    ///   - base: the capacity to start from, in instances.
    ///   - adjustment: instances to add (negative: remove), the exact capacity, or percent.
    ///   - minAdjustmentMagnitude: percent only; the change is at least this many instances in its direction.
    public func capacity(from base: Int, adjustment: Int, minAdjustmentMagnitude: Int? = nil) -> Int {
        switch self {
        case .exactCapacity: max(adjustment, 0)
        case .changeInCapacity: max(base.addingSaturated(adjustment), 0)
        case .percentChangeInCapacity:
            max(base.addingSaturated(Self.percentChange(base, adjustment, atLeast: minAdjustmentMagnitude ?? 0)), 0)
        }
    }

    private static func percentChange(_ base: Int, _ percent: Int, atLeast magnitude: Int) -> Int {
        let change = roundPercentage(Double(base) * Double(percent) / 100)
        if percent == 0 || abs(change) >= magnitude { return change }
        return percent < 0 ? -magnitude : magnitude
    }

    /// Rounds the raw result of a percentage: 12.7 is 12 and -6.67 is -6 (towards zero), but 0.67 is 1 and -0.58 is -1, so
    /// that a small group can change at all. Zero stays zero.
    public static func roundPercentage(_ value: Double) -> Int {
        if value == 0 || value.isNaN { return 0 }
        if abs(value) < 1 { return value < 0 ? -1 : 1 }
        // Far beyond any group; it only keeps the conversion from overflowing.
        return Int(min(max(value, -1e15), 1e15).rounded(.towardZero))
    }
}

extension Int {
    /// Adds, and stops at the ends of the range: a change of 9223372036854775807 is a mistake, not a crash.
    fileprivate func addingSaturated(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }
}
