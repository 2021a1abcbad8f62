/// Instances that are made before they are needed. Source: PutWarmPool.
public struct WarmPool: Sendable, Equatable, Codable {
    /// What an instance of the pool is. Default: stopped.
    public var state: WarmPoolState
    /// The pool is never smaller than this. Unit: instances. Default: 0.
    public var minSize: Int
    /// MaxGroupPreparedCapacity: instances in service and in the pool together. Nil: the group's maximum.
    public var maxPreparedCapacity: Int?
    /// An instance that scale-in chose goes back to the pool when it is idle; for hibernated pools only. Default: false.
    public var reuseOnScaleIn: Bool
    /// How long an instance runs, without messages, before it is paused: the time in which the worker loads what it
    /// needs. Hibernated pools only. Default: 10 s.
    public var preparationTime: Duration

    public init(
        state: WarmPoolState = .stopped, minSize: Int = 0, maxPreparedCapacity: Int? = nil,
        reuseOnScaleIn: Bool = false, preparationTime: Duration = .seconds(10)
    ) {
        self.state = state
        self.minSize = minSize
        self.maxPreparedCapacity = maxPreparedCapacity
        self.reuseOnScaleIn = reuseOnScaleIn
        self.preparationTime = preparationTime
    }

    /// How many instances the pool is to hold.
    /// - Parameters:
    ///   - desired: of the group, in instances.
    ///   - maxSize: of the group, in instances.
    public func size(desired: Int, maxSize: Int) -> Int {
        max((maxPreparedCapacity ?? maxSize) - desired, minSize, 0)
    }
}

/// Raw values are the words of the policy file.
public enum WarmPoolState: String, Sendable, Codable, CaseIterable {
    /// Made, not started: its image is there, its file system and network are set up.
    case stopped
    /// Started, then paused: everything is in memory, and no processor time is used.
    case hibernated
}

extension Tick {
    /// Brings the pool to its size: the group at work comes first, so this is done after the plan for it.
    mutating func keepWarmPool() {
        let members = state.fleet.indices.filter { state.fleet[$0].isWarmed }
        guard policy.warmPool != nil || !members.isEmpty else { return }
        let size =
            policy.leaving ? 0 : policy.warmPool?.size(desired: state.desiredCapacity, maxSize: bounds.maximum) ?? 0
        var kept = 0
        for position in members {
            // Made from what would not be launched today, or more than the pool holds.
            if kept < size, isCurrent(position) { kept += 1 } else { leavePool(position) }
        }
        pausePrepared()
        guard let pool = policy.warmPool, kept < size, !suspends(.launch) else { return }
        // Failures are told where they hold back the group itself.
        if let backoff = state.launchBackoff, now < backoff.until { return }
        for _ in kept..<size { prepare(pool) }
    }

    private func isCurrent(_ position: Int) -> Bool {
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
        launches.append(PlannedAction(action: .prepare(id, started: pool.state == .hibernated), why: .warmPool))
    }

    private mutating func leavePool(_ position: Int) {
        guard !suspends(.terminate), state.fleet[position].heldMessages == 0 else { return }
        state.fleet[position].departure = .pool
        record(.departs(.pool), of: state.fleet[position].id)
        stop(position, .departure(.pool))
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
            pauses.append(PlannedAction(action: .pause(state.fleet[position].id), why: .warmPool))
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
                launches.append(
                    PlannedAction(action: .launch(state.fleet[position].id), why: .capacity(desired: wanted)))
            case .warmedHibernated:
                launches.append(
                    PlannedAction(action: .resume(state.fleet[position].id), why: .capacity(desired: wanted)))
            case .pending, .pendingWait, .inService, .enteringStandby, .standby, .draining, .terminatingWait,
                .terminating, .warmedPending:
                continue
            }
            // From here on it is as if launched now, only faster.
            state.fleet[position].launchedAt = now
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
        guard let pool = policy.warmPool, pool.reuseOnScaleIn, pool.state == .hibernated, !policy.leaving,
            state.fleet[position].departure == .scaleIn, isCurrent(position)
        else { return false }
        let members = state.fleet.count { $0.isWarmed }
        guard members < pool.size(desired: state.desiredCapacity, maxSize: bounds.maximum) else { return false }
        state.fleet[position].lifecycleState = .warmedPending
        state.fleet[position].stateSince = now
        state.fleet[position].inServiceAt = nil
        state.fleet[position].departure = nil
        state.fleet[position].foundIdle = true
        pauses.append(PlannedAction(action: .pause(state.fleet[position].id), why: .warmPool))
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
            record(.warmed, of: state.fleet[position].id)
        }
    }

    mutating func takeResume(_ position: Int, _ result: ActionOutcome.Result) {
        guard state.fleet[position].lifecycleState == .pending else { return }
        switch result {
        case .failed(let why): retryOrder(.resume, position, why)
        case .done, .drained:
            state.fleet[position].failedOrders = 0
            arrive(position)
        }
    }
}

extension Instance {
    /// It is in the warm pool, or on its way into it.
    public var isWarmed: Bool {
        switch lifecycleState {
        case .warmedPending, .warmedStopped, .warmedHibernated: true
        case .pending, .pendingWait, .inService, .enteringStandby, .standby, .draining, .terminatingWait, .terminating:
            false
        }
    }
}
