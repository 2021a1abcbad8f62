extension Tick {
    /// What holds for the group now.
    var bounds: Bounds { Bounds(of: policy) }
}

/// Minimum and maximum of a group, in instances. Source: "Set capacity limits".
struct Bounds: Equatable {
    var minimum: Int
    var maximum: Int

    init(minimum: Int, maximum: Int) {
        self.minimum = minimum
        self.maximum = maximum
    }

    init(of policy: GroupPolicy) {
        self.init(minimum: policy.minSize, maximum: policy.maxSize)
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
