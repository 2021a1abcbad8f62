/// Puts candidates for scale-in in order: who goes first is first.
///
/// Instances that are still pending go before all others, as they cannot be busy. Then the group's termination policies,
/// in their order, each deciding where the ones before it are undecided; the oldest, and in the end the smaller id, settle
/// what is left.
struct TerminationOrder {
    let policies: [TerminationPolicy]
    let now: Instant

    func sorted(_ candidates: [Instance]) -> [Instance] {
        candidates.sorted(by: goesFirst)
    }

    func goesFirst(_ left: Instance, _ right: Instance) -> Bool {
        let leftIsPending = left.inServiceAt == nil
        if leftIsPending != (right.inServiceAt == nil) { return leftIsPending }
        for policy in policies {
            let (ofLeft, ofRight) = (rank(left, policy), rank(right, policy))
            if ofLeft != ofRight { return ofLeft < ofRight }
        }
        if left.launchedAt != right.launchedAt { return left.launchedAt < right.launchedAt }
        return left.id < right.id
    }

    /// Lower goes first.
    private func rank(_ instance: Instance, _ policy: TerminationPolicy) -> Int64 {
        switch policy {
        case .oldestInstance: instance.launchedAt.milliseconds
        case .newestInstance: -instance.launchedAt.milliseconds
        case .default, .closestToNextInstanceHour: untilNextHour(instance)
        }
    }

    /// Milliseconds to the next full hour since its launch; a full hour just begun is a whole hour away.
    private func untilNextHour(_ instance: Instance) -> Int64 {
        3_600_000 - (now.milliseconds - instance.launchedAt.milliseconds).flooringRemainder(3_600_000)
    }
}
