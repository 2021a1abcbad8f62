import WeirCore

// A look of the group: what it sees, what it decides, and what becomes of that.

extension Simulation {
    mutating func look() {
        counts.events += 1
        counts.ticks += 1
        askWhetherToGoOn()
        let isMeasured = driver.measures(atNs: nowNs)
        let now = driver.moment(nowNs, from: origin)
        if isMeasured {
            measure(now)
        } else if wasMeasured {
            observation.measurement = nil
        }
        wasMeasured = isMeasured
        lookAtFleet(isMeasured: isMeasured)
        if !policy.workIsSeen { protectTheBusy() }
        driver.takeNews(into: &observation)
        if script != nil { observation.restarted = takeRestart() }
        if policy.workIsSeen { observation.held = held() }
        if let limits { observation.ceiling = limits.ceiling(of: policy, in: state) }
        if onRecord == nil {
            evaluate(&policy, &observation, at: now, after: &evaluation)
        } else {
            evaluateForRecord(now)
        }
        onTick?(now, evaluation, observation.measurement)
        limits?.decided(evaluation.claim, of: policy.name)
        note()
        for index in evaluation.plan.actions.indices { carryOut(evaluation.plan.actions[index].action) }
        expectHooks()
        followIdleness()
        driver.planned(
            tick: evaluation.nextTick, measurement: evaluation.nextMeasurement, from: origin,
            hasNews: driver.fleetHasChanged || driver.outcomesMatter, nowNs: nowNs)
    }

    private mutating func evaluateForRecord(_ now: Instant) {
        let checkpoint = nextCheckpoint()
        evaluate(&policy, &observation, at: now, after: &evaluation)
        onRecord?(
            Record(
                group: policy.name, tick: ticksTold, at: now, dryRun: false, checkpoint: checkpoint,
                observation: observation, evaluation: evaluation))
    }

    /// The record of the tick that begins says where it starts from.
    private mutating func nextCheckpoint() -> Record.Checkpoint? {
        ticksTold += 1
        let isDue = ticksTold % SimulationLimits.ticksPerCheckpoint == 1
        return isDue ? Record.Checkpoint(policy: policy, state: state) : nil
    }

    // MARK: What is seen

    private mutating func measure(_ now: Instant) {
        if !model.sourceOutages.isEmpty, let mistaken = mistakenMeasurement(now) {
            observation.measurement = mistaken
            return
        }
        if let told = script?.source?(nowNs) {
            observation.measurement = measure(as: told)
            return
        }
        let visible = waiting.count + returned.count
        var oldestNs = waiting.isEmpty ? Int64.max : waiting.oldestArrivalNs
        if !returned.isEmpty { oldestNs = min(oldestNs, returned.oldestArrivalNs) }
        let age = visible == 0 ? 0 : Double(nowNs - oldestNs) / 1e9
        let (arrivalRate, completionRate) = driver.rates(arrived: arrived, completed: counts.completed, atNs: nowNs)
        observation.measurement = Measurement(
            visible: .value(Double(visible)), inFlight: .value(Double(busy + hidden.count)), delayed: .value(0),
            oldestAge: .value(age), arrivalRate: arrivalRate, completionRate: completionRate)
        driver.measured(atNs: nowNs)
        if !model.untold.isEmpty { observation.measurement?.leaveOut(model.untold) }
        if followsTraffic {
            let seen = takeTraffic()
            observation.measurement?.traffic = seen
        }
        if !model.sourceOutages.isEmpty { keepAnswer(now) }
    }

    mutating func listFleet() {
        // Nobody else holds it any more, and its memory is used again.
        observation.listing = nil
        while !listed.isEmpty { listed.removeLast() }
        for position in present {
            if let instance = machines[position].listed { listed.append(consume instance) }
        }
        observation.listing = .instances(listed)
    }

