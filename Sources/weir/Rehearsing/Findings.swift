import WeirCore
import WeirPolicy
import WeirSearch
import WeirSimulator

/// What a search has found, and what it is worth.
struct Findings: Sendable {
    /// A policy on the part that was searched on, and on the part that was held out.
    struct Parts: Sendable {
        var searched: SimulationReport?
        var heldOut: SimulationReport?
    }

    let path: String
    let objective: Objective
    let search: Search
    let space: PolicySpace
    let track: Track
    let best: Trial
    let before: Parts
    let after: Parts
    /// The given policy and the one that was found on each whole load.
    let comparisons: [Comparison]
    let wasInterrupted: Bool
    /// What was asked to be held out.
    let holdOut: LoadSplit.Rule

    /// The word for a kind.
    func kind(_ trial: Trial) -> String { space.families[trial.candidate.family].name }

    /// What is wanted, as a person counts it.
    func aimed(_ trial: Trial) -> Double {
        objective.wantsLess ? trial.verdict.objective : -trial.verdict.objective
    }

    /// What was held out, or why nothing was.
    var heldOutText: String {
        if let words = track.heldOutWords { return words }
        switch holdOut {
        case .nothing: return "nothing, as it was asked for"
        case .automatic: return "nothing, as the load is short"
        case .everyFourthDay: return "nothing, as that takes jobs on a fourth day and on others"
        case .lastQuarter: return "nothing, as the load has no quarter that could be"
        }
    }

    /// All jobs are done, but what was asked for is kept by no policy.
    var isConditionKeptByNone: Bool { best.verdict.violation > best.verdict.undone }

    var keepsCondition: Bool { best.verdict.violation == 0 }

    /// The given policy is the best that was found.
    var isUnchanged: Bool { best.candidate.family == 0 && changes.isEmpty }
    var changes: [(name: String, before: String, after: String)] { space.changes(best.candidate) }

    /// How many were tried on all that is searched on, and how many of these were given up on the way.
    var wholeTrials: Int { search.trials.count { $0.rung == track.rungs.count - 1 && $0.verdict.isWhole } }

    /// What a person should know before they use it.
    var warnings: [String] {
        var warnings: [String] = []
        if !best.verdict.objective.isFinite {
            warnings.append(
                "'\(objective.aimText)' is no finite number for any policy that was tried: does it divide by 0?")
        } else if !keepsCondition {
            warnings.append("no policy that was tried keeps what was asked for; this one comes nearest to it")
        }
        if best.verdict.undone > 0, let searched = after.searched {
            warnings.append(
                "no policy that was tried does all jobs; this one leaves \(searched.undone) of \(searched.jobs) undone")
        }
        warnings += comparisons.flatMap(\.losses)
        if track.heldOutWords == nil, [.everyFourthDay, .lastQuarter].contains(holdOut) {
            warnings.append(
                "--hold-out \(holdOut.rawValue) holds out \(heldOutText): what was found may fit only this load")
        }
        if let searched = after.searched, let heldOut = after.heldOut {
            if keepsCondition, objective.isKept(by: searched), !objective.isKept(by: heldOut) {
                warnings.append(
                    "on \(track.heldOutWords ?? "what was held out") it does not keep what was asked for "
                        + "(\(TuneText.limited(objective, heldOut))): what was found may not hold; search on a longer load"
                )
            }
            if let better = gain(before.heldOut, heldOut), let wanted = gain(before.searched, searched), wanted > 0.01,
                better < -0.01, !isUnchanged, objective.isKept(by: before.searched),
                objective.isKept(by: before.heldOut)
            {
                warnings.append(
                    "on \(track.heldOutWords ?? "what was held out") it is worse than what you had: what was found may not hold"
                )
            }
        }
        return warnings
    }

    /// By what share of the former the objective got better; nil where one is missing.
    private func gain(_ before: SimulationReport?, _ after: SimulationReport?) -> Double? {
        guard let before, let after else { return nil }
        let (from, to) = (objective.value(before), objective.value(after))
        guard from != 0, from.isFinite, to.isFinite else { return nil }
        return (from - to) / abs(from) * (objective.wantsLess ? 1 : -1)
    }

    /// The file with what was tried, on what, what it achieves and what it was before, above it.
    var policyText: String { Remarks.text(TuneText.remarks(self), above: space.text(of: best.candidate)) }
}
