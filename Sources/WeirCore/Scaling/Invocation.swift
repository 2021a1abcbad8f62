/// When an alarm invokes its scaling policies: on the transition into their state, and again once a minute for as long as it
/// stays there. Source: CloudWatch user guide, alarm actions, the exception for Auto Scaling.
extension AlarmStatus {
    func isDue(at now: Instant) -> Bool {
        guard let lastInvoked else { return true }
        return lastInvoked + Limits.invocationInterval <= now + Limits.invocationSlack
    }
}

/// A policy that is called by an alarm: both by their places, in the policy and in the state.
typealias Call = (scaling: Int, alarm: Int)

extension Tick {
    /// The policies whose alarms are in their states.
    func calledPolicies() -> Few<Call> {
        var called = Few<Call>()
        for scaling in policy.scalingPolicies.indices where policy.scalingPolicies[scaling].enabled {
            for place in policy.scalingPolicies[scaling].alarms.indices {
                guard let alarm = alarmIndex(named: policy.scalingPolicies[scaling].alarms[place]),
                    calls(scaling, alarm)
                else { continue }
                called.append((scaling, alarm))
            }
        }
        return called
    }

    /// Of these, the ones that act on this tick. One that had to wait acts as soon as it need not, also between two invocations.
    func keepDue(_ called: inout Few<Call>) {
        for index in called.indices.reversed()
        where !state.alarms[called[index].alarm].isDue(at: now) && !isReleased(called[index].scaling) {
            called.remove(at: index)
        }
    }

    func alarmIndex(named name: String) -> Int? {
        for index in state.alarms.indices where state.alarms[index].name == name { return index }
        return nil
    }

    /// The alarm is in the state that the policy is bound to, and may act.
    private func calls(_ scaling: Int, _ alarm: Int) -> Bool {
        state.alarms[alarm].state == policy.scalingPolicies[scaling].alarmState && actsOnAlarm(alarm)
    }

    private func isReleased(_ scaling: Int) -> Bool {
        guard !state.heldPolicies.isEmpty else { return false }
        let name = policy.scalingPolicies[scaling].name
        guard let held = state.heldPolicies.first(where: { $0.policy == name }) else { return false }
        if let until = held.until { return until <= now }
        return !fleetCount.isChanging
    }

    /// The answer when no policy acts.
    func quietFact() -> Reason.Fact {
        // It holds for hours, so it is told on every tick and not once a minute.
        if state.$noProgress.isThere, let breaker = state.noProgress,
            let held = state.heldPolicies.first(where: { $0.until == breaker.until })
        {
            return .heldByNoProgress(policy: held.policy, breaker)
        }
        for alarm in state.alarms.indices {
            guard let lastInvoked = state.alarms[alarm].lastInvoked else { continue }
            let name = state.alarms[alarm].name
            let calls = policy.scalingPolicies.indices.contains { scaling in
                policy.scalingPolicies[scaling].enabled && policy.scalingPolicies[scaling].alarms.contains(name)
                    && self.calls(scaling, alarm)
            }
            guard calls else { continue }
            return .repeatsLater(
                alarm: name, at: lastInvoked + Limits.invocationInterval, state: state.alarms[alarm].state)
        }
        return .noAlarm
    }
}
