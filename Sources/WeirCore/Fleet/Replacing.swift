// Instances that go although as many as before are desired: unhealthy ones, and those that have lived long enough.

extension Tick {
    mutating func replace() {
        if isAnyUnhealthy { replaceUnhealthy() }
        if policy.maxInstanceLifetime != nil { replaceExpired() }
    }

    private var isAnyUnhealthy: Bool {
        // By index: looking at one field copies nothing else.
        for position in state.fleet.indices where state.fleet[position].$unhealthy.isThere { return true }
        return false
    }

    /// Marked ones go at once. Others go a few at a time, and only while the group is nearly whole: a check that is wrong
    /// about everybody must not end everybody.
    private mutating func replaceUnhealthy() {
        let unhealthy = state.fleet.indices.filter {
            state.fleet[$0].unhealthy != nil && state.fleet[$0].lifecycleState == .inService
        }
        guard !unhealthy.isEmpty else { return }
        if suspends(.replaceUnhealthy) { return give(.suspended(.replaceUnhealthy)) }
        if suspends(.terminate) { return give(.suspended(.terminate)) }
        let marked = unhealthy.filter { state.fleet[$0].unhealthy?.isMarked ?? false }
        for position in marked { depart(position, .unhealthy) }
        // While the launcher cannot say what is there, a check that fails may say more of it than of its instance.
        if let listingFailure { return give(.heldByFailedListing(listingFailure)) }
        let others = unhealthy.filter { state.fleet[$0].lifecycleState == .inService }
        let turns = replacementTurns
        for position in others.prefix(turns) { depart(position, .unhealthy) }
        if others.count > turns {
            let atATime = replacementsAtATime(desired: attainable)
            give(.unhealthyWait(count: others.count - turns, atATime: atATime))
        }
    }

    /// The oldest first. Protection and a message in hand delay it. Source: "Maximum instance lifetime".
    private mutating func replaceExpired() {
        guard let lifetime = policy.maxInstanceLifetime, !policy.leaving, !suspends(.terminate), !suspends(.launch),
            listingFailure == nil
        else { return }
        let expired = state.fleet.indices.filter {
            state.fleet[$0].lifecycleState == .inService && now - state.fleet[$0].launchedAt >= lifetime
        }
        guard !expired.isEmpty else { return }
        if let backoff = state.launchBackoff, now < backoff.until {
            return give(.heldByLaunchBackoff(backoff, missing: expired.count))
        }
        var turns = replacementTurns
        let oldestFirst = expired.sorted {
            (state.fleet[$0].launchedAt, $0) < (state.fleet[$1].launchedAt, $1)
        }
        for position in oldestFirst where turns > 0 && state.fleet[position].spared != .protected {
            turns -= 1
            depart(position, .lifetime)
        }
        let protected = expired.filter { state.fleet[$0].isActive && state.fleet[$0].spared == .protected }
        if !protected.isEmpty {
            let names = protected.prefix(Limits.instancesNamed).map { state.fleet[$0].id }
            give(.lifetimeHeldByProtection(names, count: protected.count))
        }
    }

    /// How many more may be taken out of service now: a tenth of the group at a time, less those that are not in service yet.
    var replacementTurns: Int {
        let desired = policy.leaving ? 0 : attainable
        let missing = max(desired - fleetCount.inService, 0)
        return max(replacementsAtATime(desired: desired) - missing, 0)
    }

    // MARK: On the way out

    /// It takes no more messages from now on, finishes those that it holds, and is then ended.
    mutating func depart(_ position: Int, _ departure: Departure) {
        state.fleet[position].departure = departure
        state.fleet[position].foundIdle = false
        // Why fewer are desired is told by the decision.
        if departure != .scaleIn { record(.departs(departure), of: state.fleet[position].id) }
        // Also one that was not seen running yet: by now it may, and hold a message.
        state.fleet[position].begin(.draining, at: now)
        orderDrain(position, departure == .scaleIn ? whySurplus : .departure(departure))
    }

    /// Termination hooks, if there are any; then the end.
    mutating func beginEnding(_ position: Int, _ why: ActionReason) {
        state.fleet[position].dueOrder = nil
        state.fleet[position].failedOrders = 0
        if state.fleet[position].inServiceAt != nil, beginHooks(position, .terminating) {
            state.fleet[position].lifecycleState = .terminatingWait
            state.fleet[position].stateSince = now
        } else {
            stop(position, why)
        }
    }

    /// The point of no return.
    mutating func stop(_ position: Int, _ why: ActionReason) {
        state.fleet[position].begin(.terminating, at: now)
        orderTermination(state.fleet[position].id, why)
    }

    /// Those that finish their work before they end or stand by: when such an instance seems to hold nothing any more, its
    /// queue is asked once more, behind the closed gate.
    mutating func lookAgainAtFinished() {
        for position in state.fleet.indices where state.fleet[position].finishesItsWork {
            guard state.fleet[position].heldMessages == 0, !state.fleet[position].foundIdle,
                state.fleet[position].drainsAwaited == 0, state.fleet[position].dueOrder == nil
            else { continue }
            let why: ActionReason =
                if let departure = state.fleet[position].departure { .departure(departure) } else { .standby }
            orderDrain(position, why)
        }
    }
}

extension Instance {
    /// On its way out: what was to be done with it before is not to be done any more.
    fileprivate mutating func begin(_ state: LifecycleState, at now: Instant) {
        lifecycleState = state
        stateSince = now
        dueOrder = nil
        failedOrders = 0
        hooks = []
    }

    /// It takes no more messages and finishes those that it holds.
    var finishesItsWork: Bool {
        switch lifecycleState {
        case .enteringStandby: true
        case .draining: departure?.finishesItsWork ?? false
        case .pending, .pendingWait, .inService, .standby, .terminatingWait, .terminating, .warmedPending,
            .warmedStopped, .warmedHibernated:
            false
        }
    }
}
