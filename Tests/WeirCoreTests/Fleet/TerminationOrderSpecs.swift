import Testing

@testable import WeirCore

extension TerminationOrder {
    fileprivate func sorted(_ instances: [Instance]) -> [Instance] {
        choose(instances.count, from: Array(instances.indices), of: instances).map { instances[$0] }
    }
}

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

    @Test("of configurations the present one goes last, of other templates the one made first goes first")
    func launchedFrom() {
        func order(_ policy: TerminationPolicy, _ current: LaunchTemplate, _ templates: [LaunchTemplate]) -> [String] {
            let instances = templates.enumerated().map { index, template in
                var instance = Instance.inService("i-\(index)")
                instance.template = template
                return instance
            }
            return TerminationOrder(policies: [policy], now: noon, current: current).sorted(instances).map(\.id.text)
        }
        let present = LaunchTemplate(name: "a", version: 1, isConfiguration: true, order: 1)
        let other = LaunchTemplate(name: "b", version: 1, isConfiguration: true, order: 2)
        #expect(order(.oldestLaunchConfiguration, present, [present, other]) == ["i-1", "i-0"])
        let web = LaunchTemplate(name: "web", version: 2, order: 1)
        let newer = LaunchTemplate(name: "job", version: 1, order: 3)
        let older = LaunchTemplate(name: "old", version: 9, order: 2)
        #expect(order(.oldestLaunchTemplate, web, [web, newer, older]) == ["i-2", "i-1", "i-0"])
        #expect(order(.default, web, [web, newer, other]) == ["i-2", "i-1", "i-0"])
        #expect(order(.allocationStrategy, web, [web, newer]) == ["i-0", "i-1"])
    }

    @Test("a few of many are the same as the first of all when they are sorted", arguments: [1, 3, 15, 16, 40])
    func fewOfMany(_ count: Int) {
        let many = (0..<40).map { Instance.inService("i-\($0)", since: Double(-(($0 * 17) % 40) * 700)) }
        for policies in [[TerminationPolicy.oldestInstance], [.closestToNextInstanceHour], [.newestInstance]] {
            let order = TerminationOrder(policies: policies, now: noon)
            let chosen = order.choose(count, from: Array(many.indices), of: many).map { many[$0].id }
            #expect(chosen == order.sorted(many).prefix(count).map(\.id))
            #expect(chosen.count == count)
        }
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
        #expect(evaluation.actions == [.restore(InstanceID("i-new"))])
    }
}
