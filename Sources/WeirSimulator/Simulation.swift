import WeirCore

/// One group in a made-up world: the real decisions, on made-up time. The earliest event is taken, time advances to it, and when
/// something has happened that the daemon would look at, `evaluate` decides.
///
/// Everything follows from policy, model and jobs: the same of them give the same result, on any machine. Moments are in nanoseconds since the
/// beginning; the core sees them in its milliseconds.
public struct Simulation: ~Copyable {
    /// It stays as it is. The tick looks at it where it is, and for that it has to be a variable.
    var policy: GroupPolicy
    let model: SimulationModel
    /// What the core's clock shows at the beginning.
    let origin: Instant
    private let source: any JobSource
    /// Attempts can fail.
    let canFail: Bool
    /// So many messages can be in flight that nobody receives one.
    private let canFill: Bool

    // MARK: The world

    var nowNs: Int64 = 0
    var machines: ContiguousArray<Machine> = []
    /// Those of which something is left, in the order in which they came.
    var present: [Int] = []
    /// Of each of them, once there were more than a few: those are found sooner one by one.
    var positions: [InstanceID: Int] = [:]
    var slots: ContiguousArray<Slot> = []
    var idle = SlotLine()
    var departures = DepartureHeap()
    var waiting = JobRing()
    var returned = ReturnedLine()
    var hidden = HiddenJobs()
    var agenda = Agenda()
    /// Slots at work.
    var busy = 0
    /// Messages that were deleted for their age before anybody had received them.
    var neverReceived = 0
    /// Messages in the hands of instances that hang; they are hidden, too.
    var heldByHung = 0
    var sourceOutages: OutageCourse
    var launcherOutages: OutageCourse
    /// What the source said last, with its time.
    var lastAnswer: Measurement?
    /// The launcher did not say what is there when it was asked.
    var listingIsOwed = false
    private var chunk: ContiguousArray<Job> = []
    private var place = 0
    var chances: Chances

    // MARK: The group

    /// Of the last tick; its state goes on.
    var evaluation: Evaluation
    @inline(__always)
    var state: GroupState {
        _read { yield evaluation.state }
        _modify { yield &evaluation.state }
    }
    /// What the next tick sees.
    var observation = Observation()
    /// The last tick saw a measurement.
    var wasMeasured = false
    /// What the launcher listed last.
    var listed: [ListedInstance] = []
    var driver: Driver
    /// Told of each tick, when somebody wants to know.
    public var onRecord: ((Record) -> Void)?
    /// Told of each tick and what came of it, with what the source said if it was asked.
    public var onTick: ((Instant, borrowing Evaluation, Measurement?) -> Void)?
    /// What was written down for it; nil: it goes on until the last job has ended.
    public var script: Script?
    var ticksTold = 0
    /// Somebody waits for an instance to become idle.
    var idleMatters = false
    /// Limits that it shares with other groups; nil: it is under none.
    var limits: SharedLimits?
    /// The room of idle instances is for others: they are looked at before they take their next message.
    var yields = false
    /// The group is asked again soon after a message came into an empty queue.
    let wakes: Bool
    /// A policy is asked whenever a message has to wait or an instance becomes idle, and told what happened.
    let followsTraffic: Bool
    var traffic = Traffic()

    /// Since when nobody works although all jobs have come.
    private var idleSinceNs: Int64?
    /// It did not go on until the last job had ended.
    public private(set) var wasEndedEarly = false
    /// It was told to stop.
    public private(set) var wasInterrupted = false
    var counts = Counts()
    public internal(set) var waits = WaitStatistics()
    var costs: Costs
    #if DEBUG
        /// What was handed out, where a test asks for it. It is not there in a release: it would cost time in the innermost loop.
        var deliveries: [Delivery]?
    #endif

    /// How it went is kept here, where somebody wants to know.
    public let timeline: Timeline?
    private var asked = 0
    /// From launch to end of all instances, as it was a little ago.
    private var instanceSeconds = 0.0
    /// Asked again and again, with little work between one time and the next, whether to go on; nil: it goes on.
    public var goesOn: ((SimulationProgress) -> Bool)?

