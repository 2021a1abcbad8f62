/// When an answer of the source is not believed although it came.
public struct Suspicion: Sendable, Equatable, Codable {
    /// A backlog of at least so many messages that is gone at once is not believed at once. Unit: messages, visible and in
    /// flight. Range: 1 and more. Default: 20.
    public var suspiciousDrop: Int
    /// After so many readings in a row that say so, it is. Unit: readings. Range: 1 (at once) and more. Default: 3.
    public var believeZeroAfter: Int
    /// Figures that are older than this are not believed, nor those that are as far ahead of the clock. Default: 5 min.
    public var staleAfter: Duration

    public init(
        suspiciousDrop: Int = 20, believeZeroAfter: Int = 3, staleAfter: Duration = .seconds(300)
    ) {
        self.suspiciousDrop = suspiciousDrop
        self.believeZeroAfter = believeZeroAfter
        self.staleAfter = staleAfter
    }
}

/// The last backlog that was believed, and what was said since.
public struct BelievedBacklog: Sendable, Equatable, Codable {
    /// Visible and in flight. Unit: messages.
    public var outstanding: Double
    public var at: Instant
    /// Readings since then, in a row, that said that all of it was gone, and were not believed.
    public var suddenZeros: Int = 0

    public init(outstanding: Double, at: Instant) {
        self.outstanding = outstanding
        self.at = at
    }
}

extension Tick {
    /// From what the source said to what is believed. A figure that is not believed is missing, never zero.
    mutating func believe() {
        guard isMeasured else { return }
        if let doubt = doubtOfTime(measurement.asOf) {
            correct(.missing(.notBelieved(doubt)))
            return give(.notBelieved(doubt))
        }
        if measurement.isImpossible {
            var possible = measurement
            let doubts = possible.dropImpossible()
            correct(possible)
            for doubt in doubts { give(.notBelieved(doubt)) }
        }
        if let doubt = doubtOfZero() {
            correct(.missing(.notBelieved(doubt)))
            give(.notBelieved(doubt))
        }
    }

    private func doubtOfTime(_ asOf: Instant?) -> String? {
        guard let asOf else { return nil }
        let limit = policy.suspicion.staleAfter
        if now - asOf > limit { return "figures as of \(asOf.rfc3339), which is more than \(limit.text) ago" }
        if asOf - now > limit { return "figures as of \(asOf.rfc3339), which is more than \(limit.text) ahead" }
        return nil
    }

    /// A queue that restarts, a wrong name, a cache that is empty: all say zero. So one reading is not enough when it says
    /// that more is gone than all instances together could have had in hand.
    private mutating func doubtOfZero() -> String? {
        guard let outstanding = measurement.outstanding else { return nil }
        guard outstanding == 0, let former = state.believed, isSuspicious(after: former),
            former.suddenZeros + 1 < policy.suspicion.believeZeroAfter
        else {
            state.believed = BelievedBacklog(outstanding: outstanding, at: now)
            return nil
        }
        state.believed?.suddenZeros += 1
        return "0 messages at once, after \(numberText(former.outstanding)) at \(former.at.clock); "
            + "believed when \(policy.suspicion.believeZeroAfter) readings in a row say so"
    }

    private func isSuspicious(after former: BelievedBacklog) -> Bool {
        guard former.outstanding >= Double(policy.suspicion.suspiciousDrop) else { return false }
        let fleet = fleetCount
        let inHand = (fleet.inService + fleet.leaving) * policy.concurrency
        guard former.outstanding > Double(inHand) else { return false }
        // Who counts what is completed, exactly, knows where the messages went.
        guard case .value(let rate) = measurement.completionRate else { return true }
        let completed = rate * (now - former.at).inSeconds
        return completed < former.outstanding * Limits.accountedShare
    }
}

extension Measurement {
    /// Visible and, where that is told, in flight; nil when the backlog is not known.
    @inline(__always)
    var outstanding: Double? { visible.number.map { $0 + (inFlight.number ?? 0) } }

    /// One of its figures cannot be.
    @inline(__always)
    fileprivate var isImpossible: Bool {
        visible.isImpossible || inFlight.isImpossible || delayed.isImpossible || oldestAge.isImpossible
            || arrivalRate.isImpossible || completionRate.isImpossible
    }

    /// Counts, ages and rates that cannot be (a counter that was reset, a division by zero) become missing.
    /// - Returns: what was read, one sentence for each.
    fileprivate mutating func dropImpossible() -> [String] {
        var doubts: [String] = []
        func check(_ reading: inout Reading, _ name: BuiltInMetric) {
            guard reading.isImpossible, let number = reading.number else { return }
            let doubt = "\(name.rawValue) is \(numberText(number))"
            reading = .missing(.notBelieved(doubt))
            doubts.append(doubt)
        }
        check(&visible, .visible)
        check(&inFlight, .inFlight)
        check(&delayed, .delayed)
        check(&oldestAge, .oldestAge)
        check(&arrivalRate, .arrivalRate)
        check(&completionRate, .completionRate)
        return doubts
    }
}

extension Reading {
    @inline(__always)
    fileprivate var isImpossible: Bool {
        switch self {
        // Not a number is neither.
        case .value(let number), .estimate(let number): !(number >= 0 && number <= .greatestFiniteMagnitude)
        case .missing: false
        }
    }
}
