// What the launcher lists against what the group remembers.

extension Tick {
    /// Instances come into service, end, or are adopted. A listing that failed says nothing: all stays as remembered.
    mutating func takeListing() {
        guard case .instances(let listed)? = observation.listing, !listed.areAsRemembered(state.fleet) else { return }
        forgetRemainsThatRun(listed)
        var index = FleetIndex()
        let known = state.fleet.count
        // Nobody is missing from a list that is as long and in the same order.
        let isComplete = listed.areAll(of: state.fleet)
        var seen = isComplete ? [] : [Bool](repeating: false, count: known)
        var endings = Few<Ending>()
        var forgotten: [InstanceID] = []
        // By index: looking at one field copies nothing else.
        for place in listed.indices {
            guard let position = index.find(listed[place].id, in: state.fleet), position < known else {
                meet(listed[place])
                continue
            }
            if !isComplete {
                if seen[position] { continue }
                seen[position] = true
            }
            reviveFailedLaunch(position, listed[place].phase)
            switch listed[place].phase {
            case .starting: isMade(position)
            case .running: runs(position)
            case .paused: hasStarted(position)
            case .exited(let exit): endings.append(Ending(position: position, exit: exit, leavesRemains: true))
            }
        }
        for position in seen.indices where !seen[position] {
            if state.fleet[position].launchFailed {
                // A listing made together with the failure may be older than it.
                if state.fleet[position].stateSince < now { forgotten.append(state.fleet[position].id) }
                continue
            }
            // A launch that is still under way is not listed yet; so only one that was seen running can be gone.
            guard state.fleet[position].runningSince != nil || state.fleet[position].lifecycleState == .warmedStopped
            else { continue }
            endings.append(Ending(position: position, exit: Exit(code: nil), leavesRemains: false))
        }
        if endings.count > 1 { endings = Few(endings.sorted { $0.position < $1.position }) }
        for (removed, ending) in endings.enumerated() {
            end(ending.position - removed, ending.exit, leavesRemains: ending.leavesRemains)
        }
        for id in forgotten { dropFromRefresh(id, nil) }
        if !forgotten.isEmpty { state.fleet.removeAll { forgotten.contains($0.id) } }
    }

    /// Its launch was said to have failed, and here it is: it counts again.
    private mutating func reviveFailedLaunch(_ position: Int, _ phase: ListedInstance.Phase) {
        guard state.fleet[position].launchFailed else { return }
        let isForPool = state.fleet[position].departure == .pool
        switch phase {
        case .starting:
            state.fleet[position].dueOrder = DueOrder(
                isForPool ? .prepare : .launch, at: now, why: .retry(failures: 1))
        // A restart may have ordered its end once more, and closed its gate.
        case .running, .paused:
            state.fleet[position].dueOrder = nil
            if !isForPool {
                order(.restore(state.fleet[position].id), .retry(failures: 1))
            }
        case .exited: return
        }
        state.fleet[position].launchFailed = false
        state.fleet[position].departure = nil
        state.fleet[position].lifecycleState = isForPool ? .warmedPending : .pending
        state.fleet[position].stateSince = now
    }

    private struct Ending {
        var position: Int
        var exit: Exit
        var leavesRemains: Bool
    }

    /// Made, but perhaps never started: a launch order that is due stays due. For a stopped warm pool that is all.
    private mutating func isMade(_ position: Int) {
        guard state.fleet[position].lifecycleState == .warmedPending, policy.warmPool?.state == .stopped else { return }
        state.fleet[position].lifecycleState = .warmedStopped
        state.fleet[position].stateSince = now
        state.fleet[position].dueOrder = nil
        record(.warmed, of: state.fleet[position].id)
    }

    private mutating func runs(_ position: Int) {
        // One that was paused is at work when it was told so and its gate is open; that it runs says neither.
        guard state.fleet[position].runningSince == nil else { return }
        hasStarted(position)
        if state.fleet[position].lifecycleState == .pending { arrive(position) }
        // Taken for made and not started, and started all the same; where nobody holds messages back from it, it works.
        if state.fleet[position].lifecycleState == .warmedStopped, !policy.workIsSeen { depart(position, .pool) }
    }

    /// The launch was carried out: it need not be ordered again.
    private mutating func hasStarted(_ position: Int) {
        guard state.fleet[position].runningSince == nil else { return }
        switch state.fleet[position].dueOrder?.order {
        case .launch, .prepare: state.fleet[position].dueOrder = nil
        case .drain, .restore, .terminate, .remove, .pause, .resume, nil: break
        }
        state.fleet[position].runningSince = now
    }

