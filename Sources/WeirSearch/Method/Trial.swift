/// What came of a candidate.
public struct Verdict: Sendable, Equatable {
    /// The less the better.
    public var objective: Double
    /// By how much it does not keep what it is subject to, as a share of that; 0: it keeps it.
    public var violation: Double
    /// The part of it that is for jobs that are left undone; 0: none are.
    public var undone: Double
    /// What the first condition limits, and its limit; nil where there is none of the form *figure ≤ number*.
    public var limited: Limited?
    /// All of it was tried; otherwise it was ended early, as it could not become the best, and its figures are of a part.
    public var isWhole: Bool

    public struct Limited: Sendable, Equatable {
        public var value: Double
        public var limit: Double

        public init(value: Double, limit: Double) {
            self.value = value
            self.limit = limit
        }
    }

    public init(
        objective: Double, violation: Double, undone: Double = 0, limited: Limited? = nil, isWhole: Bool = true
    ) {
        self.objective = objective
        self.violation = violation
        self.undone = undone
        self.limited = limited
        self.isWhole = isWhole
    }

    /// Deb's rules: of two that keep what they are subject to, the one with the better objective; one that keeps it before one
    /// that does not; of two that do not, the one that does so by less.
    ///
    /// Source: Deb, "An efficient constraint handling method for genetic algorithms", Computer Methods in Applied Mechanics and
    /// Engineering 186 (2000).
    public func isBetter(than other: Verdict) -> Bool {
        if violation != other.violation, max(violation, other.violation) > 0 { return violation < other.violation }
        return objective < other.objective
    }

    /// What it counts to leave jobs undone: as a rule more than any wait would.
    static func violation(leaving undone: Int, of jobs: Int) -> Double {
        undone > 0 ? 1 + SearchLimits.weightOfUndone * Double(undone) / Double(max(jobs, undone)) : 0
    }

    /// As if the limit were another.
    func limited(by factor: Double) -> Verdict {
        guard let limited else { return self }
        var verdict = self
        let limit = limited.limit * factor
        verdict.violation = max(0, limited.value - limit) / max(abs(limit), 1e-9) + undone
        return verdict
    }
}

/// A candidate that was tried.
public struct Trial: Sendable {
    /// In the order in which they were proposed, from 0.
    public var number: Int
    public var candidate: Candidate
    /// How far it came: the last part of the load that it was tried on.
    public var rung: Int
    public var verdict: Verdict
}

/// What is to be tried next.
public struct Attempt: Sendable {
    public var number: Int
    public var candidate: Candidate
    /// On which part of the load. The last one is the whole.
    public var rung: Int
    /// A solution is known with this objective, so that nobody needs one that is not better; nil: all of it is tried.
    public var toBeat: Double?
}
