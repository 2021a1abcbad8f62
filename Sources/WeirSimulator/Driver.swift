import WeirCore

/// When the group looks, and what it has heard since it last did: what the daemon's loop is in a live group. Of the loop's moments
/// only those are there at which something may have changed.
struct Driver {
    /// When the next look is due. Unit: nanoseconds since the beginning.
    var dueNs: Int64 = 0
    private(set) var nextMeasurementNs: Int64 = 0
    private var measuredNs: Int64 = -1
    /// When rates were told last: a measurement that failed told none.
    private var ratedNs: Int64 = -1
    private var isWoken = false

    var outcomes: [ActionOutcome] = []
    /// One of them may change something at once.
    var outcomesMatter = false
    var requests: [Request.Kind] = []
    var health: [HealthReport] = []
    /// The launcher would list something else than last time.
    var fleetHasChanged = false
    private var lastAt: Instant
    /// Since the last measurement.
    private var arrivedBefore = 0
    private var completedBefore = 0
    private(set) var asked = 0

    /// Arrivals and completions each second since the last measurement; nothing is told at the first.
    mutating func rates(arrived: Int, completed: Int, atNs nowNs: Int64) -> (Reading, Reading) {
        defer { (arrivedBefore, completedBefore, ratedNs) = (arrived, completed, nowNs) }
        guard ratedNs >= 0, nowNs > ratedNs else { return (.missing(.notTold), .missing(.notTold)) }
        let seconds = Double(nowNs - ratedNs) / 1e9
        return (
            .value(Double(arrived - arrivedBefore) / seconds), .value(Double(completed - completedBefore) / seconds)
        )
    }

    init(_ origin: Instant) {
        lastAt = origin - .milliseconds(1)
    }

    /// Something has happened that the group looks at at once: a moment later, as it is told of it first.
    mutating func nudge(atNs nowNs: Int64) {
        dueNs = min(dueNs, nowNs + Simulation.millisecondNs)
    }

    /// A message has come into an empty queue: it is measured soon, but not all the time.
    /// - Parameter isEmpty: no instance is there.
    mutating func wakes(atNs nowNs: Int64, isEmpty: Bool) {
        guard !isWoken else { return }
        isWoken = true
        let pause = isEmpty ? SimulationLimits.wakeIntervalAtZeroNs : SimulationLimits.wakeIntervalNs
        nextMeasurementNs = min(nextMeasurementNs, max(measuredNs + pause, nowNs))
        dueNs = min(dueNs, nextMeasurementNs)
    }

    /// A policy that follows the traffic is asked now, or as soon as it may be.
    /// - Parameter isEmpty: no instance is there.
    mutating func asks(atNs nowNs: Int64, isEmpty: Bool) {
        let pause = isEmpty ? SimulationLimits.wakeIntervalAtZeroNs : SimulationLimits.trafficIntervalNs
        let soon = max(nowNs, measuredNs + pause)
        nextMeasurementNs = min(nextMeasurementNs, soon)
        dueNs = min(dueNs, soon)
    }

    func measures(atNs nowNs: Int64) -> Bool { nowNs >= nextMeasurementNs }

    mutating func measured(atNs nowNs: Int64) {
        measuredNs = nowNs
        isWoken = false
    }

    /// Outcomes, health checks and requests become part of what is seen.
    mutating func takeNews(into observation: inout Observation) {
        // There are few, and for few this costs less than to remove all at once.
        while !observation.outcomes.isEmpty { observation.outcomes.removeLast() }
        if !outcomes.isEmpty { swap(&observation.outcomes, &outcomes) }
        outcomesMatter = false
        if !observation.health.isEmpty { observation.health.removeAll(keepingCapacity: true) }
        if !health.isEmpty { swap(&observation.health, &health) }
        if !observation.requests.isEmpty { observation.requests = [] }
        if requests.isEmpty { return }
        observation.requests = requests.map { kind in
            asked += 1
            return Request(id: asked, kind: kind)
        }
        requests = []
    }

    /// No two ticks are at one moment.
    mutating func moment(_ nowNs: Int64, from origin: Instant) -> Instant {
        let now = Instant(milliseconds: origin.milliseconds + nowNs / Simulation.millisecondNs)
        lastAt = max(now, Instant(milliseconds: lastAt.milliseconds + 1))
        return lastAt
    }

    mutating func planned(
        tick: Instant, measurement: Instant, from origin: Instant, hasNews: Bool, nowNs: Int64
    ) {
        func ns(_ moment: Instant) -> Int64 { (moment.milliseconds - origin.milliseconds) * Simulation.millisecondNs }
        nextMeasurementNs = ns(measurement)
        dueNs = max(min(nextMeasurementNs, ns(tick)), nowNs + 1)
        if hasNews { dueNs = min(dueNs, nowNs + Simulation.millisecondNs) }
    }
}

/// What the simulation holds itself to.
enum SimulationLimits {
    static let wakeIntervalNs = Limits.shortestWakeInterval.wholeMilliseconds * Simulation.millisecondNs
    static let wakeIntervalAtZeroNs = Limits.shortestWakeIntervalAtZero.wholeMilliseconds * Simulation.millisecondNs
    static let trafficIntervalNs = Limits.shortestTrafficInterval.wholeMilliseconds * Simulation.millisecondNs
    /// How often it is summed up what all instances have cost, in questions whether to go on.
    static let asksPerSum = 32
    /// As the daemon: instances that are asked for their health at the same time.
    static let healthChecksAtOnce: Int64 = 16
    /// Up to so many instances are looked through one by one.
    static let fewInstances = 16
    /// Memory for so many instances is asked for at once: none is used before they come, and nothing is moved as they do.
    static let usualLaunches = 1 << 14
    /// The same for jobs that wait.
    static let usualWaits = 1 << 18
    /// How often a record says where it starts from.
    static let ticksPerCheckpoint = 4096
    /// For so long nobody has worked, and jobs are left: nobody will. A week.
    static let patienceNs: Int64 = 7 * 86_400 * 1_000_000_000
}
