import WeirCore
import WeirRuntime

// Instances begin, become ready, and end.

extension Storm {
    /// The worker of this name, known from now on.
    func position(of id: InstanceID, in group: StormGroup) -> Int {
        if let position = positions[id] { return position }
        workers.append(Worker(id, group: group.number))
        positions[id] = workers.count - 1
        group.present.append(workers.count - 1)
        return workers.count - 1
    }

    func move(_ worker: Int, to phase: Worker.Phase) {
        workers[worker].phase = phase
        workers[worker].generation += 1
    }

    /// Made by the launcher, and started if that is asked.
    func make(_ worker: Int, starts: Bool) {
        let group = groups[workers[worker].group]
        if workers[worker].phase == .unborn {
            workers[worker].creations += 1
            tell("\(workers[worker].id) is made")
            checks.isMade(worker, in: self)
            move(worker, to: .created)
        }
        if options.bug == .startedAgainUnderSameID, starts, workers[worker].phase == .running {
            workers[worker].creations += 1
            checks.isMade(worker, in: self)
        }
        guard starts, workers[worker].phase == .created else { return }
        move(worker, to: .starting)
        if isStormy, chance.one(in: 60) { return faults.add(.neverStarts) }
        var delay = chance.spell(group.plan.startMs)
        if isStormy, chance.one(in: 25) {
            faults.add(.startsLate)
            delay += chance.spell(120_000)
        }
        delay = exam.startDelay(in: group) ?? delay
        agenda.add(.begins(worker: worker, generation: workers[worker].generation), at: now + delay)
    }

    func begins(_ worker: Int, _ generation: Int) {
        guard workers[worker].generation == generation else { return }
        let group = groups[workers[worker].group]
        move(worker, to: .running)
        workers[worker].hasRun = true
        tell("\(workers[worker].id) runs")
        tellOfChange(group)
        let generation = workers[worker].generation
        // In service means at work, where one message is to be seen to need one instance.
        let bootMs = exam.slowStartMs == nil ? group.plan.bootMs : 100
        agenda.add(.isReady(worker: worker, generation: generation), at: now + chance.spell(bootMs))
        // Chance decides now how it will end.
        if now < group.crashLoopUntil || isStormy && chance.one(in: 40) {
            faults.add(.diesYoung)
            let delay = Int64(chance.below(20_000))
            agenda.add(
                .ends(worker: worker, generation: generation, code: chance.pick([1, 1, 2, 137])), at: now + delay)
        } else if isStormy, chance.one(in: 12) {
            faults.add(.diesAtWork)
            let code = chance.pick([0, 1, 137])
            agenda.add(.ends(worker: worker, generation: generation, code: code), at: now + chance.spell(1_800_000))
        }
    }

    func isReady(_ worker: Int, _ generation: Int) {
        guard workers[worker].generation == generation else { return }
        workers[worker].isReady = true
        workers[worker].readyAt = now
        handOut(groups[workers[worker].group])
    }

    /// It ends, by itself or because it was told to.
    func end(_ worker: Int, code: Int) {
        guard workers[worker].isAlive, !workers[worker].isForeign else { return }
        let group = groups[workers[worker].group]
        if workers[worker].phase == .created || workers[worker].phase == .starting {
            vanish(worker)
        } else {
            move(worker, to: .exited)
            tell("\(workers[worker].id) ends with \(code)")
            workers[worker].exitCode = code
            workers[worker].isReady = false
            checks.hasEnded(worker, in: self)
        }
        for run in workers[worker].awaitedBy { agenda.add(.answered(run: run), at: now + 20) }
        workers[worker].awaitedBy = []
        tellOfChange(group)
    }

    /// It is gone, and nothing is left of it.
    func vanish(_ worker: Int) {
        let group = groups[workers[worker].group]
        move(worker, to: .unborn)
        tell("\(workers[worker].id) is gone")
        workers[worker].isReady = false
        if !group.seesWork { letGo(worker) }
        // The queue goes on to say what it holds, until somebody else has it.
        if workers[worker].holds.isEmpty { group.present.removeAll { $0 == worker } }
        for run in workers[worker].awaitedBy { agenda.add(.answered(run: run), at: now + 20) }
        workers[worker].awaitedBy = []
    }

    /// Nobody holds what it held.
    func letGo(_ worker: Int) {
        let group = groups[workers[worker].group]
        for letter in workers[worker].holds {
            if options.bug == .messagesDropped { group.letters.lose(letter) }
            group.letters.forget(letter, by: worker)
        }
        workers[worker].holds = []
    }

    /// The launcher says that something has changed, when weir hears it.
    private func tellOfChange(_ group: StormGroup) {
        guard isUp, group.loop != nil, engineIsAwayUntil <= now, !(isStormy && chance.one(in: 12)) else { return }
        agenda.add(.changed(group: group.number, epoch: epoch), at: now + 5 + Int64(chance.below(50)))
    }

    func heal(_ worker: Int) {
        workers[worker].hangs = false
        workers[worker].isUnhealthy = false
        handOut(groups[workers[worker].group])
    }
}
