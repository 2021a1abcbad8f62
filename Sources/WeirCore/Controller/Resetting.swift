// One way to end every pause that a failure has caused.

extension Tick {
    /// - Returns: what was cleared, in a sentence.
    mutating func resetBackoffs() -> String {
        var cleared: [String] = []
        if let backoff = state.launchBackoff {
            cleared.append("the launch backoff after \(counted(backoff.failures, "failure")) (\(backoff.lastFailure))")
        }
        if let backoff = state.noProgress {
            cleared.append("the hold on scale-out without progress (\(backoff.lastFailure))")
        }
        if let backoff = state.sourceBackoff {
            cleared.append("the source backoff after \(counted(backoff.failures, "failure")) (\(backoff.lastFailure))")
            // It is asked at once.
            state.nextMeasurement = now
        }
        state.launchBackoff = nil
        state.sourceBackoff = nil
        forgetStandstill()
        return cleared.isEmpty ? "nothing to reset" : "reset: " + cleared.joined(separator: "; ")
    }
}
