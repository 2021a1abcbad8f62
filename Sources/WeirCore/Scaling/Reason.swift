/// One link in the chain that led to a desired capacity: a stable code, the capacity after this step, and the facts.
/// Sentences are made when somebody reads.
public struct Reason: Sendable, Equatable, Codable {
    /// The desired capacity after this step. Unit: instances.
    public var capacity: Int
    public var fact: Fact

    public init(capacity: Int, fact: Fact) {
        self.capacity = capacity
        self.fact = fact
    }

    /// The closed list of reasons.
    public enum Fact: Sendable, Equatable {
        // Nothing to do.

        /// No alarm that has a scaling policy is in ALARM.
        case noAlarm
        /// The source was not asked on this tick, so no alarm was judged.
        case notMeasured
        /// This alarm is in the state that its policies are bound to, and they were invoked less than a minute ago.
        indirect case repeatsLater(alarm: String, at: Instant, state: AlarmState = .alarm)

        // What policies ask for.

        indirect case proposed(Proposal)
        /// Another policy leaves more capacity, so that one is followed.
        indirect case outranked(Proposal, by: String)
        /// The metric is in none of the policy's steps.
        indirect case noStep(policy: String, alarm: String, excess: Double)
        /// The alarm's metric has no datapoint to measure a step by.
        case noDatapoint(policy: String, alarm: String)

        // What holds a policy back.

        /// Scale-in waits while this instance warms up; nil while it is still being launched.
        indirect case heldByWarmup(policy: String, instance: InstanceID, until: Instant?)
        /// A simple policy waits for the cooldown after the activity of another, or of its own.
        indirect case heldByCooldown(policy: String, after: String, until: Instant)
        /// A simple policy waits for launches and terminations to finish.
        indirect case heldByActivity(policy: String, pending: Int, leaving: Int)
        /// Scale-in waits because the source could not be measured, or leaves out this metric, which it has told; when it last could.
        indirect case heldByMissingData(policy: String, lastMeasured: Instant?, metric: BuiltInMetric? = nil)

        // Bounds.

        /// More was wanted than the maximum.
        case limitedToMaximum(wanted: Int)
        /// Fewer were wanted than the minimum.
        case raisedToMinimum(wanted: Int)

        // People.

        case setByOperator(asked: Int)
        /// An operator ended this instance and did not want it replaced.
        case endedByOperator(InstanceID)
        /// The group's policy was taken away: it ends when its instances have.
        case leaving

        // What keeps the fleet from reaching the desired capacity.

        /// So many more are in service than desired, or than this fleet has room for, and stay, as these are protected; the
        /// first few, and how many in all.
        indirect case heldByProtection(surplus: Int, [InstanceID], count: Int, fleet: String? = nil)
        /// So many more are in service than desired, or than this fleet has room for, and stay, as these hold messages; the
        /// first few, and how many in all.
        indirect case heldByWork(surplus: Int, [InstanceID], count: Int, fleet: String? = nil)
        /// This many are to be launched, but launches failed or instances died young.
        indirect case heldByLaunchBackoff(Backoff, missing: Int)
        /// An operator suspended this process, and there would be something for it to do.
        case suspended(ScalingProcess)
        /// Nothing is ended while the launcher cannot say what is there.
        case heldByFailedListing(String)
        /// This many are to be launched, but the launcher has not been able to say what is there since weir began.
        case heldByUnknownFleet(String, missing: Int)

        // Replacing.

        /// What is launched has changed.
        case newTemplate(version: Int)
        case refreshBegan(version: Int, count: Int)
        case refreshHeld(RefreshHold)
        indirect case refreshRollsBack(version: Int, why: String)
        indirect case refreshEnded(InstanceRefresh.Status, why: String?)
        /// So many unhealthy instances wait for their turn to be replaced.
        case unhealthyWait(count: Int, atATime: Int)
        /// These are older than the maximum lifetime, and protected.
        case lifetimeHeldByProtection([InstanceID], count: Int)
        /// So many instances stand by, and desired capacity went down by as many.
        case standbyBegan(Int)
        case standbyEnded(Int)
        // Target tracking.

        /// No instance is warm, so there is no capacity to multiply.
        case noCapacity(policy: String)
        /// With one instance fewer the metric would be above the target.
        indirect case heldByTarget(policy: String, Proposal.Tracked, capacity: Int)
        /// Scale-in needs every target tracking policy that may scale in, and this other one does not want to.
        case heldByTracker(policy: String, other: String)

