// When to look again.

extension Tick {
    /// When the source is due: one poll interval after it was due last (not after it was measured, or delays would add up);
    /// later and later while it fails; earlier when a policy that had to wait no longer has to.
    mutating func scheduleMeasurement() -> Instant {
        var next = state.nextMeasurement ?? now
        if isMeasured {
            next = failedMeasurementPause.map { now + $0 } ?? nextBeat
            if state.$sourceBackoff.isThere { state.sourceBackoff?.until = next }
        } else if !state.$sourceBackoff.isThere {
            // A reload may have shortened the interval.
            next = min(next, now + policy.pollInterval)
        }
        if !state.$sourceBackoff.isThere {
            for held in state.heldPolicies {
                if let until = held.until, until > now, until < next { next = until }
            }
            if state.$waitMemories.isThere {
                for memory in state.waitMemories ?? [] {
                    if let due = memory.due, due > now, due < next { next = due }
                }
            }
        }
        state.nextMeasurement = next
        return next
    }

    /// The next beat of the poll interval.
    private var nextBeat: Instant {
        if let due = state.nextMeasurement, due <= now {
            let beat = due + policy.pollInterval
            if beat > now { return beat }
        }
        return now + policy.pollInterval
    }

    /// Poll interval × 2, 4, 8, … after the second, third, … failure in a row; nil when the source answered.
    private var failedMeasurementPause: Duration? {
        guard state.$sourceBackoff.isThere, let backoff = state.sourceBackoff else { return nil }
        let longest = max(Limits.longestSourceBackoff, policy.pollInterval)
        return doubled(policy.pollInterval, times: backoff.failures - 1, upTo: longest)
    }

    /// The earliest moment at which something may change without anything happening outside; at most one poll interval
    /// away, so that the fleet is looked at also while the source is left alone.
    func scheduleTick(before nextMeasurement: Instant) -> Instant {
        var next = now + policy.pollInterval
        func consider(_ moment: Instant?) {
            if let moment, moment > now, moment < next { next = moment }
        }
        // The source is due already, and was not asked: at once.
        consider(max(nextMeasurement, Instant(milliseconds: now.milliseconds + 1)))
        var active = 0
        for index in state.fleet.indices {
            switch state.fleet[index].lifecycleState {
            case .pending:
                active += 1
                consider(state.fleet[index].stateSince + policy.launchTimeout)
            case .pendingWait, .inService: active += 1
            case .warmedPending:
                if let since = state.fleet[index].runningSince, let pool = policy.warmPool {
                    consider(since + pool.preparationTime)
                }
            case .enteringStandby, .standby, .draining, .terminatingWait, .terminating, .warmedStopped,
                .warmedHibernated:
                break
            }
            if !state.fleet[index].hooks.isEmpty {
                for wait in state.fleet[index].hooks { consider(wait.expiresAt) }
            }
            if state.fleet[index].$dueOrder.isThere { consider(state.fleet[index].dueOrder?.at) }
        }
        for remains in state.remains { consider(remains.due?.at) }
        if state.$refresh.isThere { consider(state.refresh?.checkpointUntil) }
        if state.$silence.isThere, let silence = state.silence, silence.fallbackSince == nil {
            consider(silence.since + policy.fallback.after)
        }
        if active < wanted { consider(state.launchBackoff?.until) }
        for index in policy.scheduledActions.indices {
            consider(policy.scheduledActions[index].next(after: now, through: next))
        }
        return next
    }
}

/// `span` × 2^`times`, at most `longest`.
func doubled(_ span: Duration, times: Int, upTo longest: Duration) -> Duration {
    let cap = longest.wholeMilliseconds
    var milliseconds = min(span.wholeMilliseconds, cap)
    for _ in 0..<min(max(times, 0), 62) where milliseconds < cap { milliseconds = min(milliseconds * 2, cap) }
    return .milliseconds(milliseconds)
}
