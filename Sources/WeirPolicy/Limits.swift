import WeirCore

/// The largest of everything that a policy file may say. Checks and messages read these; neither repeats a number. What
/// deciding limits too is taken from there.
enum Limits {
    // MARK: Files

    /// Our own; a policy file is some hundred lines, and a megabyte is a file named by mistake.
    static let largestFileBytes = 1 << 20
    /// Unicode scalars of one line. Our own; pointing into a line takes as long as the line.
    static let longestLine = 16_384
    /// Mistakes of one file that are told one by one. Our own; whoever has more has another problem.
    static let mostComplaints = 200
    /// Our own; the format itself is six levels deep.
    static let deepestNesting = 32
    /// Values and keys after aliases are written out. Our own; stops files that blow up when they are expanded.
    static let mostNodes = 20_000
    /// Lines with something on them, and commas: about as many values are parsed. Our own; the parser is slow at keys.
    static let mostEntries = 10_000
    /// Uses of an anchor in one file. Our own; for the same reason.
    static let mostAliases = 32
    /// Duplicate keys that are found in one reading of a file: as many as are told. Each one costs another parse.
    static let mostDuplicateKeys = mostComplaints
    /// Entries that all these parses may see together. Our own.
    static let mostEntriesParsedAgain = 40_000
    /// Bytes that all these parses may see together. Our own.
    static let mostBytesParsedAgain = 16 << 20
    /// Files in one folder. Our own; a fleet of that size is one of several daemons.
    static let mostFilesInFolder = 10_000
    /// Columns of a source line that a complaint shows. Our own.
    static let widestExcerpt = 160

    // MARK: Groups

    static let longestGroupName = WeirCore.Limits.longestGroupName
    static let largestGroup = WeirCore.Limits.largestGroup
    static let largestFleet = WeirCore.Limits.largestFleet
    static let fleetPriorities = WeirCore.Limits.fleetPriorities
    /// Groups that a complaint about their fleet names; of the others it gives the number. Our own.
    static let groupsTold = 5
    /// Messages that one instance works on at a time. Our own.
    static let largestConcurrency = 10_000
    /// Source: CreateAutoScalingGroup, DefaultInstanceWarmup: 0…3600 s.
    static let warmup: ClosedRange<Duration> = .zero...WeirCore.Limits.longestInstanceWarmup
    /// Our own: a week of doing nothing is a group that should be suspended.
    static let cooldown: ClosedRange<Duration> = .zero ... .seconds(7 * 86_400)
    /// Our own: often enough for the finest alarm period, rare enough not to be a busy loop.
    static let pollInterval: ClosedRange<Duration> = .milliseconds(100) ... .seconds(3600)
    /// Our own; zero is SIGKILL at once.
    static let stopTimeout: ClosedRange<Duration> = .zero ... .seconds(86_400)
    /// Our own.
    static let launchTimeout: ClosedRange<Duration> = .seconds(1) ... .seconds(86_400)
    /// Source: CreateAutoScalingGroup, HealthCheckGracePeriod; the upper end is our own.
    static let healthCheckGracePeriod: ClosedRange<Duration> = .zero ... .seconds(86_400)

    // MARK: Instances

    /// Source: PutLifecycleHook, LifecycleHookName.
    static let longestHookName = 255
    static let mostLifecycleHooks = WeirCore.Limits.mostLifecycleHooks
    static let heartbeatTimeout = WeirCore.Limits.heartbeatTimeout
    /// Zero is "as long as they like"; between zero and a day there is nothing. Source: MaxInstanceLifetime.
    static let maxInstanceLifetime = WeirCore.Limits.maxInstanceLifetime
    /// Our own: a check asks a worker that also has work to do.
    static let healthCheckInterval: ClosedRange<Duration> = .seconds(1) ... .seconds(3600)
    /// Our own; it stays below the interval besides.
    static let healthCheckTimeout: ClosedRange<Duration> = .milliseconds(100) ... .seconds(3600)
    /// Checks in a row. Our own; the upper end is that of load balancers' health checks.
    static let unhealthyThreshold = 1...10
    /// Our own; zero ends it at once.
    static let busyTimeout: ClosedRange<Duration> = .zero ... .seconds(7 * 86_400)
    static let ports = 1...65_535
    /// Our own.
    static let longestHealthPath = 2048
    /// Our own; longer is a launch, and belongs into a hook.
    static let preparationTime: ClosedRange<Duration> = .zero ... .seconds(3600)

    // MARK: Instance refresh

    /// Source: RefreshPreferences.
    static let minHealthyPercentage = 0...100
    static let maxHealthyPercentage = 100...200
    /// The maximum is at most so far above the minimum. Source: RefreshPreferences.
    static let widestHealthyRange = 100
    static let checkpoint = 1...100
    static let checkpointDelay = WeirCore.Limits.checkpointDelay

