import WeirCore
import WeirRuntime

/// A group as `GET /v1/groups` shows it. Times are RFC 3339 in UTC, durations seconds, and keys snake case.
public struct GroupView: Codable, Sendable, Equatable {
    public var group: String
    /// Unit: instances, as are the two bounds, which are those in force: a scheduled action may have set them.
    public var desiredCapacity: Int
    public var minSize: Int
    public var maxSize: Int
    /// The scheduled action that set the two bounds; left out while they are those of the policy file.
    public var sizesSetBy: String?
    /// Soonest first; empty when there are none, and when the group leaves.
    public var scheduledActions: [ScheduledActionView]
    public var dryRun: Bool
    /// Its policy was taken away, and it leaves when its instances have.
    public var leaving: Bool
    /// Oldest first.
    public var instances: [InstanceView]
    /// In the order of the policy file.
    public var alarms: [AlarmView]
    /// Names of suspended processes, sorted.
    public var suspended: [String]
    /// Until when simple scaling policies wait; left out when none does.
    public var cooldownUntil: String?
    public var launchBackoff: BackoffView?
    public var sourceBackoff: BackoffView?
    /// Scale-out waits because instances complete nothing; left out while it does not.
    public var noProgress: BackoffView?
    /// Left out while the source is believed.
    public var silence: SilenceView?
    /// The last decision of all, and the last that changed desired capacity or was held back.
    public var lastDecision: DecisionView?
    public var lastChange: DecisionView?
    public var measurement: MeasurementView?
    public var totals: TotalsView
    /// The version of the launch template from which instances are launched now; left out when nobody counts.
    public var templateVersion: Int?
    /// The version that the policy file says. After a rollback it is not the one that is launched.
    public var latestTemplateVersion: Int?
    /// In the order of the policy file.
    public var lifecycleHooks: [HookView]
    /// Left out when there is none.
    public var warmPool: WarmPoolView?
    /// The last instance refresh, under way or not; left out when there was none.
    public var refresh: RefreshView?
    /// What came of each scaling policy whose alarm is in the state that invokes it.
    public var policyOutcomes: [PolicyOutcomeView]
    /// Left out when the group is under no limit that it shares.
    public var fleet: FleetView?
    /// The last decisions that changed desired capacity or were held back by something new, oldest first. Only where one
    /// group was asked for: left out of the list of all.
    public var decisions: [DecisionView]?
    /// Left out when no other policy decides beside the group.
    public var shadow: ShadowView?

    enum CodingKeys: String, CodingKey {
        case group, refresh, fleet, decisions, shadow
        case templateVersion = "template_version"
        case latestTemplateVersion = "latest_template_version"
        case lifecycleHooks = "lifecycle_hooks"
        case warmPool = "warm_pool"
        case desiredCapacity = "desired_capacity"
        case minSize = "min_size"
        case maxSize = "max_size"
        case sizesSetBy = "sizes_set_by"
        case scheduledActions = "scheduled_actions"
        case dryRun = "dry_run"
        case leaving, instances, alarms, suspended
        case cooldownUntil = "cooldown_until"
        case launchBackoff = "launch_backoff"
        case sourceBackoff = "source_backoff"
        case noProgress = "no_progress"
        case silence
        case lastDecision = "last_decision"
        case lastChange = "last_change"
        case measurement, totals
        case policyOutcomes = "policy_outcomes"
    }

