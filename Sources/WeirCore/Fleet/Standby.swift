// Instances that are taken out of service for a while and brought back: to look at one, to change something by hand.

extension Tick {
    /// Source: EnterStandby. All of them, or none and an error.
    mutating func enterStandby(_ instances: [InstanceID], decrementDesired: Bool) throws(Refusal) -> String {
        if policy.leaving { throw .groupIsLeaving }
        let positions = try positions(of: instances)
        for position in positions where state.fleet[position].lifecycleState != .inService {
            throw .wrongState(
                state.fleet[position].id, state.fleet[position].lifecycleState, needed: [.inService])
        }
        if decrementDesired {
            guard state.desiredCapacity - positions.count >= bounds.minimum else {
                throw .standbyBelowMinimum(positions.count, minimum: bounds.minimum)
            }
            state.desiredCapacity -= positions.count
            give(.standbyBegan(positions.count))
        }
        for position in positions {
            state.fleet[position].lifecycleState = .enteringStandby
            state.fleet[position].stateSince = now
            state.fleet[position].foundIdle = false
            state.fleet[position].dueOrder = nil
            state.fleet[position].failedOrders = 0
            orderDrain(position, .standby)
        }
        let rest = decrementDesired ? "" : "; others are launched in their place"
        return "\(counted(positions.count, "instance")) to stand by once idle\(rest); "
            + "desired capacity is \(state.desiredCapacity)"
    }

    /// Source: ExitStandby: desired capacity rises by as many, and must not exceed the maximum.
    mutating func exitStandby(_ instances: [InstanceID]) throws(Refusal) -> String {
        if policy.leaving { throw .groupIsLeaving }
        let positions = try positions(of: instances)
        for position in positions {
            switch state.fleet[position].lifecycleState {
            case .standby, .enteringStandby: break
            case .pending, .pendingWait, .inService, .draining, .terminatingWait, .terminating, .warmedPending,
                .warmedStopped, .warmedHibernated:
                throw .wrongState(
                    state.fleet[position].id, state.fleet[position].lifecycleState,
                    needed: [.standby, .enteringStandby])
            }
        }
        guard state.desiredCapacity + positions.count <= bounds.maximum else { throw .atMaximum(bounds.maximum) }
        state.desiredCapacity += positions.count
        give(.standbyEnded(positions.count))
        for position in positions {
            forgetPlannedDrain(position)
            bringBack(position, .standby)
            // Its grace period and its warmup begin anew.
            state.fleet[position].inServiceAt = now
            state.fleet[position].unhealthy = nil
            state.fleet[position].failedHealthChecks = 0
        }
        return "\(counted(positions.count, "instance")) back in service; desired capacity is \(state.desiredCapacity)"
    }

    /// Entered and left on the same tick: its gate is to stay open.
    private mutating func forgetPlannedDrain(_ position: Int) {
        let drain = Action.drain(state.fleet[position].id)
        let drains = planned.count { $0.action == drain }
        guard drains > 0 else { return }
        planned.removeAll { $0.action == drain }
        state.fleet[position].drainsAwaited -= drains
    }

    /// A group that leaves has nobody who would bring them back. Those on their way finish their work first.
    mutating func endStandby() {
        guard !suspends(.terminate), listingFailure == nil else { return }
        for position in state.fleet.indices where !state.fleet[position].protectedFromScaleIn {
            switch state.fleet[position].lifecycleState {
            case .standby: depart(position, .scaleIn)
            case .pending, .pendingWait, .inService, .enteringStandby, .draining, .terminatingWait, .terminating,
                .warmedPending, .warmedStopped, .warmedHibernated:
                break
            }
        }
    }

    /// Idle behind their closed gates: they stand by.
    mutating func arriveInStandby() {
        for position in state.fleet.indices {
            guard state.fleet[position].lifecycleState == .enteringStandby, state.fleet[position].foundIdle,
                state.fleet[position].heldMessages == 0
            else { continue }
            state.fleet[position].lifecycleState = .standby
            state.fleet[position].stateSince = now
            record(.stoodBy, of: state.fleet[position].id)
        }
    }

    func positions(of instances: [InstanceID]) throws(Refusal) -> [Int] {
        guard instances.count <= Limits.mostInstancesPerStandbyCall else {
            throw .tooMany(instances.count, most: Limits.mostInstancesPerStandbyCall)
        }
        var positions: [Int] = []
        for id in instances {
            guard let position = state.fleet.firstIndex(where: { $0.id == id }) else { throw .noSuchInstance(id) }
            if !positions.contains(position) { positions.append(position) }
        }
        return positions
    }
}
