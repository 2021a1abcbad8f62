import WeirCore
import WeirRuntime

// Messages come, workers take them and finish.

extension Storm {
    func arrive(_ group: StormGroup) {
        guard isStormy else { return }
        agenda.add(.arrive(group: group.number), at: now + chance.spell(group.plan.arrivalMs))
        // An hour of work, an hour of rest or so.
        guard (now / 2_700_000 + Int64(group.number)) % 2 == 0 || chance.one(in: 6) else { return }
        // What one instance can do in forty minutes may wait; more would not be done by the end of the calm.
        let room = Int(2_400_000 / group.plan.workMs) - group.letters.outstanding
        guard room > 0 else { return }
        send(min(chance.within(1...group.plan.batch), room), to: group)
    }

    func send(_ count: Int, to group: StormGroup) {
        let wasEmpty = group.letters.visible == 0
        group.letters.send(count, at: now)
        handOut(group)
        if wasEmpty, group.seesWork, isUp, group.loop != nil {
            group.loop?.value.wake()
            signal(group)
        }
    }

    /// Whoever can take a message takes one, in turns.
    func handOut(_ group: StormGroup) {
        _ = group.letters.expire(at: now)
        // The embedded queue lives in weir.
        guard group.letters.visible > 0, isUp || !group.seesWork, !group.present.isEmpty else { return }
        var idle = 0
        while group.letters.visible > 0, idle < group.present.count {
            group.turn = (group.turn + 1) % group.present.count
            if take(group.present[group.turn], in: group) { idle = 0 } else { idle += 1 }
        }
    }

    private func mayTake(_ worker: Int, in group: StormGroup) -> Bool {
        guard workers[worker].phase == .running, workers[worker].isReady, !workers[worker].hangs,
            !workers[worker].isStopping, !workers[worker].isForeign,
            workers[worker].holds.count < group.policy.concurrency
        else { return false }
        return !group.seesWork || !workers[worker].gateIsClosed
    }

    private func take(_ worker: Int, in group: StormGroup) -> Bool {
        guard mayTake(worker, in: group) else { return false }
        if group.plan.protectsItself {
            // One message at a time, and only under protection.
            guard isUp, group.loop != nil, workers[worker].holds.isEmpty, !workers[worker].asksForProtection else {
                return false
            }
        }
        guard let (letter, former) = group.letters.receive(by: worker, at: now) else { return false }
        if former >= 0, former != worker { workers[former].holds.removeAll { $0 == letter } }
        workers[worker].holds.removeAll { $0 == letter }
        workers[worker].holds.append(letter)
        if group.plan.protectsItself {
            workers[worker].asksForProtection = true
            ask(.setProtection([workers[worker].id], protected: true), of: group, .workerAsked(worker: worker))
        } else {
            beginWork(worker, letter, in: group)
        }
        return true
    }

    func beginWork(_ worker: Int, _ letter: Int, in group: StormGroup) {
        // What is tried in the calm has to be seen, and to come to its end; what the storm has left is as much as it always was.
        let mean = group.letters.sentAt(letter) < calmAt ? group.plan.workMs : 30_000
        agenda.add(.finish(worker: worker, letter: letter), at: now + chance.spell(mean))
    }

    func finish(_ worker: Int, _ letter: Int) {
        let group = groups[workers[worker].group]
        guard workers[worker].runs, workers[worker].holds.contains(letter) else { return }
        if workers[worker].hangs || workers[worker].phase == .paused {
            return agenda.add(.finish(worker: worker, letter: letter), at: now + 30_000)
        }
        if group.seesWork, !isUp {
            // The delete is tried until somebody answers.
            return agenda.add(.finish(worker: worker, letter: letter), at: now + 1000 + Int64(chance.below(4000)))
        }
        workers[worker].holds.removeAll { $0 == letter }
        if isStormy, chance.one(in: 40) {
            group.letters.giveBack(letter, by: worker)
        } else {
            _ = group.letters.delete(letter, by: worker)
        }
        if workers[worker].holds.isEmpty {
            workers[worker].idleSince = now
            becameIdle(worker, in: group)
        }
        handOut(group)
    }

    private func becameIdle(_ worker: Int, in group: StormGroup) {
        if group.plan.protectsItself, workers[worker].isPromised {
            workers[worker].isPromised = false
            ask(.setProtection([workers[worker].id], protected: false), of: group, .ignored)
        }
        guard isUp, group.seesWork, group.loop?.value.instanceBecameIdle() == true else { return }
        signal(group)
    }

    /// The answer to a worker that wants to begin.
    func answerWorker(_ worker: Int, _ accepted: Bool) {
        let group = groups[workers[worker].group]
        workers[worker].asksForProtection = false
        guard workers[worker].phase == .running, let letter = workers[worker].holds.first else { return }
        if accepted {
            checks.promise(worker, in: self)
            beginWork(worker, letter, in: group)
        } else {
            workers[worker].holds = []
            group.letters.giveBack(letter, by: worker)
        }
    }

    /// Messages held now, for every instance that holds any, sorted by instance.
    func held(_ group: StormGroup) -> [HeldMessages]? {
        guard group.seesWork, !group.plan.dryRun else { return nil }
        var held: [HeldMessages] = []
        for position in group.present where !workers[position].holds.isEmpty {
            held.append(HeldMessages(instance: workers[position].id, messages: workers[position].holds.count))
        }
        if held.count > 1 { held.sort { $0.instance < $1.instance } }
        return options.bug.map { $0.held(held, self, group) } ?? held
    }
}
