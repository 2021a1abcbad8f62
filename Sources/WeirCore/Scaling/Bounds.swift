/// Minimum and maximum of a group, in instances. Source: "Set capacity limits".
public struct Bounds: Sendable, Equatable {
    public var minimum: Int
    public var maximum: Int

    init(minimum: Int, maximum: Int) {
        self.minimum = minimum
        self.maximum = maximum
    }

    /// Those in force: of the policy file, or what a scheduled action has set since.
    @inline(__always)
    public init(of policy: GroupPolicy, in state: GroupState) {
        if state.$scheduledSizes.isThere, let sizes = state.scheduledSizes, !policy.leaving {
            self.init(minimum: sizes.minSize, maximum: sizes.maxSize)
        } else {
            self.init(minimum: policy.minSize, maximum: policy.maxSize)
        }
    }

    /// The nearest capacity within the bounds, and the reason when that is another one.
    func clamp(_ wanted: Int) -> (capacity: Int, reason: Reason?) {
        if wanted > maximum {
            return (maximum, Reason(capacity: maximum, fact: .limitedToMaximum(wanted: wanted)))
        }
        if wanted < minimum {
            return (minimum, Reason(capacity: minimum, fact: .raisedToMinimum(wanted: wanted)))
        }
        return (wanted, nil)
    }
}
