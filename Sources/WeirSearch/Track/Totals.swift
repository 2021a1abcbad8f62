import WeirSimulator

/// What came of several simulations, as if they were one.
public struct Totals: Sendable {
    /// Nil while there was none.
    public private(set) var report: SimulationReport?
    private var waits = WaitStatistics()
    private var workHours = 0.0
    /// How many simulations.
    public private(set) var count = 0
    /// Jobs that are not done, of simulations that came to their end: of one that was given up nobody knows.
    public private(set) var undone = 0

    public init() {}

    mutating func add(_ one: SimulationReport, _ waits: WaitStatistics) {
        count += 1
        self.waits.join(waits)
        workHours += one.utilisation * one.workerHours
        if !one.wasInterrupted { undone += one.undone }
        guard var sum = report else {
            report = one
            return
        }
        sum.wasEndedEarly = sum.wasEndedEarly || one.wasEndedEarly
        sum.wasInterrupted = sum.wasInterrupted || one.wasInterrupted
        sum.jobs += one.jobs
        sum.completed += one.completed
        sum.deadLetters += one.deadLetters
        sum.failedAttempts += one.failedAttempts
        sum.expired += one.expired
        sum.hungInstances += one.hungInstances
        sum.failedMeasurements += one.failedMeasurements
        sum.span += one.span
        sum.workerHours += one.workerHours
        sum.peakInstances = max(sum.peakInstances, one.peakInstances)
        sum.launches += one.launches
        sum.failedLaunches += one.failedLaunches
        sum.terminations += one.terminations
        sum.protectedDelays += one.protectedDelays
        sum.busyTerminations += one.busyTerminations
        sum.alarmTransitions += one.alarmTransitions
        sum.maxBacklog = max(sum.maxBacklog, one.maxBacklog)
        sum.events += one.events
        sum.ticks += one.ticks
        sum.cost = sum.cost.flatMap { cost in one.cost.map { cost + $0 } }
        report = sum
    }

    /// The sum with the waits of all jobs together.
    public func whole() -> SimulationReport? {
        guard var sum = report else { return nil }
        sum.utilisation = sum.workerHours > 0 ? workHours / sum.workerHours : 0
        sum.wait = SimulationReport.Waits(waits)
        return sum
    }

    /// How many jobs waited longer than so long. Unit: seconds.
    func longer(than seconds: Double) -> Int { waits.count(longerThan: seconds) }
}
