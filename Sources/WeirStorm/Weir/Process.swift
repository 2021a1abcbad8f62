import FoundationEssentials
import WeirCore
import WeirRuntime

// The weir of the storm: it drives the real loops as `GroupController` does, dies, and comes back.

extension Storm {
    // MARK: Begin and end

    func start() {
        tell("weir begins")
        isUp = true
        epoch += 1
        wishesLeft = nil
        // Nobody is heard before the gates of those that are to receive nothing are closed.
        for group in groups {
            let fleet = disk.kept[group.name]?.written.state.fleet ?? []
            guard group.seesWork, !group.plan.dryRun else { continue }
            for position in group.present { workers[position].gateIsClosed = false }
            for instance in fleet where instance.receivesNothing {
                workers[self.position(of: instance.id, in: group)].gateIsClosed = true
            }
        }
        openLedger()
        for group in groups { start(group) }
    }

    func start(_ group: StormGroup) {
        group.life += 1
        group.replies = [:]
        group.hookRuns = []
        group.stepIsDue = false
        group.isStepping = false
        group.wasSignalled = false
        group.wakesAt = -1
        let stored = load(group)
        guard group.isWanted || stored != nil else {
            group.loop = nil
            return
        }
        var kept = stored ?? new(group)
        kept.follow(spec(of: group))
        let store: any StateStore = options.bug == .actedBeforeStored ? LateStore(disk) : disk
        let books = GroupLoop.Books(
            store: group.plan.dryRun ? nil : store, recorder: recorder, logger: logger, index: index,
            fleets: ledger(for: group))
        var loop = GroupLoop(kept, policy: group.policy, dryRun: group.plan.dryRun, books: books, at: wall)
        if let decide = options.bug?.decide { loop.decide = decide }
        checks.begins(group, kept.state, isNew: stored == nil, in: self)
        group.loop = LoopHolder(loop)
        group.loop?.value.begin(at: wall)
        if !group.isWanted { group.loop?.value.leave() }
        carryOut(group)
        signal(group)
        beginHealthRounds(group)
        handOut(group)
    }

    /// As it comes back from the disk: now and then through its written form.
    private func load(_ group: StormGroup) -> StoredGroup? {
        guard let kept = disk.kept[group.name]?.written else { return nil }
        // Writing and reading are dear; one start in four shows whether they lose anything.
        guard epoch % 4 == 0 else { return options.bug.map { $0.load(kept, group) } ?? kept }
        do {
            let read = try JSONDecoder().decode(StoredGroup.self, from: kept.written)
            if read != kept { violate(.restartChangesNothing, "\(group.name) is read otherwise than it was written") }
            return options.bug.map { $0.load(read, group) } ?? read
        } catch {
            violate(.restartChangesNothing, "\(group.name) cannot be read: \(error)")
            return kept
        }
    }

    private func new(_ group: StormGroup) -> StoredGroup {
        StoredGroup(
            name: group.name, policyPath: "\(group.name).yaml", policyText: "", launcher: "storm", measures: "storm",
            state: GroupState(startingWith: group.policy, seed: chance.draw(), at: wall))
    }

    func spec(of group: StormGroup) -> GroupSpec {
        // The text stands for the policy; what a version of the template is launched from is found by it.
        GroupSpec(
            policy: group.policy, path: "\(group.name).yaml", text: "template \(group.policy.templateDigest ?? "")",
            launcher: "storm", measures: "storm", embeddedQueue: nil
        ) { _ throws in throw GroupFailure("a storm makes no parts") }
    }

    /// Nothing of it goes on, but what others were asked to do.
    func die() {
        guard isUp else { return }
        isUp = false
        epoch += 1
        tell("weir is down")
        wishesLeft = nil
        disk.killer = nil
        disk.hasKilled = false
        for group in groups {
            checks.dies(group, in: self)
            fleets.follow(group.name, nil)
            group.loop = nil
            for position in group.present where workers[position].asksForProtection { answerWorker(position, false) }
        }
        guard !restartIsPlanned else { return }
        restartIsPlanned = true
        let away = isStormy ? chance.spell(chance.one(in: 6) ? 900_000 : 20_000) : 1000
        agenda.add(.restarts, at: now + away)
    }

    func restart() {
        restartIsPlanned = false
        guard !isUp else { return }
        countRestart()
        start()
    }

    /// Asked to stop: it stores all that it knows and hears nothing more.
    func stopWell() {
        for group in groups {
            group.loop?.value.end(at: wall)
            carryOut(group)
        }
        die()
    }

    // MARK: The loop's driver

    func signal(_ group: StormGroup) {
        guard isUp, group.loop != nil else { return }
        if group.isStepping {
            group.wasSignalled = true
            return
        }
        guard !group.stepIsDue else { return }
        group.stepIsDue = true
        agenda.add(.step(group: group.number, epoch: epoch), at: now)
    }

    func step(_ group: StormGroup) {
        group.stepIsDue = false
        guard isUp, group.loop != nil else { return }
        checks.steps(group, in: self)
        guard group.loop?.value.look(at: wall) == true else { return rest(group) }
        carryOut(group)
        guard isUp else { return }
        let held = held(group)
        // Asking who holds what takes a moment, and something may happen in it.
        guard isStormy, chance.one(in: 20) else { return tick(group, held: held) }
        group.isStepping = true
        let slot = holdings.put(held)
        agenda.add(.tick(group: group.number, epoch: epoch, held: slot), at: now + 1 + Int64(chance.below(80)))
    }