    /// - Parameters:
    ///   - jobs: sorted by arrival. They may be read as the simulation goes.
    ///   - beginsAt: what the clock shows at the beginning; matters for schedules and in what is told.
    public init(
        _ policy: GroupPolicy, _ model: SimulationModel, _ jobs: any JobSource, beginsAt: Instant,
        timeline: Timeline? = nil
    ) {
        self.timeline = timeline
        self.policy = policy
        self.model = model
        self.source = jobs
        origin = beginsAt
        canFail = model.failureRate > 0 || model.poisonRate > 0 || model.crashRate > 0
        canFill = Self.canFill(policy, model, canFail: canFail)
        chances = Chances(model.seed)
        let chance = Randomness(seed: model.seed)
        sourceOutages = OutageCourse(model.sourceOutages, chance.split(7))
        launcherOutages = OutageCourse(model.launcherOutages, chance.split(8))
        evaluation = Evaluation(
            state: GroupState(startingWith: policy, seed: model.seed, at: beginsAt),
            decision: Decision(previousDesired: 0, desired: 0, reasons: []), nextTick: beginsAt,
            nextMeasurement: beginsAt)
        driver = Driver(beginsAt)
        wakes = policy.workIsSeen
        followsTraffic = policy.workIsSeen && policy.followsTraffic
        costs = Costs(model.billing)
        machines.reserveCapacity(SimulationLimits.usualLaunches)
        slots.reserveCapacity(SimulationLimits.usualLaunches)
        waits.expect(SimulationLimits.usualWaits)
    }

    // MARK: Its course

    /// Until the last job and the load have ended; or until somebody has enough of it.
    /// - Throws: what is wrong with the trace.
    public mutating func run() throws(TraceFailure) {
        try begin()
        try proceed(until: .max, alone: true)
        end()
    }

    mutating func begin() throws(TraceFailure) {
        placeFirstInstances()
        if limits == nil, let limit = model.fleetLimit { limits = SharedLimits([limit]) }
        limits?.enter(policy, state)
        beginHealthChecks()
        beginExpiring()
        placeScript()
        try readMore()
    }

    private mutating func end() {
        nowNs = lastNs
        tell()
        settle()
    }

    /// Beside other groups: all of them end now.
    mutating func end(atNs endNs: Int64, wasInterrupted: Bool) {
        nowNs = endNs
        self.wasInterrupted = wasInterrupted
        end()
    }

    /// The load has ended and there is nothing left to do, or nobody who does it.
    var isOver: Bool { isDone && nextNs > source.lastsNs || wasEndedEarly }

    /// When it ends, if nothing happens any more.
    var lastNs: Int64 { wasInterrupted || wasEndedEarly ? nowNs : max(nowNs, source.lastsNs) }

    /// Beside other groups: until the group has looked, has nothing left to do, or the next event is later than this.
    mutating func advance(until limitNs: Int64) throws(TraceFailure) {
        try proceed(until: limitNs, alone: false)
        if timeline != nil { tell() }
    }

    /// When something happens next.
    var nextNs: Int64 {
        let arrivalNs = place < chunk.count ? chunk[place].arrivalNs : .max
        return min(arrivalNs, departures.firstNs, agenda.firstNs, driver.dueNs)
    }

    /// - Parameter alone: nobody else is there. It is known when this is compiled, so that who is alone pays nothing for it.
    @inline(__always)
    private mutating func proceed(until limitNs: Int64, alone: Bool) throws(TraceFailure) {
        let lastsNs = source.lastsNs
        while true {
            let arrivalNs = place < chunk.count ? chunk[place].arrivalNs : .max
            let departureNs = departures.firstNs
            let otherNs = min(agenda.firstNs, driver.dueNs)
            // What happens at a moment is seen by who looks at that moment; a message that is visible again was sent before one that
            // arrives then.
            if departureNs <= arrivalNs, departureNs <= otherNs {
                if departureNs == .max || (!alone && departureNs > limitNs) { return }
                nowNs = departureNs
                depart()
            } else if arrivalNs < agenda.firstNs, arrivalNs <= driver.dueNs {
                if !alone, arrivalNs > limitNs { return }
                nowNs = arrivalNs
                arrive()
                if place == chunk.count {
                    try readMore()
                    if wasInterrupted { return }
                }
            } else {
                let isOver = script.map { otherNs > $0.endNs } ?? (otherNs > lastsNs && (isDone || isStuck()))
                if alone ? isOver : otherNs > limitNs { return }
                nowNs = otherNs
                if agenda.firstNs <= driver.dueNs {
                    happen()
                } else {
                    look()
                    if wasInterrupted || !alone { return }
                }
            }
            if !alone, isDone { return }
            if timeline != nil { tell() }
        }
    }

