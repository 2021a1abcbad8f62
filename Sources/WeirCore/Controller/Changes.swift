// What changed around a group between two ticks: its clock, its policy, the process that runs it.

extension Tick {
    /// A clock that was set back: no time has passed, and everything remembered keeps its distance to now. A clock that
    /// jumped forward needs no care here: its windows have become empty, and not knowing is a case.
    mutating func followClock() {
        guard let last = state.lastTick, now < last else { return }
        state.move(by: now - last)
    }

    /// Alarms of the policy as it is now, each with the state it had under its name; and a desired capacity within its bounds.
    mutating func followPolicy() {
        if !alarmsAreAligned { alignAlarms() }
        followTemplate()
        if policy.leaving {
            if !state.hasNothingLeft { give(.leaving) }
            if state.fleet.isEmpty, let listingFailure { give(.heldByFailedListing(listingFailure)) }
            return
        }
        followSizes()
        let (capacity, reason) = bounds.clamp(state.desiredCapacity)
        guard let reason else { return }
        state.desiredCapacity = capacity
        reasons.append(reason)
    }

    private var alarmsAreAligned: Bool {
        let metric = policy.alarms.count
        guard state.alarms.count == metric + policy.compositeAlarms.count else { return false }
        for index in policy.alarms.indices where state.alarms[index].name != policy.alarms[index].name { return false }
        for index in policy.compositeAlarms.indices
        where state.alarms[metric + index].name != policy.compositeAlarms[index].name { return false }
        return true
    }

    private mutating func alignAlarms() {
        let former = state.alarms
        let names = policy.alarms.map(\.name) + policy.compositeAlarms.map(\.name)
        state.alarms = names.map { name in
            former.first { $0.name == name } ?? AlarmStatus(name: name, since: now)
        }
    }

    /// Commands of hooks that were under way ended with the process that ran them. One that the policy does not have any
    /// more cannot be run; its wait ends by itself.
    private mutating func runHooksAgain(_ position: Int) {
        for wait in state.fleet[position].hooks where wait.hook.runsCommand {
            let isThere = policy.lifecycleHooks.contains {
                $0.name == wait.hook.name && $0.transition == wait.hook.transition && $0.runsCommand
            }
            if isThere { orderHook(state.fleet[position].id, wait.hook.name, .restarted) }
        }
    }

    /// After a restart every order is open again: whether the last process had it carried out is not known. Each is safe to
    /// give twice. A launch that is under way gets its whole time again.
    @inline(__always)
    mutating func followRestart() {
        guard observation.restarted else { return }
        // An instance refresh does not lose the time in which nobody ran it.
        if state.refresh?.isUnderWay == true { state.refresh?.lastProgress = now }
        for index in state.fleet.indices {
            state.fleet[index].drainsAwaited = 0
            state.fleet[index].foundIdle = false
            switch state.fleet[index].lifecycleState {
            case .pending:
                state.fleet[index].stateSince = now
                let order: Order = state.fleet[index].isPaused ? .resume : .launch
                state.fleet[index].dueOrder = DueOrder(order, at: now, why: .restarted)
            case .warmedPending:
                // One that runs is paused when its preparation is over.
                let isMade = state.fleet[index].runningSince != nil
                if !isMade { state.fleet[index].stateSince = now }
                state.fleet[index].dueOrder = isMade ? nil : DueOrder(.prepare, at: now, why: .restarted)
            case .inService, .standby, .warmedStopped, .warmedHibernated: break
            case .draining, .enteringStandby:
                state.fleet[index].dueOrder = DueOrder(.drain, at: now, why: .restarted)
            case .pendingWait, .terminatingWait: runHooksAgain(index)
            case .terminating: state.fleet[index].dueOrder = DueOrder(.terminate, at: now, why: .restarted)
            }
        }
        for index in state.remains.indices {
            state.remains[index].due = DueOrder(.remove, at: now, why: .restarted)
        }
    }
}

extension GroupState {
    /// Moves every remembered moment by the same span.
    mutating func move(by span: Duration) {
        func move(_ moment: inout Instant?) { moment = moment.map { $0 + span } }
        createdAt = createdAt + span
        move(&lastTick)
        move(&lastMeasured)
        move(&restartedAt)
        move(&nextMeasurement)
        history.move(by: span)
        for index in fleet.indices { fleet[index].move(by: span) }
        for index in policyOutcomes.indices { policyOutcomes[index].at = policyOutcomes[index].at + span }
        for index in alarms.indices {
            alarms[index].since = alarms[index].since + span
            move(&alarms[index].lastInvoked)
            move(&alarms[index].nextEvaluation)
        }
        if var moved = cooldown {
            moved.startedAt = moved.startedAt + span
            move(&moved.until)
            cooldown = moved
        }
        launchBackoff?.move(by: span)
        refresh?.move(by: span)
        sourceBackoff?.move(by: span)
        noProgress?.move(by: span)
        silence?.move(by: span)
        if let moved = believed { believed?.at = moved.at + span }
        progressWatch?.move(by: span)
        if var memories = waitMemories {
            for index in memories.indices { memories[index].move(by: span) }
            waitMemories = memories
        }
        if var memories = backlogMemories {
            for index in memories.indices { memories[index].move(by: span) }
            backlogMemories = memories
        }
        for index in heldPolicies.indices { move(&heldPolicies[index].until) }
        for index in remains.indices {
            remains[index].due = remains[index].due.map { DueOrder($0.order, at: $0.at + span, why: $0.why) }
        }
    }
}

extension InstanceRefresh {
    fileprivate mutating func move(by span: Duration) {
        startedAt = startedAt + span
        endedAt = endedAt.map { $0 + span }
        lastProgress = lastProgress + span
        checkpointUntil = checkpointUntil.map { $0 + span }
    }
}

extension Backoff {
    fileprivate mutating func move(by span: Duration) {
        since = since + span
        until = until + span
    }
}

extension SourceSilence {
    fileprivate mutating func move(by span: Duration) {
        since = since + span
        lastBelieved = lastBelieved.map { $0 + span }
        fallbackSince = fallbackSince.map { $0 + span }
    }
}

extension ProgressWatch {
    fileprivate mutating func move(by span: Duration) {
        since = since + span
        lastSeen = lastSeen + span
    }
}

extension Instance {
    fileprivate mutating func move(by span: Duration) {
        launchedAt = launchedAt + span
        runningSince = runningSince.map { $0 + span }
        inServiceAt = inServiceAt.map { $0 + span }
        for index in hooks.indices { hooks[index].move(by: span) }
        if let unhealthy { self.unhealthy?.since = unhealthy.since + span }
        stateSince = stateSince + span
        dueOrder = dueOrder.map { DueOrder($0.order, at: $0.at + span, why: $0.why) }
    }
}
