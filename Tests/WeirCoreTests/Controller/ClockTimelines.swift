import Testing
import WeirCore

@Suite("A clock that jumps")
struct ClockTimelines {
    private let policy = GroupPolicy(
        name: "g", minSize: 0, maxSize: 20, defaultCooldown: .seconds(300),
        alarms: [.up(threshold: 10, periods: 3), .down(threshold: 0, periods: 3)],
        scalingPolicies: [
            .simple("out", on: "up", .changeInCapacity, 1), .simple("in", on: "down", .exactCapacity, 0),
        ])

    @Test("set back by an hour: alarms keep what they saw, and the cooldown is not an hour longer")
    func backwards() {
        var world = MiniWorld(policy, desired: 1, fleet: fleet(1))
        world.see(visible: 50)
        for second in stride(from: 0.0, through: 200, by: 10) { world.tick(at: second) }
        let before = world.state
        #expect(before.alarms[0].state == .alarm)
        let remaining = before.cooldown?.until.map { $0 - .at(200) }
        let jumped = world.tick(at: -3400)
        #expect(jumped.alarmTransitions.isEmpty)
        #expect(world.state.cooldown?.until.map { $0 - .at(-3400) } == remaining)
        #expect(world.state.history.sampleCount == before.history.sampleCount + 1)
        #expect(world.state.fleet.allSatisfy { $0.stateSince <= .at(-3400) })
        #expect(jumped.nextTick <= .at(-3390))
    }

    @Test("set back: instances stay warm or warming for as long as before")
    func warmupKeepsItsRest() {
        var world = MiniWorld(policy, desired: 1, fleet: [.inService("i-1", since: -20)])
        world.tick(at: 0)
        world.tick(at: -500)
        #expect(world.state.fleet[0].inServiceAt == .at(-520))
    }

    @Test("jumped ahead by a day: the windows are empty, and one measurement is too early to act on")
    func forwards() {
        var world = MiniWorld(policy, desired: 3, fleet: fleet(3))
        world.see(visible: 5)
        for second in stride(from: 0.0, through: 300, by: 10) { world.tick(at: second) }
        #expect(world.state.alarms.map(\.state) == [.ok, .ok])
        world.see(visible: 0)
        let jumped = world.tick(at: 86_400)
        #expect(jumped.decision.desired == 3)
        #expect(world.state.alarms.map(\.state) == [.ok, .ok])
    }

    @Test("the beat of measurements follows the poll interval, not the delays")
    func beat() {
        var world = MiniWorld(policy)
        #expect(world.tick(at: 0).nextMeasurement == .at(10))
        #expect(world.tick(at: 10.3).nextMeasurement == .at(20))
        #expect(world.tick(at: 20.9).nextMeasurement == .at(30))
        // Brought forward by an event: from there on.
        #expect(world.tick(at: 25).nextMeasurement == .at(35))
        // So late that beats were missed: from there on.
        #expect(world.tick(at: 60).nextMeasurement == .at(70))
        #expect(world.tick(at: 65, measured: false).nextMeasurement == .at(70))
    }

    @Test("a source that fails is asked less and less often, and the fleet is looked at all the same")
    func sourceBackoff() {
        var world = MiniWorld(policy)
        world.measurement = .unreachable
        var pauses: [Double] = []
        var at = 0.0
        for _ in 0..<8 {
            let evaluation = world.tick(at: at)
            let pause = (evaluation.nextMeasurement - .at(at)).inSeconds
            #expect(evaluation.nextTick == .at(at + 10))
            pauses.append(pause)
            at += pause
        }
        #expect(pauses == [10, 20, 40, 80, 160, 300, 300, 300])
        #expect(world.state.sourceBackoff?.lastFailure == "connection refused")
        world.see(visible: 0)
        #expect(world.tick(at: at).nextMeasurement == .at(at + 10))
        #expect(world.state.sourceBackoff == nil)
    }
}
