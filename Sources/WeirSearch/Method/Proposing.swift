import WeirSimulator

/// Proposes candidates by what was tried before.
struct Proposer {
    let families: [Family]
    /// Those that have anything to choose.
    let open: [Int]
    private var chance: Randomness

    init(_ families: [Family], seed: UInt64) {
        self.families = families
        open = families.indices.filter { !families[$0].parameters.isEmpty }
        chance = Randomness(seed: seed).split(31)
    }

    /// At least one family is open.
    /// - Parameters:
    ///   - trials: what is known; those of the largest part of the load that enough were tried on are learned from.
    ///   - share: of the search that is done, 0…1. The longer it goes on, the less is left to chance.
    /// - Returns: a candidate, and whether it is one for another limit than the one that was asked for.
    mutating func candidate(after trials: [Trial], share: Double) -> (Candidate, isAside: Bool) {
        let dice = chance.unit()
        let isBeginning = share < SearchLimits.beginning
        let random = isBeginning ? SearchLimits.shareOfChance : SearchLimits.shareOfChance * (1 - share) / 2
        if dice < random { return (anywhere(in: open[chance.below(open.count)]), false) }
        var known = Self.learned(trials)
        let isAside = !isBeginning && chance.unit() < SearchLimits.shareOfOtherLimits
        if isAside {
            // The best under another limit, so that there is a frontier to choose from.
            let factor = SearchLimits.otherLimits[chance.below(SearchLimits.otherLimits.count)]
            known = known.map { trial in
                var trial = trial
                trial.verdict = trial.verdict.limited(by: factor)
                return trial
            }
        }
        let ranked = known.sorted { left, right in
            left.verdict.isBetter(than: right.verdict)
                || (!right.verdict.isBetter(than: left.verdict) && left.number < right.number)
        }
        // As a rule the kinds share the places among the good by how good they are; now and then each has its turn.
        let family =
            dice < random + SearchLimits.shareOfTurns * (1 - share)
            ? open[chance.below(open.count)] : familyOfTheGood(ranked)
        return (near(ranked.filter { $0.candidate.family == family }.map(\.candidate.places), family, share), isAside)
    }

    mutating func anywhere(in family: Int) -> Candidate {
        Candidate(family: family, places: families[family].parameters.map { _ in chance.unit() })
    }

    /// Trials of the largest part of the load of which there are enough; with few, of all.
    private static func learned(_ trials: [Trial]) -> [Trial] {
        let rungs = trials.map(\.rung).max() ?? 0
        for rung in stride(from: rungs, through: 0, by: -1) {
            let there = trials.filter { $0.rung >= rung }
            if there.count >= SearchLimits.fewestToLearnFrom { return there }
        }
        return trials
    }

    private static func good(of count: Int) -> Int {
        max(Int((Double(count).squareRoot() / 2).rounded(.up)), SearchLimits.fewestGood)
    }

    private mutating func familyOfTheGood(_ ranked: [Trial]) -> Int {
        let good = ranked.filter { open.contains($0.candidate.family) }.prefix(Self.good(of: ranked.count))
        guard !good.isEmpty else { return open[chance.below(open.count)] }
        return good[chance.below(good.count)].candidate.family
    }

    /// - Parameter ranked: places of this kind, the best first.
    private mutating func near(_ ranked: [[Double]], _ family: Int, _ share: Double) -> Candidate {
        let count = Self.good(of: ranked.count)
        guard !families[family].parameters.isEmpty, ranked.count > count else { return anywhere(in: family) }
        if chance.unit() < SearchLimits.shareOfSteps * min(2 * share, 1) {
            return Candidate(family: family, places: Draws.step(from: ranked, &chance))
        }
        let densities = Densities(good: Array(ranked.prefix(count)), other: Array(ranked.dropFirst(count)))
        return Candidate(family: family, places: densities.proposal(&chance))
    }
}
