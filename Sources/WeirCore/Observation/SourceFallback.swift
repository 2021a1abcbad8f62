/// What holds while nothing that the source says can be believed. Whatever it is, nothing is scaled in.
public struct SourceFallback: Sendable, Equatable, Codable {
    public var kind: Kind
    /// For how long nothing could be believed before it is in force. Default: 60 s.
    public var after: Duration

    public init(_ kind: Kind = .hold, after: Duration = .seconds(60)) {
        self.kind = kind
        self.after = after
    }

    /// Unit of the numbers: instances, at most the group's maximum.
    public enum Kind: Sendable, Equatable, Codable {
        /// The desired capacity stays.
        case hold
        /// At least so many are desired; policies may scale out further.
        case floor(Int)
        /// So many are desired, or as many as there were if that is more; policies change nothing.
        case capacity(Int)
    }
}

extension SourceFallback.Kind {
    /// Desired capacity is raised to this.
    var floor: Int? {
        switch self {
        case .hold: nil
        case .floor(let count), .capacity(let count): count
        }
    }

    /// For people.
    public var text: String {
        switch self {
        case .hold: "hold"
        case .floor(let count): "at least \(count)"
        case .capacity(let count): "a capacity of \(count)"
        }
    }
}

/// The time since which nothing that the source says could be believed.
public struct SourceSilence: Sendable, Equatable, Codable {
    /// When it first failed, or was first not believed.
    public var since: Instant
    /// The last failure or doubt, as a sentence.
    public var why: String
    /// When the source was last believed; nil when it never was.
    public var lastBelieved: Instant?
    /// The fallback that is in force; nil while it is too early for one.
    public var fallback: SourceFallback.Kind?
    /// Since when one is.
    public var fallbackSince: Instant?
    /// Somebody has set the desired capacity since then, and has the last word.
    public var isOverruled: Bool = false
    /// The fallback has raised the desired capacity.
    public var hasRaised: Bool = false

    public init(since: Instant, why: String, lastBelieved: Instant? = nil) {
        self.since = since
        self.why = why
        self.lastBelieved = lastBelieved
    }

    /// `nothing believed of the source since 12:00:00 (connection refused); fallback: at least 2`
    public var sentence: String {
        let last = lastBelieved == nil ? ", and never before" : ""
        let text = "nothing believed of the source since \(since.clock)\(last) (\(why))"
        return text + (fallback.map { "; fallback: \($0.text)" } ?? "")
    }
}

extension Tick {
    /// The source failed, or was not believed.
    mutating func followSilence(_ why: String) {
        guard state.silence == nil else {
            state.silence?.why = why
            return
        }
        state.silence = SourceSilence(since: now, why: why, lastBelieved: state.lastMeasured)
    }

    /// The source is believed again. What a fallback has raised stays for the policies to decide on.
    mutating func endSilence() {
        guard state.$silence.isThere, let silence = state.silence else { return }
        state.silence = nil
        // States of alarms are as old as the silence: none is acted on before it was judged by what is believed now, also where
        // alarms have times of their own.
        for index in state.alarms.indices { state.alarms[index].nextEvaluation = nil }
        guard silence.fallbackSince != nil else { return }
        isFirstAfterFallback = silence.hasRaised
        give(.fallbackEnded(since: silence.since))
    }

    /// Takes the place of policies that have nothing to go by. It works at zero, too, and without any measurement ever.
    @inline(__always)
    mutating func fallBack() {
        guard state.$silence.isThere, let silence = state.silence else { return }
        guard !policy.leaving else {
            state.silence = nil
            return
        }
        guard silence.fallbackSince != nil || isTimeToFallBack(silence) else { return }
        let begins = silence.fallbackSince == nil
        if begins { state.silence?.fallbackSince = now }
        if silence.fallback != policy.fallback.kind {
            state.silence?.fallback = policy.fallback.kind
            state.silence?.isOverruled = false
        }
        if somebodySetCapacity { state.silence?.isOverruled = true }
        guard let silence = state.silence else { return }
        let former = state.desiredCapacity
        raise(silence)
        guard isMeasured || begins || state.desiredCapacity != former, let silence = state.silence else { return }
        give(.fallback(silence))
    }

    private mutating func raise(_ silence: SourceSilence) {
        guard let floor = silence.fallback?.floor, !silence.isOverruled else { return }
        let capacity = min(floor, bounds.maximum)
        guard state.desiredCapacity < capacity else { return }
        // It stands in for the alarms.
        if suspends(.alarmNotification) { return give(.suspended(.alarmNotification)) }
        state.desiredCapacity = capacity
        state.silence?.hasRaised = true
    }

    /// A source that is due and was not asked on this tick may be well again: after a jump of the clock, for one.
    private func isTimeToFallBack(_ silence: SourceSilence) -> Bool {
        guard now - silence.since >= policy.fallback.after else { return false }
        return isMeasured || (state.nextMeasurement ?? now) > now
    }

    private var somebodySetCapacity: Bool {
        reasons.contains { reason in
            switch reason.fact {
            case .setByOperator, .endedByOperator, .standbyBegan: true
            case .scheduled(let run): run.desiredCapacity != nil
            case .noAlarm, .notMeasured, .repeatsLater, .proposed, .outranked, .noStep, .noDatapoint, .heldByWarmup,
                .heldByCooldown, .heldByActivity, .heldByMissingData, .limitedToMaximum, .raisedToMinimum, .leaving,
                .heldByProtection, .heldByWork, .heldByLaunchBackoff, .suspended, .heldByFailedListing, .newTemplate,
                .refreshBegan, .refreshHeld, .refreshRollsBack, .refreshEnded, .unhealthyWait,
                .lifetimeHeldByProtection, .standbyEnded, .noCapacity, .heldByTarget, .heldByTracker, .scheduleLost,
                .sizesOfFile, .notBelieved, .fallback, .fallbackEnded, .heldByFallback, .heldAfterFallback,
                .heldByNoProgress, .poolHeldByLaunchBackoff, .heldByArrival, .limitedByFleet, .heldByFleet,
                .heldByUnknownFleet, .unknownBacklog, .heldByStabilization, .limitedByRate:
                false
            }
        }
    }

    /// A fixed capacity is in force: policies change nothing.
    var capacityIsFixed: Bool {
        guard state.$silence.isThere else { return false }
        return switch state.silence?.fallback {
        case .capacity: true
        case .hold, .floor, nil: false
        }
    }
}
