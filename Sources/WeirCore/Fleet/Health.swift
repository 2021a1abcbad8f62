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

extension [Instance] {
    /// What of this changes anything: that a healthy instance is healthy does not.
    public func news(in reports: [HealthReport]) -> [HealthReport] {
        reports.filter { report in
            report.result != .healthy
                || contains { $0.id == report.instance && ($0.failedHealthChecks > 0 || $0.unhealthy != nil) }
        }
    }
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
    public var cause: Cause

    public init(since: Instant, why: String, cause: Cause = .check) {
        self.since = since
        self.why = why
        self.cause = cause
    }

    /// Who found it. Only the same can find that it is healthy again.
    public enum Cause: String, Sendable, Codable {
        /// Checks that weir makes.
        case check
        /// The launcher's own checks.
        case launcher
        /// Somebody said so (SetInstanceHealth).
        case mark
    }

    /// It is replaced at once, without waiting for its turn.
    public var isMarked: Bool { cause == .mark }
}

/// How many instances are replaced at a time: a tenth of the desired capacity, at least one. Source: "Health checks for
/// instances in an Auto Scaling group" and "Maximum instance lifetime".
public func replacementsAtATime(desired: Int) -> Int { max(desired / Limits.replacementShare, 1) }

extension Tick {
    /// What health checks and the launcher said. Within the grace period nothing is believed, as a worker that starts
    /// answers late; and only instances in service are looked at.
    @inline(__always)
    mutating func takeHealth() {
        guard !suspends(.healthCheck) else { return }
        for report in observation.health {
            guard let position = state.fleet.firstIndex(where: { $0.id == report.instance }) else { continue }
            take(report.result, position)
        }
        guard case .instances(let listed)? = observation.listing else { return }
        var index = FleetIndex()
        for place in listed.indices {
            guard let health = listed[place].health, let position = index.find(listed[place].id, in: state.fleet)
            else { continue }
            takeFromLauncher(health, position)
        }
    }

    private mutating func take(_ result: HealthCheckResult, _ position: Int) {
        guard isChecked(position) else { return }
        switch result {
        case .starting: break
        case .healthy:
            state.fleet[position].failedHealthChecks = 0
            recover(position, from: .check)
        case .failed(let why):
            state.fleet[position].failedHealthChecks += 1
            guard state.fleet[position].failedHealthChecks >= policy.healthCheck.unhealthyThreshold else { return }
            markUnhealthy(position, why, .check)
        }
    }

    /// The launcher has counted failures in a row already.
    private mutating func takeFromLauncher(_ result: HealthCheckResult, _ position: Int) {
        guard isChecked(position) else { return }
        switch result {
        case .starting: break
        case .healthy: recover(position, from: .launcher)
        case .failed(let why): markUnhealthy(position, why, .launcher)
        }
    }

    private func isChecked(_ position: Int) -> Bool {
        state.fleet[position].lifecycleState == .inService && isPastGrace(position)
    }

    private mutating func recover(_ position: Int, from cause: Unhealthiness.Cause) {
        guard let unhealthy = state.fleet[position].unhealthy, unhealthy.cause == cause else { return }
        state.fleet[position].unhealthy = nil
        record(.healthyAgain, of: state.fleet[position].id)
    }

    mutating func markUnhealthy(_ position: Int, _ why: String, _ cause: Unhealthiness.Cause) {
        if let unhealthy = state.fleet[position].unhealthy, unhealthy.isMarked || cause != .mark { return }
        state.fleet[position].unhealthy = Unhealthiness(since: now, why: why, cause: cause)
        record(.unhealthy(why), of: state.fleet[position].id)
        countRefreshFailure(of: state.fleet[position], "\(state.fleet[position].id) is unhealthy: \(why)")
    }

    func isPastGrace(_ position: Int) -> Bool {
        guard let since = state.fleet[position].inServiceAt else { return false }
        return now - since >= policy.healthCheckGracePeriod
    }
}
