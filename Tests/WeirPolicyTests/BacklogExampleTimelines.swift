import Foundation
import Testing
import WeirCore
import WeirPolicy

@Suite("Examples that follow the backlog, at work")
struct BacklogExampleTimelines {
    /// The desired capacities of so many minutes, each once, with as much waiting as `visible` says.
    private func capacities(_ name: String, from desired: Int, _ backlog: [(minutes: Int, visible: Double)]) throws
        -> [Int]
    {
        let path = Fixtures.policies.appendingPathComponent(name + ".yaml").path
        let policy = try #require(reader.read(paths: [path]).files.first).group
        var now = try #require(Instant(rfc3339: "2026-03-02T12:00:00Z"))
        var state = GroupState(seed: 7, createdAt: now, desiredCapacity: desired)
        var capacities = [desired]
        for (minutes, visible) in backlog {
            let end = now + .seconds(minutes * 60)
            while now < end {
                let measurement = Measurement(
                    visible: .value(visible), inFlight: .value(0), delayed: .value(0), oldestAge: .value(0),
                    completionRate: .value(1))
                let running = state.fleet.filter { $0.lifecycleState == .pending || $0.lifecycleState == .inService }
                let listing = Listing.instances(running.map { ListedInstance(id: $0.id, phase: .running) })
                let evaluation = evaluate(
                    policy, state, Observation(measurement: measurement, listing: listing, held: []), at: now)
                state = evaluation.state
                if capacities.last != evaluation.decision.desired { capacities.append(evaluation.decision.desired) }
                now = now + policy.pollInterval
            }
        }
        return capacities
    }

    @Test("backlog-tracking: 100 messages are 25 workers and 3 to spare, ten a minute; fewer after five minutes")
    func tracking() throws {
        #expect(try capacities("backlog-tracking", from: 0, [(4, 100)]) == [0, 10, 20, 28])
        #expect(try capacities("backlog-tracking", from: 28, [(1, 100), (5, 0)]) == [28, 21])
        #expect(try capacities("backlog-tracking", from: 4, [(30, 0)]) == [4, 3, 2, 1, 0])
    }

    @Test("backlog-votes: a backlog that is gone at the next look is nobody's business")
    func votes() throws {
        #expect(try capacities("backlog-votes", from: 1, [(1, 0), (2, 400), (2, 90)]) == [1, 8, 2])
    }
}
