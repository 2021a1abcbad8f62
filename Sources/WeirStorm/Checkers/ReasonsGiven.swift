import WeirCore

/// The chain of reasons is never empty, and ends where the decision does. What changes the capacity is one that says so.
enum ReasonsGiven {
    static func check(_ record: Record, of group: StormGroup, in storm: Storm) {
        let decision = record.decision
        guard let last = decision.reasons.last else {
            return storm.violate(.reasonsGiven, "\(group.name) decides without a reason")
        }
        guard decision.desired != decision.previousDesired else { return }
        if decision.reasons.allSatisfy(\.isQuiet) {
            storm.violate(.reasonsGiven, "\(group.name): \(decision.change), and only \(last.code) is said")
        }
        if !decision.reasons.contains(where: { $0.capacity == decision.desired }) {
            storm.violate(.reasonsGiven, "\(group.name): \(decision.change), and no reason leads there")
        }
    }
}
