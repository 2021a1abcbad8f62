// How the actions of earlier plans ended.

extension Tick {
    mutating func takeOutcomes() {
        for place in observation.outcomes.indices { take(observation.outcomes[place]) }
    }

    private mutating func take(_ outcome: ActionOutcome) {
        let id = outcome.action.instance
        if case .remove = outcome.action { return takeRemoval(of: id, outcome.result) }
        if case .runHook(_, let hook) = outcome.action { return takeHookRun(id, hook, outcome.result) }
        guard let index = state.fleet.firstIndex(where: { $0.id == id }) else { return }
        switch outcome.action {
        case .launch: takeLaunch(index, outcome.result)
        case .prepare(_, let started):
            takeLaunch(index, outcome.result)
            if !started { orderPreparation(index, outcome.result) }
        case .pause: takePause(index, outcome.result)
        case .resume: takeResume(index, outcome.result)
        case .drain: takeDrain(index, outcome.result)
        case .restore: takeRestore(index, outcome.result)
        case .terminate: takeTermination(index, outcome.result)
        case .remove, .runHook: break  // taken above
        }
    }

    /// A launch that went wrong counts for nothing, and the next attempt is a new instance. But only a later listing without
    /// it shows that nothing came of it: until then it is remembered, or an answer that was lost would leave an orphan.
    private mutating func takeLaunch(_ index: Int, _ result: ActionOutcome.Result) {
        guard case .failed(let why) = result, state.fleet[index].runningSince == nil else { return }
        let instance = state.fleet[index]
        guard listedPhase(instance.id) == nil else { return retryHalfALaunch(index, why) }
        switch instance.lifecycleState {
        case .pending, .draining, .warmedPending, .warmedStopped:
            state.fleet[index].departure = instance.isWarmed ? .pool : .launchFailure
            state.fleet[index].lifecycleState = .terminating
            state.fleet[index].stateSince = now
            state.fleet[index].launchFailed = true
            state.fleet[index].dueOrder = nil
            record(.launchFailed(why), of: instance.id)
            countLaunchFailure(of: instance, "\(instance.id) could not be launched: \(why)")
        case .pendingWait, .inService, .enteringStandby, .standby, .terminatingWait, .terminating, .warmedHibernated:
            break
        }
    }

    /// Made, and not started.
    private mutating func retryHalfALaunch(_ index: Int, _ why: String) {
        guard case .starting? = listedPhase(state.fleet[index].id) else { return }
        switch state.fleet[index].lifecycleState {
        case .pending: retryOrder(.launch, index, why)
        // For a pool of stopped ones, made is all that is asked.
        case .warmedPending: if policy.warmPool?.state == .hibernated { retryOrder(.prepare, index, why) }
        case .pendingWait, .inService, .enteringStandby, .standby, .draining, .terminatingWait, .terminating,
            .warmedStopped, .warmedHibernated:
            break
        }
    }

    /// Made, and not started. A listing that shows it there ends this, unless the pool is to be a hibernated one by now.
    private mutating func orderPreparation(_ index: Int, _ result: ActionOutcome.Result) {
        guard state.fleet[index].lifecycleState == .warmedPending, state.fleet[index].runningSince == nil,
            state.fleet[index].dueOrder == nil
        else { return }
        switch result {
        case .done, .drained: state.fleet[index].dueOrder = DueOrder(.prepare, at: now, why: .warmPool)
        case .failed: break  // it is tried again, or given up
        }
    }

    private func listedPhase(_ id: InstanceID) -> ListedInstance.Phase? {
        guard case .instances(let listed)? = observation.listing else { return nil }
        return listed.first { $0.id == id }?.phase
    }

    private mutating func takeDrain(_ index: Int, _ result: ActionOutcome.Result) {
        let awaited = max(state.fleet[index].drainsAwaited - 1, 0)
        state.fleet[index].drainsAwaited = awaited
        switch state.fleet[index].lifecycleState {
        case .draining, .enteringStandby: break
        // It ends whatever it holds; only its gate has to close.
        case .terminatingWait:
            if case .failed(let why) = result { retryOrder(.drain, index, why) }
            return
        case .pending, .pendingWait, .inService, .standby, .terminating, .warmedPending, .warmedStopped,
            .warmedHibernated:
            return
        }
        switch result {
        case .failed(let why): retryOrder(.drain, index, why)
        case .done: drainTookEffect(index, held: nil)
        // An earlier drain, undone since, says nothing: its instance may have received messages in between.
        case .drained(let held): if awaited == 0 { drainTookEffect(index, held: held) }
        }
    }

    private mutating func drainTookEffect(_ index: Int, held: Int?) {
        state.fleet[index].failedOrders = 0
        guard let held, held > 0 else {
            state.fleet[index].foundIdle = true
            return
        }
        state.fleet[index].heldMessages = held
        // One that goes in any case finishes its work behind the closed gate.
        if !state.fleet[index].finishesItsWork { bringBack(index, .busy(held)) }
    }

    private mutating func takeRestore(_ index: Int, _ result: ActionOutcome.Result) {
        guard case .failed(let why) = result else {
            state.fleet[index].failedOrders = 0
            return
        }
        switch state.fleet[index].lifecycleState {
        case .pending, .pendingWait, .inService: retryOrder(.restore, index, why)
        // It is not wanted back any more.
        case .enteringStandby, .standby, .draining, .terminatingWait, .terminating, .warmedPending, .warmedStopped,
            .warmedHibernated:
            break
        }
    }

    private mutating func takeTermination(_ index: Int, _ result: ActionOutcome.Result) {
        guard state.fleet[index].lifecycleState == .terminating else { return }
        switch result {
        case .failed(let why): retryOrder(.terminate, index, why)
        // It has ended, and a listing tells how; if not this one, then the next. One that never ran may never be listed.
        case .done, .drained:
            if let exit = listedExit(state.fleet[index].id) {
                end(index, exit, leavesRemains: true)
            } else if state.fleet[index].runningSince == nil {
                end(index, Exit(code: nil), leavesRemains: true)
            }
        }
    }

    private func listedExit(_ id: InstanceID) -> Exit? {
        guard case .exited(let exit)? = listedPhase(id) else { return nil }
        return exit
    }

    private mutating func takeRemoval(of id: InstanceID, _ result: ActionOutcome.Result) {
        guard let index = state.remains.firstIndex(where: { $0.instance == id }) else { return }
        guard case .failed(let why) = result else {
            state.remains.remove(at: index)
            return
        }
        state.remains[index].failures += 1
        let failures = state.remains[index].failures
        state.remains[index].due = DueOrder(.remove, at: now + orderPause(failures), why: .retry(failures: failures))
        record(.orderFailed(.remove, why: why), of: id)
    }

    mutating func retryOrder(_ order: Order, _ index: Int, _ why: String) {
        state.fleet[index].failedOrders += 1
        let failures = state.fleet[index].failedOrders
        state.fleet[index].dueOrder = DueOrder(order, at: now + orderPause(failures), why: .retry(failures: failures))
        record(.orderFailed(order, why: why), of: state.fleet[index].id)
    }

    private func orderPause(_ failures: Int) -> Duration {
        doubled(Limits.shortestOrderRetry, times: failures - 1, upTo: Limits.longestOrderRetry)
    }
}
