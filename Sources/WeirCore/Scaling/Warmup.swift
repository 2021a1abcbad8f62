extension GroupPolicy {
    /// How long a new instance is warming up in the eyes of a step policy: the policy's own time, else the group's, else
    /// its default cooldown. Zero counts as set. Source: EC2 Auto Scaling, "Available warm-up and cooldown settings".
    func warmup(of scaling: StepScaling) -> Duration {
        scaling.instanceWarmup ?? instanceWarmup ?? defaultCooldown
    }

    /// The same for target tracking.
    func warmup(of tracking: TargetTracking) -> Duration {
        tracking.instanceWarmup ?? instanceWarmup ?? defaultCooldown
    }

    /// How long a new instance is warming up in the eyes of an instance refresh: the refresh's own time, else the group's
    /// warmup, else the grace period of its health checks, else nothing. Source: as above.
    public func refreshWarmup(_ own: Duration?) -> Duration {
        own ?? instanceWarmup ?? healthCheckGracePeriod
    }
}

/// Which instances of a group count already, for one length of warmup.
struct WarmFleet {
    /// In service and warm.
    var warm = 0
    /// The instance that takes longest to warm up; until nil, it is not even in service.
    var slowest: (instance: InstanceID, until: Instant?)?

    /// An instance whose launch is under way counts as warming, so that a slow start cannot multiply.
    init(_ fleet: [Instance], warmup: Duration, at now: Instant) {
        let warmSince = now - warmup
        for index in fleet.indices {
            switch fleet[index].lifecycleState {
            case .pending, .pendingWait:
                if slowest == nil || slowest?.until != nil { slowest = (fleet[index].id, nil) }
            case .inService:
                let since = fleet[index].inServiceAt ?? fleet[index].stateSince
                if since <= warmSince {
                    warm += 1
                } else if slowest == nil || slowest?.until.map({ $0 < since + warmup }) == true {
                    slowest = (fleet[index].id, since + warmup)
                }
            case .enteringStandby, .standby, .draining, .terminatingWait, .terminating, .warmedPending, .warmedStopped,
                .warmedHibernated:
                break
            }
        }
    }
}