    /// It changes nothing, and is called mutating all the same: for one that is not, the compiler copies the whole simulation first.
    private mutating func held() -> [HeldMessages] {
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
                guard let known = machine(of: state.fleet[index].id) else { continue }
                position = known
                while next < present.count, present[next] <= known { next += 1 }
            }
            // One that hangs protects itself no more, nor does it take back what it said.
            if machines[position].hangs { continue }
            let isBusy = machines[position].busy > 0
            let isProtected = isBusy || policy.protectFromScaleIn
            guard state.fleet[index].protectedFromScaleIn != isProtected else { continue }
            if onRecord == nil {
                state.fleet[index].protectedFromScaleIn = isProtected
            } else if state.fleet[index].lifecycleState.canBeProtected {
                // Records say it, so that each tick follows from the one before it. Each asks for itself, as a live one does: what one is
                // refused takes nothing from the others.
                driver.requests.append(.setProtection([state.fleet[index].id], protected: isProtected))
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
            if let position = machine(of: id) {
                machines[position].gateIsOpen = false
                held = policy.workIsSeen ? machines[position].busy : nil
            }
            answer(action, .drained(held: held))
        case .restore(let id):
            if let position = machine(of: id),
                machines[position].phase == .running || machines[position].phase == .starting
            {
                machines[position].gateIsOpen = true
                if machines[position].phase == .running { offer(position) }
            }
            answer(action, .done)
        case .terminate(let id, let limit):
            guard let position = machine(of: id) else {
                driver.fleetHasChanged = true
                return answer(action, .done)
            }
            // One that runs has ended when it is listed so; one that never ran, when this is said.
            let ran = machines[position].phase != .starting
            stop(position, within: limit)
            ran ? answerInPassing(action) : answer(action, .done)
        case .remove(let id):
            // The group has left it out of its fleet already.
            let isNews = driver.fleetHasChanged
            if let position = machine(of: id) { vanish(position) }
            driver.fleetHasChanged = isNews
            answerInPassing(action)
        case .pause(let id):
            if let position = machine(of: id) { pause(position) }
            answer(action, .done)
        case .resume(let id):
            if let position = machine(of: id) { resume(position) }
            answer(action, .done)
        case .runHook(let id, let hook):
            guard let position = machine(of: id) else { return }
            let spanNs = (model.hookCompletion ?? .seconds(1)).wholeMilliseconds * Self.millisecondNs
            agenda.add(.hookCommandEnds(machine: position, hook: hook), atNs: nowNs + spanNs)
        }
    }

    private mutating func answer(_ action: Action, _ result: ActionOutcome.Result) {
        driver.outcomes.append(ActionOutcome(action: action, result: result))
        driver.outcomesMatter = true
    }

    /// The group learns nothing by it but that its order was carried out, and is told when it looks next.
    private mutating func answerInPassing(_ action: Action) {
        driver.outcomes.append(ActionOutcome(action: action, result: .done))
        if limits != nil { driver.outcomesMatter = true }
    }

    /// Somebody completes the hooks that no command does.
    @inline(__always)
    private mutating func expectHooks() {
        guard !policy.lifecycleHooks.isEmpty, let delay = model.hookCompletion else { return }
        for event in evaluation.events {
            guard case .hookBegan = event.kind, let position = machine(of: event.instance),
                let instance = state.fleet.first(where: { $0.id == event.instance })
            else { continue }
            for wait in instance.hooks where !wait.hook.runsCommand {
                agenda.add(
                    .completesHook(machine: position, hook: wait.hook.name, token: wait.token),
                    atNs: nowNs + delay.wholeMilliseconds * Self.millisecondNs)
            }
        }
    }

    @inline(__always)
    private mutating func followIdleness() {
        var active = 0
        idleMatters = false
        for index in evaluation.state.fleet.indices {
            switch evaluation.state.fleet[index].lifecycleState {
            case .inService, .pending, .pendingWait: active += 1
            case .draining, .enteringStandby, .terminatingWait: idleMatters = true
            case .standby, .terminating, .warmedPending, .warmedStopped, .warmedHibernated: break
            }
        }
        let isRefreshing = evaluation.state.$refresh.isThere && evaluation.state.isRefreshing
        if active > evaluation.state.desiredCapacity || isRefreshing { idleMatters = true }
        if let limits { (yields, idleMatters) = limits.yielding(evaluation, active: active, idleMatters) }
    }

    // MARK: What is told

    @inline(__always)
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

extension LifecycleState {
    /// The others are told no, and their protection matters no more.
    fileprivate var canBeProtected: Bool {
        switch self {
        case .pending, .pendingWait, .inService, .enteringStandby, .standby: true
        case .draining, .terminatingWait, .terminating, .warmedPending, .warmedStopped, .warmedHibernated: false
        }
    }
}

extension Measurement {
    /// As of a source that does not tell these. What is made of others is missing with them.
    fileprivate mutating func leaveOut(_ metrics: Set<BuiltInMetric>) {
        let places: [(BuiltInMetric, WritableKeyPath<Measurement, Reading>)] = [
            (.inFlight, \.inFlight), (.delayed, \.delayed), (.oldestAge, \.oldestAge), (.arrivalRate, \.arrivalRate),
            (.completionRate, \.completionRate),
        ]
        for (metric, place) in places where metrics.contains(metric) { self[keyPath: place] = .missing(.notTold) }
    }
}
