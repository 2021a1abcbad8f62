import WeirCore

/// Asks instances how they are.
public protocol HealthChecker: Sendable {
    /// From one round of questions to the next.
    var interval: Duration { get }
    /// Asks one instance. It never throws: no answer in time is a failed check. Being cancelled is prompt.
    func check(_ instance: InstanceID) async -> HealthCheckResult
}
