import Foundation
import Testing
import WeirCore
import WeirPolicy

/// `policies/shared-machine` at work, ten seconds by ten seconds: two queues, one machine, the urgent one first.
@Suite("The example of a shared machine, worked")
struct SharedMachineTimeline {
    /// One group; its launches come up between two ticks, and what is told to stop is gone at the next one.
    private struct Group {
        let policy: GroupPolicy
        var state: GroupState
        var sentences: [String] = []
        var busy: Set<InstanceID> = []

        init(_ policy: GroupPolicy, at start: Instant) {
            self.policy = policy
            state = GroupState(startingWith: policy, seed: 7, at: start)
        }

        mutating func tick(_ now: Instant, visible: Double, under ceiling: FleetCeiling?) {
            let listed = state.fleet.filter { $0.lifecycleState != .terminating }
            let drained = state.fleet.filter { $0.lifecycleState == .draining }
            var observation = Observation(
                measurement: Measurement(
                    visible: .value(visible), inFlight: .value(Double(busy.count)), delayed: .value(0),
                    oldestAge: .value(0)),
                listing: .instances(listed.map { ListedInstance(id: $0.id, phase: .running) }),
                held: busy.sorted().map { HeldMessages(instance: $0, messages: 1) },
                outcomes: drained.map {
                    ActionOutcome(action: .drain($0.id), result: .drained(held: busy.contains($0.id) ? 1 : 0))
                })
            observation.ceiling = ceiling
            let evaluation = evaluate(policy, state, observation, at: now)
            state = evaluation.state
            sentences = evaluation.decision.reasons.map(\.sentence)
        }

        var inService: [InstanceID] { state.fleet.filter { $0.lifecycleState == .inService }.map(\.id) }
    }

    private struct World {
        let limit: FleetLimit
        var bulk: Group
        var urgent: Group
        var now: Instant

        init() throws {
            let folder = Fixtures.policies.appendingPathComponent("shared-machine").path
            let result = reader.read(paths: [folder])
            #expect(result.text == "")
            now = try #require(Instant(rfc3339: "2026-03-02T12:00:00Z"))
            limit = try #require(result.fleets.first).limit
            bulk = Group(try #require(result.files.first { $0.group.name == "bulk" }).group, at: now)
            urgent = Group(try #require(result.files.first { $0.group.name == "urgent" }).group, at: now)
        }

        mutating func run(_ ticks: Int, bulk visible: Double, urgent urgently: Double) {
            for _ in 0..<ticks {
                bulk.tick(now, visible: visible, under: limit.ceiling(of: "bulk", among: claims))
                check()
                urgent.tick(now, visible: urgently, under: limit.ceiling(of: "urgent", among: claims))
                check()
                now = now + .seconds(10)
            }
        }

        private var claims: [FleetClaim] {
            [bulk, urgent].compactMap { FleetClaim(of: $0.policy, in: $0.state) }
        }

        private func check() {
            #expect(bulk.state.fleet.count + 2 * urgent.state.fleet.count <= limit.maxSize)
        }

        var capacities: [Int] { [bulk.inService.count, urgent.inService.count] }
    }

    @Test("bulk has what urgent leaves; urgent gets its room as bulk's workers finish, and gives it back")
    func worked() throws {
        var world = try World()
        world.run(3, bulk: 0, urgent: 0)
        #expect(world.capacities == [0, 1])
        // Everything but the two units of urgent's one worker is for bulk, which wants more.
        world.run(6, bulk: 500, urgent: 0)
        #expect(world.capacities == [10, 1])
        #expect(world.bulk.state.desiredCapacity == 12)
        #expect(world.bulk.sentences.last == "limited to 10 by fleet machine: 12 units, urgent takes 2")
        // All of bulk's workers are at work when urgent wants four.
        world.bulk.busy = Set(world.bulk.inService)
        world.run(6, bulk: 500, urgent: 20)
        #expect(world.capacities == [10, 1])
        #expect(world.urgent.state.desiredCapacity == 4)
        #expect(
            world.urgent.sentences.last
                == "3 launches wait for room in fleet machine: 12 units, 2 for each instance, bulk still has 10")
        // Three become idle: room for one more of urgent's, and half of another's.
        world.bulk.busy = Set(world.bulk.inService.dropFirst(3))
        world.run(6, bulk: 500, urgent: 20)
        #expect(world.capacities == [7, 2])
        world.bulk.busy = []
        world.run(6, bulk: 500, urgent: 20)
        #expect(world.capacities == [4, 4])
        // Urgent is done: bulk grows by itself.
        world.run(12, bulk: 500, urgent: 0)
        #expect(world.capacities == [10, 1])
    }
}
