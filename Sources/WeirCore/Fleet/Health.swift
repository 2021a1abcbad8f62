/// One health check of one instance.
public struct HealthReport: Sendable, Equatable, Codable {
    public var instance: InstanceID
    public var result: HealthCheckResult

    public init(instance: InstanceID, result: HealthCheckResult) {
        self.instance = instance
        self.result = result
    }
}

/// What a health check found.
public enum HealthCheckResult: Sendable, Equatable, Codable {
    case healthy
    /// Not yet known to be healthy: it is still starting.
    case starting
    /// It failed; the sentence says how.
    case failed(String)
}

/// How instances are checked, as far as deciding needs it; what is asked, and how often, is the business of the shell.
public struct HealthCheckPolicy: Sendable, Equatable, Codable {
    /// So many checks in a row have to fail. Default: 3.
    public var unhealthyThreshold: Int
    /// An unhealthy instance that still holds a message is ended all the same after this. Nil: it finishes its work first,
    /// however long that takes.
    public var busyTimeout: Duration?

    public init(unhealthyThreshold: Int = 3, busyTimeout: Duration? = nil) {
        self.unhealthyThreshold = unhealthyThreshold
        self.busyTimeout = busyTimeout
    }
}

/// Why an instance is unhealthy, and since when.
public struct Unhealthiness: Sendable, Equatable, Codable {
    public var since: Instant
    public var why: String
    /// Somebody said so (SetInstanceHealth): it is replaced at once, without waiting for its turn.
    public var isMarked: Bool

    public init(since: Instant, why: String, isMarked: Bool = false) {
        self.since = since
        self.why = why
        self.isMarked = isMarked
    }
}

/// How many instances are replaced at a time: a tenth of the desired capacity, at least one. Source: "Health checks for
/// instances in an Auto Scaling group" and "Maximum instance lifetime".
public func replacementsAtATime(desired: Int) -> Int { max(desired / Limits.replacementShare, 1) }

extension Tick {
    /// What health checks and the launcher said. Within the grace period nothing is believed, as a worker that starts
    /// answers late; and only instances in service are looked at.
    mutating func takeHealth() {
        guard !suspends(.healthCheck) else { return }
        for report in observation.health {
            guard let position = state.fleet.firstIndex(where: { $0.id == report.instance }) else { continue }
            take(report.result, position, threshold: policy.healthCheck.unhealthyThreshold)
        }
        guard case .instances(let listed)? = observation.listing else { return }
        var index = FleetIndex()
        for instance in listed {
            guard let health = instance.health, let position = index.find(instance.id, in: state.fleet) else {
                continue
            }
            // The engine has counted its failures in a row already.
            take(health, position, threshold: 1)
        }
    }

    private mutating func take(_ result: HealthCheckResult, _ position: Int, threshold: Int) {
        guard state.fleet[position].lifecycleState == .inService, isPastGrace(position) else { return }
        switch result {
        case .starting: break
        case .healthy:
            state.fleet[position].failedHealthChecks = 0
            guard let unhealthy = state.fleet[position].unhealthy, !unhealthy.isMarked else { return }
            state.fleet[position].unhealthy = nil
            record(.healthyAgain, of: state.fleet[position].id)
        case .failed(let why):
            state.fleet[position].failedHealthChecks += 1
            guard state.fleet[position].failedHealthChecks >= threshold else { return }
            markUnhealthy(position, why, isMarked: false)
        }
    }

    mutating func markUnhealthy(_ position: Int, _ why: String, isMarked: Bool) {
        if let unhealthy = state.fleet[position].unhealthy, unhealthy.isMarked || !isMarked { return }
        state.fleet[position].unhealthy = Unhealthiness(since: now, why: why, isMarked: isMarked)
        record(.unhealthy(why), of: state.fleet[position].id)
        countRefreshFailure(of: state.fleet[position], "\(state.fleet[position].id) is unhealthy: \(why)")
    }

    func isPastGrace(_ position: Int) -> Bool {
        guard let since = state.fleet[position].inServiceAt else { return false }
        return now - since >= policy.healthCheckGracePeriod
    }
}