    /// - Parameter whole: with its last decisions.
    public init(_ snapshot: GroupSnapshot, at now: Instant, whole: Bool = false) {
        let state = snapshot.state
        group = snapshot.policy.name
        desiredCapacity = state.desiredCapacity
        let bounds = Bounds(of: snapshot.policy, in: state)
        minSize = bounds.minimum
        maxSize = bounds.maximum
        sizesSetBy = snapshot.policy.leaving ? nil : state.scheduledSizes?.action
        scheduledActions = ScheduledActionView.all(of: snapshot, at: now)
        dryRun = snapshot.dryRun
        leaving = snapshot.leaving
        instances = state.fleet.map { InstanceView($0, launchedNow: snapshot.launchTemplate) }
        alarms = state.alarms.map(AlarmView.init)
        suspended = state.suspended.map(\.rawValue)
        cooldownUntil = state.cooldown?.until.flatMap { $0 > now ? $0.rfc3339 : nil }
        launchBackoff = state.launchBackoff.map(BackoffView.init)
        sourceBackoff = state.sourceBackoff.map(BackoffView.init)
        noProgress = state.noProgress.map(BackoffView.init)
        silence = state.silence.map(SilenceView.init)
        lastDecision = snapshot.lastDecision.map(DecisionView.init)
        lastChange = snapshot.lastChange.map(DecisionView.init)
        measurement = snapshot.measurement.map { MeasurementView($0, at: snapshot.measuredAt) }
        totals = TotalsView(snapshot.totals)
        templateVersion = state.templateDigest == nil ? nil : state.templateVersion
        latestTemplateVersion = state.templateDigest == nil ? nil : state.latestTemplateVersion
        lifecycleHooks = snapshot.policy.lifecycleHooks.map(HookView.init)
        warmPool = WarmPoolView(snapshot)
        refresh = RefreshView(snapshot)
        policyOutcomes = state.policyOutcomes.map(PolicyOutcomeView.init)
        fleet = FleetView(snapshot)
        shadow = snapshot.shadow.map(ShadowView.init)
        decisions = whole ? snapshot.decisions.map(DecisionView.init) : nil
    }
}

public struct InstanceView: Codable, Sendable, Equatable {
    public var id: String
    /// As in the Auto Scaling API: `Pending`, `InService`, `Terminating:Wait`, `Standby`, `Warmed:Stopped`, ….
    public var lifecycleState: String
    public var stateSince: String
    public var protected: Bool
    public var heldMessages: Int
    public var launchedAt: String
    public var inServiceAt: String?
    /// The lifecycle hooks that it waits for.
    public var waitsFor: [HookWaitView]
    /// Left out while it is healthy.
    public var unhealthy: UnhealthyView?
    /// Why it is on its way out: `scale_in`, `unhealthy`, `refresh`, …; left out while it is not.
    public var departure: String?
    /// The version of the launch template that it was made from; left out when that is not known.
    public var templateVersion: Int?
    /// It was not made from what is launched now.
    public var outdated: Bool

    enum CodingKeys: String, CodingKey {
        case id, protected, unhealthy, departure, outdated
        case stateSince = "state_since"
        case waitsFor = "waits_for"
        case templateVersion = "template_version"
        case lifecycleState = "lifecycle_state"
        case heldMessages = "held_messages"
        case launchedAt = "launched_at"
        case inServiceAt = "in_service_at"
    }

    /// - Parameter launchedNow: what instances are launched from now.
    init(_ instance: Instance, launchedNow: LaunchTemplate) {
        id = instance.id.text
        lifecycleState = instance.apiLifecycleState
        stateSince = instance.stateSince.rfc3339
        waitsFor = instance.hooks.map(HookWaitView.init)
        unhealthy = instance.unhealthy.map(UnhealthyView.init)
        departure = instance.departure?.rawValue
        templateVersion = instance.template?.version
        outdated = instance.isOutdated(launchedNow)
        protected = instance.protectedFromScaleIn
        heldMessages = instance.heldMessages
        launchedAt = instance.launchedAt.rfc3339
        inServiceAt = instance.inServiceAt?.rfc3339
    }
}

public struct AlarmView: Codable, Sendable, Equatable {
    public var name: String
    /// `OK`, `ALARM` or `INSUFFICIENT_DATA`.
    public var state: String
    public var since: String
    /// What the last evaluation saw.
    public var reason: String?

