import Testing

@testable import WeirCore

@Suite("Who goes first")
struct TerminationOrderSpecs {
    /// At noon: 10 minutes, 50 minutes and 30 minutes from their next full hour.
    private let instances: [Instance] = [
        .inService("i-a", since: -10_200), .inService("i-b", since: -4_200), .inService("i-c", since: -1_800),
    ]

    struct Row: CustomTestStringConvertible {
        var policies: [TerminationPolicy]
        var order: [String]
        var testDescription: String { policies.map(\.rawValue).joined(separator: ", then ") }
    }

    @Test(arguments: [
        Row(policies: [.oldestInstance], order: ["i-a", "i-b", "i-c"]),
        Row(policies: [.newestInstance], order: ["i-c", "i-b", "i-a"]),
        Row(policies: [.closestToNextInstanceHour], order: ["i-a", "i-c", "i-b"]),
        Row(policies: [.default], order: ["i-a", "i-c", "i-b"]),
        Row(policies: [], order: ["i-a", "i-b", "i-c"]),
    ])
    func order(_ row: Row) {
        let sorted = TerminationOrder(policies: row.policies, now: noon).sorted(instances)
        #expect(sorted.map(\.id.text) == row.order)
    }

    @Test("each policy narrows what the ones before it leave open; the smaller id settles the rest")
    func ties() {
        let tied: [Instance] = [
            .inService("i-d", since: -600), .inService("i-b", since: -4_200), .inService("i-c", since: -4_200),
        ]
        let sorted = TerminationOrder(policies: [.closestToNextInstanceHour, .newestInstance], now: noon).sorted(tied)
        #expect(sorted.map(\.id.text) == ["i-d", "i-b", "i-c"])
    }

    @Test("one that never came into service goes before all others")
    func pending() {
        let sorted = TerminationOrder(policies: [.newestInstance], now: noon)
            .sorted(instances + [.pending("i-z", since: -50_000)])
        #expect(sorted.first?.id.text == "i-z")
    }

    @Test("a listing in any order, of a fleet of any size, is matched to the fleet", arguments: [3, 40])
    func listings(_ count: Int) {
        let policy = GroupPolicy(name: "g", minSize: 0, maxSize: 100)
        let state = GroupState(desired: count, fleet: fleet(count))
        let running = state.fleet.map { ListedInstance(id: $0.id, phase: .running) }
        let middleOut = running.enumerated().sorted { $0.offset * 7 % count < $1.offset * 7 % count }.map(\.element)
        for listed in [running, running.reversed(), middleOut, running + running] {
            let evaluation = evaluate(policy, state, Observation(listing: .instances(listed)), at: noon)
            #expect(evaluation.events == [] && evaluation.actions == [])
        }
        // One gone, one new, the rest shuffled.
        let changed =
            middleOut.filter { $0.id.text != "i-2" } + [
                ListedInstance(id: InstanceID("i-new"), phase: .running)
            ]
        let evaluation = evaluate(policy, state, Observation(listing: .instances(changed)), at: noon)
        #expect(evaluation.events.map(\.code).sorted() == ["adopted", "ended_by_itself"])
        #expect(evaluation.actions == [])
    }
}
