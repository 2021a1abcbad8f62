import WeirCore
import WeirRuntime

/// Tells each checker what it has to know. A checker judges from the world as it is and from the records, never from what the
/// loop believes.
final class Checks {
    private var ledger = Ledger()
    private var bounds: BoundsKept
    private var crashLoops: CrashLoopBounded
    private var work: WorkCounts
    private var restarts: RestartChangesNothing
    private var replay: RecordsReplay
    private var clamping = DesiredClamped()
    private var needs: OneNeedOneLaunch
    private var prompt: ScaleOutPrompt
    private var spinning: NeverSpins
    private var fallback: FallbackKept
    private var failures: FailuresPause
    private var pauses: PausesBeginAnew
    private var asking: AskedInTime
    private var suspension: SuspensionKept

    init(_ groups: [StormGroup], options: StormOptions) {
        bounds = BoundsKept(groups)
        crashLoops = CrashLoopBounded(groups.count)
        work = WorkCounts(groups.count)
        restarts = RestartChangesNothing(groups.count)
        // Deciding everything twice is dear; and with a mistake that is planted around `evaluate` it says nothing.
        replay = RecordsReplay(groups.count, isOn: options.bug.map { $0 == .hiddenMemory } ?? (options.seed % 4 == 0))
        needs = OneNeedOneLaunch(groups.count)
        prompt = ScaleOutPrompt(groups.count)
        spinning = NeverSpins(groups.count)
        fallback = FallbackKept(groups.count)
        failures = FailuresPause(groups.count)
        pauses = PausesBeginAnew(groups.count)
        asking = AskedInTime(groups.count)
        suspension = SuspensionKept(groups.count)
    }

    func steps(_ group: StormGroup, in storm: Storm) { spinning.check(group, in: storm) }

    // MARK: What weir concludes and wishes

    func isRecorded(_ record: Record, of group: StormGroup, in storm: Storm) {
        bounds.check(record, of: group, in: storm)
        ReasonsGiven.check(record, of: group, in: storm)
        restarts.check(record, of: group, in: storm)
        replay.check(record, of: group, in: storm)
        work.check(record, of: group, in: storm)
        clamping.check(record, of: group, bounds: bounds.inForce(group), in: storm)
        crashLoops.check(record, of: group, in: storm)
        fallback.check(record, of: group, in: storm)
        pauses.check(record, of: group, in: storm)
        guard !record.events.isEmpty || !record.plan.actions.isEmpty else {
            return checkPromptness(record, of: group, in: storm)
        }
        // What is imagined is gone with its process.
        guard !group.plan.dryRun else { return }
        ledger.follow(record, of: group, in: storm)
        for event in record.events {
            guard case .launchGivenUp = event.kind else { continue }
            let worker = storm.position(of: event.instance, in: group)
            RestartChangesNothing.checkGivenUp(worker, ledger[worker], of: group, in: storm)
        }
        LaunchesJustified.check(record, of: group, ledger, in: storm)
        SharedLimitKept.check(record, of: group, ledger, in: storm)
        ProtectedNotStopped.check(record, of: group, in: storm)
        failures.check(record, of: group, in: storm)
        suspension.check(record, of: group, in: storm)
        needs.check(record, of: group, in: storm)
        checkPromptness(record, of: group, in: storm)
    }

    private func checkPromptness(_ record: Record, of group: StormGroup, in storm: Storm) {
        if prompt.check(record, of: group, in: storm) { storm.scaledIn(group, to: record.decision.desired) }
    }

    func isBegun(_ action: Action, in group: StormGroup, _ storm: Storm) {
        StoredBeforeDone.check(action, in: group, storm)
    }

    func isAsked(_ call: LauncherCall, _ run: HandRun, in storm: Storm) {
        ForeignUntouched.check(call, run, in: storm)
        DryRunLeavesNoTrace.check(call, run, in: storm)
        failures.check(call, run, in: storm)
        switch call {
        case .launch, .prepare, .resume: ledger[run.worker].wasAskedFor = true
        case .pause, .terminate, .remove: break
        }
    }

    // MARK: What really happens to instances

    func isMade(_ worker: Int, in storm: Storm) {
        LaunchedOnce.check(worker, in: storm)
    }

    func hasEnded(_ worker: Int, in storm: Storm) {
        ledger[worker].counts = false
        ledger[worker].takesRoom = false
    }

    func isStopped(_ worker: Int, by action: Action, in storm: Storm) {
        BusyNotStopped.check(worker, ledger[worker], in: storm)
        ProtectedNotStopped.check(worker, ledger[worker], in: storm)
    }

    func isPaused(_ worker: Int, in storm: Storm) {
        BusyNotStopped.checkPause(worker, in: storm)
    }

    func isForgotten(_ worker: Int, in storm: Storm) {
        NoMessageLost.checkForgetting(worker, in: storm)
    }

