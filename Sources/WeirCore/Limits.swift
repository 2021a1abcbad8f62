/// The largest and smallest of everything that a decision may meet, in one place. Checks and messages read these; neither
/// repeats a number.
public enum Limits {
    // MARK: Group

    /// Unit: instances. Our own bound, far above what one machine or one engine runs; it keeps a mistyped maximum small.
    public static let largestGroup = 10_000
    /// Unit: characters.
    public static let longestGroupName = 63
    /// Source: DefaultInstanceWarmup, 0…3600 s.
    public static let longestInstanceWarmup = Duration.seconds(3600)
    /// Unit: scaling policies of one group. Source: Auto Scaling quotas.
    public static let mostScalingPolicies = 50
    /// Unit: step adjustments of one policy. Source: Auto Scaling quotas.
    public static let mostSteps = 20
    /// Unit: instances named in one SetInstanceProtection. Source: SetInstanceProtection.
    public static let mostInstancesPerProtectionCall = 50

    // MARK: Schedule

    /// Unit: scheduled actions of one group. Source: Auto Scaling quotas.
    public static let mostScheduledActions = 125
    /// A clock that is set back by up to this much repeats no scheduled action. One that is set back further was wrong
    /// before, and what it ran then counts for nothing.
    public static let scheduleMemory = Duration.seconds(86_400)
    /// Calendar days after which dates and weekdays repeat: 400 years. What has not come by then never will.
    public static let calendarCycleDays: Int64 = 146_097

    // MARK: Alarms

    /// Unit: characters. Source: PutMetricAlarm, AlarmName.
    public static let longestAlarmName = 255
    /// More datapoints are looked at than are judged, so that a few missing ones do no harm. How many more is not
    /// published; two reproduces every published example (three judged, five in view).
    public static let datapointsBeyondEvaluationPeriods = 2
    /// N × period when the period is an hour or more. Source: PutMetricAlarm.
    public static let longestEvaluation = Duration.seconds(604_800)
    /// N × period when the period is below an hour. Source: PutMetricAlarm.
    public static let longestEvaluationOfShortPeriods = Duration.seconds(86_400)
    /// From which period on the longer of the two holds.
    public static let longPeriod = Duration.seconds(3600)
    /// Periods below a minute; above, multiples of a minute. 10, 20 and 30 s are CloudWatch's, 1 and 5 s are ours.
    public static let shortPeriods: [Duration] = [1, 5, 10, 20, 30].map { .seconds($0) }
    /// Samples kept for one metric; beyond, the oldest are joined in pairs (which keeps their minimum, maximum, sum and
    /// count). An alarm that looks at very many periods keeps two for each of its periods.
    public static let samplesPerMetric = 4096
    /// While an alarm stays in ALARM, its scaling policies are invoked again after this. Source: CloudWatch user guide,
    /// the exception for Auto Scaling actions.
    public static let invocationInterval = Duration.seconds(60)
    /// A measurement a little early still counts as a minute later, or a source measured once a minute would act every
    /// second minute.
    public static let invocationSlack = Duration.seconds(1)
    /// Something that happens in the queue brings a measurement forward, but not closer to the last one than this, while
    /// the group has instances. A group at zero is measured at once.
    public static let shortestWakeInterval = Duration.seconds(1)
    /// The same for a group at zero that decided not to launch.
    public static let shortestWakeIntervalAtZero = Duration.milliseconds(20)
    /// The same for a group with a policy that follows each message, as wait targets do: at most fifty looks a second.
    public static let shortestTrafficInterval = Duration.milliseconds(20)

    // MARK: Missing data

    /// Without a measurement that succeeded for so many poll intervals, or for `blindSpell` if that is longer, nothing
    /// is scaled in.
    public static let blindPollIntervals = 3
    public static let blindSpell = Duration.seconds(60)
    /// A source that has told what is in flight is taken for one that does not only after so long without it: until then a message
    /// that was in hand may still be. Source: SQS, the longest visibility timeout.
    public static let longestInFlight = Duration.seconds(12 * 3600)
    /// A source that fails is asked less and less often, at most this far apart (but never more often than its poll
    /// interval).
    public static let longestSourceBackoff = Duration.seconds(300)

    // MARK: Launching

