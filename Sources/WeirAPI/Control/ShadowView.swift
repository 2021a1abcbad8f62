import WeirCore
import WeirRuntime

/// What a policy that decides beside a group would have done, as `GET /v1/groups` shows it. Durations are seconds.
public struct ShadowView: Codable, Sendable, Equatable {
    /// Its policy file.
    public var policy: String
    public var since: String
    /// Time that was seen since then; while weir does not run nothing is.
    public var seen: Double
    /// Unit: instances.
    public var desiredCapacity: Int
    public var inService: Int
    public var shadow: SideView
    public var live: SideView
    /// From launch to in service.
    public var startup: Double
    /// False: it is assumed, as no launch was seen yet.
    public var startupIsMeasured: Bool
    /// How long a job takes; left out while nobody knows, and so are `waits`.
    public var serviceTime: Double?
    public var completions: Double
    /// The live group's mean wait, as measured; held against what the model says of it, it is the model's error.
    public var measuredMeanWait: Double?
    public var lastDecision: DecisionView?
    public var lastChange: DecisionView?

    public struct SideView: Codable, Sendable, Equatable {
        public var launches: Int
        public var terminations: Int
        public var workerHours: Double
        public var waits: WaitsView?

        enum CodingKeys: String, CodingKey {
            case launches, terminations, waits
            case workerHours = "worker_hours"
        }

        init(_ side: ShadowReport.Side) {
            launches = side.launches
            terminations = side.terminations
            workerHours = side.workerSeconds / 3600
            waits = side.waits.map(WaitsView.init)
        }
    }

    /// Of the fluid model.
    public struct WaitsView: Codable, Sendable, Equatable {
        public var mean: Double
        public var p50: Double
        public var p95: Double
        public var max: Double
        /// Jobs that wait now.
        public var backlog: Double

        init(_ waits: ShadowReport.Waits) {
            mean = waits.mean
            p50 = waits.p50
            p95 = waits.p95
            max = waits.longest
            backlog = waits.backlog
        }
    }

    enum CodingKeys: String, CodingKey {
        case policy, since, shadow, live, completions
        case seen = "seen_s"
        case desiredCapacity = "desired_capacity"
        case inService = "in_service"
        case startup = "startup_s"
        case startupIsMeasured = "startup_is_measured"
        case serviceTime = "service_time_s"
        case measuredMeanWait = "measured_mean_wait_s"
        case lastDecision = "last_decision"
        case lastChange = "last_change"
    }

    init(_ report: ShadowReport) {
        policy = report.path
        since = report.since.rfc3339
        seen = report.seen
        desiredCapacity = report.desired
        inService = report.inService
        shadow = SideView(report.shadow)
        live = SideView(report.live)
        startup = report.startup
        startupIsMeasured = report.startupIsMeasured
        serviceTime = report.serviceTime
        completions = report.completions
        measuredMeanWait = report.measuredMeanWait
        lastDecision = report.lastDecision.map(DecisionView.init)
        lastChange = report.lastChange.map(DecisionView.init)
    }
}
