import WeirCore

/// Is told of every tick of the live groups after it was decided. It is given figures and nothing that it could act with,
/// and it must return at once.
public protocol Onlooker: Sendable {
    func saw(_ tick: SeenTick, of group: String)
    /// What it has to tell of a group; nil when that is nothing.
    func account(of group: String) -> ShadowReport?
    /// It is to begin with this group, and wants to know what that has learned.
    func isNew(to group: String) -> Bool
}

/// One tick of a live group, as far as somebody beside it is concerned.
public struct SeenTick: Sendable, Equatable, Codable {
    public var at: Instant
    /// Nil when the source was not asked on this tick.
    public var measurement: Measurement?
    /// The first tick of a process: of the time before it nothing was seen.
    public var restarted: Bool
    public var desired: Int
    /// Instances that were launched and have not ended; those of the warm pool do not count.
    public var working: Int
    public var inService: Int
    /// Actions that were done since the last tick.
    public var launches: Int
    public var terminations: Int
    /// How long those took to start that came into service on this tick. Unit: seconds.
    public var startupTimes: [Double]
    /// Those that are on their way out, and those that ended on this tick.
    public var leaving: [InstanceID] = []
    public var ended: [InstanceID] = []
    /// What the group has learned of its work, for an account that is to begin; nil where there is one, or none wanted.
    public var learned: LearnedOfWork?

    var withoutLearned: SeenTick {
        var tick = self
        tick.learned = nil
        return tick
    }

    public init(
        at: Instant, measurement: Measurement? = nil, restarted: Bool = false, desired: Int, working: Int,
        inService: Int, launches: Int = 0, terminations: Int = 0, startupTimes: [Double] = []
    ) {
        self.at = at
        self.measurement = measurement
        self.restarted = restarted
        self.desired = desired
        self.working = working
        self.inService = inService
        self.launches = launches
        self.terminations = terminations
        self.startupTimes = startupTimes
    }

    init(_ observation: Observation, _ state: GroupState, _ events: [FleetEvent], at now: Instant) {
        self.init(
            at: now, measurement: observation.measurement, restarted: observation.restarted,
            desired: state.desiredCapacity, working: state.fleet.count { !$0.isWarmed },
            inService: state.fleet.count { $0.lifecycleState == .inService },
            launches: observation.outcomes.count { $0.isLaunch },
            terminations: observation.outcomes.count { $0.isTermination },
            startupTimes: state.fleet.filter { $0.inServiceAt == now && $0.cameFromPool != true && $0.launchedAt < now }
                .map { (now - $0.launchedAt).inSeconds })
        leaving = state.fleet.filter(\.isLeaving).map(\.id)
        ended = events.compactMap { if case .ended = $0.kind { $0.instance } else { nil } }
    }
}

extension ActionOutcome {
    var isLaunch: Bool { if case .launch = action, !isFailure { true } else { false } }
    var isTermination: Bool { if case .terminate = action, !isFailure { true } else { false } }
    private var isFailure: Bool { if case .failed = result { true } else { false } }
}