    /// An instance that ends by itself within this time of coming into service died young.
    public static let youngDeath = Duration.seconds(30)
    /// An instance that ends within this time has done no work, even if it says that all was well.
    public static let idleDeath = Duration.seconds(1)
    /// The pause after the first failed launch; doubled after each further one.
    public static let shortestLaunchBackoff = Duration.seconds(1)
    public static let longestLaunchBackoff = Duration.seconds(300)
    /// The pause is lengthened or shortened by up to this many thousandths, so that many groups do not try at once.
    public static let launchBackoffJitterPerMille: UInt64 = 200

    // MARK: Lifecycle

    /// Source: PutLifecycleHook, HeartbeatTimeout.
    public static let heartbeatTimeout = Duration.seconds(30)...Duration.seconds(7200)
    /// A hook ends after so many heartbeat timeouts, or after `longestHookWait`. Source: PutLifecycleHook.
    public static let mostHeartbeatTimeouts = 100
    public static let longestHookWait = Duration.seconds(48 * 3600)
    /// Unit: hooks of one group. Source: Auto Scaling quotas.
    public static let mostLifecycleHooks = 50
    /// Unit: instances named in one EnterStandby or ExitStandby. Source: Auto Scaling quotas.
    public static let mostInstancesPerStandbyCall = 20
    /// One in so many instances is replaced at a time. Source: "Health checks".
    public static let replacementShare = 10
    /// Source: MaxInstanceLifetime, at least a day.
    public static let maxInstanceLifetime = Duration.seconds(86_400)...Duration.seconds(31_536_000)
    /// Source: CheckpointDelay, 0…172,800 s.
    public static let checkpointDelay = Duration.zero...Duration.seconds(172_800)
    /// Without progress for so long an instance refresh fails. Source: instance refresh.
    public static let refreshStall = Duration.seconds(3600)
    /// Source: instance refresh, 14 days in total.
    public static let longestRefresh = Duration.seconds(14 * 86_400)
    /// So many new instances have to fail for a refresh to fail.
    public static let refreshFailures = 3

    // MARK: Orders

    /// An order that failed (drain, restore, terminate, remove) is given again after this; doubled each time.
    public static let shortestOrderRetry = Duration.seconds(1)
    public static let longestOrderRetry = Duration.seconds(60)
    /// An instance of the warm pool whose orders failed so many times in a row makes room for another.
    public static let mostPoolFailures = 5

    // MARK: Reasons

    /// Instances that one reason names; of the others it gives the number.
    public static let instancesNamed = 3
    /// Log lines that one sentence quotes.
    public static let logLinesQuoted = 3
    /// Nested parentheses and functions in a metric expression.
    public static let expressionDepth = 64
    /// Unit: characters of a metric expression.
    public static let longestExpression = 1000

    // MARK: Percentiles, composite alarms, alarm actions

    /// Samples that have to lie beyond a percentile for it to say something. Source: CloudWatch user guide,
    /// "Percentile-based alarms and low data samples".
    public static let samplesBeyondPercentile: Int64 = 10
    /// CloudWatch evaluates an alarm with a period of a minute or more this often…
    public static let evaluationInterval = Duration.seconds(60)
    /// … and one with a shorter period this often. Source: CloudWatch user guide, "Using Amazon CloudWatch alarms".
    public static let shortEvaluationInterval = Duration.seconds(10)
    /// Alarms that one rule names. Source: PutCompositeAlarm.
    public static let mostAlarmsInRule = 100
    /// Unit: characters. Source: PutCompositeAlarm, AlarmRule.
    public static let longestAlarmRule = 10_240
    /// Actions of one state of an alarm. Source: PutMetricAlarm.
    public static let mostAlarmActions = 5
    /// Alarms that the sentence of a composite alarm tells the state of.
    public static let alarmsNamed = 5

    // MARK: Suspicion and progress

    /// A backlog that is gone is accounted for when so much of it was completed; the rest is what clocks differ by.
    public static let accountedShare = 0.9
    /// While nothing is completed one scale-out is let through after a pause; the pause is doubled up to this.
    public static let longestNoProgressBackoff = Duration.seconds(6 * 3600)

    // MARK: Limits shared by groups

    /// Unit: units of one fleet. Our own bound; as for a group, it keeps a mistyped size small.
    public static let largestFleet = 10_000
    /// Priorities of groups in a fleet. Our own.
    public static let fleetPriorities = -1000...1000
    /// Groups that the sentence about a fleet's limit names; of the others it gives the number.
    public static let groupsNamed = 3
}
