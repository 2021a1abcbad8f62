// From alarm states to a desired capacity and the chain of reasons for it.

extension Tick {
    /// Asks every policy that is invoked, follows the one that leaves the largest capacity, and keeps to the bounds.
    @inline(__always)
    mutating func decide() {
        if isMeasured { decideByAlarms() } else { giveIfNothingElse(.notMeasured) }
    }

    private mutating func decideByAlarms() {
        releaseHeldPolicies()
        forgetOutcomes()
        let alone = policiesWithoutAlarm()
        var invoked = calledPolicies()
        guard !alone.isEmpty || !invoked.isEmpty else { return giveIfNothingElse(.noAlarm) }
        let first = reasons.count
        var proposals: [Proposal] = []
        if !capacityIsFixed {
            for scaling in alone {
                ask(withoutAlarm: scaling, &proposals)
            }
        }
        keepDue(&invoked)
        addFellowTrackers(to: &invoked, wanted: proposals.contains(where: \.removes))
        if invoked.isEmpty, alone.isEmpty { return giveIfNothingElse(quietFact()) }
        guard !suspends(.alarmNotification) else {
            let isNeeded = !invoked.isEmpty || capacityIsFixed || proposals.contains(where: \.changes)
            if isNeeded { give(.suspended(.alarmNotification)) } else { follow(consume proposals) }
            return rememberOutcomes(of: invoked, from: first, areAll: alone.isEmpty)
        }

        guard !capacityIsFixed else {
            for scaling in invoked.map(\.scaling) + alone {
                give(.heldByFallback(policy: policy.scalingPolicies[scaling].name))
            }
            return rememberOutcomes(of: invoked, from: first, areAll: alone.isEmpty)
        }
        for (scaling, alarm) in invoked {
            if !state.heldPolicies.isEmpty {
                let name = policy.scalingPolicies[scaling].name
                state.heldPolicies.removeAll { $0.policy == name }
            }
            ask(scaling, alarm, &proposals)
        }
        keepAgreed(&proposals)
        for (_, alarm) in invoked where state.alarms[alarm].isDue(at: now) { state.alarms[alarm].lastInvoked = now }
        if !holdWithoutProgress(proposals) { follow(consume proposals) }
        rememberOutcomes(of: invoked, from: first, areAll: alone.isEmpty)
    }

    /// The chain is never empty, and a quiet tick has one link.
    mutating func giveIfNothingElse(_ fact: Reason.Fact) {
        if reasons.isEmpty { give(fact) }
    }

    /// A policy waits only while its alarm is in its state.
    private mutating func releaseHeldPolicies() {
        guard !state.heldPolicies.isEmpty else { return }
        let waiting = policy.scalingPolicies.filter { scaling in
            scaling.enabled
                && state.alarms.contains { $0.state == scaling.alarmState && scaling.alarms.contains($0.name) }
        }
        state.heldPolicies.removeAll { held in !waiting.contains { $0.name == held.policy } }
    }

    /// The largest capacity wins, the first of equals; the others are named. Source: EC2 Auto Scaling, "Multiple dynamic
    /// scaling policies".
    private mutating func follow(_ proposals: consuming [Proposal]) {
        guard !proposals.isEmpty else { return }
        var place = 0
        for rival in proposals.indices where proposals[rival].capacity > proposals[place].capacity { place = rival }
        let winner = place == proposals.count - 1 ? proposals.removeLast() : proposals.remove(at: place)
        let (name, wanted, backlog) = (winner.policy, winner.capacity, winner.$backlog)
        reasons.append(Reason(capacity: wanted, fact: .proposed(consume winner)))
        for rival in proposals { reasons.append(Reason(capacity: wanted, fact: .outranked(rival, by: name))) }
        if backlog.isThere, let backlog = backlog.wrappedValue { giveLimits(of: backlog, name) }
        let (capacity, reason) = bounds.clamp(wanted)
        if let reason { reasons.append(reason) }
        guard capacity != state.desiredCapacity else { return }
        state.desiredCapacity = capacity
        startCooldown(after: name)
    }

