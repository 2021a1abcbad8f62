/// All that is remembered of a group between two ticks. It is a value: the shell stores it, and nothing else.
public struct GroupState: Sendable, Equatable, Codable {
    /// The version of this layout; a state of another version is refused, never guessed at.
    public var version: Int = GroupState.currentVersion
    /// Chance for this group: ids and jitter are drawn from it and from `drawn`, so that a tick can be decided again.
    public var seed: UInt64
    /// How many numbers were drawn from the seed so far.
    public var drawn: UInt64 = 0
    public var createdAt: Instant
    public var lastTick: Instant?
    /// Unit: instances.
    public var desiredCapacity: Int
    /// Every instance that was launched and is not known to have ended, oldest first.
    public var fleet: [Instance] = []
    /// One for each alarm of the policy, in its order: those over metrics first, then the composite ones.
    public var alarms: [AlarmStatus] = []
    /// Recent samples of each metric that an alarm looks at.
    public var history: MetricHistory = MetricHistory()
    /// The last activity of a simple scaling policy, whose cooldown holds the next one back.
    @Boxed public var cooldown: CooldownState?
    /// Suspended processes, sorted by name.
    public var suspended: [ScalingProcess] = []
    /// Launches that failed or died young, and until when no more are tried.
    @Boxed public var launchBackoff: Backoff?
    /// Measurements that failed in a row.
    @Boxed public var sourceBackoff: Backoff?
    /// Ended instances of which something is still to be removed, in the order in which they ended.
    public var remains: [Remains] = []
    /// Scaling policies that were invoked and had to wait, the longest waiting first.
    public var heldPolicies: [HeldPolicy] = []
    /// When the source last answered and was believed.
    public var lastMeasured: Instant?
    /// When the source is to be measured next; nil until it was measured first.
    public var nextMeasurement: Instant?
    /// The present launch template: what the policy says is launched, and the number of that.
    public var templateDigest: String?
    public var templateVersion: Int = 1
    public var latestTemplateVersion: Int = 1
    /// What was launched before the present template; nil when that is not known.
    public var formerTemplateVersion: Int?
    /// The last instance refresh.
    @Boxed public var refresh: InstanceRefresh?
    /// Minimum and maximum that a scheduled action has set; nil while the policy file's hold.
    @Boxed public var scheduledSizes: ScheduledSizes?
    /// Scheduled actions that were due up to here have run or are lost. Nil while there are none.
    public var scheduleMark: Instant?

    /// When the process that decides was started last. Nil until it was started again.
    public var restartedAt: Instant?
    /// What came of each scaling policy whose alarm is in its state, in the order in which they were invoked first.
    public var policyOutcomes: [PolicyOutcome] = []

    /// Since when nothing that the source says could be believed, and which fallback is in force. Nil while it is believed.
    @Boxed public var silence: SourceSilence?
    /// The last backlog that was believed.
    public var believed: BelievedBacklog?
    /// Since when there was work and no progress; nil while there is.
    public var progressWatch: ProgressWatch?
    /// Scale-out that is held because more instances did not help. Its failures: how often that was seen.
    @Boxed public var noProgress: Backoff?
    /// One for each policy that follows the backlog.
    @Boxed public var backlogMemories: [BacklogMemory]?
    /// What each policy with a wait target has learned.
    @Boxed public var waitMemories: [WaitMemory]?

    /// An instance refresh is under way.
    public var isRefreshing: Bool { $refresh.isThere && refresh?.isUnderWay == true }

    /// Nothing of the group is there any more: no instance, in whatever state, and nothing that an ended one left behind.
    public var hasNothingLeft: Bool { fleet.isEmpty && remains.isEmpty }

    public static let currentVersion = 3

    /// The source is another one: its figures say nothing of what the former one's were.
    public mutating func measuresAnew() {
        history = MetricHistory()
        for index in backlogMemories?.indices ?? 0..<0 { backlogMemories?[index].inFlightTold = nil }
        for index in waitMemories?.indices ?? 0..<0 { waitMemories?[index].inFlightTold = nil }
    }

    /// The only copy goes to whoever asks for it, so that what is remembered is changed where it is and not copied.
    package mutating func take() -> GroupState {
        var taken = GroupState(seed: 0, createdAt: createdAt, desiredCapacity: 0)
        swap(&taken, &self)
        return taken
    }

