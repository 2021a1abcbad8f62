/// When an alarm invokes its scaling policies: on the transition into ALARM, and again once a minute for as long as it
/// stays there. Source: CloudWatch user guide, alarm actions, the exception for Auto Scaling.
extension AlarmStatus {
    func isDue(at now: Instant) -> Bool {
        guard state == .alarm else { return false }
        guard let lastInvoked else { return true }
        return now - lastInvoked >= Limits.invocationInterval - Limits.invocationSlack
    }
}

extension Tick {
    /// The policies that act on this tick, each with the index of its alarm. One that had to wait acts as soon as it need
    /// not, also between two invocations.
    func invokedPolicies() -> [(policy: ScalingPolicy, alarm: Int)] {
        var invoked: [(policy: ScalingPolicy, alarm: Int)] = []
        for scaling in policy.scalingPolicies {
            guard let alarm = policy.alarms.firstIndex(where: { $0.name == scaling.alarm }) else { continue }
            guard state.alarms[alarm].state == .alarm else { continue }
            if state.alarms[alarm].isDue(at: now) || isReleased(scaling) { invoked.append((scaling, alarm)) }
        }
        return invoked
    }

    private func isReleased(_ scaling: ScalingPolicy) -> Bool {
        guard let held = state.heldPolicies.first(where: { $0.policy == scaling.name }) else { return false }
        if let until = held.until { return until <= now }
        return !FleetCount(state.fleet).isChanging
    }

    /// The quiet answer when no policy acts.
    func quietFact() -> Reason.Fact {
        for index in state.alarms.indices where state.alarms[index].state == .alarm {
            guard let lastInvoked = state.alarms[index].lastInvoked else { continue }
            let alarm = policy.alarms[index].name
            guard policy.scalingPolicies.contains(where: { $0.alarm == alarm }) else { continue }
            return .repeatsLater(alarm: alarm, at: lastInvoked + Limits.invocationInterval)
        }
        return .noAlarm
    }

    var anyAlarmIsUp: Bool {
        for status in state.alarms where status.state == .alarm { return true }
        return false
    }
}
