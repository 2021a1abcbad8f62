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
    /// The policies that act on this tick, as indexes, each with the index of its alarm. One that had to wait acts as soon as it need
    /// not, also between two invocations.
    func invokedPolicies() -> [(scaling: Int, alarm: Int)] {
        var invoked: [(scaling: Int, alarm: Int)] = []
        for scaling in policy.scalingPolicies.indices where policy.scalingPolicies[scaling].enabled {
            for name in policy.scalingPolicies[scaling].alarms {
                guard let alarm = alarmIndex(named: name), state.alarms[alarm].state == .alarm else { continue }
                if state.alarms[alarm].isDue(at: now) || isReleased(scaling) { invoked.append((scaling, alarm)) }
            }
        }
        return invoked
    }

    func alarmIndex(named name: String) -> Int? {
        for index in policy.alarms.indices where policy.alarms[index].name == name { return index }
        return nil
    }

    private func isReleased(_ scaling: Int) -> Bool {
        guard !state.heldPolicies.isEmpty else { return false }
        let name = policy.scalingPolicies[scaling].name
        guard let held = state.heldPolicies.first(where: { $0.policy == name }) else { return false }
        if let until = held.until { return until <= now }
        return !FleetCount(state.fleet).isChanging
    }

    /// The quiet answer when no policy acts.
    func quietFact() -> Reason.Fact {
        for index in state.alarms.indices where state.alarms[index].state == .alarm {
            guard let lastInvoked = state.alarms[index].lastInvoked else { continue }
            let alarm = policy.alarms[index].name
            guard policy.scalingPolicies.contains(where: { $0.enabled && $0.alarms.contains(alarm) }) else { continue }
            return .repeatsLater(alarm: alarm, at: lastInvoked + Limits.invocationInterval)
        }
        return .noAlarm
    }

    var anyAlarmIsUp: Bool {
        for index in state.alarms.indices where state.alarms[index].state == .alarm { return true }
        return false
    }
}