    func tick(_ group: StormGroup, held: [HeldMessages]?) {
        countTick()
        disk.fails = now < diskFailsUntil
        group.loop?.value.tick(held: held, at: wall)
        for record in recorder.take() {
            if options.keepsRecords, isStormy { records.append(record) }
            note(record, of: group)
        }
        group.isStepping = false
        if disk.hasKilled { return die() }
        rest(group)
    }

    private func note(_ record: Record, of group: StormGroup) {
        digest.add(record)
        story?.tell(record)
        checks.isRecorded(record, of: group, in: self)
        guard record.events.contains(where: { if case .hookBegan = $0.kind { true } else { false } }) else { return }
        // Nobody comes in some storms, and then the hook's timeout decides.
        guard let delay = isStormy ? group.plan.hookMs : 1000 else { return }
        agenda.add(.completesHooks(group: group.number), at: now + delay)
    }

    private func rest(_ group: StormGroup) {
        if disk.hasKilled { return die() }
        carryOut(group)
        guard isUp, let loop = group.loop else { return }
        if loop.look({ $0.hasLeft }) { return haveLeft(group) }
        if group.wasSignalled {
            group.wasSignalled = false
            signal(group)
        }
        let due = options.bug == .spins ? 0 : (loop.look { $0.nextLook(after: wall) } - wall).wholeMilliseconds
        // `SystemTime` sleeps no longer than this.
        let wake = now + min(max(due, 0), WeirRuntime.Limits.longestSleep.wholeMilliseconds)
        // Set already.
        guard wake != group.wakesAt || wake == now else { return }
        group.wakesAt = wake
        group.timer += 1
        agenda.add(.look(group: group.number, epoch: epoch, timer: group.timer), at: wake)
    }

    private func haveLeft(_ group: StormGroup) {
        group.loop?.value.end(at: wall)
        carryOut(group)
        group.loop = nil
        disk.remove(group.name)
        checks.hasLeft(group, in: self)
        if group.isWanted { start(group) }
    }

    func carryOut(_ group: StormGroup) {
        guard isUp, !disk.hasKilled, let wishes = group.loop?.value.takeWishes() else { return }
        for wish in wishes {
            switch wish {
            case .measure(let number): measure(group, number)
            case .list: list(group)
            case .perform(let ordered):
                if let left = wishesLeft {
                    guard left > 0 else { return die() }
                    wishesLeft = left - 1
                }
                perform(ordered, in: group)
            case .keepHooks(let fleet): keepHooks(group, fleet)
            case .tell: break
            case .answer(let number, let result): answer(number, result, in: group)
            }
            guard isUp else { return }
        }
    }

    private func keepHooks(_ group: StormGroup, _ fleet: [Instance]) {
        guard !group.hookRuns.isEmpty else { return }
        group.hookRuns.removeAll { number in
            guard let run = runs[number], case .runHook(let id, let hook) = run.action else { return true }
            return !fleet.contains { $0.id == id && $0.hooks.contains { $0.hook.name == hook } }
        }
    }

    func changed(_ group: StormGroup) {
        guard isUp, group.loop != nil else { return }
        group.loop?.value.list()
        carryOut(group)
    }

    // MARK: Health

    private func beginHealthRounds(_ group: StormGroup) {
        group.healthRound += 1
        guard let interval = group.plan.healthMs, !group.plan.dryRun else { return }
        agenda.add(.round(group: group.number, epoch: epoch, number: group.healthRound), at: now + interval)
    }

    func checkHealth(_ group: StormGroup) {
        guard let interval = group.plan.healthMs, let fleet = group.loop?.value.stored.state.fleet else { return }
        agenda.add(.round(group: group.number, epoch: epoch, number: group.healthRound), at: now + interval)
        var reports: [HealthReport] = []
        for instance in fleet where instance.lifecycleState == .inService {
            let worker = position(of: instance.id, in: group)
            var result = HealthCheckResult.healthy
            if workers[worker].hangs || workers[worker].isUnhealthy || !workers[worker].isReady {
                result = .failed("no answer")
            } else if isStormy, chance.one(in: 150) {
                faults.add(.checkLies)
                result = .failed("500")
            }
            reports.append(HealthReport(instance: instance.id, result: result))
        }
        if group.loop?.value.checked(reports) == true { signal(group) }
    }

    // MARK: Requests

    func ask(_ kind: Request.Kind, of group: StormGroup, _ reply: Reply) {
        guard isUp, let number = group.loop?.value.request(kind) else {
            if case .workerAsked(let worker) = reply { answerWorker(worker, false) }
            return
        }
        checks.isRequested(kind, of: group, in: self)
        group.replies[number] = reply
        signal(group)
    }

    private func answer(_ number: Int, _ result: Answer.Result?, in group: StormGroup) {
        guard let reply = group.replies.removeValue(forKey: number) else { return }
        checks.isTold(result, of: group, in: self)
        let isAccepted = if case .accepted? = result { true } else { false }
        switch reply {
        case .ignored: break
        case .workerAsked(let worker): answerWorker(worker, isAccepted)
        case .operatorAsked(let kind): checks.isAnswered(kind, result, of: group, in: self)
        }
    }
}
