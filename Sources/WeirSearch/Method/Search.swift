import WeirSimulator

/// A search for the best candidate, as a value: it says what is to be tried next, and is told what came of it. The same answers to the same
/// proposals lead to the same search, however many are tried at a time.
///
/// Brackets of candidates are tried on a part of the load first, and the best third of them on a larger one, until few are tried on
/// all of it; brackets differ in how small their first part is. Candidates come from densities of good and other ones.
///
/// Source: Li, Jamieson, DeSalvo, Rostamizadeh and Talwalkar, "Hyperband: a novel bandit-based approach to hyperparameter
/// optimization", Journal of Machine Learning Research 18 (2018); with proposals as in BOHB (see `Densities`).
public struct Search: Sendable {
    public let families: [Family]
    /// Parts of the load, each within the next; the last is all of it. Range: from 1.
    public let rungs: Int
    /// How many candidates are tried.
    public let budget: Int

    private var proposer: Proposer
    /// Every candidate that was tried, with what is known of it from the largest part that it came to.
    public private(set) var trials: [Trial] = []
    private var proposed = 0
    private var seen: Set<[Double]> = []
    private var bracket = 0
    /// Those of the current bracket that go on to the next part.
    private var climbing: [Attempt] = []
    private var asked: [Attempt] = []
    /// The best of those that were tried on all of the load.
    public private(set) var best: Trial?
    /// Each that was the best for a while, and how many had been tried by then.
    public private(set) var improvements: [(tried: Int, best: Trial)] = []

    public init(_ families: [Family], rungs: Int, budget: Int, seed: UInt64) {
        self.families = families
        self.rungs = max(rungs, 1)
        self.budget = budget
        proposer = Proposer(families, seed: seed)
    }

    /// How much of the search is done, 0…1.
    public var share: Double { min(Double(trials.count) / Double(max(budget, 1)), 1) }

    // MARK: What is to be tried

    /// The next candidates, which do not depend on each other; none: the search is over.
    public mutating func next() -> [Attempt] {
        asked = []
        if proposed == 0 {
            asked = starts()
        } else if !climbing.isEmpty {
            asked = climbing
            climbing = []
        } else {
            asked = newBracket()
        }
        return asked
    }

    /// Where a search begins is known on all of the load.
    private mutating func starts() -> [Attempt] {
        var proposals: [Attempt] = []
        for (family, known) in families.enumerated() {
            guard let start = known.start, proposals.count < max(budget, 1) else { continue }
            proposals.append(proposal(Candidate(family: family, places: start), rung: rungs - 1, toBeat: nil))
        }
        return proposals.isEmpty ? newBracket() : proposals
    }

    private mutating func newBracket() -> [Attempt] {
        let first = bracket % rungs
        bracket += 1
        // A bracket that begins with a small part has room for many.
        let climbs = rungs - 1 - first
        var size = SearchLimits.smallestBracket
        for _ in 0..<climbs { size *= SearchLimits.halving }
        size = min(size / (climbs + 1) * (climbs == 0 ? 2 : 1), budget - proposed)
        guard size > 0, !proposer.open.isEmpty else { return [] }
        return (0..<size).map { _ in
            let (candidate, isAside) = fresh()
            // Under another limit it has another to beat, which nobody knows yet.
            if isAside { return proposal(candidate, rung: rungs - 1, toBeat: nil) }
            return proposal(candidate, rung: first, toBeat: first == rungs - 1 ? toBeat : nil)
        }
    }

    private var toBeat: Double? { best.flatMap { $0.verdict.violation == 0 ? $0.verdict.objective : nil } }

    private mutating func proposal(_ candidate: Candidate, rung: Int, toBeat: Double?) -> Attempt {
        defer { proposed += 1 }
        seen.insert(key(candidate))
        return Attempt(number: proposed, candidate: candidate, rung: rung, toBeat: toBeat)
    }

    /// One that differs from all before in what it says, not only in where it lies.
    private mutating func fresh() -> (Candidate, isAside: Bool) {
        var proposed = proposer.candidate(after: trials, share: share)
        for _ in 0..<SearchLimits.mostRepeats where seen.contains(key(proposed.0)) {
            proposed = proposer.candidate(after: trials, share: share)
        }
        return proposed
    }

    private func key(_ candidate: Candidate) -> [Double] {
        [Double(candidate.family)] + families[candidate.family].values(at: candidate.places)
    }

    // MARK: What came of it

    /// - Parameter verdicts: of what `next` has proposed, in that order; nil: it could not be tried, and nothing is known of it.
    public mutating func take(_ verdicts: [Verdict?]) {
        var going: [(proposal: Attempt, verdict: Verdict)] = []
        for (proposal, verdict) in zip(asked, verdicts) {
            guard let verdict else { continue }
            note(proposal, verdict)
            if proposal.rung < rungs - 1 { going.append((proposal, verdict)) }
        }
        let ranked = going.sorted {
            $0.verdict.isBetter(than: $1.verdict)
                || (!$1.verdict.isBetter(than: $0.verdict) && $0.proposal.number < $1.proposal.number)
        }
        climbing = ranked.prefix(going.count / SearchLimits.halving).map { item in
            var proposal = item.proposal
            proposal.rung += 1
            proposal.toBeat = proposal.rung == rungs - 1 ? toBeat : nil
            return proposal
        }
        asked = []
    }

    private mutating func note(_ proposal: Attempt, _ verdict: Verdict) {
        let trial = Trial(
            number: proposal.number, candidate: proposal.candidate, rung: proposal.rung, verdict: verdict)
        if let place = trials.firstIndex(where: { $0.number == proposal.number }) {
            trials[place] = trial
        } else {
            trials.append(trial)
        }
        guard proposal.rung == rungs - 1, verdict.isWhole else { return }
        guard best.map({ verdict.isBetter(than: $0.verdict) }) ?? true else { return }
        best = trial
        improvements.append((trials.count, trial))
    }

    /// Those that were tried on all of the load and left nothing undone: none of the others needs less of what is limited and has a
    /// better objective.
    public var frontier: [Trial] {
        let whole = trials.filter { $0.rung == rungs - 1 && $0.verdict.isWhole && $0.verdict.undone == 0 }
        let sorted = whole.sorted { left, right in
            let (a, b) = (left.verdict.limited?.value ?? 0, right.verdict.limited?.value ?? 0)
            return (a, left.verdict.objective, left.number) < (b, right.verdict.objective, right.number)
        }
        var frontier: [Trial] = []
        for trial in sorted where trial.verdict.objective < frontier.last?.verdict.objective ?? .infinity {
            frontier.append(trial)
        }
        return frontier
    }
}