        // The schedule.

        /// A scheduled action was due and set sizes.
        indirect case scheduled(ScheduledRun)
        /// A scheduled action was due while ScheduledActions was suspended; it will not be made up for.
        case scheduleLost(action: String, due: Instant)
        /// The policy file names other sizes than when an action set them, so the file's hold again.
        case sizesOfFile(minSize: Int, maxSize: Int)

        // Not knowing, and no progress.

        /// What the source told and is not believed: a missing figure, or all of them.
        case notBelieved(String)
        /// Nothing can be believed, and this fallback is in force.
        indirect case fallback(SourceSilence)
        /// The source is believed again; since when it was not.
        case fallbackEnded(since: Instant)
        /// A fixed capacity is in force, and policies change nothing.
        case heldByFallback(policy: String)
        /// Scale-in waits for a second reading after a fallback.
        case heldAfterFallback(policy: String)
        /// Scale-out waits because instances complete nothing.
        indirect case heldByNoProgress(policy: String, Backoff)
        /// So many instances of the warm pool are to be made, but launches failed or instances died young.
        indirect case poolHeldByLaunchBackoff(Backoff, missing: Int)
        /// A simple policy waits for what the metric says now that this instance is in service.
        indirect case heldByArrival(policy: String, instance: InstanceID)

        // Following the backlog.

        /// What waits is not known, so nothing is recommended; when the source last answered.
        indirect case unknownBacklog(policy: String, lastMeasured: Instant?)
        /// The policy follows what it recommended over a while, not each recommendation.
        indirect case heldByStabilization(policy: String, Proposal.Stabilized)
        /// More was wanted than the policy's rate lets through.
        indirect case limitedByRate(policy: String, Proposal.RateLimited)

        // The limit that groups share.

        /// More are desired than the fleet has room for: so many may be in service.
        indirect case limitedByFleet(FleetCeiling, capacity: Int)
        /// So many launches wait until instances of other groups have ended.
        indirect case heldByFleet(FleetCeiling, missing: Int)
    }

    /// Snake case and stable: programs may rely on it.
    public var code: String { fact.key.rawValue }

    /// Nothing changes by it and nothing is held back: a tick with only such links is a quiet one.
    public var isQuiet: Bool {
        switch fact {
        case .noAlarm, .notMeasured, .repeatsLater, .heldByTarget, .heldByStabilization: true
        case .proposed(let proposal), .outranked(let proposal, _): proposal.capacity == proposal.desired
        case .refreshHeld(let hold): hold.isOrdinary
        case .noStep, .noDatapoint, .heldByWarmup, .heldByCooldown, .heldByActivity,
            .heldByMissingData, .limitedToMaximum, .raisedToMinimum, .setByOperator, .endedByOperator, .leaving,
            .heldByProtection, .heldByWork, .heldByLaunchBackoff, .suspended, .heldByFailedListing, .newTemplate,
            .refreshBegan, .refreshRollsBack, .refreshEnded, .unhealthyWait, .lifetimeHeldByProtection,
            .standbyBegan, .standbyEnded, .noCapacity, .heldByTracker, .scheduled, .scheduleLost, .sizesOfFile,
            .notBelieved, .fallback, .fallbackEnded, .heldByFallback, .heldAfterFallback, .heldByNoProgress,
            .poolHeldByLaunchBackoff, .heldByArrival, .unknownBacklog, .limitedByRate, .limitedByFleet, .heldByFleet,
            .heldByUnknownFleet:
            false
        }
    }
}

extension Decision {
    /// Desired capacity stays and nothing is held back.
    public var isQuiet: Bool { desired == previousDesired && reasons.allSatisfy(\.isQuiet) }

    /// Sizes in force may have changed, or a scheduled action had its turn, also where the desired capacity stays. What
    /// was done once must not be done again after a restart.
    public var followedSchedule: Bool {
        let keys: [Reason.Fact.CodingKeys] = [.scheduled, .scheduleLost, .sizesOfFile]
        return reasons.contains { keys.contains($0.fact.key) }
    }
}

