import WeirCore
import WeirRuntime

// Faults off: the world is well, people look after what they left, and everything has to settle. Then it is tried whether the
// group does at once what it is there for.

/// What is tried in the calm.
struct Exam {
    /// Starts take this long; nil: as the plan has it.
    var slowStartMs: Int64?
    /// What the storm has left is done, and what comes now is tried.
    var isOn = false
    /// What groups shared at the end of the storm.
    var limit: Int?

    func startDelay(in group: StormGroup) -> Int64? {
        slowStartMs.map { min($0, group.policy.launchTimeout.wholeMilliseconds * 6 / 10) }
    }
}

extension Storm {
    private static let minute: Int64 = 60_000

    /// Once a minute.
    func lookAfter() {
        if now < calmAt { return deliverLastBlow() }
        if isStormy { calmDown() }
        agenda.add(.lookAfter, at: now + Self.minute)
        for group in groups where group.loop != nil {
            checks.looksAfter(group, in: self)
            lookAfter(group)
        }
    }

    static let lastBlowMs: Int64 = 90_000

    /// Much is to be tried again when the calm begins: the launcher has been away just before.
    private func deliverLastBlow() {
        agenda.add(.lookAfter, at: calmAt)
        guard chance.one(in: 2) else { return }
        faults.add(.engineAway)
        engineIsAwayUntil = calmAt
        for group in groups {
            for worker in group.present where workers[worker].phase == .running && chance.one(in: 4) {
                end(worker, code: chance.pick([0, 1]))
            }
        }
    }

    private func calmDown() {
        isStormy = false
        tell("the calm begins")
        engineIsAwayUntil = -1
        diskFailsUntil = -1
        disk.killer = nil
        wishesLeft = nil
        for worker in workers.indices where workers[worker].hangs || workers[worker].isUnhealthy { heal(worker) }
        if chance.one(in: 2) { agenda.add(.exam(stage: -1), at: now + 1 + Int64(chance.below(1000))) }
        if !isUp { agenda.add(.restarts, at: now + 1000) }
        for group in groups {
            group.sourceIsAwayUntil = -1
            group.crashLoopUntil = -1
            group.frozen = nil
            comeBack(group)
            var policy = group.policy
            policy.maxInstanceLifetime = nil
            policy.scheduledActions = []
            policy.maxSize = max(policy.maxSize, policy.minSize, 2)
            change(group, to: policy)
        }
        exam.limit = limit?.maxSize
        change(limit: ampleLimit)
        agenda.add(.exam(stage: 0), at: now + 80 * Self.minute)
    }

    /// By more than the group has until it is looked at: whatever waits for the clock to get there again is found waiting.
    private func setClockFarBack() {
        clockSetAt = now
        checks.clockIsSet(in: self)
        skew -= 180 * Self.minute
    }

    private func lookAfter(_ group: StormGroup) {
        guard let state = group.loop?.value.stored.state, !group.plan.dryRun else { return }
        if !state.suspended.isEmpty { ask(.resume([]), of: group, .ignored) }
        for instance in state.fleet {
            switch instance.lifecycleState {
            case .standby: ask(.exitStandby([instance.id]), of: group, .operatorAsked(.exitStandby([instance.id])))
            case .inService:
                let isIdle = workers[position(of: instance.id, in: group)].holds.isEmpty
                if instance.protectedFromScaleIn, isIdle {
                    ask(.setProtection([instance.id], protected: false), of: group, .ignored)
                }
                if let unhealthy = instance.unhealthy, unhealthy.cause == .check {
                    ask(.setHealth(instance.id, healthy: true, respectGracePeriod: false), of: group, .ignored)
                }
            case .draining, .pending, .pendingWait, .enteringStandby, .terminatingWait, .terminating, .warmedPending,
                .warmedStopped, .warmedHibernated:
                break
            }
        }
        // A group at its maximum takes nobody back; whoever stands by then is ended.
        if state.fleet.contains(where: { $0.lifecycleState == .standby }), now > calmAt + 30 * Self.minute,
            let one = state.fleet.first(where: { $0.lifecycleState == .standby })
        {
            let kind = Request.Kind.terminate(one.id, decrementDesired: false)
            ask(kind, of: group, .operatorAsked(kind))
        }
    }

    // MARK: The exam