    private func tell() {
        timeline?.sees(atNs: nowNs, arrived: arrived, backlog: waiting.count + returned.count, working: busy)
    }

    /// Between two events that are rare enough.
    @inline(__always)
    mutating func askWhetherToGoOn() {
        guard let goesOn else { return }
        asked &+= 1
        // It only grows, and costs a look at each instance.
        if asked % SimulationLimits.asksPerSum == 0 { instanceSeconds = costs.spans.seconds + presentSeconds }
        guard !goesOn(progress) else { return }
        wasInterrupted = true
    }

    private var presentSeconds: Double {
        present.reduce(0) { sum, position in
            machines[position].isPaid ? sum + Double(nowNs - machines[position].launchedNs) / 1e9 : sum
        }
    }

    private var progress: SimulationProgress {
        SimulationProgress(
            nowNs: nowNs, events: counts.events + arrived, shareRead: source.shareRead, instanceSeconds: instanceSeconds
        )
    }

    /// All jobs have come and ended.
    var isDone: Bool {
        place == chunk.count && busy == 0 && waiting.isEmpty && returned.isEmpty && hidden.isEmpty
    }

    /// All jobs have come, nobody works, and so it was for a week: the policy brings nobody for what is left. Or it takes longer than
    /// anything should.
    private mutating func isStuck() -> Bool {
        if nowNs > SimulationReport.longestNs {
            wasEndedEarly = true
            return true
        }
        guard place == chunk.count, busy == 0 else {
            idleSinceNs = nil
            wasEndedEarly = false
            return false
        }
        let since = idleSinceNs ?? nowNs
        idleSinceNs = since
        guard nowNs - since > SimulationLimits.patienceNs else { return false }
        wasEndedEarly = true
        return true
    }

    /// Few enough to stay in the nearest cache.
    private static let chunkSize = 1024

    /// Jobs that have come so far.
    var arrived: Int { counts.jobs - (chunk.count - place) }

    private mutating func readMore() throws(TraceFailure) {
        chunk.removeAll(keepingCapacity: true)
        place = 0
        try source.read(Self.chunkSize, into: &chunk)
        counts.jobs += chunk.count
        askWhetherToGoOn()
    }

    // MARK: Jobs

    @inline(__always)
    private mutating func arrive() {
        let job = chunk[place]
        place &+= 1
        if followsTraffic { arrivesForTraffic() }
        if !(canFill && isFull), let slot = nextIdle() { return begin(job, on: slot, waitNs: 0) }
        if wakes, waiting.isEmpty { driver.wakes(atNs: nowNs, isEmpty: present.isEmpty) }
        waiting.append(job)
        if waiting.count > counts.maxBacklog { counts.maxBacklog = waiting.count }
    }

    /// A slot whose instance may receive a message now. It is taken out of the line, and listed until it begins.
    @inline(__always)
    private mutating func nextIdle() -> Int? {
        while idle.count > 0 {
            let slot = idle.removeFirst()
            if machines[Int(slots[slot].machine)].takesWork { return slot }
            slots[slot].isListed = false
        }
        return nil
    }

    @inline(__always)
    private mutating func begin(_ job: Job, on slot: Int, waitNs: Int64) {
        waits.add(waitNs)
        if followsTraffic { traffic.waits.add(of: Int(waitNs / Self.millisecondNs)) }
        if let timeline { timeline.waited(waitNs, since: job.arrivalNs) }
        machines[Int(slots[slot].machine)].busy &+= 1
        busy &+= 1
        rememberFirst(job, on: slot)
        departures.add(slot: slot, atNs: nowNs &+ job.serviceNs)
    }

