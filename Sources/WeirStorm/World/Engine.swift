import WeirCore
import WeirRuntime

// The launcher: what it is asked, what it does, and what it says of it.

extension Storm {
    /// Weir asks. What becomes of that is decided now, and happens later.
    func begin(_ call: LauncherCall, _ number: Int, _ run: HandRun, _ group: StormGroup) {
        checks.isAsked(call, run, in: self)
        tell("asked: \(run.action.word) \(run.action.instance)")
        let way = 5 + Int64(chance.below(80))
        if now < engineIsAwayUntil {
            runs[number]?.failure = "the engine is away"
            return agenda.add(.answered(run: number), at: now + (chance.one(in: 3) ? 10_000 : way))
        }
        guard isStormy, chance.one(in: 10) else { return agenda.add(.engineDoes(run: number), at: now + way) }
        switch chance.below(12) {
        case 0...3:
            faults.add(.callRefused)
            runs[number]?.failure = "the engine says no"
            agenda.add(.answered(run: number), at: now + way)
        case 4, 5:
            faults.add(.callLost)
            runs[number]?.failure = "no answer within 30 s"
            agenda.add(.answered(run: number), at: now + 30_000)
        case 6, 7:
            faults.add(.outcomeLost)
            engineDoes(number, says: "connection reset")
        // Who is paused late, in the midst of work, was paused by nobody who could know.
        case 8 where call != .pause:
            faults.add(.doneAfterFailure)
            runs[number]?.failure = "no answer within 10 s"
            runs[number]?.isDoneLate = true
            agenda.add(.answered(run: number), at: now + 10_000)
            agenda.add(.engineDoes(run: number), at: now + 10_001 + chance.spell(20_000))
        case 9 where call == .launch:
            faults.add(.halfDone)
            make(run.worker, starts: false)
            runs[number]?.failure = "it was made, but does not start"
            agenda.add(.answered(run: number), at: now + way)
        default:
            faults.add(.callLate)
            agenda.add(.engineDoes(run: number), at: now + chance.spell(40_000))
        }
    }

    func engineDoes(_ number: Int) {
        guard let run = runs[number] else { return }
        if run.isDoneLate {
            // Nobody waits for this any more.
            if workers[run.worker].creations == 0 || workers[run.worker].isAlive { _ = effect(number, run) }
            workers[run.worker].awaitedBy.removeAll { $0 == number }
            return runs.remove(number)
        }
        // Whoever asked is dead, and its connection closed: the engine does not make twice what was made meanwhile.
        if run.epoch != epoch, workers[run.worker].creations > 0 { return runs.remove(number) }
        engineDoes(number, says: nil)
    }

    private func engineDoes(_ number: Int, says failure: String?) {
        guard let run = runs[number] else { return }
        let isOver = effect(number, run)
        if let failure {
            runs[number]?.failure = failure
            workers[run.worker].awaitedBy.removeAll { $0 == number }
        } else if !isOver {
            return
        }
        agenda.add(.answered(run: number), at: now + 5 + Int64(chance.below(60)))
    }

    /// What a call does to the world.
    /// - Returns: false when its answer comes with the end of the instance.
    private func effect(_ number: Int, _ run: HandRun) -> Bool {
        guard run.position > 0, case .call(let call) = run.steps[run.position - 1] else { return true }
        let worker = run.worker
        let group = groups[run.group]
        if workers[worker].isForeign {
            runs[number]?.failure = "it was not launched by weir"
            return true
        }
        switch call {
        case .launch:
            if workers[worker].phase == .unborn { countLaunch() }
            workers[worker].template = workers[worker].template ?? run.template
            if !group.present.contains(worker) { group.present.append(worker) }
            make(worker, starts: true)
        case .prepare:
            workers[worker].template = workers[worker].template ?? run.template
            if !group.present.contains(worker) { group.present.append(worker) }
            make(worker, starts: false)
        case .pause:
            switch workers[worker].phase {
            case .running:
                checks.isPaused(worker, in: self)
                move(worker, to: .paused)
            case .paused: break
            case .unborn, .created, .starting, .exited: runs[number]?.failure = "it does not run"
            }
        case .resume:
            switch workers[worker].phase {
            case .paused: unpause(worker)
            case .running: break
            case .unborn, .created, .starting, .exited: runs[number]?.failure = "there is no such instance"
            }
        case .terminate(let stopTimeout): return stop(worker, stopTimeout.wholeMilliseconds, number)
        case .remove:
            switch workers[worker].phase {
            case .running, .paused: runs[number]?.failure = "it still runs"
            case .unborn, .created, .starting, .exited: vanish(worker)
            }
        }
        return true
    }

