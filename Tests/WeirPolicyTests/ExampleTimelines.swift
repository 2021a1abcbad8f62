import Foundation
import Testing
import WeirCore
import WeirPolicy

/// Shipped examples at work, from the file to the desired capacity. Launches come up between two ticks.
@Suite("Example policies at work")
struct ExampleTimelines {
    private struct Group {
        let policy: GroupPolicy
        var state: GroupState
        var sentences: [String] = []

        init(_ name: String, desired: Int, at start: String) throws {
            let path = Fixtures.policies.appendingPathComponent(name + ".yaml").path
            policy = try #require(reader.read(paths: [path]).files.first).group
            state = GroupState(
                seed: 7, createdAt: try #require(Instant(rfc3339: start)) - .seconds(86_400), desiredCapacity: desired)
            // So that they are warm.
            _ = try tick(state.createdAt.rfc3339, visible: 0)
            _ = try tick((state.createdAt + .seconds(1)).rfc3339, visible: 0)
        }

        /// - Parameter visible: nil while the source does not answer.
        /// - Returns: the desired capacity after it.
        @discardableResult
        mutating func tick(_ time: String, visible: Double?) throws -> Int {
            let now = try #require(Instant(rfc3339: time))
            let measurement =
                visible.map {
                    Measurement(visible: .value($0), inFlight: .value(0), delayed: .value(0), oldestAge: .value(0))
                } ?? .missing(.sourceFailed("HTTP status 502"))
            // What is drained is idle and ends at once.
            let listing = Listing.instances(
                state.fleet.filter { $0.lifecycleState == .pending || $0.lifecycleState == .inService }
                    .map { ListedInstance(id: $0.id, phase: .running) })
            let evaluation = evaluate(
                policy, state, Observation(measurement: measurement, listing: listing, held: []), at: now)
            state = evaluation.state
            sentences = evaluation.decision.reasons.map(\.sentence)
            return evaluation.decision.desired
        }

        /// A tick every ten seconds, as long as `visible` says; the capacities, each once.
        mutating func run(_ minutes: Int, from time: String, visible: Double?) throws -> [Int] {
            var now = try #require(Instant(rfc3339: time))
            var capacities = [state.desiredCapacity]
            for _ in 0..<(minutes * 6) {
                let desired = try tick(now.rfc3339, visible: visible)
                if capacities.last != desired { capacities.append(desired) }
                now = now + .seconds(10)
            }
            return capacities
        }
    }

    @Test("target-tracking: 1,500 messages and 10 instances lead to 15; then nothing waits, and none stays")
    func targetTracking() throws {
        var group = try Group("target-tracking", desired: 10, at: "2026-03-02T12:00:00Z")
        #expect(try group.run(5, from: "2026-03-02T12:00:00Z", visible: 1500) == [10, 15])
        #expect(try group.run(12, from: "2026-03-02T12:05:00Z", visible: 0) == [15])
        #expect(try group.run(8, from: "2026-03-02T12:17:00Z", visible: 0) == [15, 0])
        // The first message is a matter of seconds, not of minutes.
        #expect(try group.tick("2026-03-02T12:30:00Z", visible: 1) == 1)
    }

    @Test("office-hours: local times stay when the clocks change, and the queue decides in between")
    func officeHours() throws {
        // The last Friday of winter time in New York; clocks change on Sunday, 8 March.
        var group = try Group("office-hours", desired: 0, at: "2026-03-06T12:44:00Z")
        try group.tick("2026-03-06T12:44:00Z", visible: 0)
        #expect(try group.tick("2026-03-06T12:45:00Z", visible: 0) == 2)
        #expect(
            group.sentences.prefix(2) == [
                "opening, due at 12:45:00, sets minimum 2, maximum 12", "raised to the minimum 2, wanted 0",
            ])
        try group.tick("2026-03-06T12:46:00Z", visible: 0)
        #expect(try group.tick("2026-03-06T15:00:00Z", visible: 200) == 6)
        #expect(try group.tick("2026-03-06T18:00:30Z", visible: 0) == 6)
        #expect(try group.tick("2026-03-06T23:00:10Z", visible: 0) == 0)
        #expect(group.sentences.first == "closing, due at 23:00:00, sets minimum 0, maximum 1, desired 0")
        // The weekend is quiet, whatever waits: the maximum of the night is one.
        #expect(try group.tick("2026-03-07T12:45:00Z", visible: 500) == 1)
        // Monday: 07:45 is an hour earlier in UTC.
        #expect(try group.tick("2026-03-09T11:44:50Z", visible: 0) == 1)
        #expect(try group.tick("2026-03-09T11:45:00Z", visible: 0) == 2)
    }

    @Test("fallback: two work while nothing can be believed, from zero too; a false zero ends nobody")
    func fallback() throws {
        var group = try Group("fallback", desired: 0, at: "2026-03-02T12:00:00Z")
        try group.tick("2026-03-02T12:00:00Z", visible: 0)
        // A minute away is nothing; after two, two work.
        #expect(try group.run(2, from: "2026-03-02T12:00:10Z", visible: nil) == [0])
        #expect(try group.run(30, from: "2026-03-02T12:02:10Z", visible: nil) == [0, 2])
        #expect(
            group.sentences.first
                == "nothing believed of the source since 12:00:10 (HTTP status 502); fallback: at least 2")
        // The exports that have come meanwhile are seen, and six are put to work.
        #expect(try group.run(5, from: "2026-03-02T12:32:10Z", visible: 300) == [2, 6])
        // Restarted, it says 0 for half a minute.
        #expect(try group.run(1, from: "2026-03-02T12:37:10Z", visible: 300) == [6])
        for second in ["10", "20", "30"] { #expect(try group.tick("2026-03-02T12:38:\(second)Z", visible: 0) == 6) }
        #expect(group.sentences.first?.hasSuffix("believed when 4 readings in a row say so") == true)
        #expect(try group.run(10, from: "2026-03-02T12:38:40Z", visible: 280) == [6])
        // And when it is true, none stays.
        #expect(try group.run(5, from: "2026-03-02T12:48:40Z", visible: 0) == [6, 0])
    }

    @Test("fallback: 45 minutes without a completed export, and no more are started")
    func noProgress() throws {
        var group = try Group("fallback", desired: 0, at: "2026-03-02T12:00:00Z")
        #expect(try group.run(50, from: "2026-03-02T12:00:00Z", visible: 5) == [0, 1])
        #expect(try group.run(10, from: "2026-03-02T12:50:00Z", visible: 300) == [1])
        #expect(group.sentences.contains { $0.contains("nothing was in flight and the backlog did not fall since") })
    }
}
