import Testing
import WeirCore

@testable import WeirRuntime

@Suite("Which decisions are kept to be shown")
struct RecentDecisionsSpecs {
    private func kept(_ decisions: [(from: Int, to: Int, Reason.Fact)]) -> [Int] {
        var recent = RecentDecisions()
        for (number, decision) in decisions.enumerated() {
            recent.add(
                DatedDecision(
                    at: Instant(milliseconds: Int64(number)),
                    decision: Decision(
                        previousDesired: decision.from, desired: decision.to,
                        reasons: [Reason(capacity: decision.to, fact: decision.2)])))
        }
        return recent.all.map { Int($0.at.milliseconds) }
    }

    private let held = Reason.Fact.heldByMissingData(policy: "in", lastMeasured: nil)

    @Test("those that changed something, and each thing that held a policy back once")
    func news() {
        let kept = kept([
            (1, 1, .noAlarm), (1, 3, .setByOperator(asked: 3)), (3, 5, .setByOperator(asked: 5)), (5, 5, held),
            (5, 5, held), (5, 5, .noAlarm), (5, 5, held),
        ])
        #expect(kept == [1, 2, 3, 6])
    }

    @Test("the last twenty")
    func bounded() {
        #expect(kept((0..<50).map { ($0, $0 + 1, .setByOperator(asked: $0 + 1)) }) == Array(30..<50))
    }
}
