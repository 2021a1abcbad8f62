import WeirCore

// A look of the group: what it sees, what it decides, and what becomes of that.

extension Simulation {
    mutating func look() {
        counts.events += 1
        counts.ticks += 1
        askWhetherToGoOn()
        let isMeasured = driver.measures(atNs: nowNs)
        let now = driver.moment(nowNs, from: origin)
        observation.measurement = isMeasured ? measure(now) : nil
        observation.listing = lookAtFleet(isMeasured: isMeasured)
        driver.takeNews(into: &observation)
        if script != nil { observation.restarted = takeRestart() }
        if policy.workIsSeen {
            observation.held = held()
        } else {
            protectTheBusy()
        }
        let checkpoint = onRecord == nil ? nil : nextCheckpoint()
        if let limits { observation.ceiling = limits.ceiling(of: policy, in: state) }
        evaluate(policy, &observation, at: now, after: &evaluation)
        onRecord?(
            Record(
                group: policy.name, tick: ticksTold, at: now, dryRun: false, checkpoint: checkpoint,
                observation: observation, evaluation: evaluation))
        onTick?(now, evaluation, observation.measurement)
        limits?.decided(evaluation.claim, of: policy.name)
        note()
        for index in evaluation.plan.actions.indices { carryOut(evaluation.plan.actions[index].action) }
        expectHooks()
        followIdleness()
        driver.planned(
            tick: evaluation.nextTick, measurement: evaluation.nextMeasurement, from: origin,
            hasNews: driver.fleetHasChanged || !driver.outcomes.isEmpty, nowNs: nowNs)
    }

    /// The record of the tick that begins says where it starts from.
    private mutating func nextCheckpoint() -> Record.Checkpoint? {
        ticksTold += 1
        let isDue = hasProtected || ticksTold % SimulationLimits.ticksPerCheckpoint == 1
        // Workers changed their protection without a request, so this tick does not follow from the one before: a number is left
        // out.
        if hasProtected { ticksTold += 1 }
        hasProtected = false
        return isDue ? Record.Checkpoint(policy: policy, state: state) : nil
    }

    // MARK: What is seen

    private mutating func measure(_ now: Instant) -> Measurement {
        if let mistaken = mistakenMeasurement(now) { return mistaken }
        if let told = script?.source?(nowNs) { return measure(as: told) }
        let visible = waiting.count + returned.count
        var oldestNs = waiting.isEmpty ? Int64.max : waiting.oldestArrivalNs
        if !returned.isEmpty { oldestNs = min(oldestNs, returned.oldestArrivalNs) }
        let age = visible == 0 ? 0 : Double(nowNs - oldestNs) / 1e9
        var measurement = Measurement(
            visible: .value(Double(visible)), inFlight: .value(Double(busy + hidden.count)), delayed: .value(0),
            oldestAge: .value(age))
        (measurement.arrivalRate, measurement.completionRate) = driver.rates(
            arrived: arrived, completed: counts.completed, atNs: nowNs)
        driver.measured(atNs: nowNs)
        keep(measurement, now)
        return measurement
    }

    func listing() -> [ListedInstance] {
        var listed: [ListedInstance] = []
        listed.reserveCapacity(present.count)
        for position in present {
            let phase: ListedInstance.Phase
            switch machines[position].phase {
            case .starting, .made: phase = .starting
            case .running, .hung, .stopping: phase = .running
            case .paused: phase = .paused
            case .exited: phase = .exited(Exit(code: machines[position].exitCode))
            case .gone: continue
            }
            listed.append(ListedInstance(id: machines[position].id, phase: phase))
        }
        return listed
    }

    private func held() -> [HeldMessages] {
        var held: [HeldMessages] = []
        guard busy > 0 || heldByHung > 0 else { return held }
        held.reserveCapacity(busy)
        for position in present where machines[position].busy > 0 {
            held.append(HeldMessages(instance: machines[position].id, messages: machines[position].busy))
        }
        return held
    }