/// A fact travels under its code: `{"proposed": {…}}`.
extension Reason.Fact: Codable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case noAlarm = "no_alarm"
        case notMeasured = "not_measured"
        case repeatsLater = "repeats_later"
        case proposed
        case outranked
        case noStep = "no_step"
        case noDatapoint = "no_datapoint"
        case heldByWarmup = "held_by_warmup"
        case heldByCooldown = "held_by_cooldown"
        case heldByActivity = "held_by_activity"
        case heldByMissingData = "held_by_missing_data"
        case limitedToMaximum = "limited_to_maximum"
        case raisedToMinimum = "raised_to_minimum"
        case setByOperator = "set_by_operator"
        case endedByOperator = "ended_by_operator"
        case leaving
        case heldByProtection = "held_by_protection"
        case heldByWork = "held_by_work"
        case heldByLaunchBackoff = "held_by_launch_backoff"
        case suspended
        case heldByFailedListing = "held_by_failed_listing"
        case heldByUnknownFleet = "held_by_unknown_fleet"
        case newTemplate = "new_template"
        case refreshBegan = "refresh_began"
        case refreshHeld = "refresh_held"
        case refreshRollsBack = "refresh_rolls_back"
        case refreshEnded = "refresh_ended"
        case unhealthyWait = "unhealthy_wait"
        case lifetimeHeldByProtection = "lifetime_held_by_protection"
        case standbyBegan = "standby_began"
        case standbyEnded = "standby_ended"
        case noCapacity = "no_capacity"
        case heldByTarget = "held_by_target"
        case heldByTracker = "held_by_tracker"
        case scheduled
        case scheduleLost = "schedule_lost"
        case sizesOfFile = "sizes_of_file"
        case notBelieved = "not_believed"
        case fallback
        case fallbackEnded = "fallback_ended"
        case heldByFallback = "held_by_fallback"
        case heldAfterFallback = "held_after_fallback"
        case heldByNoProgress = "held_by_no_progress"
        case poolHeldByLaunchBackoff = "pool_held_by_launch_backoff"
        case heldByArrival = "held_by_arrival"
        case unknownBacklog = "unknown_backlog"
        case heldByStabilization = "held_by_stabilization"
        case limitedByRate = "limited_by_rate"
        case limitedByFleet = "limited_by_fleet"
        case heldByFleet = "held_by_fleet"
    }

    var key: CodingKeys {
        switch self {
        case .noAlarm: .noAlarm
        case .notMeasured: .notMeasured
        case .repeatsLater: .repeatsLater
        case .proposed: .proposed
        case .outranked: .outranked
        case .noStep: .noStep
        case .noDatapoint: .noDatapoint
        case .heldByWarmup: .heldByWarmup
        case .heldByCooldown: .heldByCooldown
        case .heldByActivity: .heldByActivity
        case .heldByMissingData: .heldByMissingData
        case .limitedToMaximum: .limitedToMaximum
        case .raisedToMinimum: .raisedToMinimum
        case .setByOperator: .setByOperator
        case .endedByOperator: .endedByOperator
        case .leaving: .leaving
        case .heldByProtection: .heldByProtection
        case .heldByWork: .heldByWork
        case .heldByLaunchBackoff: .heldByLaunchBackoff
        case .suspended: .suspended
        case .heldByFailedListing: .heldByFailedListing
        case .heldByUnknownFleet: .heldByUnknownFleet
        case .newTemplate: .newTemplate
        case .refreshBegan: .refreshBegan
        case .refreshHeld: .refreshHeld
        case .refreshRollsBack: .refreshRollsBack
        case .refreshEnded: .refreshEnded
        case .unhealthyWait: .unhealthyWait
        case .lifetimeHeldByProtection: .lifetimeHeldByProtection
        case .standbyBegan: .standbyBegan
        case .standbyEnded: .standbyEnded
        case .noCapacity: .noCapacity
        case .heldByTarget: .heldByTarget
        case .heldByTracker: .heldByTracker
        case .scheduled: .scheduled
        case .scheduleLost: .scheduleLost
        case .sizesOfFile: .sizesOfFile
        case .notBelieved: .notBelieved
        case .fallback: .fallback
        case .fallbackEnded: .fallbackEnded
        case .heldByFallback: .heldByFallback
        case .heldAfterFallback: .heldAfterFallback
        case .heldByNoProgress: .heldByNoProgress
        case .poolHeldByLaunchBackoff: .poolHeldByLaunchBackoff
        case .heldByArrival: .heldByArrival
        case .unknownBacklog: .unknownBacklog
        case .heldByStabilization: .heldByStabilization
        case .limitedByRate: .limitedByRate
        case .limitedByFleet: .limitedByFleet
        case .heldByFleet: .heldByFleet
        }
    }
}
