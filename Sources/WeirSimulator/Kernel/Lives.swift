import WeirCore

// Instances begin, are paused, stop and end.

extension Simulation {
    static let millisecondNs: Int64 = 1_000_000

    /// As many as are desired at the beginning are in service, as if they had always been.
    mutating func placeFirstInstances() {
        // In a story they are warm, whatever the policy's warmup is.
        let since = script == nil ? origin : origin - Limits.longestInstanceWarmup
        for _ in 0..<state.desiredCapacity {
            let id = state.drawInstanceID()
            let machine = add(id)
            state.fleet.append(
                Instance(
                    id: id, lifecycleState: .inService, launchedAt: since, inServiceAt: since, stateSince: since,
                    protectedFromScaleIn: policy.protectFromScaleIn))
            run(machine)
        }
        driver.fleetHasChanged = false
    }

    mutating func add(_ id: InstanceID) -> Int {
        let machine = machines.count
        machines.append(Machine(id, launchedNs: nowNs))
        present.append(machine)
        if !positions.isEmpty {
            positions[id] = machine
        } else if present.count > SimulationLimits.fewInstances {
            for machine in present { positions[machines[machine].id] = machine }
        }
        return machine
    }

    /// Which machine this instance is; nil: nothing is left of it. It changes nothing, and is called mutating all the same: for one
    /// that is not, the compiler copies the whole simulation first.
    mutating func machine(of id: InstanceID) -> Int? {
        guard positions.isEmpty else { return positions[id] }
        for place in present.indices where machines[present[place]].id == id { return present[place] }
        return nil
    }

    private mutating func move(_ machine: Int, to phase: Machine.Phase) {
        machines[machine].phase = phase
        machines[machine].generation += 1
        driver.fleetHasChanged = true
    }

    // MARK: Begin

    /// Made and started, or only made. Asked twice, it is made once.
    mutating func launch(_ id: InstanceID, starts: Bool, isOpen: Bool) {
        let known = machine(of: id)
        if known == nil, script?.launchesFail == true || chances.launches.happens(model.launchFailureRate) {
            counts.failedLaunches += 1
            let action: Action = isOpen ? .launch(id) : .prepare(id, started: starts)
            return agenda.add(
                .answers(ActionOutcome(action: action, result: .failed("the simulated launcher refused"))),
                atNs: nowNs + Self.millisecondNs)
        }
        let machine = known ?? add(id)
        let span = known == nil ? model.startup : model.warmStartup ?? model.startup
        if known == nil {
            counts.launches += 1
            machines[machine].gateIsOpen = isOpen
            if !starts { return move(machine, to: .made) }
        } else {
            guard machines[machine].phase == .made, starts else { return }
            machines[machine].gateIsOpen = isOpen
            // One that was only made costs nothing.
            machines[machine].launchedNs = nowNs
        }
        move(machine, to: .starting)
        // Until then it is under way, and nothing is news.
        driver.fleetHasChanged = false
        agenda.add(
            .runs(machine: machine, generation: machines[machine].generation),
            atNs: nowNs + span.draw(&chances.starts))
    }

    mutating func run(_ machine: Int) {
        if machines[machine].firstSlot < 0 {
            giveSlots(to: machine)
            expectHanging(machine)
        }
        move(machine, to: machines[machine].hangs ? .hung : .running)
        offer(machine)
    }

    private mutating func giveSlots(to machine: Int) {
        machines[machine].firstSlot = slots.count
        for _ in 0..<policy.concurrency { slots.append(Slot(machine: machine)) }
    }

    /// Its idle slots wait for messages, and get them.
    mutating func offer(_ machine: Int) {
        guard machines[machine].takesWork else { return }
        for slot in machines[machine].firstSlot..<machines[machine].firstSlot + policy.concurrency
        where !slots[slot].isBusy {
            list(slot)
        }
        handOut()
    }

    mutating func pause(_ machine: Int) { move(machine, to: .paused) }

    mutating func resume(_ machine: Int) {
        machines[machine].gateIsOpen = true
        run(machine)
    }

    // MARK: End

    mutating func stop(_ machine: Int, within limit: Duration) {
        switch machines[machine].phase {
        case .gone, .exited, .stopping: return
        case .made: return vanish(machine)
        case .starting, .running, .hung, .paused: break
        }
        if machines[machine].busy > 0 { counts.busyTerminations += 1 }
        counts.terminations += 1
        machines[machine].gateIsOpen = false
        dropWork(of: machine)
        let spanNs = min(model.stop.draw(&chances.stops), limit.wholeMilliseconds * Self.millisecondNs)
        move(machine, to: .stopping)
        driver.fleetHasChanged = false
        agenda.add(
            .ends(machine: machine, generation: machines[machine].generation, exitCode: 143), atNs: nowNs + spanNs)
    }

    /// It ends at once, with all that it has in hand.
    mutating func end(_ machine: Int, exitCode: Int) {
        dropWork(of: machine)
        machines[machine].exitCode = exitCode
        machines[machine].gateIsOpen = false
        costs.ends(machines[machine], atNs: nowNs)
        move(machine, to: .exited)
        driver.nudge(atNs: nowNs)
    }

    /// Nothing is left of it.
    mutating func vanish(_ machine: Int) {
        if machines[machine].isPaid { costs.ends(machines[machine], atNs: nowNs) }
        move(machine, to: .gone)
        present.removeAll { $0 == machine }
        if !positions.isEmpty { positions[machines[machine].id] = nil }
    }

    /// What it worked on is not done by it.
    private mutating func dropWork(of machine: Int) {
        let first = machines[machine].firstSlot
        guard machines[machine].busy > 0, first >= 0 else { return }
        // What a hung one held is hidden already.
        if machines[machine].hangs { return forgetHeld(by: machine) }
        let own = first..<first + policy.concurrency
        for slot in own where slots[slot].isBusy {
            giveUp(slot)
            release(slot)
        }
        departures.removeAll { own.contains($0) }
    }

    // MARK: What happens at its time

    mutating func happen() {
        counts.events += 1
        switch agenda.removeFirst() {
        case .runs(let machine, let generation):
            guard machines[machine].generation == generation else { return }
            run(machine)
            driver.nudge(atNs: nowNs)
            if followsTraffic { driver.asks(atNs: nowNs, isEmpty: present.isEmpty) }
        case .ends(let machine, let generation, let exitCode):
            guard machines[machine].generation == generation else { return }
            end(machine, exitCode: exitCode)
        case .returns(let message, _): becomesVisible(message)
        case .hangs(let machine): hang(machine)
        case .letsGo(let machine, let generation):
            guard machines[machine].generation == generation else { return }
            letGo(machine)
        case .asksForHealth: askForHealth()
        case .tellsHealth(let reports): hear(reports)
        case .expires(let again): expire(again: again)
        case .asks(let slot): askAgain(slot)
        case .completesHook(let machine, let hook, let token):
            driver.requests.append(
                .completeLifecycle(hook: hook, instance: machines[machine].id, token: token, .continue))
            driver.nudge(atNs: nowNs)
        case .hookCommandEnds(let machine, let hook):
            driver.outcomes.append(
                ActionOutcome(action: .runHook(machines[machine].id, hook: hook), result: .done))
            driver.nudge(atNs: nowNs)
        case .answers(let outcome):
            driver.outcomes.append(outcome)
            driver.fleetHasChanged = true
            driver.nudge(atNs: nowNs)
        case .scripted(let happening): happens(happening)
        case nil: break
        }
    }
}
