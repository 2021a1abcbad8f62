import Logging
import WeirCore

/// Runs one group: gathers what is seen, lets the core decide, stores the new state, performs the plan, and keeps the
/// record. It decides nothing itself.
///
/// Everything slow (measuring, listing, performing) happens beside the loop and arrives in an inbox; a tick takes what is
/// there. So a hung source or a long drain never holds up a launch or an operator.
public actor GroupController {
    /// What surrounds a controller.
    public struct Parts: Sendable {
        public var source: any QueueSource
        /// Nil when nobody can tell who holds what, as in a dry run over a source that is not the embedded queue.
        public var holders: (any WorkHolders)?
        public var hands: any Hands
        /// Asks instances how they are; nil when nobody does.
        public var checker: (any HealthChecker)?
        /// Carries out the actions of alarms; nil when nobody is told, as in a dry run.
        public var notifier: (any Notifier)?
        /// Hands that launch what an earlier policy file says, from its text; for going back to it.
        public var formerHands: (@Sendable (_ policyText: String) async throws -> any Hands)?

        public init(
            source: any QueueSource, holders: (any WorkHolders)?, hands: any Hands, checker: (any HealthChecker)? = nil,
            notifier: (any Notifier)? = nil,
            formerHands: (@Sendable (_ policyText: String) async throws -> any Hands)? = nil
        ) {
            self.source = source
            self.holders = holders
            self.hands = hands
            self.checker = checker
            self.notifier = notifier
            self.formerHands = formerHands
        }
    }

    /// What everyone shares.
    public struct Surroundings: Sendable {
        public var time: any TimeSource
        /// Nil: nothing is kept (a dry run).
        public var store: (any StateStore)?
        public var recorder: any Recorder
        public var logger: Logger
        public var index: InstanceIndex

        public init(
            time: any TimeSource, store: (any StateStore)?, recorder: any Recorder, logger: Logger, index: InstanceIndex
        ) {
            self.time = time
            self.store = store
            self.recorder = recorder
            self.logger = logger
            self.index = index
        }
    }

    public nonisolated let name: String
    private var stored: StoredGroup
    private var policy: GroupPolicy
    private var parts: Parts
    private let surroundings: Surroundings
    private var telemetry: Telemetry

    private var inbox = Inbox()
    private var timetable: Timetable
    /// Counts what the source is: an answer of the one before is not taken for one of this.
    private var sourceNumber = 0
    private var listing = false
    private var listingWanted = false
    /// What was removed since the listing under way began; it may still be in it.
    private var removedMeanwhile: Set<InstanceID> = []
    /// No listing has succeeded since this process began; what the state says is under way must be taken up again.
    private var restarted = true
    private var leaving = false
    /// It has left, or was stopped: it hears nothing any more.
    private var isOver = false
    private var measurement: Measurement?
    private var lastChange: DatedDecision?
    private var lastDecision: DatedDecision?
    private var totals = GroupTotals()
    private var requestsMade = 0
    /// The next record is the first of this process, or the first under another policy: it says where it starts from.
    private var checkpointIsDue = true

    /// Decided, but its state could not be stored yet, so not begun.
    private var unbegun: [Action] = []
    /// Answers that nobody may hear before the state that they speak of is stored.
    private var unsaid: [(reply: CheckedContinuation<Answer.Result?, Never>, result: Answer.Result?)] = []
    private var stateIsStored = true
    private var savedAt: Instant?
    /// The last action begun for each instance; the next one for the same instance waits for it.
    private var tails: [InstanceID: Task<Void, Never>] = [:]
    private var hookRuns = HookRuns()
    private var checking: Task<Void, Never>?
    private var watching: Task<Void, Never>?
    private var timer: Task<Void, Never>?
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    /// What arrived since the last tick.
    private struct Inbox {
        var measurement: Measurement?
        var listing: Listing?
        var outcomes: [ActionOutcome] = []
        var requests: [(request: Request, reply: CheckedContinuation<Answer.Result?, Never>)] = []
        var health: [HealthReport] = []
        /// Something else changed (who holds what, the policy): tick.
        var nudged = false

        var isEmpty: Bool {
            measurement == nil && listing == nil && outcomes.isEmpty && requests.isEmpty && health.isEmpty && !nudged
        }
    }

    public init(_ stored: StoredGroup, policy: GroupPolicy, parts: Parts, surroundings: Surroundings) {
        self.name = stored.name
        self.stored = stored
        self.policy = policy
        self.parts = parts
        self.surroundings = surroundings
        self.telemetry = Telemetry(group: stored.name, logger: surroundings.logger, dryRun: parts.hands.imagined)
        self.timetable = Timetable(at: surroundings.time.now())
        (self.signals, self.signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    // MARK: The loop

    /// Runs until the task is cancelled, or the group has left and its last instance is gone.
    public func run() async {
        surroundings.index.set(name, stored.state.fleet)
        watch()
        startChecking()
        startListing()
        startMeasuring()
        signal.yield()
        for await _ in signals {
            if Task.isCancelled { break }
            await step()
            if hasLeft { break }
        }
        isOver = true
        // Samples since the last change are stored now and then only; the next weir goes on with all of them.
        if !hasLeft { _ = save(durably: true) }
        timer?.cancel()
        watching?.cancel()
        checking?.cancel()
        hookRuns.endAll()
        answerNobody()
    }

    private func step() async {
        let now = surroundings.time.now()
        timetable.look(at: now)
        if !timetable.isMeasuring, inbox.measurement == nil,
            now >= timetable.measurementDue(groupIsEmpty: nobodyTakesWork)
        {
            startMeasuring()
        }
        if let due = timetable.savingDue, now >= due { begin(durably: true) }
        // The first tick knows what is there: it waits for the first listing.
        timetable.knowsTheFleet = !restarted || inbox.listing != nil
        if timetable.knowsTheFleet {
            if !inbox.isEmpty || timetable.tickDue.map({ now >= $0 }) == true { await tick() }
        } else if !listing {
            startListing()
        }
        setTimer()
    }

    private func tick() async {
        let held = await parts.holders?.held()

        // No await from here to the end: nothing happens between reading the state and storing the new one.
        let now = surroundings.time.now()
        let inbox = self.inbox
        self.inbox = Inbox()
        var observation = Observation(
            measurement: inbox.measurement, listing: inbox.listing, held: held,
            outcomes: inbox.outcomes, requests: inbox.requests.map(\.request))
        observation.health = inbox.health
        if restarted, case .instances? = inbox.listing {
            observation.restarted = true
            restarted = false
            telemetry.tellOfRestart(stored.state.fleet)
        }
        let policy = leaving ? policy.retired() : policy
        let checkpoint = checkpointIsDue ? Record.Checkpoint(policy: policy, state: stored.state) : nil
        checkpointIsDue = false
        let evaluation = evaluate(policy, stored.state, observation, at: now)
        stored.state = evaluation.state
        if !leaving { stored.keepTemplates() }
        hookRuns.keep(waitedForBy: stored.state.fleet)
        timetable.look(at: now)
        timetable.ticked(at: now, evaluation)
        note(observation, evaluation, from: checkpoint, at: now)
        for notification in evaluation.notifications { notify(notification) }

        unbegun += evaluation.plan.actions.map(\.action)
        unsaid += inbox.requests.map { request, reply in
            (reply, evaluation.answers.first { $0.requestID == request.id }?.result)
        }
        begin(durably: evaluation.isWorthKeeping)
    }

    /// Stores the state, and only then begins what was decided and says what was answered: a launch that nobody remembers
    /// would be an orphan, and a protection that was promised would be forgotten.
    private func begin(durably: Bool) {
        guard save(durably: durably) else { return }
        for (reply, result) in unsaid { reply.resume(returning: result) }
        unsaid = []
        let actions = unbegun
        unbegun = []
        for action in actions { begin(action) }
    }

    /// - Parameter durably: something was decided. Ticks that only added a sample are stored now and then.
    /// - Returns: what was decided may begin.
    private func save(durably: Bool) -> Bool {
        guard let store = surroundings.store else { return true }
        let now = surroundings.time.now()
        let isRecent = savedAt.map { $0 <= now && now - $0 < Limits.quietSaveInterval } ?? false
        if stateIsStored, !durably, isRecent { return true }
        do throws(StateFailure) {
            try store.save(stored, durably: durably)
            if !stateIsStored { telemetry.storesAgain() }
            stateIsStored = true
            savedAt = now
            timetable.savingDue = nil
            return true
        } catch {
            if stateIsStored { telemetry.cannotStore(error, actions: unbegun.count) }
            stateIsStored = false
            timetable.savingDue = now + Limits.saveRetry
            return false
        }
    }

    private func begin(_ action: Action) {
        let id = action.instance
        let hands = parts.hands
        if case .runHook(_, let hook) = action {
            hookRuns.begin(id, hook) {
                let result = await hands.perform(action, for: self.name)
                if !Task.isCancelled { await self.finished(action, result) }
            }
            return
        }
        let previous = tails[id]
        let template = stored.state.fleet.first { $0.id == id }?.template?.version
        let former = stored.former(ofTemplate: template)
        tails[id] = Task {
            await previous?.value
            let result = await self.perform(action, hands, template, former)
            self.finished(action, result)
        }
    }

    /// What is launched from an earlier version of the template is launched by hands of that version.
    private func perform(
        _ action: Action, _ hands: any Hands, _ template: Int?, _ former: FormerTemplate
    ) async -> ActionOutcome.Result {
        switch action {
        case .launch, .prepare:
            guard let make = parts.formerHands else { break }
            switch former {
            case .present: break
            case .forgotten: return .failed("version \(template ?? 0) of what is launched is not kept any more")
            case .text(let text):
                do {
                    return try await make(text).perform(action, for: name, template: template)
                } catch {
                    return .failed("version \(template ?? 0) of what is launched cannot be launched any more: \(error)")
                }
            }
        case .drain, .restore, .terminate, .remove, .pause, .resume, .runHook: break
        }
        return await hands.perform(action, for: name, template: template)
    }

    /// Once, and beside everything else.
    private func notify(_ notification: AlarmNotification) {
        guard let notifier = parts.notifier else { return }
        Task {
            guard let failure = await notifier.tell(notification, of: self.name) else { return }
            self.telemetry.couldNotTell(notification, failure)
        }
    }

    private func finished(_ action: Action, _ result: ActionOutcome.Result) {
        inbox.outcomes.append(ActionOutcome(action: action, result: result))
        totals.count(action, result)
        if case .remove = action {
            removedMeanwhile.insert(action.instance)
            inbox.listing = inbox.listing?.without([action.instance])
        }
        forgetTails()
        switch action {
        case .launch, .terminate: startListing()
        case .prepare, .pause, .resume: startListing()
        case .drain, .restore, .remove, .runHook: break
        }
        signal.yield()
    }

    /// Of instances that are gone, however they went.
    private func forgetTails() {
        let state = stored.state
        guard tails.count > 2 * (state.fleet.count + state.remains.count) + 16 else { return }
        let known = Set(state.fleet.map(\.id)).union(state.remains.map(\.instance))
        tails = tails.filter { known.contains($0.key) }
    }

    /// Those of a warm pool wait to be sent for.
    private var nobodyTakesWork: Bool {
        stored.state.fleet.allSatisfy(\.isWarmed)
    }

    private func setTimer() {
        timer?.cancel()
        let due = timetable.nextLook(after: surroundings.time.now(), groupIsEmpty: nobodyTakesWork)
        let time = surroundings.time
        let signal = signal
        timer = Task {
            try? await time.sleep(until: due)
            if !Task.isCancelled { signal.yield() }
        }
    }

    // MARK: What is seen

    private func startMeasuring() {
        guard !timetable.isMeasuring else { return }
        let source = parts.source
        let number = sourceNumber
        let now = surroundings.time.now()
        timetable.beginsMeasuring(at: now)
        Task {
            let measurement = await source.measure(at: now)
            self.measured(measurement, by: number)
        }
    }

    private func measured(_ measurement: Measurement, by number: Int) {
        // The answer of a source that this group has no more says nothing about the one it has.
        guard number == sourceNumber else { return }
        timetable.hasMeasured(at: surroundings.time.now())
        inbox.measurement = measurement
        self.measurement = measurement
        startListing()
        signal.yield()
    }

    /// One listing at a time; what is asked for meanwhile is one more afterwards.
    private func startListing() {
        guard !listing else {
            listingWanted = true
            return
        }
        listing = true
        listingWanted = false
        removedMeanwhile = []
        let hands = parts.hands
        Task {
            let listing: Listing
            do throws(LauncherFailure) {
                listing = .instances(try await hands.list())
            } catch {
                listing = .failed(error.message)
            }
            self.listed(listing)
        }
    }

    private func listed(_ listing: Listing) {
        self.listing = false
        inbox.listing = listing.without(removedMeanwhile)
        signal.yield()
        if listingWanted { startListing() }
    }

    /// Asks every instance in service, round after round. Only what changes something brings a tick.
    private func startChecking() {
        checking?.cancel()
        guard let checker = parts.checker, !parts.hands.imagined else { return }
        let time = surroundings.time
        checking = Task {
            while !Task.isCancelled {
                let next = time.now() + checker.interval
                await self.checkAll(checker)
                do { try await time.sleep(until: next) } catch { return }
            }
        }
    }

    private func checkAll(_ checker: any HealthChecker) async {
        let reports = await checker.checkAll(stored.state.fleet.filter { $0.lifecycleState == .inService }.map(\.id))
        let news = stored.state.fleet.news(in: reports)
        guard !Task.isCancelled, !news.isEmpty else { return }
        inbox.health += news
        signal.yield()
    }

    private func watch() {
        watching?.cancel()
        let changes = parts.hands.changes()
        watching = Task {
            for await _ in changes { self.startListing() }
        }
    }

    // MARK: What is asked

    /// Something happened in the queue that may matter now.
    public func wake() {
        timetable.wake()
        signal.yield()
    }

    /// An instance may have become idle: whoever waits to end it wants to know.
    public func instanceBecameIdle() {
        let fleet = stored.state.fleet
        let active = fleet.count { $0.lifecycleState == .inService || $0.lifecycleState == .pending }
        let isAwaited = fleet.contains { $0.isLeaving || $0.lifecycleState == .enteringStandby }
        guard leaving || isAwaited || active > stored.state.desiredCapacity else { return }
        inbox.nudged = true
        signal.yield()
    }

    /// Decides the request on a tick and gives its answer; nil when the group is gone.
    public func request(_ kind: Request.Kind) async -> Answer.Result? {
        guard !hasLeft, !isOver else { return nil }
        requestsMade += 1
        let request = Request(id: requestsMade, kind: kind)
        return await withCheckedContinuation { reply in
            inbox.requests.append((request, reply))
            signal.yield()
        }
    }

    /// A new policy for the same group. Running work is not touched: only what the new policy decides is done.
    /// - Returns: false when the group is over, and has to be started anew.
    public func change(to spec: GroupSpec, parts: Parts) -> Bool {
        guard !isOver, !hasLeft else { return false }
        let now = surroundings.time.now()
        policy = spec.policy
        self.parts = parts
        leaving = false
        checkpointIsDue = true
        stored.follow(spec)
        // Whatever is being measured now is measured by a source that is gone.
        sourceNumber += 1
        inbox.measurement = nil
        timetable.hasMeasured(at: now)
        timetable.measureAnother(at: now)
        watch()
        startChecking()
        inbox.nudged = true
        signal.yield()
        return true
    }

    /// The policy was taken away: busy instances finish, idle ones end, and then the group is gone.
    public func leave() {
        guard !leaving else { return }
        leaving = true
        checkpointIsDue = true
        inbox.nudged = true
        signal.yield()
    }

    /// Nothing of the group is left: no instance, no remains.
    public var hasLeft: Bool {
        leaving && !restarted && stored.state.fleet.isEmpty && stored.state.remains.isEmpty && unbegun.isEmpty
    }

    public func snapshot() -> GroupSnapshot {
        var snapshot = GroupSnapshot(
            policy: policy, state: stored.state, leaving: leaving, dryRun: parts.hands.imagined)
        snapshot.measurement = measurement
        snapshot.measuredAt = timetable.measuredAt
        snapshot.lastChange = lastChange
        snapshot.lastDecision = lastDecision
        snapshot.totals = totals
        return snapshot
    }

    public func instance(_ id: InstanceID) -> Instance? {
        stored.state.fleet.first { $0.id == id }
    }

    /// Waits for the actions that were begun, `limit` at most.
    public func settle(limit: Duration) async {
        let tasks = tails.keys.sorted().compactMap { tails[$0] } + hookRuns.all
        let (settled, end) = AsyncStream<Void>.makeStream()
        Task {
            for task in tasks { await task.value }
            end.finish()
        }
        let alarm = Task {
            try? await Task.sleep(for: limit)
            end.finish()
        }
        for await _ in settled {}
        alarm.cancel()
    }

    public func countBusyTermination() {
        totals.busyTerminations += 1
    }

    private func answerNobody() {
        for (_, reply) in inbox.requests { reply.resume(returning: nil) }
        for (reply, _) in unsaid { reply.resume(returning: nil) }
        inbox.requests = []
        unsaid = []
    }

    // MARK: What is told

    private func note(
        _ observation: Observation, _ evaluation: Evaluation, from checkpoint: Record.Checkpoint?, at now: Instant
    ) {
        let dated = DatedDecision(at: now, decision: evaluation.decision)
        // A tick that was not measured and changed nothing explains nothing.
        let changes = evaluation.decision.desired != evaluation.decision.previousDesired
        if lastDecision == nil || observation.measurement != nil || changes {
            lastDecision = dated
        }
        if evaluation.decision.desired != evaluation.decision.previousDesired { lastChange = dated }
        totals.count(observation, evaluation)
        surroundings.index.set(name, evaluation.state.fleet)
        surroundings.recorder.record(
            Record(
                group: name, at: now, dryRun: parts.hands.imagined, checkpoint: checkpoint, observation: observation,
                evaluation: evaluation))
        telemetry.tell(observation, evaluation)
    }
}

extension Listing {
    fileprivate func without(_ gone: Set<InstanceID>) -> Listing {
        guard !gone.isEmpty, case .instances(let instances) = self else { return self }
        return .instances(instances.filter { !gone.contains($0.id) })
    }
}
