import WeirCore

/// One group in a made-up world: the real decisions, on made-up time. The earliest event is taken, time advances to it, and when
/// something has happened that the daemon would look at, `evaluate` decides.
///
/// Everything follows from policy, model and jobs: the same of them give the same result, on any machine. Moments are in nanoseconds since the
/// beginning; the core sees them in its milliseconds.
public final class Simulation {
    let policy: GroupPolicy
    let model: SimulationModel
    /// What the core's clock shows at the beginning.
    let origin: Instant
    private let source: any JobSource
    /// Attempts can fail.
    let canFail: Bool

    // MARK: The world

    var nowNs: Int64 = 0
    var machines: ContiguousArray<Machine> = []
    /// Those of which something is left, in the order in which they came.
    var present: [Int] = []
    var positions: [InstanceID: Int] = [:]
    var slots: ContiguousArray<Slot> = []
    var freeSlots: [Int] = []
    var idle = SlotLine()
    var departures = DepartureHeap()
    var waiting = JobRing()
    var returned = ReturnedLine()
    var hidden = HiddenJobs()
    var agenda = Agenda()
    /// Slots at work.
    var busy = 0
    private var chunk: ContiguousArray<Job> = []
    private var place = 0
    var chances: Chances

    // MARK: The group

    var state: GroupState
    var driver: Driver
    /// Told of each tick, when somebody wants to know.
    public var onRecord: ((Record) -> Void)?
    var ticksTold = 0
    /// A worker has changed its protection since the last tick.
    var hasProtected = false
    /// Somebody waits for an instance to become idle.
    var idleMatters = false
    /// The group is asked again soon after a message came into an empty queue.
    let wakes: Bool

    /// Since when nobody works although all jobs have come.
    private var idleSinceNs: Int64?
    /// It did not go on until the last job had ended.
    public private(set) var wasEndedEarly = false
    var counts = Counts()
    public internal(set) var waits = WaitStatistics()
    var costs: Costs

    /// - Parameters:
    ///   - jobs: sorted by arrival. They may be read as the simulation goes.
    ///   - beginsAt: what the clock shows at the beginning; matters for schedules and in what is told.
    public init(
        _ policy: GroupPolicy, _ model: SimulationModel, _ jobs: any JobSource, beginsAt: Instant
    ) {
        self.policy = policy
        self.model = model
        self.source = jobs
        origin = beginsAt
        canFail = model.failureRate > 0 || model.poisonRate > 0 || model.crashRate > 0
        chances = Chances(model.seed)
        state = GroupState(startingWith: policy, seed: model.seed, at: beginsAt)
        driver = Driver(beginsAt)
        wakes = policy.workIsSeen
        costs = Costs(model.billing)
    }

    // MARK: Its course

    /// Until the last job has ended; or until somebody has enough of it.
    /// - Throws: what is wrong with the trace.
    public func run() throws(TraceFailure) {
        placeFirstInstances()
        try readMore()
        while true {
            let arrivalNs = place < chunk.count ? chunk[place].arrivalNs : .max
            let departureNs = departures.firstNs
            let otherNs = min(agenda.firstNs, driver.dueNs)
            // What happens at a moment is seen by who looks at that moment.
            if departureNs <= arrivalNs, departureNs <= otherNs {
                if departureNs == .max { break }
                nowNs = departureNs
                depart()
            } else if arrivalNs <= otherNs {
                nowNs = arrivalNs
                arrive()
                if place == chunk.count { try readMore() }
            } else {
                if isDone || isStuck { break }
                nowNs = otherNs
                if agenda.firstNs <= driver.dueNs { happen() } else { look() }
            }
        }
        settle()
    }

    /// All jobs have come and ended.
    private var isDone: Bool {
        place == chunk.count && busy == 0 && waiting.isEmpty && returned.isEmpty && hidden.isEmpty
    }

    /// All jobs have come, nobody works, and so it was for a week: the policy brings nobody for what is left.
    private var isStuck: Bool {
        guard place == chunk.count, busy == 0 else {
            idleSinceNs = nil
            return false
        }
        let since = idleSinceNs ?? nowNs
        idleSinceNs = since
        guard nowNs - since > SimulationLimits.patienceNs else { return false }
        wasEndedEarly = true
        return true
    }

