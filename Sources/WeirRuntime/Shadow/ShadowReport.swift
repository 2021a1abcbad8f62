import WeirCore

/// What a shadow would have done, beside what was done.
public struct ShadowReport: Sendable, Equatable, Codable {
    /// The shadow's policy file.
    public var path: String
    public var since: Instant
    /// Time that was seen of it. Unit: seconds.
    public var seen: Double
    public var desired: Int
    public var inService: Int
    public var shadow: Side
    public var live: Side
    /// How long instances take to start. Unit: seconds.
    public var startup: Double
    public var startupIsMeasured: Bool
    /// How long a job takes; nil while nobody knows, and then nothing is known of waits. Unit: seconds.
    public var serviceTime: Double?
    /// Jobs that were completed while it was seen.
    public var completions: Double
    /// The live group's mean wait as measured. Unit: seconds.
    public var measuredMeanWait: Double?
    public var lastDecision: DatedDecision?
    public var lastChange: DatedDecision?

    public struct Side: Sendable, Equatable, Codable {
        public var launches: Int
        public var terminations: Int
        public var workerSeconds: Double
        /// By the model; nil while nothing is known.
        public var waits: Waits?
    }

    /// Unit: seconds, and jobs for `backlog`.
    public struct Waits: Sendable, Equatable, Codable {
        public var mean: Double
        public var p50: Double
        public var p95: Double
        public var longest: Double
        public var backlog: Double
    }

    init(_ account: ShadowAccount, path: String) {
        self.path = path
        since = account.since
        seen = account.seen
        desired = account.state.desiredCapacity
        inService = account.state.fleet.count { $0.lifecycleState == .inService }
        let isKnown = account.waits.serviceTime != nil
        shadow = Side(account.shadowWithEnds, isKnown ? account.waits.shadow : nil)
        live = Side(account.live, isKnown ? account.waits.live : nil)
        startup = account.startup.inSeconds
        startupIsMeasured = !account.startupTimes.isEmpty
        serviceTime = account.waits.serviceTime
        completions = account.waits.completions
        measuredMeanWait = account.waits.measuredMean
        lastDecision = account.lastDecision
        lastChange = account.lastChange
    }
}

extension ShadowReport.Side {
    fileprivate init(_ tally: ShadowAccount.Tally, _ queue: FluidQueue?) {
        self.init(
            launches: tally.launches, terminations: tally.terminations, workerSeconds: tally.workerSeconds,
            waits: queue.flatMap(ShadowReport.Waits.init))
    }
}

extension ShadowReport.Waits {
    fileprivate init?(_ queue: FluidQueue) {
        guard let mean = queue.waits.mean, let half = queue.waits.quantile(0.5), let most = queue.waits.quantile(0.95)
        else { return nil }
        self.init(mean: mean, p50: half, p95: most, longest: queue.waits.longest, backlog: queue.backlog)
    }
}
