import WeirCore

/// Desired capacity is within the bounds in force: those of the policy file, or what the records say that a scheduled action has
/// set since.
struct BoundsKept {
    private struct Sizes {
        var file: (Int, Int)
        var scheduled: (Int, Int)?
    }

    private var sizes: [Sizes]

    init(_ groups: [StormGroup]) {
        sizes = groups.map { Sizes(file: ($0.policy.minSize, $0.policy.maxSize)) }
    }

    func inForce(_ group: StormGroup) -> (minimum: Int, maximum: Int) {
        let (minimum, maximum) = sizes[group.number].scheduled ?? sizes[group.number].file
        return (minimum, maximum)
    }

    mutating func hasLeft(_ group: StormGroup) { sizes[group.number].scheduled = nil }

    /// What a scheduled action had set is on the disk; where power was lost before that, it is made up for.
    mutating func begins(_ group: StormGroup, _ state: GroupState, isNew: Bool) {
        sizes[group.number].scheduled = state.scheduledSizes.map { ($0.minSize, $0.maxSize) }
    }

    mutating func check(_ record: Record, of group: StormGroup, in storm: Storm) {
        // A group that leaves keeps its desired capacity for the day it comes back.
        guard group.isWanted else { return }
        for reason in record.decision.reasons {
            switch reason.fact {
            case .scheduled(let run): follow(run, group)
            case .sizesOfFile: sizes[group.number].scheduled = nil
            default: break
            }
        }
        sizes[group.number].file = (group.policy.minSize, group.policy.maxSize)
        let (minimum, maximum) = inForce(group)
        let desired = record.decision.desired
        if desired < minimum || desired > maximum {
            storm.violate(.boundsKept, "\(group.name) wants \(desired), bounds are \(minimum) to \(maximum)")
        }
    }

    private mutating func follow(_ run: ScheduledRun, _ group: StormGroup) {
        guard run.minSize != nil || run.maxSize != nil else { return }
        let former = inForce(group)
        var minimum = run.minSize ?? former.minimum
        var maximum = run.maxSize ?? former.maximum
        if minimum > maximum {
            if run.minSize == nil { minimum = maximum } else { maximum = minimum }
        }
        sizes[group.number].scheduled = (minimum, maximum)
    }
}
