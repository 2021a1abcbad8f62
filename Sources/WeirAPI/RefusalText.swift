import WeirCore

/// The sentence for each refusal, in the words of the Auto Scaling API where it has any.
enum RefusalText {
    static func sentence(_ refusal: Refusal, group: String) -> String {
        switch refusal {
        case .noSuchInstance(let instance):
            "The instance \(instance) is not part of Auto Scaling group \(group)."
        case .notInService(let instance, let state):
            "The instance \(instance) is not in InService or EnteringStandby or Standby. It is in \(state.rawValue)."
        case .tooManyInstances(let count):
            "\(count) instances are named; one call may name \(Limits.mostInstancesPerProtectionCall)."
        case .coolingDown(let until):
            "Scaling activity in progress for group \(group): its cooldown lasts until \(until.rfc3339)."
        case .atMinimum(let minimum):
            "Currently, desiredSize equals minSize (\(minimum)). Terminating instance without replacement will violate "
                + "group's min size constraint."
        case .groupIsLeaving:
            "The policy of group \(group) was taken away, and its instances are leaving."
        }
    }
}