    private static let chunkSize = 4096

    /// Jobs that have come so far.
    var arrived: Int { counts.jobs - (chunk.count - place) }

    private func readMore() throws(TraceFailure) {
        chunk.removeAll(keepingCapacity: true)
        place = 0
        try source.read(Self.chunkSize, into: &chunk)
        counts.jobs += chunk.count
    }

    // MARK: Jobs

    @inline(__always)
    private func arrive() {
        let job = chunk[place]
        place &+= 1
        if let slot = nextIdle() { return begin(job, on: slot, waitNs: 0) }
        if wakes, waiting.isEmpty { driver.wakes(self) }
        waiting.append(job)
        if waiting.count > counts.maxBacklog { counts.maxBacklog = waiting.count }
    }

    /// A slot whose instance may receive a message now.
    @inline(__always)
    private func nextIdle() -> Int? {
        while idle.count > 0 {
            let slot = idle.removeFirst()
            slots[slot].isListed = false
            if machines[Int(slots[slot].machine)].takesWork { return slot }
        }
        return nil
    }

    @inline(__always)
    private func begin(_ job: Job, on slot: Int, waitNs: Int64) {
        waits.add(waitNs)
        let machine = Int(slots[slot].machine)
        slots[slot].isBusy = true
        machines[machine].busy &+= 1
        busy &+= 1
        remember(job, on: slot, receives: 1, isPoison: canFail && chances.isPoison(model))
        departures.add(slot: slot, atNs: nowNs &+ job.serviceNs)
    }

    @inline(__always)
    private func remember(_ job: Job, on slot: Int, receives: Int32, isPoison: Bool) {
        slots[slot].job = job
        slots[slot].receivedNs = nowNs
        slots[slot].receives = receives
        slots[slot].isPoison = isPoison
        costs.begins(job)
    }

    /// A job has ended, or an attempt at it.
    @inline(__always)
    private func depart() {
        let slot = departures.firstSlot
        counts.events &+= 1
        if canFail, attemptFails(slot) { return }
        counts.completed &+= 1
        goOn(slot)
    }

    /// The first in the heap of departures is over: its slot takes the next message, or is idle.
    @inline(__always)
    private func goOn(_ slot: Int) {
        let machine = Int(slots[slot].machine)
        if !waiting.isEmpty, returned.isEmpty, machines[machine].takesWork {
            let job = waiting.removeFirst()
            waits.add(nowNs &- job.arrivalNs)
            remember(job, on: slot, receives: 1, isPoison: canFail && chances.isPoison(model))
            return departures.replaceFirst(atNs: nowNs &+ job.serviceNs)
        }
        departures.removeFirst()
        release(slot)
        if machines[machine].takesWork {
            list(slot)
            if !returned.isEmpty { handOut() }
        }
        if idleMatters, machines[machine].busy == 0 { driver.nudge(self) }
    }

    @inline(__always)
    func release(_ slot: Int) {
        slots[slot].isBusy = false
        machines[Int(slots[slot].machine)].busy &-= 1
        busy &-= 1
    }

    @inline(__always)
    func list(_ slot: Int) {
        guard !slots[slot].isListed else { return }
        slots[slot].isListed = true
        idle.append(slot)
    }

    /// As many messages as there are idle slots, those first that have been visible for longest.
    func handOut() {
        while !waiting.isEmpty || !returned.isEmpty, let slot = nextIdle() {
            let isAgain = !returned.isEmpty && (waiting.isEmpty || returned.firstNs <= waiting.oldestArrivalNs)
            guard isAgain else {
                let job = waiting.removeFirst()
                begin(job, on: slot, waitNs: nowNs - job.arrivalNs)
                continue
            }
            let again = returned.removeFirst()
            slots[slot].isBusy = true
            machines[Int(slots[slot].machine)].busy += 1
            busy += 1
            remember(again.job, on: slot, receives: again.receives + 1, isPoison: again.isPoison)
            departures.add(slot: slot, atNs: nowNs + again.job.serviceNs)
        }
    }
}

extension Machine {
    @inline(__always)
    var takesWork: Bool { gateIsOpen && phase == .running }
}