    /// Nobody has received it before.
    @inline(__always)
    private mutating func rememberFirst(_ job: Job, on slot: Int) {
        let isPoison = canFail && chances.isPoison(model)
        remember(job, on: slot, number: waits.count &+ neverReceived, receives: 1, isPoison: isPoison)
    }

    @inline(__always)
    private mutating func remember(_ job: Job, on slot: Int, number: Int, receives: Int32, isPoison: Bool) {
        slots[slot].begin(job, number: number, receives: receives, isPoison: isPoison, atNs: nowNs)
        costs.begins(job)
        #if DEBUG
            deliveries?.append(Delivery(message: slots[slot].number, atNs: nowNs, receives: Int(receives)))
        #endif
    }

    /// A job has ended, or an attempt at it.
    @inline(__always)
    private mutating func depart() {
        let slot = departures.firstSlot
        counts.events &+= 1
        if canFail, attemptFails(slot) { return }
        counts.completed &+= 1
        if followsTraffic { completesForTraffic(slot) }
        goOn(slot)
    }

    /// The first in the heap of departures is over: its slot takes the next message, or is idle.
    @inline(__always)
    private mutating func goOn(_ slot: Int) {
        let machine = Int(slots[slot].machine)
        if !waiting.isEmpty, returned.isEmpty, machines[machine].takesWork, !yields {
            let job = waiting.removeFirst()
            waits.add(nowNs &- job.arrivalNs)
            if followsTraffic { traffic.waits.add(of: Int((nowNs &- job.arrivalNs) / Self.millisecondNs)) }
            if let timeline { timeline.waited(nowNs &- job.arrivalNs, since: job.arrivalNs) }
            rememberFirst(job, on: slot)
            return departures.replaceFirst(atNs: nowNs &+ job.serviceNs)
        }
        departures.removeFirst()
        release(slot)
        if yields, machines[machine].busy == 0 {
            askLater(slot)
        } else if machines[machine].takesWork {
            list(slot)
            if !returned.isEmpty { handOut() }
        }
        if canFill || yields, !waiting.isEmpty { handOut() }
        if idleMatters, machines[machine].busy == 0 { driver.nudge(atNs: nowNs) }
    }

    @inline(__always)
    mutating func release(_ slot: Int) {
        slots[slot].isBusy = false
        machines[Int(slots[slot].machine)].busy &-= 1
        busy &-= 1
    }

    @inline(__always)
    mutating func list(_ slot: Int) {
        guard !slots[slot].isListed else { return }
        slots[slot].isListed = true
        idle.append(slot)
    }

    /// As many messages as there are idle slots, those first that have been visible for longest.
    mutating func handOut() {
        while !waiting.isEmpty || !returned.isEmpty, !(canFill && isFull), let slot = nextIdle() {
            setAsideDeadLetters()
            guard returnedIsNext else {
                guard !waiting.isEmpty else { return idle.putBack(slot) }
                let job = waiting.removeFirst()
                begin(job, on: slot, waitNs: nowNs - job.arrivalNs)
                continue
            }
            let again = returned.removeFirst()
            machines[Int(slots[slot].machine)].busy += 1
            busy += 1
            remember(
                again.job, on: slot, number: again.number, receives: again.receives + 1, isPoison: again.isPoison)
            departures.add(slot: slot, atNs: nowNs + again.job.serviceNs)
        }
    }
}

#if DEBUG
    /// A message was received, or became a dead letter.
    struct Delivery: Equatable {
        /// Counted from 1, in the order in which they were sent.
        var message: Int
        var atNs: Int64
        /// How often it was received until then; nil: it became a dead letter.
        var receives: Int?
    }
#endif

/// How far it is.
public struct SimulationProgress: Sendable, Equatable {
    /// Since the beginning of the trace. Unit: nanoseconds.
    public var nowNs: Int64
    public var events: Int
    /// Of the trace, 0…1; nil when its length is not known.
    public var shareRead: Double?
    /// From launch to end of all instances, at least; it only grows.
    public var instanceSeconds = 0.0
}

extension Machine {
    @inline(__always)
    var takesWork: Bool { gateIsOpen && phase == .running }
}
