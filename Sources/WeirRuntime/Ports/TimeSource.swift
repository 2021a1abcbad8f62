import WeirCore

/// The clock that the shell reads. Tests give a clock that they move by hand.
public protocol TimeSource: Sendable {
    func now() -> Instant
    /// Returns at `instant` or shortly after, at once when it has passed.
    /// - Throws: `CancellationError` when the task is cancelled first.
    func sleep(until instant: Instant) async throws
}
