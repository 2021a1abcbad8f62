import WeirCore
import WeirRuntime

// What changes the weather: engines and sources that go away, clocks that are set, a weir that dies, people.

extension Storm {
    func weather() {
        guard isStormy else { return }
        agenda.add(.weather, at: now + chance.spell(options.weatherMs))
        let group = chance.pick(groups)
        switch chance.below(20) {
        case 0:
            faults.add(.engineAway)
            engineIsAwayUntil = now + chance.spell(120_000)
            agenda.add(.engineReturns, at: engineIsAwayUntil)
        case 1, 2:
            faults.add(.sourceAway)
            group.sourceIsAwayUntil = now + chance.spell(chance.one(in: 4) ? 900_000 : 90_000)
        case 3: setClock()
        case 4...8: kill()
        case 9:
            faults.add(.diskFailed)
            diskFailsUntil = now + chance.spell(60_000)
        case 10: hang(in: group)
        case 11: takeAway(in: group)
        case 12:
            if chance.one(in: 3) {
                faults.add(.crashLoop)
                group.crashLoopUntil = now + 1_800_000 + chance.spell(3_600_000)
            }
        case 13, 14: changePolicy(group)
        case 15: bringStray(to: group)
        case 16: if chance.one(in: 2) { bringForeign(to: group) }
        case 17: if chance.one(in: 4) { takePolicy(group) }
        case 18:
            guard limit != nil else { return }
            faults.add(.limitChanged)
            change(limit: 2 * groups.count + chance.below(12))
        default: break
        }
    }

    private func setClock() {
        clockSetAt = now
        checks.clockIsSet(in: self)
        if chance.one(in: 2) {
            faults.add(.clockForward)
            skew += chance.spell(chance.one(in: 4) ? 3_600_000 : 60_000)
        } else {
            faults.add(.clockBack)
            skew -= chance.spell(chance.one(in: 4) ? 3_600_000 : 60_000)
        }
    }

    private func kill() {
        guard isUp else { return }
        switch chance.below(10) {
        case 0...2:
            faults.add(.killed)
            die()
        case 3, 4:
            faults.add(.killedAfterSaving)
            disk.killer = .afterSaving
        case 5:
            faults.add(.killedBeforeSaving)
            disk.killer = .beforeSaving
        case 6, 7:
            faults.add(.killedWhilePerforming)
            wishesLeft = chance.below(4)
        case 8: losePower()
        default:
            faults.add(.stoppedWell)
            stopWell()
        }
    }

    /// The machine stops, and all instances with it.
    private func losePower() {
        faults.add(.powerLost)
        for group in groups { checks.losesPower(group, in: self) }
        die()
        disk.losePower()
        guard chance.one(in: 2) else { return }
        for position in workers.indices {
            switch workers[position].phase {
            case .running, .paused: end(position, code: 137)
            // Made, and never started.
            case .starting: move(position, to: .created)
            case .unborn, .created, .exited: break
            }
        }
    }

    private func anyWorker(in group: StormGroup) -> Int? {
        let running = group.present.filter { workers[$0].phase == .running && !workers[$0].isForeign }
        return running.isEmpty ? nil : chance.pick(running)
    }

    private func hang(in group: StormGroup) {
        guard let worker = anyWorker(in: group) else { return }
        faults.add(.hangs)
        workers[worker].hangs = true
        if chance.one(in: 2) { agenda.add(.heals(worker: worker), at: now + chance.spell(900_000)) }
    }

    /// Somebody else removes it, work and all.
    private func takeAway(in group: StormGroup) {
        guard let worker = anyWorker(in: group) else { return }
        faults.add(.vanishes)
        checks.hasEnded(worker, in: self)
        vanish(worker)
        // Others undid it, so it may be made again.
        workers[worker].creations = 0
    }

    private func changePolicy(_ group: StormGroup) {
        faults.add(.policyChanged)
        var policy = group.policy
        switch chance.below(4) {
        case 0: policy.maxSize = max(policy.minSize, 1) + chance.below(10)
        case 1:
            policy.minSize = chance.below(3)
            policy.maxSize = max(policy.maxSize, policy.minSize, 1)
        default: if policy.templateDigest != nil { policy.templateDigest = "\(chance.below(4))" }
        }
        change(group, to: policy)
    }

    func change(_ group: StormGroup, to policy: GroupPolicy) {
        group.policy = policy
        checks.policyChanged(group, in: self)
        guard isUp, group.isWanted, group.loop != nil else { return }
        if group.loop?.value.change(to: spec(of: group), at: wall) == true {
            carryOut(group)
            signal(group)
        }
    }

    private func takePolicy(_ group: StormGroup) {
        guard group.isWanted else { return }
        faults.add(.policyTaken)
        group.isWanted = false
        checks.policyChanged(group, in: self)
        group.loop?.value.leave()
        signal(group)
        agenda.add(.comesBack(group: group.number), at: now + chance.spell(600_000))
    }

    func comeBack(_ group: StormGroup) {
        guard !group.isWanted else { return }
        group.isWanted = true
        checks.policyChanged(group, in: self)
        guard isUp else { return }
        if group.loop != nil { change(group, to: group.policy) } else { start(group) }
    }

    private func bringStray(to group: StormGroup) {
        guard !group.plan.dryRun, now >= engineIsAwayUntil else { return }
        faults.add(.stray)
        strays += 1
        let worker = position(of: InstanceID("i-stray\(strays)"), in: group)
        checks.isStray(worker, in: self)
        make(worker, starts: true)
    }

    private func bringForeign(to group: StormGroup) {
        guard !group.plan.dryRun else { return }
        faults.add(.foreign)
        strays += 1
        let worker = position(of: InstanceID("foreign-\(strays)"), in: group)
        workers[worker].isForeign = true
        move(worker, to: .running)
    }
}
