// From the fleet that is there to the desired capacity: the plan.

extension Tick {
    /// What is missing is brought back or launched, or what is too many is chosen and drained; what was found idle is ended.
    /// Orders that are due again come last, as the choice before may have made them pointless.
    mutating func plan() {
        replace()
        refreshInstances()
        if policy.leaving { endStandby() }
        lookForRoom()
        var fleet = fleetCount
        let missing = wanted - fleet.active
        if missing > 0 {
            launch(missing - (fleet.draining > 0 ? restoreDraining(missing) : 0))
        } else if missing < 0 {
            choose(-missing)
        }
        if missing != 0 { fleet = fleetCount }
        if fleet.draining + fleet.finishing + fleet.standby > 0 {
            lookAgainAtFinished()
            arriveInStandby()
            endIdle()
        }
        if policy.$warmPool.isThere || fleet.warmed > 0 { keepWarmPool() }
        giveDueOrders()
    }

    // MARK: Too few

    /// Draining instances are still running: they come back before anything new is started, the last chosen first.
    /// - Returns: how many came back.
    private mutating func restoreDraining(_ wanted: Int) -> Int {
        var candidates = state.fleet.indices.filter {
            state.fleet[$0].lifecycleState == .draining && !state.fleet[$0].finishesItsWork
        }
        candidates.sort { left, right in
            let (ofLeft, ofRight) = (state.fleet[left].stateSince, state.fleet[right].stateSince)
            return ofLeft == ofRight ? left > right : ofLeft > ofRight
        }
        for position in candidates.prefix(wanted) { bringBack(position, .wanted) }
        return min(wanted, candidates.count)
    }

    private mutating func launch(_ count: Int) {
        guard count > 0 else { return }
        if suspends(.launch) { return give(.suspended(.launch)) }
        if let unknownFleet { return give(.heldByUnknownFleet(unknownFleet, missing: count)) }
        if let backoff = poolBackoff { return give(.heldByLaunchBackoff(backoff, missing: count)) }
        let count = count - takeFromPool(count)
        guard count > 0 else { return }
        if let backoff = state.launchBackoff, now < backoff.until {
            return give(.heldByLaunchBackoff(backoff, missing: count))
        }
        let why = ActionReason.capacity(desired: wanted)
        let begun = takeRoom(for: count)
        tellOfMissingRoom(for: count - begun)
        for _ in 0..<begun {
            let id = state.drawInstanceID()
            var instance = Instance(
                id: id, lifecycleState: .pending, launchedAt: now, stateSince: now,
                protectedFromScaleIn: policy.protectFromScaleIn)
            instance.template = currentTemplate
            state.fleet.append(consume instance)
            order(.launch(id), why)
        }
    }

    // MARK: Too many

    /// Chooses which instances go; each is drained first, and only ended when it is found idle.
    private mutating func choose(_ surplus: Int) {
        if suspends(.terminate) { return give(.suspended(.terminate)) }
        if let listingFailure { return give(.heldByFailedListing(listingFailure)) }
        // One that has just come back is not chosen on the same tick.
        var candidates: [Int] = []
        for position in state.fleet.indices
        where state.fleet[position].isActive && state.fleet[position].spared == nil && !comesBack(position) {
            candidates.append(position)
        }
        let order = TerminationOrder(policies: policy.terminationPolicies, now: now, current: currentTemplate)
        let chosen = order.choose(surplus, from: candidates, of: state.fleet)
        for position in chosen { depart(position, .scaleIn) }
        if chosen.count < surplus { nameSpared(surplus - chosen.count) }
    }

    private func comesBack(_ position: Int) -> Bool {
        !planned.isEmpty && planned.contains { $0.action == .restore(state.fleet[position].id) }
    }

    /// Says who stays although there are too many.
    private mutating func nameSpared(_ count: Int) {
        let protected = active(spared: .protected)
        let busy = active(spared: .busy)
        func names(_ positions: [Int]) -> [InstanceID] {
            positions.prefix(Limits.instancesNamed).map { state.fleet[$0].id }
        }
        if !protected.isEmpty {
            give(
                .heldByProtection(
                    surplus: count, names(protected), count: protected.count, fleet: limitingFleet))
        }
        if !busy.isEmpty {
            give(.heldByWork(surplus: count, names(busy), count: busy.count, fleet: limitingFleet))
        }
    }

