/// All that one policy file says about one group, as far as deciding needs it. Where work waits and what is launched is
/// the business of the backends.
public struct GroupPolicy: Sendable, Equatable, Codable {
    /// 1–63 of a–z, 0–9 and '-'; unique in the fleet.
    public var name: String
    /// Unit: instances. Range: 0…`maxSize`.
    public var minSize: Int
    /// Unit: instances. Range: `minSize`…`Limits.largestGroup`.
    public var maxSize: Int
    /// Where a new group starts; afterwards the desired capacity is remembered. Default: `minSize`.
    public var initialDesiredCapacity: Int
    /// Default: 300 s. Source: CreateAutoScalingGroup, DefaultCooldown.
    public var defaultCooldown: Duration
    /// DefaultInstanceWarmup: time from in service until an instance counts. Nil when unset, and then the default
    /// cooldown takes its place. Range: 0…3600 s.
    public var instanceWarmup: Duration?
    /// New instances start protected from scale-in.
    public var protectFromScaleIn: Bool
    /// In which order instances are chosen to end. Default: `[.default]`.
    public var terminationPolicies: [TerminationPolicy]
    /// How often the source is measured. Default: 10 s.
    public var pollInterval: Duration
    /// From SIGTERM to SIGKILL. Default: 120 s.
    public var stopTimeout: Duration
    /// How long a launch may take until it is given up. Default: 10 min.
    public var launchTimeout: Duration
    /// Messages that one instance works on at a time. Default: 1.
    public var concurrency: Int
    /// Named expressions over the metrics, in the order of the file.
    public var metrics: [NamedMetric]
    /// In the order of the file; then those that target tracking policies own.
    public var alarms: [AlarmDefinition]
    /// In the order of the file.
    public var scalingPolicies: [ScalingPolicy]
    /// The policy file was taken away: instances are ended as soon as they are idle, and none is launched.
    public var leaving: Bool = false
    /// In the order of the file.
    public var lifecycleHooks: [LifecycleHook] = []
    /// For so long after an instance came into service no health check is believed. Default: 0.
    public var healthCheckGracePeriod: Duration = .zero
    public var healthCheck: HealthCheckPolicy = HealthCheckPolicy()
    /// Instances older than this are replaced; nil: they live as long as they like. Range: at least a day.
    public var maxInstanceLifetime: Duration?
    @Boxed public var warmPool: WarmPool?
    /// How an instance refresh goes about it when it is not told otherwise.
    public var instanceRefresh: RefreshPreferences = RefreshPreferences()
    /// Stands for all that is launched; another one is another version of the launch template. Nil: nobody looks.
    public var templateDigest: String?
    /// Alarms over the states of others, in the order of the file.
    public var compositeAlarms: [CompositeAlarm] = []
    /// Sizes that are set at certain times, in the order of the file.
    public var scheduledActions: [ScheduledAction] = []
    /// The queue tells which instance holds which message. Where it does not, an instance that looks idle may be at work,
    /// and is not paused to wait in the warm pool. Default: true.
    public var workIsSeen: Bool = true
    /// What holds while nothing that the source says can be believed.
    public var fallback: SourceFallback = SourceFallback()
    /// When an answer of the source is not believed.
    public var suspicion: Suspicion = Suspicion()
    /// Instances in service for so long, with work before them and nothing completed, are given no company; nil: they are.
    /// Default: 2 h.
    public var noProgressTimeout: Duration? = .seconds(7200)
    /// The limit that it shares with other groups; nil when there is none.
    @Boxed public var fleet: FleetMembership?

    public init(
        name: String, minSize: Int, maxSize: Int, initialDesiredCapacity: Int? = nil,
        defaultCooldown: Duration = .seconds(300), instanceWarmup: Duration? = nil, protectFromScaleIn: Bool = false,
        terminationPolicies: [TerminationPolicy] = [.default], pollInterval: Duration = .seconds(10),
        stopTimeout: Duration = .seconds(120), launchTimeout: Duration = .seconds(600), concurrency: Int = 1,
        metrics: [NamedMetric] = [], alarms: [AlarmDefinition] = [], scalingPolicies: [ScalingPolicy] = []
    ) {
        self.name = name
        self.minSize = minSize
        self.maxSize = maxSize
        self.initialDesiredCapacity = initialDesiredCapacity ?? minSize
        self.defaultCooldown = defaultCooldown
        self.instanceWarmup = instanceWarmup
        self.protectFromScaleIn = protectFromScaleIn
        self.terminationPolicies = terminationPolicies
        self.pollInterval = pollInterval
        self.stopTimeout = stopTimeout
        self.launchTimeout = launchTimeout
        self.concurrency = concurrency
        self.metrics = metrics
        self.alarms = alarms
        self.scalingPolicies = scalingPolicies
        ownAlarms()
    }

    /// Once, where the policy is made: each tick finds them among all others.
    private mutating func ownAlarms() {
        for index in scalingPolicies.indices {
            guard case .targetTracking(let tracking) = scalingPolicies[index].kind else { continue }
            let owned = tracking.alarms(group: name, policy: scalingPolicies[index].name)
            scalingPolicies[index].alarms = owned.map(\.name)
            alarms += owned
        }
    }
}

extension GroupPolicy {
    /// A policy of it wants to know what happens between two measurements, and to be asked when a message has to wait or an
    /// instance becomes idle.
    public var followsTraffic: Bool {
        scalingPolicies.contains { scaling in
            guard scaling.enabled, case .waitTarget = scaling.kind else { return false }
            return true
        }
    }

    /// The same group without its policy file: nothing is desired any more. Instances with a message in hand, or protected,
    /// stay until they are not; idle ones are ended; none is launched.
    public func retired() -> GroupPolicy {
        var retired = self
        retired.leaving = true
        retired.minSize = 0
        retired.maxSize = 0
        retired.initialDesiredCapacity = 0
        retired.metrics = []
        retired.alarms = []
        retired.compositeAlarms = []
        retired.scalingPolicies = []
        retired.warmPool = nil
        retired.scheduledActions = []
        return retired
    }
}