    init(_ status: AlarmStatus) {
        name = status.name
        state = status.state.rawValue
        since = status.since.rfc3339
        reason = status.lastJudgement?.sentence
    }
}

public struct BackoffView: Codable, Sendable, Equatable {
    public var failures: Int
    public var until: String
    public var lastFailure: String
    /// The last lines that the instance printed, oldest first, when it was one that died young.
    public var logTail: [String]

    enum CodingKeys: String, CodingKey {
        case failures, until
        case lastFailure = "last_failure"
        case logTail = "log_tail"
    }

    init(_ backoff: Backoff) {
        failures = backoff.failures
        until = backoff.until.rfc3339
        lastFailure = backoff.lastFailure
        logTail = backoff.logTail
    }
}

public struct DecisionView: Codable, Sendable, Equatable {
    public var at: String
    /// Desired capacity before and after. Unit: instances.
    public var from: Int
    public var to: Int
    /// The chain of reasons, in their order; never empty.
    public var reasons: [ReasonView]

    init(_ dated: DatedDecision) {
        at = dated.at.rfc3339
        from = dated.decision.previousDesired
        to = dated.decision.desired
        reasons = dated.decision.reasons.map(ReasonView.init)
    }
}

/// What came of the last time that a scaling policy was invoked, while its alarm is in the state that invokes it.
public struct PolicyOutcomeView: Codable, Sendable, Equatable {
    public var policy: String
    public var alarm: String
    public var at: String
    /// What it proposed or what held it back; never empty.
    public var reasons: [ReasonView]

    init(_ outcome: PolicyOutcome) {
        policy = outcome.policy
        alarm = outcome.alarm
        at = outcome.at.rfc3339
        reasons = outcome.reasons.map(ReasonView.init)
    }
}

public struct ReasonView: Codable, Sendable, Equatable {
    /// Stable, for programs.
    public var code: String
    /// Desired capacity after this step.
    public var capacity: Int
    public var sentence: String

    init(_ reason: Reason) {
        code = reason.code
        capacity = reason.capacity
        sentence = reason.sentence
    }
}

public struct TotalsView: Codable, Sendable, Equatable {
    public var ticks: Int
    public var launches: Int
    public var launchFailures: Int
    public var terminations: Int
    public var restores: Int
    public var exits: Int
    public var busyTerminations: Int
    public var measurementFailures: Int
    public var peakInService: Int
    public var unhealthyReplacements: Int
    public var refreshReplacements: Int
    public var lifetimeReplacements: Int
    public var hookTimeouts: Int
    public var hookAbandonments: Int
    public var warmStarts: Int
    public var refreshFailures: Int

    enum CodingKeys: String, CodingKey {
        case ticks, launches, terminations, restores, exits
        case launchFailures = "launch_failures"
        case busyTerminations = "busy_terminations"
        case measurementFailures = "measurement_failures"
        case peakInService = "peak_in_service"
        case unhealthyReplacements = "unhealthy_replacements"
        case refreshReplacements = "refresh_replacements"
        case lifetimeReplacements = "lifetime_replacements"
        case hookTimeouts = "hook_timeouts"
        case hookAbandonments = "hook_abandonments"
        case warmStarts = "warm_starts"
        case refreshFailures = "refresh_failures"
    }

    init(_ totals: GroupTotals) {
        ticks = totals.ticks
        launches = totals.launches
        launchFailures = totals.launchFailures
        terminations = totals.terminations
        restores = totals.restores
        exits = totals.exits
        busyTerminations = totals.busyTerminations
        measurementFailures = totals.measurementFailures
        peakInService = totals.peakInService
        unhealthyReplacements = totals.unhealthyReplacements
        refreshReplacements = totals.refreshReplacements
        lifetimeReplacements = totals.lifetimeReplacements
        hookTimeouts = totals.hookTimeouts
        hookAbandonments = totals.hookAbandonments
        warmStarts = totals.warmStarts
        refreshFailures = totals.refreshFailures
    }
}
