// What each kind of scaling policy makes of the group.

extension Tick {
    /// A step policy acts on every invocation, also while instances are starting or stopping; no cooldown holds it. What
    /// keeps it from acting twice on one need is the way it counts:
    ///
    /// - Adding starts from the warm instances alone, and never leads below what is desired already. 10 in service; 10 %
    ///   more is 11. While the eleventh warms up, 10 % more is still 11; 30 % more is 13, so two are added.
    /// - Removing waits until all are warm, and starts from all that are there, also those on their way out: what is
    ///   leaving already is not removed again.
    mutating func ask(_ step: StepScaling, _ scaling: Int, _ alarm: Int) -> Proposal? {
        let name = policy.scalingPolicies[scaling].name
        // Of a composite alarm, the metric and the threshold are those of the first metric alarm that its rule names.
        guard let measured = firstMetricAlarm(behind: alarm),
            let value = state.alarms[measured].lastOfMetric?.finding.newest
        else {
            give(.noDatapoint(policy: name, alarm: state.alarms[alarm].name))
            return nil
        }
        let threshold = policy.alarms[measured].threshold
        let excess = value - threshold
        guard
            let chosen = step.step(
                for: value, threshold: threshold, comparison: policy.alarms[measured].comparison)
        else {
            give(.noStep(policy: name, alarm: state.alarms[alarm].name, excess: excess))
            return nil
        }
        let desired = state.desiredCapacity
        let direction = step.adjustmentType == .exactCapacity ? chosen.adjustment - desired : chosen.adjustment
        var base = desired
        if direction != 0 {
            let warmup = policy.warmup(of: step)
            let fleet = WarmFleet(state.fleet, warmup: warmup, at: now)
            if direction > 0 {
                let counting = self.warmup(warmup, afterArrivalsUnder: measured)
                base = counting == warmup ? fleet.warm : WarmFleet(state.fleet, warmup: counting, at: now).warm
            } else if let (instance, until) = fleet.slowest {
                hold(name, until: until, .heldByWarmup(policy: name, instance: instance, until: until))
                return nil
            } else {
                base = max(desired, shrinkingCapacity)
            }
        }
        let adjusted = step.adjustmentType.capacity(
            from: base, adjustment: chosen.adjustment, minAdjustmentMagnitude: step.minAdjustmentMagnitude)
        let capacity = direction == 0 ? desired : direction > 0 ? max(desired, adjusted) : min(desired, adjusted)
        return Proposal(
            policy: name, alarm: state.alarms[alarm].name, excess: excess, step: chosen,
            adjustmentType: step.adjustmentType, adjustment: chosen.adjustment,
            minAdjustmentMagnitude: step.minAdjustmentMagnitude, base: base, desired: desired, capacity: capacity)
    }

    /// A simple policy waits until launches and terminations have finished, and then for the cooldown.
    mutating func ask(_ simple: SimpleScaling, _ scaling: Int, _ alarm: Int) -> Proposal? {
        let name = policy.scalingPolicies[scaling].name
        let fleet = fleetCount
        if fleet.isChanging {
            let fact = Reason.Fact.heldByActivity(
                policy: name, pending: fleet.pending, leaving: fleet.leaving)
            hold(name, until: nil, fact)
            return nil
        }
        if let cooldown = state.cooldown, let until = cooldown.until, until > now {
            let fact = Reason.Fact.heldByCooldown(policy: name, after: cooldown.policy, until: until)
            hold(name, until: until, fact)
            return nil
        }
        let desired = state.desiredCapacity
        var proposal = Proposal(
            policy: name, alarm: state.alarms[alarm].name, adjustmentType: simple.adjustmentType,
            adjustment: simple.adjustment, minAdjustmentMagnitude: simple.minAdjustmentMagnitude, base: desired,
            desired: desired, capacity: desired)
        proposal.capacity = proposal.adjusted
        if proposal.capacity > desired, let measured = firstMetricAlarm(behind: alarm),
            let instance = arrivalNotYetSeen(byAlarm: measured)
        {
            hold(name, until: nil, .heldByArrival(policy: name, instance: instance))
            return nil
        }
        // What was added before has not come yet, as the fleet has no room for it: an activity that takes its time.
        if observation.ceiling != nil, proposal.capacity > desired, fleet.active < desired {
            let fact = Reason.Fact.heldByActivity(
                policy: name, pending: desired - fleet.active, leaving: fleet.leaving)
            hold(name, until: now + Limits.invocationInterval, fact)
            return nil
        }
        return proposal
    }

    /// What scale-in counts from: what is on its way out already is not removed again. One that is replaced has its
    /// successor among those that are active, and what a refresh has launched on top is not part of the group's size.
    var shrinkingCapacity: Int {
        let fleet = fleetCount
        return fleet.active + fleet.scalingIn - surge
    }
}
