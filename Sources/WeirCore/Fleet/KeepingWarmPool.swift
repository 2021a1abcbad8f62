// The instances that wait in the warm pool: made, put away, taken out, put back.

extension Tick {
    /// Brings the pool to its size: the group at work comes first, so this is done after the plan for it.
    mutating func keepWarmPool() {
        let members = state.fleet.indices.filter { state.fleet[$0].isWarmed }
        guard policy.warmPool != nil || !members.isEmpty else { return }
        let size = poolSize
        var kept = 0
        var stuck = 0
        for position in members {
            // Made from what would not be launched today, or of no use, or more than the pool holds.
            if kept < size, isCurrent(position), state.fleet[position].failedOrders < Limits.mostPoolFailures {
                kept += 1
            } else if !leavePool(position) {
                stuck += 1
            }
        }
        pausePrepared()
        guard let pool = policy.warmPool, kept < size, !suspends(.launch), unknownFleet == nil else { return }
        // Those that cannot be ended yet, and those that are about to come back, have their places.
        let places = size - kept - stuck - state.fleet.indices.count { mayReturn($0) }
        guard places > 0 else { return }
        if let backoff = state.launchBackoff, now < backoff.until {
            return give(.poolHeldByLaunchBackoff(backoff, missing: places))
        }
        for _ in 0..<(pool.state == .hibernated ? takeRoom(for: places) : places) { prepare(pool) }
    }

    private var poolSize: Int {
        guard let pool = policy.warmPool, !policy.leaving else { return 0 }
        return min(pool.size(desired: state.desiredCapacity, maxSize: bounds.maximum), mostInPool)
    }

    /// Where nobody can tell who holds what it may be at work, and SIGTERM lets it finish where a pause would not.
    private func mayReturn(_ position: Int) -> Bool {
        guard policy.workIsSeen, observation.held != nil, let pool = policy.warmPool, pool.reuseOnScaleIn,
            pool.state == .hibernated, !policy.leaving
        else {
            return false
        }
        return state.fleet[position].lifecycleState == .draining && state.fleet[position].departure == .scaleIn
            && state.fleet[position].inServiceAt != nil && state.fleet[position].unhealthy == nil
            && isCurrent(position) && !isToBeRefreshed(state.fleet[position].id)
    }

    /// An instance refresh waits for its end.
    private func isToBeRefreshed(_ id: InstanceID) -> Bool {
        guard let refresh = state.refresh, refresh.isUnderWay else { return false }
        return refresh.remaining.contains(id)
    }

    /// Launched today it would be the same. Its version may not tell: a refresh that does not skip what matches was asked
    /// for because of something else, such as another image under the same tag, and what was made before is old.
    private func isCurrent(_ position: Int) -> Bool {
        if let refresh = state.refresh, !refresh.preferences.skipMatching,
            state.fleet[position].launchedAt < refresh.startedAt
        {
            return false
        }
        guard let template = state.fleet[position].template else { return true }
        return template == currentTemplate
    }

    private mutating func prepare(_ pool: WarmPool) {
        let id = state.drawInstanceID()
        var instance = Instance(
            id: id, lifecycleState: .warmedPending, launchedAt: now, stateSince: now,
            protectedFromScaleIn: policy.protectFromScaleIn)
        instance.template = currentTemplate
        state.fleet.append(instance)
        order(.prepare(id, started: pool.state == .hibernated), .warmPool)
    }

    /// - Returns: false when it cannot be ended now.
    private mutating func leavePool(_ position: Int) -> Bool {
        // Of one that was found, the gate is only closing, and it may hold a message.
        guard !suspends(.terminate), state.fleet[position].heldMessages == 0, state.fleet[position].drainsAwaited == 0
        else { return false }
        state.fleet[position].departure = .pool
        record(.departs(.pool), of: state.fleet[position].id)
        stop(position, .departure(.pool))
        return true
    }