    /// Where nobody sees who works on what, workers protect themselves as long as they do.
    private mutating func protectTheBusy() {
        guard model.workersProtectThemselves else { return }
        // Both are in the order of their launches, but for a few that only one of them knows: few have to be looked up.
        var next = 0
        for index in state.fleet.indices {
            let position: Int
            if next < present.count, machines[present[next]].id == state.fleet[index].id {
                position = present[next]
                next += 1
            } else {
                guard let known = positions[state.fleet[index].id] else { continue }
                position = known
                while next < present.count, present[next] <= known { next += 1 }
            }
            // One that hangs protects itself no more, nor does it take back what it said.
            if machines[position].hangs { continue }
            let isBusy = machines[position].busy > 0
            if state.fleet[index].protectedFromScaleIn != isBusy {
                state.fleet[index].protectedFromScaleIn = isBusy || policy.protectFromScaleIn
                hasProtected = true
            }
        }
    }

    // MARK: What is done

    private mutating func carryOut(_ action: Action) {
        if isRefused(action) { return }
        switch action {
        case .launch(let id): launch(id, starts: true, isOpen: true)
        case .prepare(let id, let started): launch(id, starts: started, isOpen: false)
        case .drain(let id):
            var held: Int?
            if let position = positions[id] {
                machines[position].gateIsOpen = false
                held = policy.workIsSeen ? machines[position].busy : nil
            }
            answer(action, .drained(held: held))
        case .restore(let id):
            if let position = positions[id],
                machines[position].phase == .running || machines[position].phase == .starting
            {
                machines[position].gateIsOpen = true
                if machines[position].phase == .running { offer(position) }
            }
            answer(action, .done)
        case .terminate(let id, let limit):
            if let position = positions[id] { stop(position, within: limit) } else { driver.fleetHasChanged = true }
            answer(action, .done)
        case .remove(let id):
            if let position = positions[id] { vanish(position) }
            answer(action, .done)
        case .pause(let id):
            if let position = positions[id] { pause(position) }
            answer(action, .done)
        case .resume(let id):
            if let position = positions[id] { resume(position) }
            answer(action, .done)
        case .runHook(let id, let hook):
            guard let position = positions[id] else { return }
            let spanNs = (model.hookCompletion ?? .seconds(1)).wholeMilliseconds * Self.millisecondNs
            agenda.add(.hookCommandEnds(machine: position, hook: hook), atNs: nowNs + spanNs)
        }
    }

    private mutating func answer(_ action: Action, _ result: ActionOutcome.Result) {
        driver.outcomes.append(ActionOutcome(action: action, result: result))
    }

    /// Somebody completes the hooks that no command does.
    private mutating func expectHooks() {
        guard let delay = model.hookCompletion, !evaluation.events.isEmpty else { return }
        for event in evaluation.events {
            guard case .hookBegan = event.kind, let position = positions[event.instance],
                let instance = state.fleet.first(where: { $0.id == event.instance })
            else { continue }
            for wait in instance.hooks where !wait.hook.runsCommand {
                agenda.add(
                    .completesHook(machine: position, hook: wait.hook.name, token: wait.token),
                    atNs: nowNs + delay.wholeMilliseconds * Self.millisecondNs)
            }
        }
    }

    private mutating func followIdleness() {
        var active = 0
        idleMatters = false
        for index in state.fleet.indices {
            switch state.fleet[index].lifecycleState {
            case .inService, .pending, .pendingWait: active += 1
            case .draining, .enteringStandby, .terminatingWait: idleMatters = true
            case .standby, .terminating, .warmedPending, .warmedStopped, .warmedHibernated: break
            }
        }
        if active > state.desiredCapacity || state.isRefreshing { idleMatters = true }
        if let limits { (yields, idleMatters) = limits.yielding(evaluation, active: active, idleMatters) }
    }

    // MARK: What is told

    private mutating func note() {
        counts.alarmTransitions += evaluation.alarmTransitions.count
        for index in evaluation.decision.reasons.indices {
            switch evaluation.decision.reasons[index].fact {
            case .heldByWork, .heldByProtection: counts.protectedDelays += 1
            default: break
            }
        }
        counts.peakInstances = max(counts.peakInstances, present.count)
        timeline?.decided(evaluation, leading: state.fleet, atNs: nowNs)
    }
}
