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
        case .atMaximum(let maximum):
            "AutoScalingGroup \(group) has max-size=\(maximum). Bringing the instances back into service will violate "
                + "group's max size constraint."
        case .tooMany(let count, let most):
            "The number of instance ids that may be passed in is limited to \(most); \(count) are named."
        case .wrongState(let instance, let state, let needed):
            "The instance \(instance) is not in \(needed.map(\.rawValue).joined(separator: " or ")). "
                + "It is in \(state.rawValue)."
        case .noLifecycleAction(let hook):
            "No active Lifecycle Action found for the lifecycle hook \(hook) of Auto Scaling group \(group)."
        case .noSuchToken(let token):
            token.map { "No active Lifecycle Action found with token \($0)." }
                ?? "Either InstanceId or LifecycleActionToken must be given."
        case .refreshUnderWay(let id):
            "An Instance Refresh (\(id)) is already in progress and blocks the execution of this Instance Refresh."
        case .noRefreshUnderWay:
            "No in progress or pending Instance Refresh found for Auto Scaling group \(group)."
        case .nothingToRollBackTo:
            "The Instance Refresh of Auto Scaling group \(group) cannot be rolled back: what was launched before it is "
                + "not known."
        case .standbyBelowMinimum(let count, let minimum):
            "Putting \(count) \(count == 1 ? "instance" : "instances") on standby would take the desired capacity of Auto "
                + "Scaling group \(group) below min-size=\(minimum). Keep the desired capacity (--keep-desired, or "
                + "ShouldDecrementDesiredCapacity=false), so that others are launched in their place, or lower min_size."
        }
    }
}
