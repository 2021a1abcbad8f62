import WeirCore

/// The running account of a policy that decides beside a live group and can do nothing: a value that is told of the live group's
/// ticks. Its instances are made up; what it sees of the queue is what the live group measured.
struct ShadowAccount: Sendable, Equatable, Codable {
    var version = ShadowAccount.currentVersion
    /// The two policies as they were written: an account compares these and no others.
    let texts: [String]
    let since: Instant
    private(set) var through: Instant
    /// Time that was seen; while weir does not run nothing is. Unit: seconds.
    private(set) var seen = 0.0
    private(set) var live = Tally()
    private(set) var shadow = Tally()
    private(set) var waits = ShadowWaits()
    private(set) var startupTimes: [Double] = []
    /// From being chosen to go to being gone. Unit: seconds.
    private var endingTimes: [Double] = []
    private var leaving: [Leaving] = []
    private(set) var state: GroupState
    private(set) var lastDecision: DatedDecision?
    private(set) var lastChange: DatedDecision?

    private var fleet: ShadowFleet
    private var outcomes: [ActionOutcome] = []
    private var nextTick: Instant?
    /// The live group as it was seen last.
    private var last: SeenTick

    private struct Leaving: Sendable, Equatable, Codable {
        var id: InstanceID
        var since: Instant
    }

    struct Tally: Sendable, Equatable, Codable {
        var workerSeconds = 0.0
        var launches = 0
        var terminations = 0
    }

    /// What decides: is told what is seen, and gives what is concluded.
    typealias Decide = (GroupState, Observation, Instant) -> Evaluation

    static let currentVersion = 2
    static let usualStartup = Duration.seconds(10)
    private static let startupsKept = 20
    private static let endingsKept = 20
    /// Ticks of its own between two of the live group's.
    private static let mostOwnTicks = 1000

    /// Begins where the live group is: as many instances in service, as many desired, and what it has learned of its work.
    init(_ policy: GroupPolicy, texts: [String], from tick: SeenTick) {
        self.texts = texts
        since = tick.at
        through = tick.at
        last = tick.withoutLearned
        fleet = ShadowFleet(running: tick.inService, at: tick.at)
        state = GroupState(startingWith: policy, seed: 1, at: tick.at)
        state.desiredCapacity = min(max(tick.desired, policy.minSize), policy.maxSize)
        if let learned = tick.learned {
            startupTimes = learned.startups.suffix(Self.startupsKept)
            state.begin(with: learned, under: policy, at: tick.at)
        }
    }

    /// The mean of what the live group's instances took lately, else `usualStartup`.
    var startup: Duration {
        guard !startupTimes.isEmpty else { return Self.usualStartup }
        let mean = startupTimes.reduce(0, +) / Double(startupTimes.count)
        return .milliseconds(Int64((mean * 1000).rounded()))
    }

    /// With the time that its instances take to end. They are never busy, and so take what the quickest of the live group's took lately.
    var shadowWithEnds: Tally {
        var tally = shadow
        tally.workerSeconds += Double(shadow.terminations) * (endingTimes.min() ?? 0)
        return tally
    }

    mutating func see(
        _ tick: SeenTick, under policy: GroupPolicy, liveConcurrency: Int, deciding decide: Decide
    ) {
        takeStartups(tick.startupTimes, policy)
        takeEnds(tick)
        live.launches += tick.launches
        live.terminations += tick.terminations
        if tick.restarted || tick.at < through {
            // Nobody looked, or the clock was set back: that time is no part of the account.
            through = tick.at
            waits.interrupt()
        }
        var ticks = 0
        while let due = ownTick, due < tick.at, ticks < Self.mostOwnTicks {
            pass(until: max(due, through))
            self.tick(nil, decide)
            ticks += 1
        }
        pass(until: tick.at)
        last = tick.withoutLearned
        if let measurement = tick.measurement {
            waits.measured(
                measurement, at: (tick.at - since).inSeconds, concurrency: (liveConcurrency, policy.concurrency))
        }
        self.tick(tick.measurement, decide)
    }

    /// What was launched while nothing was known takes what the first launches of the live group took.
    private mutating func takeStartups(_ seconds: [Double], _ policy: GroupPolicy) {
        if seconds.isEmpty { return }
        let isFirst = startupTimes.isEmpty
        startupTimes = (startupTimes + seconds).suffix(Self.startupsKept)
        guard isFirst else { return }
        fleet.correct(Self.usualStartup, to: startup, after: through)
        state.restartStartups(with: seconds, under: policy)
    }

    private mutating func takeEnds(_ tick: SeenTick) {
        // When they were chosen before that is not known.
        if tick.restarted { leaving = [] }
        let ended = leaving.filter { tick.ended.contains($0.id) }.map { (tick.at - $0.since).inSeconds }
        endingTimes = (endingTimes + ended.map { max($0, 0) }).suffix(Self.endingsKept)
        leaving = tick.leaving.map { id in leaving.first { $0.id == id } ?? Leaving(id: id, since: tick.at) }
    }

    private var ownTick: Instant? {
        let outcome = outcomes.isEmpty ? nil : through + .milliseconds(1)
        return [outcome, fleet.nextReady(after: through), nextTick].compactMap { $0 }.min()
    }

    private mutating func pass(until now: Instant) {
        guard now > through else { return }
        let span = (now - through).inSeconds
        seen += span
        live.workerSeconds += span * Double(last.working)
        shadow.workerSeconds += span * Double(state.fleet.count { !$0.isWarmed })
        waits.pass(
            ShadowWaits.Stretch(
                from: (through - since).inSeconds, until: (now - since).inSeconds, live: last.inService,
                shadow: state.fleet.count { $0.lifecycleState == .inService }))
        through = now
    }

    private mutating func tick(_ measurement: Measurement?, _ decide: Decide) {
        let observation = Observation(
            measurement: measurement, listing: fleet.listing(at: through), held: [], outcomes: outcomes)
        shadow.launches += outcomes.count { $0.isLaunch }
        shadow.terminations += outcomes.count { $0.isTermination }
        let evaluation = decide(state, observation, through)
        state = evaluation.state
        let dated = DatedDecision(at: through, decision: evaluation.decision)
        if measurement != nil || lastDecision == nil { lastDecision = dated }
        if evaluation.decision.desired != evaluation.decision.previousDesired { lastChange = dated }
        outcomes = evaluation.plan.actions.map { planned in
            ActionOutcome(
                action: planned.action, result: fleet.perform(planned.action, at: through, startup: startup))
        }
        // Measurements come with the live group's ticks; only what else is due is its own.
        nextTick = max(evaluation.nextTick, through + .milliseconds(1))
    }
}