    /// A simple policy has started an activity; its cooldown begins when that has finished.
    private mutating func startCooldown(after name: String) {
        for index in policy.scalingPolicies.indices where policy.scalingPolicies[index].name == name {
            guard case .simple(let simple) = policy.scalingPolicies[index].kind else { continue }
            state.cooldown = CooldownState(policy: name, startedAt: now, span: policy.cooldown(of: simple))
        }
    }

    /// Adds what one policy asks for: nothing when it has nothing to say or has to wait, and the reason is in the chain.
    private mutating func ask(_ scaling: Int, _ alarm: Int, _ proposals: inout [Proposal]) {
        if let proposal = proposal(scaling, alarm), mayFollow(proposal.capacity, scaling, alarm) {
            proposals.append(proposal)
        }
    }

    private mutating func proposal(_ scaling: Int, _ alarm: Int) -> Proposal? {
        switch policy.scalingPolicies[scaling].kind {
        case .step(let step): ask(step, scaling, alarm)
        case .simple(let simple): ask(simple, scaling, alarm)
        case .targetTracking(let tracking): ask(tracking, scaling, alarm)
        case .backlogTracking, .waitTarget: nil
        }
    }

    /// The same for one that needs no alarm, and rests on what waits and what is in flight.
    private mutating func ask(withoutAlarm scaling: Int, _ proposals: inout [Proposal]) {
        if let proposal = proposal(withoutAlarm: scaling), mayFollow(proposal.capacity, scaling, nil) {
            proposals.append(proposal)
        }
    }

    private mutating func proposal(withoutAlarm scaling: Int) -> Proposal? {
        switch policy.scalingPolicies[scaling].kind {
        case .step, .simple, .targetTracking: nil
        case .backlogTracking(let tracking): ask(tracking, policy.scalingPolicies[scaling])
        case .waitTarget(let target): ask(target, policy.scalingPolicies[scaling])
        }
    }

    private func policiesWithoutAlarm() -> [Int] {
        var alone: [Int] = []
        for index in policy.scalingPolicies.indices
        where policy.scalingPolicies[index].enabled && policy.scalingPolicies[index].alarms.isEmpty
            && !policy.scalingPolicies[index].kind.needsAlarm
        {
            alone.append(index)
        }
        return alone
    }

    /// Whether there is enough to go by, where it is to scale in.
    private mutating func mayFollow(_ capacity: Int, _ scaling: Int, _ alarm: Int?) -> Bool {
        guard capacity < state.desiredCapacity else { return true }
        // What a fallback has raised is not ended on the first word of a source that was silent.
        if isFirstAfterFallback {
            let name = policy.scalingPolicies[scaling].name
            hold(name, until: nil, .heldAfterFallback(policy: name))
            return false
        }
        // Not knowing is not the same as empty.
        if alarm.map({ isEvident(alarm: $0) }) ?? !isBlind(.builtIn(.outstanding)) { return true }
        let name = policy.scalingPolicies[scaling].name
        hold(name, until: nil, .heldByMissingData(policy: name, lastMeasured: state.lastMeasured))
        return false
    }

    /// Whether a scale-in to `capacity` is held because the source leaves out what is in flight, which it told at `told`: what was in
    /// hand then may still be.
    mutating func holdsScaleIn(to capacity: Int, _ name: String, inFlightTold told: Instant?) -> Bool {
        guard capacity < state.desiredCapacity, measurement.inFlight.number == nil, let told,
            now - told <= Limits.longestInFlight
        else { return false }
        hold(name, until: nil, .heldByMissingData(policy: name, lastMeasured: told, metric: .inFlight))
        return true
    }

    /// What stabilization and rates made of the proposal that is followed.
    private mutating func giveLimits(of backlog: Proposal.Backlog, _ name: String) {
        if let stabilized = backlog.stabilized {
            let fact = Reason.Fact.heldByStabilization(policy: name, stabilized)
            reasons.append(Reason(capacity: stabilized.capacity, fact: fact))
        }
        if let limited = backlog.limited {
            reasons.append(Reason(capacity: limited.capacity, fact: .limitedByRate(policy: name, limited)))
        }
    }

    mutating func hold(_ name: String, until: Instant?, _ fact: Reason.Fact) {
        state.heldPolicies.append(HeldPolicy(policy: name, until: until))
        give(fact)
    }
}
