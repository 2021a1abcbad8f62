import WeirCore

/// What came of a simulation, in figures. Times are in seconds.
public struct SimulationReport: Sendable, Equatable {
    public var group: String
    /// The trace, or what made the load, as the user named it.
    public var trace: String
    public var seed: UInt64
    /// It was ended before the last job had.
    public var wasEndedEarly = false
    /// It was told to stop before its end; everything is until then.
    public var wasInterrupted = false
    public var jobs: Int
    public var completed: Int
    public var deadLetters: Int
    public var failedAttempts: Int
    /// From the beginning to the end of the last job.
    public var span: Double
    public var wait: Waits
    /// From the launch of each instance to its end.
    public var workerHours: Double
    /// Of the slots of all instances, from launch to end: the share that was at work.
    public var utilisation: Double
    public var peakInstances: Int
    public var launches: Int
    public var failedLaunches: Int
    public var terminations: Int
    /// How often something that was to end was kept because it worked or was protected.
    public var protectedDelays: Int
    public var busyTerminations: Int
    public var alarmTransitions: Int
    public var maxBacklog: Int
    public var events: Int
    public var ticks: Int
    /// Instances that hung.
    public var hungInstances = 0
    /// Messages that were deleted for their age.
    public var expired = 0
    /// Measurements that failed, or told what was not so.
    public var failedMeasurements = 0
    /// Jobs that somebody began; of them is what is told of waiting.
    public var begun = 0
    /// What all instances cost; nil where no price was named.
    public var cost: Double?

    /// Jobs that were sent and are not done: still there at the end, or deleted for their age. A dead letter is dealt with.
    public var undone: Int { jobs - completed - deadLetters }

    public struct Waits: Sendable, Equatable {
        public var p50: Double
        public var p90: Double
        public var p95: Double
        public var p99: Double
        /// Of a thousand jobs 999 waited at most so long.
        public var p999: Double
        public var mean: Double
        public var max: Double
        /// Percentiles are exact; otherwise within a thousandth.
        public var isExact: Bool
    }
}

extension SimulationReport.Waits {
    public init(_ waits: WaitStatistics) {
        // To find a percentile is to sort a little, and what is counted stays as it is.
        var waits = waits
        self.init(
            p50: waits.percentile(50), p90: waits.percentile(90), p95: waits.percentile(95), p99: waits.percentile(99),
            p999: waits.percentile(99.9), mean: waits.mean, max: waits.max, isExact: waits.isExact)
    }
}

extension Simulation {
    /// What came of it until now.
    public func report(trace: String) -> SimulationReport {
        let hours = costs.spans.seconds / 3600
        let slotHours = hours * Double(policy.concurrency)
        var report = SimulationReport(
            group: policy.name, trace: trace, seed: model.seed, jobs: arrived, completed: counts.completed,
            deadLetters: counts.deadLetters, failedAttempts: counts.failedAttempts, span: Double(nowNs) / 1e9,
            wait: SimulationReport.Waits(waits),
            workerHours: hours, utilisation: slotHours > 0 ? costs.work.seconds / 3600 / slotHours : 0,
            peakInstances: max(counts.peakInstances, present.count), launches: counts.launches,
            failedLaunches: counts.failedLaunches,
            terminations: counts.terminations, protectedDelays: counts.protectedDelays,
            busyTerminations: counts.busyTerminations, alarmTransitions: counts.alarmTransitions,
            maxBacklog: counts.maxBacklog, events: counts.events + arrived, ticks: counts.ticks,
            cost: costs.price)
        report.begun = waits.count
        report.wasEndedEarly = wasEndedEarly
        report.wasInterrupted = wasInterrupted
        report.hungInstances = counts.hung
        report.expired = counts.expired
        report.failedMeasurements = counts.failedMeasurements
        return report
    }

    /// The end: what is there has cost something until now, and what is in hand is done only as far as it went.
    mutating func settle() {
        for slot in slots.indices where slots[slot].isBusy {
            costs.breaksOff(slots[slot].receivedNs + slots[slot].job.serviceNs - nowNs)
        }
        for position in present where machines[position].isPaid {
            costs.ends(machines[position], atNs: nowNs)
        }
    }
}