    // MARK: Alarms and metrics

    /// Of alarms and scaling policies.
    static let longestName = WeirCore.Limits.longestAlarmName
    /// Named expressions of one group. Our own.
    static let mostMetrics = 100
    /// Our own.
    static let longestMetricName = 64
    /// Alarms of one group. Our own.
    static let mostAlarms = 100
    /// Periods shorter than a minute.
    static let shortPeriods = WeirCore.Limits.shortPeriods
    /// Every other period is a multiple of this. Source: PutMetricAlarm, Period.
    static let periodUnit: Duration = .seconds(60)
    static let period: ClosedRange<Duration> = .seconds(1)...longestEvaluation
    /// N × period.
    static let longestEvaluation = WeirCore.Limits.longestEvaluation
    /// N × period when the period is shorter than `longPeriod`.
    static let longestEvaluationOfShortPeriods = WeirCore.Limits.longestEvaluationOfShortPeriods
    static let longPeriod = WeirCore.Limits.longPeriod
    /// N of the shortest period over the longest evaluation; the product has its own check.
    static let mostEvaluationPeriods = 86_400
    /// Either way from zero. Our own; beyond it a Double no longer holds every whole number.
    static let largestThreshold = 9_007_199_254_740_992.0

    // MARK: Scaling policies

    static let mostScalingPolicies = WeirCore.Limits.mostScalingPolicies
    static let mostSteps = WeirCore.Limits.mostSteps
    /// Instances or percent, either way from zero. Our own.
    static let largestAdjustment = 1_000_000
    /// Percent; a group cannot lose more than it has. Our own.
    static let lowestPercent = -100
    /// Above nothing, as it is divided by. Our own.
    static let target: ClosedRange<Double> = 0.001...1_000_000_000
    /// Share of a target. Our own: above it nothing would be well below the target, and below it nothing would ever scale in.
    static let scaleInShare: ClosedRange<Double> = 0.1...1
    /// Our own.
    static let acceptableLatency: ClosedRange<Duration> = .milliseconds(1) ... .seconds(14 * 86_400)
    static let secondsPerMessage: ClosedRange<Double> = 0.000_1...86_400

    // MARK: Following the backlog

    /// Messages that one instance has to its account. Above nothing, as it is divided by. Our own.
    static let messagesPerInstance: ClosedRange<Double> = 0.001...1_000_000_000
    /// Percent, of what the work needs and of a capacity. Our own.
    static let largestPercent = 10_000.0
    /// Our own; Kubernetes has up to an hour.
    static let stabilizationWindow: ClosedRange<Duration> = .zero ... .seconds(86_400)
    /// Recommendations that one vote is among. Our own.
    static let mostVotes = 100
    /// Our own; Kubernetes has up to half an hour.
    static let ratePeriod: ClosedRange<Duration> = .seconds(1) ... .seconds(3600)

    // MARK: Wait target

    /// How long a message may wait. Our own.
    static let waitTarget: ClosedRange<Duration> = .milliseconds(100) ... .seconds(7 * 86_400)
    /// Our own; with 99.9 each late message weighs a thousand that are not.
    static let percentile: ClosedRange<Double> = 50...99.9

    // MARK: Scheduled actions

    static let mostScheduledActions = WeirCore.Limits.mostScheduledActions
    /// A compiled time zone; the largest there are have some 4 KB. Our own.
    static let largestZoneFileBytes = 256 << 10
    /// Our own; the longest name there is has 32.
    static let longestZoneName = 64

    // MARK: Suspicion and progress

    /// Unit: messages. Our own bound.
    static let largestSuspiciousDrop = 1_000_000_000
    /// Unit: readings. Our own bound.
    static let mostZeros = 1000
    /// Our own; zero: on the first failure.
    static let fallbackAfter: ClosedRange<Duration> = .zero ... .seconds(7 * 86_400)
    /// Our own.
    static let staleAfter: ClosedRange<Duration> = .seconds(1) ... .seconds(7 * 86_400)
    /// Our own; below a minute nearly every pause would be a standstill.
    static let noProgressAfter: ClosedRange<Duration> = .seconds(60) ... .seconds(30 * 86_400)

    // MARK: Stories

    /// Of one file. Our own.
    static let mostStories = 200
    /// Of one series. Our own.
    static let mostMarks = 10_000
    /// Messages, seconds, or messages each second. Our own; whoever writes more has left a finger on a key.
    static let largestMark = 1_000_000_000_000.0
    /// Of one story. Our own.
    static let mostEvents = 100
    static let mostExpectations = 100
    /// Our own; a schedule repeats itself after a week.
    static let longestStory: Duration = .seconds(31 * 86_400)
}