    public init(seed: UInt64, createdAt: Instant, desiredCapacity: Int) {
        self.seed = seed
        self.createdAt = createdAt
        self.desiredCapacity = desiredCapacity
    }

    /// The state of a group that is new: its policy says where it starts.
    public init(startingWith policy: GroupPolicy, seed: UInt64, at now: Instant) {
        self.init(seed: seed, createdAt: now, desiredCapacity: policy.initialDesiredCapacity)
    }
}

/// An alarm's state, since when, and what it was judged by.
public struct AlarmStatus: Sendable, Equatable {
    public var name: String
    public var state: AlarmState
    /// When it entered that state.
    public var since: Instant
    /// The last judgement of an alarm over a metric, which is changed where it is.
    private(set) var lastOfMetric: LastOfMetric?
    /// The last one of a composite alarm.
    @Boxed private var lastOfRule: RuleJudgement?
    /// When its scaling policies were last invoked in this stay in its state; they are invoked again each minute.
    public var lastInvoked: Instant?
    /// Before then it is not judged; nil when each measurement judges it.
    public var nextEvaluation: Instant?

    public init(name: String, state: AlarmState = .insufficientData, since: Instant) {
        self.name = name
        self.state = state
        self.since = since
    }

    /// What the last evaluation saw. Nil until the first.
    public var lastJudgement: AlarmJudgement? {
        get {
            if $lastOfRule.isThere, let lastOfRule { return .rule(lastOfRule) }
            return lastOfMetric.map { .metric($0.judgement) }
        }
        set {
            switch newValue {
            case .metric(let judgement): (lastOfMetric, lastOfRule) = (LastOfMetric(judgement), nil)
            case .rule(let judgement): (lastOfMetric, lastOfRule) = (nil, judgement)
            case nil: (lastOfMetric, lastOfRule) = (nil, nil)
            }
        }
    }

    /// A stay in this state begins.
    mutating func enter(_ state: AlarmState, at now: Instant) {
        self.state = state
        since = now
        lastInvoked = nil
    }

    /// It was judged over a metric.
    @inline(__always)
    mutating func found(_ finding: AlarmFinding, over metric: MetricID, _ criteria: AlarmCriteria) {
        if lastOfMetric?.went(by: criteria, over: metric) == true {
            lastOfMetric?.finding = finding
        } else {
            (lastOfMetric, lastOfRule) = (LastOfMetric(metric, criteria, finding), nil)
        }
    }
}

/// Travels with one judgement, of whichever kind it is.
extension AlarmStatus: Codable {
    private enum Key: String, CodingKey {
        case name, state, since, lastJudgement, lastInvoked, nextEvaluation
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            name: try container.decode(String.self, forKey: .name),
            state: try container.decode(AlarmState.self, forKey: .state),
            since: try container.decode(Instant.self, forKey: .since))
        lastJudgement = try container.decodeIfPresent(AlarmJudgement.self, forKey: .lastJudgement)
        lastInvoked = try container.decodeIfPresent(Instant.self, forKey: .lastInvoked)
        nextEvaluation = try container.decodeIfPresent(Instant.self, forKey: .nextEvaluation)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(name, forKey: .name)
        try container.encode(state, forKey: .state)
        try container.encode(since, forKey: .since)
        try container.encodeIfPresent(lastJudgement, forKey: .lastJudgement)
        try container.encodeIfPresent(lastInvoked, forKey: .lastInvoked)
        try container.encodeIfPresent(nextEvaluation, forKey: .nextEvaluation)
    }
}

/// Times of failures in a row, and until when nothing is tried.
public struct Backoff: Sendable, Equatable, Codable {
    /// How many failed in a row. Several that were begun before the first of them failed count as one.
    public var failures: Int
    /// When the last counted failure was seen.
    public var since: Instant
    /// Nothing is tried before.
    public var until: Instant
    /// The last failure, as a sentence.
    public var lastFailure: String
    /// The last lines that the instance printed, oldest first, when it was one that died young.
    public var logTail: [String]
    /// What failed was at work, or came out of the warm pool, so that another one from there would fail likewise: the pause
    /// holds them as well. Nil or false: what failed was only to be made, and those that are made already may be taken.
    public var holdsPool: Bool?

    public init(failures: Int, since: Instant, until: Instant, lastFailure: String, logTail: [String] = []) {
        self.failures = failures
        self.since = since
        self.until = until
        self.lastFailure = lastFailure
        self.logTail = logTail
    }
}
