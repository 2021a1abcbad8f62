import Foundation
import Testing
import WeirCore
import WeirRuntime

@testable import WeirAPI

@Suite("What the schedule will do is shown")
struct ScheduleViewSpecs {
    /// At noon: one that is over, two of the evening, one each morning, one on New Year's Day.
    private static func scheduled() throws -> GroupSnapshot {
        var snapshot = Bench.thumbnails
        snapshot.policy.scheduledActions = [
            ScheduledAction(name: "launch-day", startTime: Bench.start - .seconds(3600), minSize: 9),
            ScheduledAction(name: "new-year", recurrence: try .parse("0 0 1 1 *"), maxSize: 20),
            ScheduledAction(name: "morning", recurrence: try .parse("0 8 * * *"), minSize: 2, desiredCapacity: 4),
            ScheduledAction(name: "evening", recurrence: try .parse("0 18 * * *"), minSize: 0, maxSize: 4),
            ScheduledAction(name: "tea", startTime: Bench.start + .seconds(6 * 3600), desiredCapacity: 1),
        ]
        return snapshot
    }

    @Test("Soonest first, as they run; those that do not run any more come last and have no time")
    func order() throws {
        let view = GroupView(try Self.scheduled(), at: Bench.start)
        #expect(view.scheduledActions.map(\.name) == ["evening", "tea", "morning", "new-year", "launch-day"])
        #expect(
            view.scheduledActions.map(\.nextAt) == [
                "2026-03-01T18:00:00Z", "2026-03-01T18:00:00Z", "2026-03-02T08:00:00Z", "2027-01-01T00:00:00Z", nil,
            ])
        #expect(try JSONDecoder().decode(GroupView.self, from: JSONEncoder().encode(view)) == view)
    }

    @Test("What an action leaves as it is has no member")
    func members() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let views = GroupView(try Self.scheduled(), at: Bench.start).scheduledActions
        let text = String(decoding: try encoder.encode(views.first), as: UTF8.self)
        #expect(text == #"{"max_size":4,"min_size":0,"name":"evening","next_at":"2026-03-01T18:00:00Z"}"#)
    }

    @Test("A year ahead is seen, from the very moment at which it runs; what comes later is not")
    func horizon() throws {
        var snapshot = Bench.thumbnails
        snapshot.policy.scheduledActions = [
            ScheduledAction(name: "leap-day", recurrence: try .parse("0 0 29 2 *"), maxSize: 29),
            ScheduledAction(name: "birthday", recurrence: try .parse("0 12 1 3 *"), maxSize: 20),
        ]
        let actions = GroupView(snapshot, at: Bench.start).scheduledActions
        #expect(actions.map(\.name) == ["birthday", "leap-day"])
        #expect(actions.map(\.nextAt) == ["2027-03-01T12:00:00Z", nil])
    }

    @Test("The action that set the sizes in force is named, until they are those of the file again")
    func sizes() throws {
        var snapshot = try Self.scheduled()
        #expect(GroupView(snapshot, at: Bench.start).sizesSetBy == nil)
        snapshot.state.scheduleMark = Bench.start
        let evening = Bench.start + .seconds(6 * 3600)
        snapshot.state = evaluate(snapshot.policy, snapshot.state, Observation(), at: evening).state
        var view = GroupView(snapshot, at: evening)
        #expect((view.sizesSetBy, view.minSize, view.maxSize) == ("evening", 0, 4))
        #expect(view.scheduledActions.first?.name == "morning")
        snapshot.policy.maxSize = 12
        let later = evening + .seconds(1)
        snapshot.state = evaluate(snapshot.policy, snapshot.state, Observation(), at: later).state
        view = GroupView(snapshot, at: later)
        #expect((view.sizesSetBy, view.minSize, view.maxSize) == (nil, 1, 12))
    }

    @Test("A group that leaves has no schedule any more")
    func leaving() throws {
        var snapshot = try Self.scheduled()
        snapshot.leaving = true
        #expect(GroupView(snapshot, at: Bench.start).scheduledActions == [])
    }
}