    /// A launch that took very long has made what was taken for ended: it is met as what it is, and not removed while it works.
    private mutating func forgetRemainsThatRun(_ listed: [ListedInstance]) {
        guard !state.remains.isEmpty else { return }
        state.remains.removeAll { remains in
            listed.contains { instance in
                if case .running = instance.phase { instance.id == remains.instance } else { false }
            }
        }
    }

    /// An instance that the launcher started for this group, and that the group does not remember.
    private mutating func meet(_ listed: ListedInstance) {
        let isKnown =
            state.remains.contains { $0.instance == listed.id } || state.fleet.contains { $0.id == listed.id }
        guard !isKnown else { return }
        switch listed.phase {
        case .exited:
            leaveRemains(of: listed.id)
            record(.remainsFound, of: listed.id)
        // Who made it is not there any more. Where a pool holds what is made and not started, it is of the pool; elsewhere
        // its launch was under way, and ordered again it is brought to an end.
        case .starting where policy.warmPool?.state == .stopped:
            adopt(listed, .warmedStopped, inServiceAt: nil)
            // A late launch may be about to start it, with its gate open.
            orderDrain(state.fleet.count - 1, .warmPool)
        case .starting:
            adopt(listed, .pending, inServiceAt: nil)
            state.fleet[state.fleet.count - 1].dueOrder = DueOrder(.launch, at: now, why: .restarted)
        case .running:
            adopt(listed, .inService, inServiceAt: now)
            // Its gate may be closed: it may have been made for a pool, by an order that was said to have failed.
            order(.restore(listed.id), .wantedAgain(desired: wanted))
        case .paused:
            adopt(listed, .warmedHibernated, inServiceAt: nil)
            state.fleet[state.fleet.count - 1].runningSince = now
            state.fleet[state.fleet.count - 1].isPaused = true
        }
    }

    /// It takes the group's present setting of protection, as an attached instance does.
    private mutating func adopt(_ listed: ListedInstance, _ lifecycleState: LifecycleState, inServiceAt: Instant?) {
        var instance = Instance(
            id: listed.id, lifecycleState: lifecycleState, launchedAt: now, inServiceAt: inServiceAt, stateSince: now,
            protectedFromScaleIn: policy.protectFromScaleIn)
        instance.template = listed.templateVersion.map { LaunchTemplate(name: policy.name, version: $0) }
        state.fleet.append(instance)
        record(.adopted, of: listed.id)
    }

    /// The instance has ended and is forgotten, but for what it left behind.
    mutating func end(_ position: Int, _ exit: Exit, leavesRemains: Bool) {
        let instance = state.fleet.remove(at: position)
        dropFromRefresh(instance.id, instance.departure)
        let asked = instance.lifecycleState == .terminating
        let young = !asked && !instance.isWarmed && diedYoung(instance, exit)
        let time = instance.inServiceAt.map { now - $0 }
        record(.ended(exit, asked: asked, after: time, young: young), of: instance.id)
        if leavesRemains { leaveRemains(of: instance.id) }
        // One that was only made and was taken away says nothing of how launches go.
        let isJustGone = instance.lifecycleState == .warmedStopped && !leavesRemains
        if !asked, instance.isWarmed, !isJustGone {
            countLaunchFailure(of: instance, "\(instance.id) ended in the warm pool, \(exit.sentence)")
        }
        guard young else { return }
        let age = time.map { "within \($0.text) of coming into service" } ?? "before it came into service"
        countLaunchFailure(
            of: instance, "\(instance.id) ended \(age), \(exit.sentence)", logTail: exit.logTail, atWork: true)
    }

    private mutating func leaveRemains(of id: InstanceID) {
        state.remains.append(Remains(instance: id, due: DueOrder(.remove, at: now, why: .ended)))
    }
}

extension [ListedInstance] {
    fileprivate func areAll(of fleet: [Instance]) -> Bool {
        guard count == fleet.count else { return false }
        for position in indices where self[position].id != fleet[position].id { return false }
        return true
    }

    /// The usual case, without any work: everything runs that is in service, in the order of the fleet, and nothing else.
    fileprivate func areAsRemembered(_ fleet: [Instance]) -> Bool {
        guard count == fleet.count else { return false }
        for position in indices {
            guard case .running = self[position].phase, fleet[position].runningSince != nil,
                !fleet[position].isPaused, self[position].id == fleet[position].id
            else { return false }
        }
        return true
    }
}

extension Listing {
    /// It tells the group nothing that it does not know: no tick is needed for it. What a launcher says of health may be news.
    package func isNoNews(for fleet: [Instance]) -> Bool {
        guard case .instances(let listed) = self, listed.areAsRemembered(fleet) else { return false }
        return listed.allSatisfy { $0.health == nil }
    }
}
