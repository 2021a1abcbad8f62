import WeirCore

/// What is counted as the simulation goes.
public struct Counts: Sendable, Equatable {
    /// Jobs that were read.
    public internal(set) var jobs = 0
    public internal(set) var completed = 0
    /// Jobs, looks and other things that happened.
    public internal(set) var events = 0
    public internal(set) var ticks = 0
    public internal(set) var launches = 0
    public internal(set) var terminations = 0
    public internal(set) var busyTerminations = 0
    public internal(set) var protectedDelays = 0
    public internal(set) var alarmTransitions = 0
    public internal(set) var failedAttempts = 0
    public internal(set) var failedLaunches = 0
    public internal(set) var deadLetters = 0
    public internal(set) var maxBacklog = 0
    public internal(set) var peakInstances = 0
    /// Instances that hung.
    public internal(set) var hung = 0
    /// Messages that were deleted for their age.
    public internal(set) var expired = 0
    /// Measurements that failed, or told what was not so.
    public internal(set) var failedMeasurements = 0
}

/// What instances cost, and what they did for it.
struct Costs {
    let billing: Billing
    /// From launch to end, of all that have ended. Unit: nanoseconds; seconds and the rest apart, so that no sum overflows.
    private(set) var spans = LongSpan()
    private(set) var paid = LongSpan()
    /// Of all jobs and attempts that were begun, as far as they went.
    private(set) var work = LongSpan()

    init(_ billing: Billing) {
        self.billing = billing
    }

    @inline(__always)
    mutating func begins(_ job: Job) { work.add(job.serviceNs) }

    /// So much of a job is not done.
    mutating func breaksOff(_ restNs: Int64) { work.add(-max(restNs, 0)) }

    mutating func ends(_ machine: Machine, atNs nowNs: Int64) {
        let spanNs = nowNs - machine.launchedNs
        spans.add(spanNs)
        paid.add(billing.paid(spanNs))
    }

    var price: Double? { billing.hourlyPrice.map { $0 * paid.seconds / 3600 } }
}

/// A sum of spans that no trace can make too large.
struct LongSpan {
    private var whole: Int64 = 0
    private var restNs: Int64 = 0

    @inline(__always)
    mutating func add(_ spanNs: Int64) {
        restNs &+= spanNs
        guard restNs >= 1 << 61 else { return }
        whole += restNs / 1_000_000_000
        restNs %= 1_000_000_000
    }

    var seconds: Double { Double(whole) + Double(restNs) / 1e9 }
}
