import Testing
import WeirCore

@Suite("What came of a scaling policy")
struct OutcomeTimelines {
    private func sentences(_ world: MiniWorld) -> [String] {
        world.state.policyOutcomes.flatMap { $0.reasons.map(\.sentence) }
    }

    private func world(_ policies: [ScalingPolicy], desired: Int = 1) -> MiniWorld {
        var policy = GroupPolicy(name: "g", minSize: 0, maxSize: 4)
        policy.alarms = [.up("up", threshold: 100)]
        policy.scalingPolicies = policies
        return MiniWorld(policy, desired: desired, fleet: fleet(desired))
    }

    /// A policy with nothing between the threshold and 10 above it.
    private let farSteps = ScalingPolicy(
        name: "out", alarm: "up",
        kind: .step(
            StepScaling(
                adjustmentType: .changeInCapacity, steps: [StepAdjustment(lower: 10, adjustment: 1)],
                instanceWarmup: .zero)))

    @Test("that no step covers the value is known for as long as the alarm stays in ALARM")
    func noStep() {
        var world = world([farSteps])
        world.see(visible: 104)
        world.tick(at: 0)
        #expect(world.last?.codes == ["no_step"])
        world.run(until: 40, every: 10)
        #expect(world.last?.codes == ["repeats_later"])
        #expect(sentences(world) == ["out: no step for 4 over the threshold"])
        #expect(world.state.policyOutcomes.map(\.at) == [.at(0)])
        #expect(world.state.policyOutcomes.map(\.alarm) == ["up"])
        world.run(until: 60, every: 10)
        #expect(world.state.policyOutcomes.map(\.at) == [.at(60)], "asked again a minute later")
        world.see(visible: 0)
        world.run(until: 180, every: 10)
        #expect(world.state.alarms[0].state == .ok && world.state.policyOutcomes == [])
    }

    @Test("so is the cooldown that holds one, until it is over")
    func cooldown() {
        var world = world([.simple("out", on: "up", .changeInCapacity, 1, cooldown: .seconds(90))])
        world.see(visible: 500)
        world.tick(at: 0)
        #expect(sentences(world).count == 1 && world.state.desiredCapacity == 2)
        world.run(until: 70, every: 10)
        #expect(sentences(world).first?.hasPrefix("out: held by the cooldown until") == true)
        world.run(until: 110, every: 10)
        #expect(world.state.desiredCapacity == 3)
        #expect(world.state.policyOutcomes.first?.reasons.first?.code == "proposed")
    }

    @Test("the bound that a proposal met belongs to it, and to no other")
    func bound() {
        var world = world(
            [.always("many", on: "up", .changeInCapacity, 9), .always("few", on: "up", .changeInCapacity, 1)])
        world.see(visible: 500)
        world.tick(at: 0)
        #expect(world.state.policyOutcomes.map(\.policy) == ["many", "few"])
        #expect(
            world.state.policyOutcomes.map { $0.reasons.map(\.code) } == [
                ["proposed", "limited_to_maximum"], ["outranked"],
            ])
    }

    @Test("while AlarmNotification is suspended every policy that is called is told so")
    func suspended() {
        var world = world([farSteps])
        world.see(visible: 104)
        world.tick(at: 0, requests: [.suspend([.alarmNotification])])
        #expect(sentences(world) == ["AlarmNotification is suspended"])
    }

    @Test("a policy that is taken away takes its outcome with it; a clock that is set back moves it")
    func changes() {
        var world = world([farSteps])
        world.see(visible: 104)
        world.tick(at: 0)
        world.tick(at: -3600)
        #expect(world.state.policyOutcomes.map(\.at).allSatisfy { $0 <= .at(-3600) })
        world.policy.scalingPolicies = []
        world.tick(at: -3590)
        #expect(world.state.policyOutcomes == [])
    }

    @Test("a percentile that has too few samples says so, also just after a restart")
    func fewSamples() throws {
        var alarm = AlarmDefinition.up("up", threshold: 100)
        alarm.statistic = try #require(Statistic("p99"))
        alarm.lowSamples = .ignore
        var world = world([farSteps])
        world.policy.alarms = [alarm]
        world.see(visible: 50)
        world.kill()
        world.tick(at: 0)
        #expect(world.state.alarms[0].state == .insufficientData)
        #expect(
            world.state.alarms[0].lastJudgement?.sentence.hasSuffix("p99 needs 1000 samples: the state stays") == true)
    }
}