    func examine(_ stage: Int) {
        switch stage {
        case ..<0: setClockFarBack()
        case 0:
            // What was left is done: now each gives back what is beyond its share.
            if let former = exam.limit { change(limit: former) }
            agenda.add(.exam(stage: 1), at: now + 40 * Self.minute)
        case 1:
            for group in groups { checkRest(group) }
            exam.isOn = true
            change(limit: ampleLimit)
            askForOne()
            agenda.add(.exam(stage: 2), at: now + 20 * Self.minute)
        case 2:
            exam.slowStartMs = nil
            for group in groups { checks.examBegins(group, slowStart: false) }
            for group in groups where group.plan.addsBySteps && !group.plan.dryRun {
                checks.awaitScaleIn(group)
                sendMore(to: group)
            }
            agenda.add(.exam(stage: 3), at: now + 40 * Self.minute)
        case 3:
            // Somebody has to be there, to drain.
            for group in groups where canBeTried(group) { send(12, to: group) }
            agenda.add(.exam(stage: 4), at: now + 4 * Self.minute)
        case 4:
            for group in groups where canBeTried(group) { beginLongDrain(group) }
            agenda.add(.exam(stage: 5), at: now + 3 * Self.minute)
        default:
            for group in groups where canBeTried(group) { tryDuringDrain(group) }
        }
    }

    /// One message for a group at zero, and a start that takes its time.
    private func askForOne() {
        exam.slowStartMs = 240_000
        for group in groups where group.plan.backlogThatCalls == 1 {
            guard let state = group.loop?.value.stored.state, state.desiredCapacity == 0, group.letters.outstanding == 0
            else { continue }
            checks.examBegins(group, slowStart: true)
            send(1, to: group)
        }
    }

    private func canBeTried(_ group: StormGroup) -> Bool {
        guard group.plan.addsBySteps, group.seesWork, !group.plan.dryRun, let state = group.loop?.value.stored.state
        else {
            return false
        }
        return state.desiredCapacity < checks.boundsInForce(group).maximum
    }

    /// Just now it was scaled in: messages come.
    func scaledIn(_ group: StormGroup, to desired: Int) {
        guard desired < checks.boundsInForce(group).maximum, warmupMs(group) <= 60_000 else { return }
        sendMore(to: group)
        checks.expectScaleOut(
            group, by: now + promptMs(group), above: desired, why: "and messages came just after a scale-in")
    }

    /// More than those that are there can begin with.
    private func sendMore(to group: StormGroup) {
        send(20 + 2 * places(in: group), to: group)
    }

    private func places(in group: StormGroup) -> Int {
        group.present.count { workers[$0].isAlive } * group.policy.concurrency
    }

    /// Somebody is at work for half an hour, and on its way out.
    private func beginLongDrain(_ group: StormGroup) {
        guard let instance = group.loop?.value.stored.state.fleet.first(where: { $0.lifecycleState == .inService })
        else {
            return
        }
        let worker = position(of: instance.id, in: group)
        if workers[worker].holds.isEmpty { send(1 + places(in: group), to: group) }
        guard !workers[worker].holds.isEmpty else { return }
        workers[worker].hangs = true
        agenda.add(.heals(worker: worker), at: now + 30 * Self.minute)
        ask(.setHealth(instance.id, healthy: false, respectGracePeriod: false), of: group, .ignored)
    }

    private func tryDuringDrain(_ group: StormGroup) {
        guard let state = group.loop?.value.stored.state, warmupMs(group) <= 60_000,
            state.fleet.contains(where: { $0.lifecycleState == .draining })
        else { return }
        sendMore(to: group)
        checks.expectScaleOut(
            group, by: now + promptMs(group) + 120_000, above: state.desiredCapacity,
            why: "and messages came while an instance drains")
    }

    private func warmupMs(_ group: StormGroup) -> Int64 {
        for scaling in group.policy.scalingPolicies where scaling.name == "out" {
            if case .step(let step) = scaling.kind {
                return (step.instanceWarmup ?? group.policy.instanceWarmup ?? group.policy.defaultCooldown)
                    .wholeMilliseconds
            }
        }
        return .max
    }

    /// How long it may take until steps have added: the alarm's periods, two measurements, the minute until a policy is invoked
    /// again, and the warmup.
    private func promptMs(_ group: StormGroup) -> Int64 {
        var span = 2 * group.policy.pollInterval.wholeMilliseconds + warmupMs(group) + 130_000
        for alarm in group.policy.alarms where alarm.name == "waiting" {
            span += (alarm.period * alarm.evaluationPeriods).wholeMilliseconds
        }
        return span
    }

    // MARK: The end

    private func checkRest(_ group: StormGroup) {
        NobodyOrphaned.check(group, in: self)
        DesiredReached.check(group, in: self)
        NoMessageLost.check(group, in: self)
        DryRunLeavesNoTrace.check(group, in: self)
    }

    func checkTheEnd() {
        for group in groups { checkRest(group) }
    }
}
