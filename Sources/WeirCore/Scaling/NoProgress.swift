// Work waits, instances are there to do it, and nothing is completed: more of them would not help.

/// Since when instances have been in service with work before them and nothing was completed.
public struct ProgressWatch: Sendable, Equatable, Codable {
    /// Later by the time in which nothing waited.
    public var since: Instant
    /// The last reading of what is visible and in flight. Unit: messages.
    public var outstanding: Double
    public var lastSeen: Instant
    /// What was launched then.
    public var templateVersion: Int

    public init(since: Instant, outstanding: Double, templateVersion: Int) {
        self.since = since
        self.outstanding = outstanding
        self.lastSeen = since
        self.templateVersion = templateVersion
    }
}

extension Tick {
    /// Looks at each measurement that is believed. What is not known is no progress and no standstill.
    @inline(__always)
    mutating func watchProgress() {
        guard isMeasured else { return }
        guard let timeout = policy.noProgressTimeout, !policy.leaving else { return forgetStandstill() }
        guard let outstanding = measurement.outstanding else { return }
        let isNewTemplate = state.progressWatch.map { $0.templateVersion != state.templateVersion } ?? false
        if outstanding == 0 || isNewTemplate || hasProgress(outstanding) == true {
            return forgetStandstill()
        }
        guard fleetCount.inService > 0, hasProgress(outstanding) == false else {
            state.progressWatch = nil
            return
        }
        if let watch = state.progressWatch, now - watch.lastSeen <= patience {
            if !somethingWaits { state.progressWatch?.since = watch.since + (now - watch.lastSeen) }
            state.progressWatch?.lastSeen = now
            state.progressWatch?.outstanding = outstanding
        } else {
            // Of a time in which nobody looked, or in which nothing could be seen, nothing is known.
            state.progressWatch = ProgressWatch(
                since: now, outstanding: outstanding, templateVersion: state.templateVersion)
        }
        guard !state.$noProgress.isThere, let watch = state.progressWatch, now - watch.since >= timeout else { return }
        let until = now + jittered(timeout)
        state.noProgress = Backoff(failures: 1, since: now, until: until, lastFailure: standstill(watch))
    }

    /// Where nothing does, whoever is in service may be at a long job, and a message that comes is not to wait for its end. With
    /// more in flight than there are hands, some of it is in nobody's.
    private var somethingWaits: Bool {
        guard measurement.visible.number == 0, let inFlight = measurement.inFlight.number else { return true }
        return inFlight > Double(fleetCount.inService * policy.concurrency)
    }

    mutating func forgetStandstill() {
        if state.progressWatch != nil { state.progressWatch = nil }
        if state.$noProgress.isThere { state.noProgress = nil }
    }

    /// Whether something was completed since the last reading; nil when that cannot be told.
    private func hasProgress(_ outstanding: Double) -> Bool? {
        switch measurement.completionRate {
        case .value(let rate): return rate > 0
        case .estimate(let rate) where rate > 0: return true
        case .estimate, .missing: break
        }
        if let watch = state.progressWatch, outstanding < watch.outstanding { return true }
        guard let inFlight = measurement.inFlight.number else { return nil }
        // Somebody is at work on it, for all that can be seen.
        return inFlight > 0
    }

    private func standstill(_ watch: ProgressWatch) -> String {
        let isCounted = if case .value = measurement.completionRate { true } else { false }
        let seen = isCounted ? "nothing was completed" : "nothing was in flight and the backlog did not fall"
        let instances = counted(fleetCount.inService, "instance")
        let messages = Int(min(watch.outstanding, 1e15))
        return "\(seen) since \(watch.since.clock), with \(instances) in service and \(counted(messages, "message"))"
    }

    /// Scale-out is held; after each pause one is let through, as the reason may have gone.
    /// - Returns: whether it is held now.
    mutating func holdWithoutProgress(_ proposals: [Proposal]) -> Bool {
        guard state.$noProgress.isThere, let breaker = state.noProgress, let timeout = policy.noProgressTimeout,
            let largest = proposals.map(\.capacity).max(), bounds.clamp(largest).capacity > state.desiredCapacity
        else { return false }
        if now >= breaker.until {
            let longest = max(Limits.longestNoProgressBackoff, timeout)
            let pause = doubled(timeout, times: breaker.failures, upTo: longest)
            state.noProgress?.failures += 1
            state.noProgress?.since = now
            let until = now + jittered(pause)
            state.noProgress?.until = until
            return false
        }
        for proposal in proposals where proposal.capacity > state.desiredCapacity {
            state.heldPolicies.append(HeldPolicy(policy: proposal.policy, until: breaker.until))
            give(.heldByNoProgress(policy: proposal.policy, breaker))
        }
        return true
    }
}