    func isStray(_ worker: Int, in storm: Storm) {
        ledger[worker].isStray = true
    }

    // MARK: The source

    func isMeasured(_ group: StormGroup, in storm: Storm) {
        asking.isAsked(group, in: storm)
        work.isMeasured(group, in: storm)
        needs.isMeasured(group, in: storm)
    }
    func isHeard(_ measurement: Measurement, _ group: StormGroup) { work.isHeard(measurement, group) }
    func sourceLies(_ group: StormGroup, in storm: Storm) { work.sourceLies(group, in: storm) }
    func isDoubted(zeroOf group: StormGroup, in storm: Storm) -> Bool { work.isDoubted(zeroOf: group, in: storm) }

    // MARK: Weir and people

    func begins(_ group: StormGroup, _ state: GroupState, isNew: Bool, in storm: Storm) {
        restarts.begins(group, state, isNew: isNew, in: storm)
        replay.begins(group)
        ledger.begins(group, state, in: storm)
        bounds.begins(group, state, isNew: isNew)
        beginsAnew(group)
        fallback.begins(group, state)
        asking.begins(group, in: storm)
    }

    func dies(_ group: StormGroup, in storm: Storm) {
        restarts.dies(group, in: storm)
        asking.ends(group)
    }

    func looksAfter(_ group: StormGroup, in storm: Storm) { asking.check(group, in: storm) }
    func losesPower(_ group: StormGroup, in storm: Storm) { restarts.losesPower(group, in: storm) }

    func hasLeft(_ group: StormGroup, in storm: Storm) {
        NobodyOrphaned.checkLeft(group, in: storm)
        restarts.hasLeft(group)
        bounds.hasLeft(group)
        asking.ends(group)
        suspension.hasLeft(group)
    }

    func clockIsSet(in storm: Storm) {
        work.clockIsSet(in: storm)
        // Time between two ticks is lost where the clock goes back.
        for group in storm.groups { pauses.begins(group) }
    }
    func policyChanged(_ group: StormGroup, in storm: Storm) {
        crashLoops.reset(group)
        beginsAnew(group)
    }

    /// What was heard and done before has no weight any more.
    private func beginsAnew(_ group: StormGroup) {
        fallback.beginsAnew(group)
        failures.reset(group)
        pauses.begins(group)
        work.begins(group)
    }

    func isRequested(_ kind: Request.Kind, of group: StormGroup, in storm: Storm) {
        suspension.isRequested(kind, of: group)
        switch kind {
        case .terminate(let id, _): ledger[storm.position(of: id, in: group)].isNamed = true
        case .setHealth(let id, healthy: false, _): ledger[storm.position(of: id, in: group)].isSaidUnhealthy = true
        case .setProtection(let ids, protected: false):
            for id in ids {
                let worker = storm.position(of: id, in: group)
                storm.workers[worker].isPromised = false
                ledger[worker].isToBeProtected = false
            }
        case .setProtection(let ids, protected: true):
            for id in ids { ledger[storm.position(of: id, in: group)].isToBeProtected = true }
        case .setDesired, .resume, .resetBackoffs:
            crashLoops.reset(group)
            failures.reset(group)
        case .setHealth, .suspend, .enterStandby, .exitStandby, .completeLifecycle, .recordHeartbeat,
            .startRefresh, .cancelRefresh, .rollBackRefresh:
            break
        }
    }

    func isAnswered(
        _ kind: Request.Kind, _ result: Answer.Result?, of group: StormGroup, in storm: Storm
    ) {
        clamping.check(kind, result, of: group, in: storm)
        suspension.isAnswered(kind, result, of: group)
        guard case .accepted? = result, case .setProtection(let ids, protected: true) = kind else { return }
        for id in ids { promise(storm.position(of: id, in: group), in: storm) }
    }

    /// Its protection was accepted; what was asked after it may have undone it already.
    func isTold(_ result: Answer.Result?, of group: StormGroup, in storm: Storm) {
        StoredBeforeDone.check(result, in: group, storm)
    }

    func promise(_ worker: Int, in storm: Storm) {
        if ledger[worker].isToBeProtected { storm.workers[worker].isPromised = true }
    }

    // MARK: The calm

    func examBegins(_ group: StormGroup, slowStart: Bool) { needs.begin(group, isOn: slowStart) }
    func expectScaleOut(_ group: StormGroup, by deadline: Int64, above desired: Int, why: String) {
        prompt.expect(group, by: deadline, above: desired, why: why)
    }
    func awaitScaleIn(_ group: StormGroup) { prompt.awaitScaleIn(group) }
    func isSuspended(_ process: ScalingProcess, in group: StormGroup) -> Bool {
        suspension.isSuspended(process, in: group)
    }
    func boundsInForce(_ group: StormGroup) -> (minimum: Int, maximum: Int) { bounds.inForce(group) }
}
