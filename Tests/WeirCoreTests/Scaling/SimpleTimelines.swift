import Testing
import WeirCore

@Suite("Simple scaling and its cooldown")
struct SimpleTimelines {
    private let policy = GroupPolicy(
        name: "web", minSize: 0, maxSize: 100, defaultCooldown: .seconds(300), alarms: [.up()],
        scalingPolicies: [.simple("out", on: "up", .changeInCapacity, 2)])

    @Test("one activity, then its cooldown from the moment at which the last launch came up")
    func cooldown() {
        var world = MiniWorld(policy)
        world.startTime = .seconds(45)
        world.see(visible: 5)
        #expect(world.tick(at: 0).decision.desired == 2)
        let waiting = world.tick(at: 10, measured: false)
        #expect(waiting.state.cooldown?.until == nil)
        // In service at 50 s; the alarm repeats at 60 s, inside the cooldown.
        world.tick(at: 50)
        #expect(world.state.cooldown?.until == .at(350))
        let held = world.tick(at: 60)
        #expect(held.decision.desired == 2)
        #expect(held.decision.reasons.map(\.sentence) == ["out: held by the cooldown until 12:05:50"])
        for second in stride(from: 70.0, to: 350, by: 10) { #expect(world.tick(at: second).decision.desired == 2) }
        #expect(world.tick(at: 350).decision.desired == 4)
    }

    @Test("the next measurement is at the end of the cooldown, not at the next beat after it")
    func releasedInTime() {
        var world = MiniWorld(policy)
        world.policy.scalingPolicies = [.simple("out", on: "up", .changeInCapacity, 2, cooldown: .seconds(73))]
        world.see(visible: 5)
        world.tick(at: 0)
        world.tick(at: 10)
        #expect(world.state.cooldown?.until == .at(83))
        for second in stride(from: 20.0, through: 70, by: 10) { world.tick(at: second) }
        let last = world.tick(at: 80)
        #expect(last.nextMeasurement == .at(83))
        #expect(last.nextTick == .at(83))
        #expect(world.tick(at: 83).decision.desired == 4)
    }

    @Test("while its launches are under way, it waits for them")
    func activity() {
        var world = MiniWorld(policy)
        world.startTime = .seconds(200)
        world.see(visible: 5)
        world.tick(at: 0)
        let held = world.tick(at: 60)
        #expect(held.decision.reasons.map(\.sentence) == ["out: waits for 2 launches to finish"])
    }

    @Test("the cooldown after scale-in by a simple policy does not delay a step policy")
    func stepIsNotHeld() {
        var world = MiniWorld(
            GroupPolicy(
                name: "web", minSize: 0, maxSize: 9, defaultCooldown: .seconds(300), alarms: [.up(), .down()],
                scalingPolicies: [
                    .always("out", on: "up", .changeInCapacity, 1),
                    .simple("in", on: "down", .exactCapacity, 0),
                ]), desired: 2, fleet: fleet(2))
        world.tick(at: 0)
        #expect(world.state.desiredCapacity == 0)
        for second in 1...5 { world.tick(at: Double(second), measured: false) }
        #expect(world.state.fleet.isEmpty)
        #expect(world.state.cooldown?.until != nil)
        world.see(visible: 7)
        #expect(world.tick(at: 10).decision.desired == 1)
    }

    struct Setting: CustomTestStringConvertible {
        var honorCooldown: Bool
        var desired: Int
        var accepted: Bool
        var testDescription: String
    }

    @Test(arguments: [
        Setting(honorCooldown: false, desired: 6, accepted: true, testDescription: "an operator need not wait"),
        Setting(honorCooldown: true, desired: 2, accepted: false, testDescription: "unless the cooldown is honoured"),
    ])
    func operators(_ setting: Setting) {
        var world = MiniWorld(policy)
        world.see(visible: 5)
        world.tick(at: 0)
        world.tick(at: 10)
        let evaluation = world.tick(
            at: 20, measured: false, requests: [.setDesired(6, honorCooldown: setting.honorCooldown)])
        #expect(evaluation.decision.desired == setting.desired)
        if setting.accepted {
            #expect(evaluation.answers[0].result == .accepted("desired capacity is 6"))
        } else {
            #expect(evaluation.answers[0].result == .refused(.coolingDown(until: .at(310))))
        }
    }
}