    private func active(spared cause: Sparing) -> [Int] {
        var positions: [Int] = []
        for position in state.fleet.indices
        where state.fleet[position].isActive && state.fleet[position].spared == cause { positions.append(position) }
        return positions
    }

    /// The second look, just before the point of no return: drained, still surplus (or it would have come back above),
    /// unprotected and without a message.
    private mutating func endIdle() {
        guard !suspends(.terminate), listingFailure == nil else { return }
        for position in state.fleet.indices {
            guard state.fleet[position].lifecycleState == .draining, mayEnd(position) else { continue }
            if returnToPool(position) { continue }
            let isIdle = state.fleet[position].foundIdle && state.fleet[position].heldMessages == 0
            beginEnding(position, isIdle ? .foundIdle : .departure(.unhealthy))
        }
    }

    private func mayEnd(_ position: Int) -> Bool {
        let departure = state.fleet[position].departure
        if state.fleet[position].heldMessages > 0 || !state.fleet[position].foundIdle {
            // Unhealthy, and at work for longer than it is given.
            guard departure == .unhealthy, let limit = policy.healthCheck.busyTimeout else { return false }
            return now - state.fleet[position].stateSince >= limit
        }
        return !(state.fleet[position].protectedFromScaleIn && (departure?.respectsProtection ?? true))
    }

    // MARK: Orders

    private mutating func giveDueOrders() {
        // Looked at first, so that a quiet tick changes nothing and copies nothing.
        if isAnyOrderDue {
            for position in state.fleet.indices { giveDueOrder(position) }
        }
        for position in state.remains.indices {
            guard let due = state.remains[position].due, due.at <= now else { continue }
            state.remains[position].due = nil
            order(.remove(state.remains[position].instance), due.why)
        }
    }

    private var isAnyOrderDue: Bool {
        for position in state.fleet.indices where state.fleet[position].$dueOrder.isThere { return true }
        return false
    }

    private mutating func giveDueOrder(_ position: Int) {
        guard let due = state.fleet[position].dueOrder, due.at <= now, mayGive(due, position) else { return }
        state.fleet[position].dueOrder = nil
        let id = state.fleet[position].id
        switch due.order {
        case .launch: order(.launch(id), due.why)
        case .prepare:
            let isStarted = policy.warmPool?.state == .hibernated
            order(.prepare(id, started: isStarted), due.why)
        case .pause:
            state.fleet[position].foundIdle = true
            order(.pause(id), due.why)
        case .resume: order(.resume(id), due.why)
        case .drain: orderDrain(position, due.why)
        case .restore: order(.restore(id), due.why)
        case .terminate: orderTermination(id, due.why)
        case .remove: break  // never due for an instance of the fleet
        }
    }

    private func mayGive(_ due: DueOrder, _ position: Int) -> Bool {
        switch due.order {
        // What is listed was launched, which only a listing that succeeded can tell.
        case .launch, .prepare: return !suspends(.launch) && listingSucceeded
        // Standing by ends nobody; and one that is ended by name, that is ended whatever is suspended.
        case .drain: return state.fleet[position].lifecycleState != .draining || !suspends(.terminate)
        case .terminate: return !suspends(.terminate)
        case .restore, .remove, .pause, .resume: return true
        }
    }

    var listingSucceeded: Bool {
        switch observation.listing {
        case .instances: true
        case .failed, .neverSucceeded, nil: false
        }
    }

    mutating func orderDrain(_ position: Int, _ why: ActionReason) {
        state.fleet[position].drainsAwaited += 1
        order(.drain(state.fleet[position].id), why)
    }

    mutating func orderTermination(_ id: InstanceID, _ why: ActionReason) {
        order(.terminate(id, stopTimeout: policy.stopTimeout), why)
    }
}
