import Logging
import WeirCore

/// The loop of one group as a value: what happens goes in with its time, and what is to be done comes out as wishes. It has
/// no task, clock or connection, so that the same loop runs behind `GroupController`, which does what it wishes, and in a
/// made-up world on made-up time.
///
/// It decides nothing about the group: a tick takes what has arrived, calls `evaluate`, stores the new state, and only then
/// wishes for what was decided.
package struct GroupLoop {
    /// What somebody has to do for the loop.
    package enum Wish: Sendable {
        /// Measure the source, and say it to `measured(_:by:at:)` with this number.
        case measure(number: Int)
        /// List the instances, and say them to `listed(_:)`.
        case list
        /// Perform it, once, and say how it ended to `finished(_:_:at:)`.
        case perform(OrderedAction)
        /// Call off the commands of hooks that none of these waits for.
        case keepHooks([Instance])
        case tell(AlarmNotification)
        /// The request of this number is answered; nil when the group is gone.
        case answer(number: Int, Answer.Result?)
    }

    /// What it keeps and tells, at once, as it goes.
    package struct Books: Sendable {
        /// Nil: nothing is kept (a dry run).
        package var store: (any StateStore)?
        package var recorder: any Recorder
        package var logger: Logger
        package var index: InstanceIndex
        /// Limits that it shares with other groups.
        package var fleets: FleetLedger
        /// Who else is told of each tick.
        package var onlooker: (any Onlooker)?

        package init(
            store: (any StateStore)?, recorder: any Recorder, logger: Logger, index: InstanceIndex,
            fleets: FleetLedger = FleetLedger(), onlooker: (any Onlooker)? = nil
        ) {
            self.onlooker = onlooker
            self.store = store
            self.recorder = recorder
            self.logger = logger
            self.index = index
            self.fleets = fleets
        }
    }

    package private(set) var stored: StoredGroup
    private var policy: GroupPolicy
    /// Nothing that it wishes is really done.
    private let dryRun: Bool
    private let books: Books
    private var telemetry: Telemetry
    private var wishes: [Wish] = []

    private var inbox = Inbox()
    private var timetable: Timetable
    /// Counts what the source is: an answer of the one before is not taken for one of this.
    private var sourceNumber = 0
    private var listing = false
    private var listingWanted = false
    private var lastListingFailed = false
    /// What was removed since the listing under way began; it may still be in it.
    private var removedMeanwhile: Set<InstanceID> = []
    /// What was ended since then without having been seen to run; in it they may still run.
    private var endedMeanwhile: Set<InstanceID> = []
    /// No listing has succeeded since this process began; what the state says is under way must be taken up again.
    private var restarted = true
    private var leaving = false
    /// It has left, or was stopped: it hears nothing any more.
    package private(set) var isOver = false
    private var measurement: Measurement?
    private var lastChange: DatedDecision?
    private var lastDecision: DatedDecision?
    private var recentDecisions = RecentDecisions()
    private var totals = GroupTotals()
    private var requestsMade = 0
    /// The next record is the first of this process, or the first under another policy: it says where it starts from.
    private var checkpointIsDue = true
    private var ticks = 0

    /// Decided, but its state could not be stored yet, so not begun.
    private var unbegun: [Action] = []
    /// Answers that nobody may hear before the state that they speak of is stored.
    private var unsaid: [(number: Int, result: Answer.Result?)] = []
    private var stateIsStored = true
    private var savedAt: Instant?
    private var queues = ActionQueues()

    /// What decides. Whoever wants to know whether a mistake in it would be noticed puts one in here.
    package var decide: @Sendable (GroupPolicy, consuming GroupState, Observation, Instant) -> Evaluation = {
        evaluate($0, $1, $2, at: $3)
    }

    package init(_ stored: StoredGroup, policy: GroupPolicy, dryRun: Bool, books: Books, at now: Instant) {
        self.stored = stored
        self.policy = policy
        self.dryRun = dryRun
        self.books = books
        self.telemetry = Telemetry(group: stored.name, logger: books.logger, dryRun: dryRun)
        self.timetable = Timetable(at: now)
        timetable.followsTraffic = policy.followsTraffic
    }

    /// A policy of the group wants to know what happens between two measurements.
    package var followsTraffic: Bool { timetable.followsTraffic }

    /// The source's answers may take so long; one that takes longer counts as failed.
    package mutating func setPatience(_ patience: Duration) { timetable.patience = patience }

    /// What is to be done now, in this order; each is said once.
    package mutating func takeWishes() -> [Wish] {
        defer { wishes = [] }
        return wishes
    }

    // MARK: Its course

    package mutating func begin(at now: Instant) {
        books.index.set(stored.name, stored.state.fleet)
        books.fleets.enter(FleetClaim(of: policyInForce, in: stored.state), of: stored.name)
        list()
        measure(at: now)
    }

    /// Looks at what is due.
    /// - Returns: a tick is due: whoever can tell who holds what is to be asked, and then `tick` called.
    package mutating func look(at now: Instant) -> Bool {
        timetable.look(at: now)
        if !timetable.isMeasuring, inbox.measurement == nil,
            now >= timetable.measurementDue(groupIsEmpty: nobodyTakesWork)
        {
            measure(at: now)
        }
        if timetable.losesPatience(at: now), inbox.measurement == nil {
            measurement = .missing(.sourceFailed("no answer for \(timetable.patience.components.seconds) s"))
            inbox.measurement = measurement
        }
        if let due = timetable.savingDue, now >= due { begin(durably: true, at: now) }
        // The first tick knows what is there: it waits for the first listing.
        timetable.knowsTheFleet = !restarted || inbox.listing != nil
        if timetable.knowsTheFleet { return !inbox.isEmpty || timetable.tickDue.map({ now >= $0 }) == true }
        if !listing { list() }
        return false
    }

    /// When it has to look again, should nothing happen before.
    package func nextLook(after now: Instant) -> Instant {
        timetable.nextLook(after: now, groupIsEmpty: nobodyTakesWork, isMeasured: inbox.measurement != nil)
    }

    /// - Parameter held: who holds what at this moment; nil when nobody can tell.
    package mutating func tick(held: [HeldMessages]?, at now: Instant) {
        var observation = inbox.observation(held: held)
        inbox = Inbox()
        if restarted, case .instances? = observation.listing {
            observation.restarted = true
            restarted = false
            telemetry.tellOfRestart(stored.state.fleet)
        }
        let policy = policyInForce
        let startsAnew = checkpointIsDue || books.recorder.needsCheckpoint(of: stored.name, at: now)
        let checkpoint = startsAnew ? Record.Checkpoint(policy: policy, state: stored.state) : nil
        checkpointIsDue = false
        ticks += 1
        let claim = FleetClaim(of: policy, in: stored.state)
        let evaluation = books.fleets.decide(for: stored.name, having: claim) { ceiling in
            observation.ceiling = ceiling
            return decide(policy, stored.state.take(), observation, now)
        }
        stored.state = evaluation.state
        if !leaving { stored.keepTemplates() }
        wishes.append(.keepHooks(stored.state.fleet))
        timetable.look(at: now)
        timetable.ticked(at: now, evaluation)
        note(observation, evaluation, from: checkpoint, at: now)
        wishes += evaluation.notifications.map { .tell($0) }

        unbegun += evaluation.plan.actions.map(\.action)
        unsaid += observation.requests.map { request in
            (request.id, evaluation.answers.first { $0.requestID == request.id }?.result)
        }
        begin(durably: evaluation.isWorthKeeping, at: now)
    }

    /// It is to run no more, or has left. What was asked and not answered is answered by nobody.
    package mutating func end(at now: Instant) {
        isOver = true
        if hasLeft { books.fleets.forget(stored.name) }
        // Samples since the last change are stored now and then only; the next weir goes on with all of them.
        if !hasLeft { _ = save(durably: true, at: now) }
        wishes += inbox.requests.map { .answer(number: $0.id, nil) } + unsaid.map { .answer(number: $0.number, nil) }
        inbox.requests = []
        unsaid = []
    }

    // MARK: Storing, and then beginning

    /// Stores the state, and only then begins what was decided and says what was answered: a launch that nobody remembers
    /// would be an orphan, and a protection that was promised would be forgotten.
    private mutating func begin(durably: Bool, at now: Instant) {
        guard save(durably: durably, at: now) else { return }
        wishes += unsaid.map { .answer(number: $0.number, $0.result) }
        unsaid = []
        let actions = unbegun
        unbegun = []
        // A disk that was full for long: some of it is for instances that have come and gone since.
        for action in actions where !startsForgotten(action) { begin(action) }
    }

    /// - Parameter durably: something was decided. Ticks that only added a sample are stored now and then.
    /// - Returns: what was decided may begin.
    private mutating func save(durably: Bool, at now: Instant) -> Bool {
        // What was only imagined must not be what the live group goes on from, whatever store a dry run was given.
        guard let store = books.store, !dryRun else { return true }
        let isRecent = savedAt.map { $0 <= now && now - $0 < Limits.quietSaveInterval } ?? false
        if stateIsStored, !durably, isRecent { return true }
        do throws(StateFailure) {
            // What could not be stored before may be a decision, and is about to begin.
            try store.save(stored, durably: durably || !stateIsStored)
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

    private mutating func begin(_ action: Action) {
        let template = stored.state.fleet.first { $0.id == action.instance }?.template?.version
        let ordered = OrderedAction(
            action: action, template: template, former: stored.former(ofTemplate: template))
        if case .runHook = action {
            wishes.append(.perform(ordered))
        } else if queues.add(ordered) {
            wishes.append(.perform(ordered))
        }
    }

    package mutating func finished(_ action: Action, _ result: ActionOutcome.Result) {
        inbox.outcomes.append(ActionOutcome(action: action, result: result))
        totals.count(action, result)
        switch action {
        case .runHook: return
        case .terminate(let id, _):
            let wasSeen = stored.state.fleet.contains { $0.id == id && $0.runningSince != nil }
            if case .done = result, !wasSeen { endedMeanwhile.insert(id) }
            list()
        case .launch, .prepare, .pause, .resume: list()
        case .remove(let id):
            removedMeanwhile.insert(id)
            inbox.listing = inbox.listing?.without([id])
        case .drain, .restore: break
        }
        while let next = queues.finish(action.instance) {
            guard startsForgotten(next.action) else { return wishes.append(.perform(next)) }
        }
    }

    /// It waited its turn, and its instance was forgotten since: nobody would know what it starts.
    private func startsForgotten(_ action: Action) -> Bool {
        switch action {
        case .launch, .prepare, .resume: !stored.state.fleet.contains { $0.id == action.instance }
        case .pause, .runHook, .drain, .restore, .terminate, .remove: false
        }
    }

    // MARK: What is seen

    /// Those of a warm pool wait to be sent for.
    private var nobodyTakesWork: Bool {
        stored.state.fleet.allSatisfy(\.isWarmed)
    }

    private mutating func measure(at now: Instant) {
        guard !timetable.isMeasuring else { return }
        timetable.beginsMeasuring(at: now)
        wishes.append(.measure(number: sourceNumber))
    }

    package mutating func measured(_ measurement: Measurement, by number: Int, at now: Instant) {
        // The answer of a source that this group has no more says nothing about the one it has.
        guard number == sourceNumber else { return }
        timetable.hasMeasured(at: now)
        inbox.measurement = measurement
        self.measurement = measurement
        list()
    }

    /// The list of instances may have changed. One listing at a time; what is asked for meanwhile is one more afterwards.
    package mutating func list() {
        guard !listing else {
            listingWanted = true
            return
        }
        listing = true
        listingWanted = false
        removedMeanwhile = []
        endedMeanwhile = []
        wishes.append(.list)
    }

    package mutating func listed(_ listing: Listing) {
        self.listing = false
        var listing = listing.without(removedMeanwhile).without(ended: endedMeanwhile)
        if restarted, case .failed(let why) = listing { listing = .neverSucceeded(why) }
        // Most listings come after a measurement, and say what is known.
        let isAwaited = restarted || lastListingFailed || inbox.listing != nil
        if isAwaited || !listing.isNoNews(for: stored.state.fleet) { inbox.listing = listing }
        lastListingFailed = if case .instances = listing { false } else { true }
        if listingWanted { list() }
    }

    /// - Returns: it changes something.
    package mutating func checked(_ reports: [HealthReport]) -> Bool {
        let news = stored.state.fleet.news(in: reports)
        inbox.health += news
        return !news.isEmpty
    }

    /// Something happened in the queue that may matter now.
    package mutating func wake() {
        timetable.wake()
    }

    /// An instance may have become idle: whoever waits to end it wants to know.
    /// - Returns: somebody does.
    package mutating func instanceBecameIdle() -> Bool {
        let fleet = stored.state.fleet
        let active = fleet.count { $0.lifecycleState == .inService || $0.lifecycleState == .pending }
        let isAwaited = fleet.contains { $0.isLeaving || $0.lifecycleState == .enteringStandby }
        guard leaving || isAwaited || active > stored.state.desiredCapacity else { return false }
        inbox.nudged = true
        return true
    }

    /// Other groups have changed what the limit that they share leaves to this one.
    package mutating func ceilingChanged() {
        inbox.nudged = true
    }

    package mutating func countBusyTermination() {
        totals.busyTerminations += 1
    }

    // MARK: What is asked

    /// Will be decided on a tick of its own.
    /// - Returns: the number under which it will be answered; nil when nobody hears it any more.
    package mutating func request(_ kind: Request.Kind) -> Int? {
        guard !hasLeft, !isOver else { return nil }
        requestsMade += 1
        inbox.requests.append(Request(id: requestsMade, kind: kind))
        return requestsMade
    }

    /// A new policy for the same group. Running work is not touched: only what the new policy decides is done.
    /// - Returns: false when the group is over, and has to be started anew.
    package mutating func change(to spec: GroupSpec, at now: Instant) -> Bool {
        guard !isOver, !hasLeft else { return false }
        policy = spec.policy
        timetable.followsTraffic = policy.followsTraffic
        leaving = false
        checkpointIsDue = true
        stored.follow(spec)
        books.fleets.enter(FleetClaim(of: policy, in: stored.state), of: stored.name)
        // Whatever is being measured now is measured by a source that is gone.
        sourceNumber += 1
        inbox.measurement = nil
        timetable.hasMeasured(at: now)
        timetable.measureAnother(at: now)
        inbox.nudged = true
        return true
    }

    private var policyInForce: GroupPolicy { leaving ? policy.retired() : policy }

    /// The policy was taken away: busy instances finish, idle ones end, and then the group is gone.
    package mutating func leave() {
        guard !leaving else { return }
        leaving = true
        books.fleets.enter(FleetClaim(of: policyInForce, in: stored.state), of: stored.name)
        checkpointIsDue = true
        inbox.nudged = true
    }

    /// Nothing of the group is left: no instance, no remains.
    package var hasLeft: Bool {
        leaving && !restarted && stored.state.hasNothingLeft && unbegun.isEmpty
    }

    package var snapshot: GroupSnapshot {
        var snapshot = GroupSnapshot(policy: policy, state: stored.state, leaving: leaving, dryRun: dryRun)
        snapshot.measurement = measurement
        snapshot.measuredAt = timetable.measuredAt
        snapshot.lastChange = lastChange
        snapshot.lastDecision = lastDecision
        snapshot.decisions = recentDecisions.all
        snapshot.totals = totals
        snapshot.ceiling = books.fleets.ceiling(of: stored.name)
        snapshot.shadow = books.onlooker?.account(of: stored.name)
        return snapshot
    }

    // MARK: What is told

    package func couldNotTell(_ notification: AlarmNotification, _ failure: String) {
        telemetry.couldNotTell(notification, failure)
    }

    private mutating func note(
        _ observation: Observation, _ evaluation: Evaluation, from checkpoint: Record.Checkpoint?, at now: Instant
    ) {
        let dated = DatedDecision(at: now, decision: evaluation.decision)
        // A tick that was not measured and changed nothing explains nothing.
        let changes = evaluation.decision.desired != evaluation.decision.previousDesired
        if lastDecision == nil || observation.measurement != nil || changes { lastDecision = dated }
        if changes { lastChange = dated }
        // Between two measurements alarms are not judged, and what held a policy back is not said again.
        if observation.measurement != nil || changes { recentDecisions.add(dated) }
        totals.count(observation, evaluation)
        books.index.set(stored.name, evaluation.state.fleet)
        books.recorder.record(
            Record(
                group: stored.name, tick: ticks, at: now, dryRun: dryRun, checkpoint: checkpoint,
                observation: observation, evaluation: evaluation))
        if let onlooker = books.onlooker {
            var tick = SeenTick(observation, evaluation.state, evaluation.events, at: now)
            if onlooker.isNew(to: stored.name) { tick.learned = LearnedOfWork(of: evaluation.state, under: policy) }
            onlooker.saw(tick, of: stored.name)
        }
        telemetry.tell(observation, evaluation)
    }
}