    private func unpause(_ worker: Int) {
        move(worker, to: .running)
        let generation = workers[worker].generation
        agenda.add(.isReady(worker: worker, generation: generation), at: now + 50)
    }

    /// - Returns: there is nothing to wait for.
    private func stop(_ worker: Int, _ timeout: Int64, _ number: Int) -> Bool {
        switch workers[worker].phase {
        case .unborn, .exited: return true
        case .created, .starting:
            vanish(worker)
            return true
        case .paused: unpause(worker)
        case .running: break
        }
        if let run = runs[number] { checks.isStopped(worker, by: run.action, in: self) }
        workers[worker].awaitedBy.append(number)
        guard !workers[worker].isStopping else { return false }
        workers[worker].isStopping = true
        let grace = workers[worker].hangs ? timeout : min(timeout, chance.spell(2000))
        let generation = workers[worker].generation
        agenda.add(.ends(worker: worker, generation: generation, code: grace == timeout ? 137 : 143), at: now + grace)
        return false
    }

    // MARK: Listing

    func list(_ group: StormGroup) {
        let slot = listings.put(AnswerOnTheWay(group: group.number, life: group.life, number: 0, value: .instances([])))
        let way = 5 + Int64(chance.below(60))
        if now < engineIsAwayUntil {
            listings[slot]?.value = .failed("the engine is away")
            return agenda.add(.listed(slot), at: now + (chance.one(in: 3) ? 10_000 : way))
        }
        guard isStormy, chance.one(in: 25) else { return agenda.add(.listed(slot), at: now + way) }
        if chance.one(in: 2) {
            faults.add(.listingFailed)
            listings[slot]?.value = .failed("the engine says no")
            agenda.add(.listed(slot), at: now + way)
        } else {
            faults.add(.listingLate)
            // Number 1: it was made when it was asked for.
            listings[slot] = AnswerOnTheWay(group: group.number, life: group.life, number: 1, value: listing(of: group))
            agenda.add(.listed(slot), at: now + chance.spell(20_000))
        }
    }

    func deliverListing(_ slot: Int) {
        guard let answer = listings.take(slot) else { return }
        let group = groups[answer.group]
        guard answer.life == group.life, group.loop != nil else { return }
        var value = answer.value
        if case .instances = value, answer.number == 0 { value = listing(of: group) }
        if let imagined = group.imagined, case .instances(let real) = value { value = .instances(imagined.seen(real)) }
        group.loop?.value.listed(value)
        carryOut(group)
        signal(group)
    }

    /// What the launcher shows of a group. What weir did not launch it does not show.
    private func listing(of group: StormGroup) -> Listing {
        var listed: [ListedInstance] = []
        listed.reserveCapacity(group.present.count)
        for position in group.present {
            if workers[position].isForeign, options.bug != .foreignTouched { continue }
            if options.bug == .orphaned, !remembers(workers[position].id, group) { continue }
            let phase: ListedInstance.Phase
            switch workers[position].phase {
            case .unborn: continue
            case .created, .starting: phase = .starting
            case .running: phase = .running
            case .paused: phase = .paused
            case .exited: phase = .exited(Exit(code: workers[position].exitCode))
            }
            listed.append(
                ListedInstance(id: workers[position].id, phase: phase, templateVersion: workers[position].template))
        }
        return .instances(listed)
    }

    /// For a launcher that lists only what it is told to look for.
    private func remembers(_ id: InstanceID, _ group: StormGroup) -> Bool {
        group.loop?.value.stored.state.fleet.contains { $0.id == id } ?? false
    }
}
