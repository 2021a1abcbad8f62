// What target tracking policies make of the group, each alone and all together.

extension Tick {
    /// Which of its two alarms is up says which way it may go; the formula is the same.
    ///
    /// - Adding counts from the warm instances and never leads below what is desired already, as with steps.
    /// - Removing waits until all are warm, and counts from all that are there: what is leaving has left its mark in the
    ///   metric only when it is gone.
    mutating func ask(_ tracking: TargetTracking, _ scaling: Int, _ alarm: Int) -> Proposal? {
        let name = policy.scalingPolicies[scaling].name
        guard let metric = state.alarms[alarm].lastOfMetric?.finding.newest else {
            give(.noDatapoint(policy: name, alarm: state.alarms[alarm].name))
            return nil
        }
        let adds = state.alarms[alarm].name == policy.scalingPolicies[scaling].alarms.first
        let desired = state.desiredCapacity
        let fleet = WarmFleet(state.fleet, warmup: policy.warmup(of: tracking), at: now)
        if !adds, let (instance, until) = fleet.slowest {
            hold(name, until: until, .heldByWarmup(policy: name, instance: instance, until: until))
            return nil
        }
        let counting = adds ? warmup(policy.warmup(of: tracking), afterArrivalsUnder: alarm) : .zero
        let base =
            adds ? WarmFleet(state.fleet, warmup: counting, at: now).warm : max(desired, shrinkingCapacity)
        // At rest with nothing: there is nothing to remove, and nothing to complain of.
        guard let needed = base == 0 && !adds ? 0 : tracking.capacity(from: base, metric: metric) else {
            give(.noCapacity(policy: name))
            return nil
        }
        let tracked = Proposal.Tracked(metric: metric, target: tracking.target)
        if !adds, needed >= desired, base > 0 {
            give(.heldByTarget(policy: name, tracked, capacity: base))
            return nil
        }
        var proposal = Proposal(
            policy: name, alarm: state.alarms[alarm].name, adjustmentType: .exactCapacity, adjustment: needed,
            base: base, desired: desired, capacity: adds ? max(desired, needed) : needed)
        proposal.tracked = tracked
        return proposal
    }

    // MARK: All together

    /// When one target tracking policy asks to scale in, every other one is heard on the same tick, whenever its own
    /// minute began.
    /// - Parameter wanted: a policy that needs no alarm asks to scale in.
    func addFellowTrackers(to invoked: inout Few<Call>, wanted: Bool) {
        guard wanted || invoked.contains(where: { lowAlarm(of: $0.scaling) == $0.alarm }) else { return }
        for scaling in policy.scalingPolicies.indices {
            guard policy.scalingPolicies[scaling].enabled, let alarm = lowAlarm(of: scaling),
                state.alarms[alarm].state == .alarm, !invoked.contains(where: { $0 == (scaling, alarm) })
            else { continue }
            invoked.append((scaling, alarm))
        }
    }

    /// Target tracking policies scale out when any of them wants to, and in only when all that may scale in want to. Steps
    /// are not their business. Source: "Target tracking scaling policies", several policies. Policies that follow the
    /// backlog are among them.
    mutating func keepAgreed(_ proposals: inout [Proposal]) {
        guard proposals.contains(where: \.removes) else { return }
        let willing = proposals.filter(\.removes).map(\.policy)
        let unwilling = policy.scalingPolicies.indices.first { scaling in
            policy.scalingPolicies[scaling].enabled && mayScaleIn(scaling)
                && !willing.contains(policy.scalingPolicies[scaling].name)
        }
        guard let unwilling else { return }
        let other = policy.scalingPolicies[unwilling].name
        proposals.removeAll(where: \.removes)
        for name in willing { give(.heldByTracker(policy: name, other: other)) }
    }

    /// It tracks something, and may scale in by it.
    private func mayScaleIn(_ scaling: Int) -> Bool {
        switch policy.scalingPolicies[scaling].kind {
        case .step, .simple: false
        case .targetTracking: lowAlarm(of: scaling) != nil
        case .backlogTracking(let tracking): !tracking.disableScaleIn
        case .waitTarget: true
        }
    }

    /// The alarm on which a target tracking policy scales in; nil when it does not, or is of another kind.
    private func lowAlarm(of scaling: Int) -> Int? {
        guard case .targetTracking(let tracking) = policy.scalingPolicies[scaling].kind, !tracking.disableScaleIn else {
            return nil
        }
        return policy.scalingPolicies[scaling].alarms.last.flatMap { alarmIndex(named: $0) }
    }
}

extension Proposal {
    /// It is of a policy that keeps something near a target, and asks for fewer.
    var removes: Bool { capacity < desired && (tracked != nil || $backlog.isThere || $waiting.isThere) }

    var changes: Bool { capacity != desired }
}
