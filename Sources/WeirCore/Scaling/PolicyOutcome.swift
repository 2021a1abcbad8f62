/// What came of the last time that a scaling policy was invoked. It is kept for as long as its alarm stays in the state that
/// invokes the policy, so that somebody who looks later is told why nothing happened.
public struct PolicyOutcome: Sendable, Equatable, Codable {
    public var policy: String
    /// The alarm that invoked it.
    public var alarm: String
    public var at: Instant
    /// What it proposed or what held it back, and the bound that its proposal met; never empty.
    public var reasons: [Reason]

    public init(policy: String, alarm: String, at: Instant, reasons: [Reason]) {
        self.policy = policy
        self.alarm = alarm
        self.at = at
        self.reasons = reasons
    }
}

extension Tick {
    /// - Parameters:
    ///   - first: where the reasons of this decision begin.
    ///   - areAll: no other policy was asked.
    mutating func rememberOutcomes(of invoked: Few<Call>, from first: Int, areAll: Bool) {
        // Of one alone all tell, but for the bound, and what they tell need not be looked at.
        let isAlone = areAll && invoked.count == 1
        for (scaling, alarm) in invoked {
            let name = policy.scalingPolicies[scaling].name
            var outcome: Int?
            for index in first..<reasons.count
            where isAlone ? !reasons[index].fact.isBound : reasons[index].fact.concerns(name) {
                let known = outcome ?? beginOutcome(of: name, alarm)
                outcome = known
                state.policyOutcomes[known].reasons.append(reasons[index])
            }
            if let outcome { addBound(on: name, from: first, to: outcome) }
        }
    }

    /// What is there is written over: it costs less than to make another.
    private mutating func beginOutcome(of name: String, _ alarm: Int) -> Int {
        let known = placeOfOutcome(of: name)
        if state.policyOutcomes[known].alarm != state.alarms[alarm].name {
            state.policyOutcomes[known].alarm = state.alarms[alarm].name
        }
        state.policyOutcomes[known].at = now
        while !state.policyOutcomes[known].reasons.isEmpty { state.policyOutcomes[known].reasons.removeLast() }
        return known
    }

    private mutating func placeOfOutcome(of name: String) -> Int {
        for index in state.policyOutcomes.indices where state.policyOutcomes[index].policy == name { return index }
        state.policyOutcomes.append(PolicyOutcome(policy: name, alarm: "", at: now, reasons: []))
        return state.policyOutcomes.count - 1
    }

    /// The bound that the policy met whose proposal was followed.
    private mutating func addBound(on name: String, from first: Int, to outcome: Int) {
        guard reasons.count > first + 1 else { return }
        let isFollowed = reasons[first...].contains { reason in
            if case .proposed(let proposal) = reason.fact { proposal.policy == name } else { false }
        }
        if isFollowed { state.policyOutcomes[outcome].reasons += reasons[first...].filter(\.fact.isBound) }
    }

    /// A policy whose alarm has left its state, or that is not there any more, has no outcome.
    mutating func forgetOutcomes() {
        guard !state.policyOutcomes.isEmpty else { return }
        for index in state.policyOutcomes.indices.reversed() where !isCalled(outcome: index) {
            state.policyOutcomes.remove(at: index)
        }
    }

    private func isCalled(outcome: Int) -> Bool {
        for alarm in state.alarms.indices where state.alarms[alarm].name == state.policyOutcomes[outcome].alarm {
            for index in policy.scalingPolicies.indices
            where policy.scalingPolicies[index].enabled
                && policy.scalingPolicies[index].name == state.policyOutcomes[outcome].policy
                && policy.scalingPolicies[index].alarmState == state.alarms[alarm].state
            {
                for place in policy.scalingPolicies[index].alarms.indices
                where policy.scalingPolicies[index].alarms[place] == state.policyOutcomes[outcome].alarm {
                    return true
                }
            }
            return false
        }
        return false
    }
}

extension Reason.Fact {
    /// It tells what came of this scaling policy.
    fileprivate func concerns(_ name: String) -> Bool {
        switch self {
        case .proposed(let proposal), .outranked(let proposal, _): proposal.policy == name
        case .noStep(let policy, _, _), .noDatapoint(let policy, _), .heldByWarmup(let policy, _, _),
            .heldByCooldown(let policy, _, _), .heldByActivity(let policy, _, _), .heldByMissingData(let policy, _, _),
            .noCapacity(let policy), .heldByTarget(let policy, _, _), .heldByTracker(let policy, _),
            .heldByFallback(let policy), .heldAfterFallback(let policy), .heldByNoProgress(let policy, _),
            .heldByArrival(let policy, _), .unknownBacklog(let policy, _), .heldByStabilization(let policy, _),
            .limitedByRate(let policy, _):
            policy == name
        // Of all that were invoked.
        case .suspended(let process): process == .alarmNotification
        case .noAlarm, .notMeasured, .repeatsLater, .limitedToMaximum, .raisedToMinimum, .setByOperator,
            .endedByOperator, .leaving, .heldByProtection, .heldByWork, .heldByLaunchBackoff, .heldByFailedListing,
            .newTemplate, .refreshBegan, .refreshHeld, .refreshRollsBack, .refreshEnded, .unhealthyWait,
            .lifetimeHeldByProtection, .standbyBegan, .standbyEnded, .scheduled, .scheduleLost, .sizesOfFile,
            .notBelieved, .fallback, .fallbackEnded, .poolHeldByLaunchBackoff, .limitedByFleet, .heldByFleet,
            .heldByUnknownFleet:
            false
        }
    }

    fileprivate var isBound: Bool {
        if case .limitedToMaximum = self { return true }
        if case .raisedToMinimum = self { return true }
        return false
    }
}