    /// Those that ran for the preparation time are put away.
    private mutating func pausePrepared() {
        let time = policy.warmPool?.preparationTime ?? .zero
        for position in state.fleet.indices {
            guard state.fleet[position].lifecycleState == .warmedPending,
                let since = state.fleet[position].runningSince,
                since + time <= now, !state.fleet[position].foundIdle, state.fleet[position].dueOrder == nil
            else { continue }
            state.fleet[position].foundIdle = true  // so that it is ordered once
            order(.pause(state.fleet[position].id), .warmPool)
        }
    }

    /// Takes up to `count` ready instances out of the pool, the oldest first.
    /// - Returns: how many it took.
    mutating func takeFromPool(_ count: Int) -> Int {
        var taken = 0
        for position in state.fleet.indices where taken < count {
            guard isCurrent(position) else { continue }
            switch state.fleet[position].lifecycleState {
            case .warmedStopped:
                // It was only made; from here on it takes room.
                guard takeRoom(for: 1) == 1 else { continue }
                // It may run behind its closed gate, if it was begun for a hibernated pool; it arrives when it is seen.
                state.fleet[position].runningSince = nil
                order(.launch(state.fleet[position].id), .capacity(desired: wanted))
            case .warmedHibernated:
                order(.resume(state.fleet[position].id), .capacity(desired: wanted))
            case .pending, .pendingWait, .inService, .enteringStandby, .standby, .draining, .terminatingWait,
                .terminating, .warmedPending:
                continue
            }
            // A drain of this very tick, for one that was found just now, would close the gate that the launch has opened.
            let drain = Action.drain(state.fleet[position].id)
            if planned.contains(where: { $0.action == drain }) {
                planned.removeAll { $0.action == drain }
                state.fleet[position].drainsAwaited -= 1
            }
            // From here on it is as if launched now, only faster.
            state.fleet[position].launchedAt = now
            state.fleet[position].cameFromPool = true
            state.fleet[position].lifecycleState = .pending
            state.fleet[position].stateSince = now
            state.fleet[position].foundIdle = false
            state.fleet[position].protectedFromScaleIn = policy.protectFromScaleIn
            record(.leftPool, of: state.fleet[position].id)
            taken += 1
        }
        return taken
    }

    /// Back into the pool instead of ending.
    /// - Returns: false when there is no room, or no such rule.
    mutating func returnToPool(_ position: Int) -> Bool {
        guard mayReturn(position), state.fleet.count(where: \.isWarmed) < poolSize else { return false }
        state.fleet[position].lifecycleState = .warmedPending
        state.fleet[position].stateSince = now
        state.fleet[position].inServiceAt = nil
        state.fleet[position].cameFromPool = nil
        state.fleet[position].failedHealthChecks = 0
        state.fleet[position].departure = nil
        state.fleet[position].foundIdle = true
        order(.pause(state.fleet[position].id), .warmPool)
        return true
    }

    mutating func takePause(_ position: Int, _ result: ActionOutcome.Result) {
        guard state.fleet[position].lifecycleState == .warmedPending else { return }
        switch result {
        case .failed(let why): retryOrder(.pause, position, why)
        case .done, .drained:
            state.fleet[position].lifecycleState = .warmedHibernated
            state.fleet[position].stateSince = now
            state.fleet[position].failedOrders = 0
            state.fleet[position].isPaused = true
            record(.warmed, of: state.fleet[position].id)
        }
    }

    mutating func takeResume(_ position: Int, _ result: ActionOutcome.Result) {
        switch result {
        case .failed(let why):
            switch state.fleet[position].lifecycleState {
            case .pending, .pendingWait, .inService: retryOrder(.resume, position, why)
            // It is not wanted at work any more.
            case .enteringStandby, .standby, .draining, .terminatingWait, .terminating, .warmedPending, .warmedStopped,
                .warmedHibernated:
                break
            }
        case .done, .drained: goOn(position)
        }
    }

    /// It runs again where it was paused, and its gate is open.
    private mutating func goOn(_ position: Int) {
        guard state.fleet[position].isPaused, !state.fleet[position].isWarmed else { return }
        state.fleet[position].isPaused = false
        guard state.fleet[position].lifecycleState == .pending else { return }
        state.fleet[position].dueOrder = nil
        state.fleet[position].failedOrders = 0
        arrive(position)
    }
}
