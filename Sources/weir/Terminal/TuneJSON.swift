import WeirSearch
import WeirSimulator

/// What a search has found, for programs.
struct TuneJSON: Encodable {
    struct Parts: Encodable {
        var searched: SimulationJSON?
        /// Left out where nothing was held out.
        var heldOut: SimulationJSON?
        /// For each load.
        var whole: [SimulationJSON]
    }

    struct Change: Encodable {
        var name: String
        /// Left out where it is new.
        var before: String?
        var after: String
    }

    struct Improvement: Encodable {
        /// How many policies had been tried by then.
        var tried: Int
        /// Left out where it divides by zero.
        var objective: Double?
        var keepsCondition: Bool
    }

    struct Point: Encodable {
        var kind: String
        var limited: Double?
        var objective: Double
        var changes: [Change]
        var found: Bool
    }

    var objective: String
    var seed: UInt64
    /// How many policies were tried, and how many of them on all that was searched on, to the end.
    var tried: Int
    var triedToTheEnd: Int
    var interrupted: Bool
    /// It keeps what the objective is subject to, where it was searched.
    var keepsCondition: Bool
    var kind: String
    var changes: [Change]
    /// In words; left out where nothing was.
    var heldOut: String?
    var before: Parts
    var after: Parts
    /// What is limited, and what is wanted, of the policies of which none is better in both; where it was searched.
    var limitedField: String
    var frontier: [Point]
    /// Each policy that was the best for a while.
    var improvements: [Improvement]
    var warnings: [String]
    /// Where the policy was written; left out where it was not.
    var output: String?

    init(_ findings: Findings, output: String?) {
        func changes(_ trial: Trial) -> [Change] {
            findings.space.changes(trial.candidate).map {
                Change(name: $0.name, before: $0.before.isEmpty ? nil : $0.before, after: $0.after)
            }
        }
        func parts(_ parts: Findings.Parts, _ place: Int) -> Parts {
            Parts(
                searched: parts.searched.map { SimulationJSON($0, wall: nil) },
                heldOut: parts.heldOut.map { SimulationJSON($0, wall: nil) },
                whole: findings.comparisons.map { SimulationJSON($0.outcomes[place].report, wall: nil) })
        }
        objective = findings.objective.text
        seed = findings.comparisons.first?.load.model.seed ?? 1
        tried = findings.search.trials.count
        triedToTheEnd = findings.wholeTrials
        interrupted = findings.wasInterrupted
        keepsCondition = findings.keepsCondition
        kind = findings.kind(findings.best)
        self.changes = changes(findings.best)
        heldOut = findings.track.heldOutWords
        before = parts(findings.before, 0)
        after = parts(findings.after, 1)
        limitedField = findings.objective.limitedField
        frontier = findings.search.frontier.map { trial in
            Point(
                kind: findings.kind(trial), limited: trial.verdict.limited?.value, objective: findings.aimed(trial),
                changes: changes(trial), found: trial.number == findings.best.number)
        }
        improvements = findings.search.improvements.map { tried, trial in
            Improvement(
                tried: tried,
                objective: trial.verdict.objective.isFinite ? findings.aimed(trial) : nil,
                keepsCondition: trial.verdict.violation == 0)
        }
        warnings = findings.warnings
        self.output = output
    }
}
