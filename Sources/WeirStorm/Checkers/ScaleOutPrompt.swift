import WeirCore
import WeirRuntime

/// In the calm, messages come just after a scale-in, or while somebody drains for long: steps add at once, whatever cools down.
struct ScaleOutPrompt {
    private struct Expectation {
        var deadline: Int64
        var desired: Int
        var why: String
    }

    private var expectations: [Expectation?]
    private var awaitsScaleIn: [Bool]

    init(_ groups: Int) {
        expectations = Array(repeating: nil, count: groups)
        awaitsScaleIn = Array(repeating: false, count: groups)
    }

    mutating func awaitScaleIn(_ group: StormGroup) { awaitsScaleIn[group.number] = true }

    mutating func expect(_ group: StormGroup, by deadline: Int64, above desired: Int, why: String) {
        expectations[group.number] = Expectation(deadline: deadline, desired: desired, why: why)
    }

    /// - Returns: it is the scale-in that was awaited.
    mutating func check(_ record: Record, of group: StormGroup, in storm: Storm) -> Bool {
        let decision = record.decision
        if awaitsScaleIn[group.number], decision.desired < decision.previousDesired {
            awaitsScaleIn[group.number] = false
            return true
        }
        guard let expectation = expectations[group.number] else { return false }
        if decision.desired > expectation.desired || group.letters.visible < 5 {
            expectations[group.number] = nil
        } else if storm.now > expectation.deadline {
            expectations[group.number] = nil
            storm.violate(
                .scaleOutPrompt, "\(group.name) still wants \(decision.desired), \(expectation.why)")
        }
        return false
    }
}
