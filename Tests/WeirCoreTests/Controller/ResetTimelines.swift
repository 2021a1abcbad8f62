import Testing
import WeirCore

@Suite("One way to reset")
struct ResetTimelines {
    private let policy = GroupPolicy(
        name: "g", minSize: 0, maxSize: 9, alarms: [.up()],
        scalingPolicies: [.always("out", on: "up", .exactCapacity, 1)])

    @Test("nothing to reset is an answer, too")
    func nothing() {
        var world = MiniWorld(policy)
        let evaluation = world.tick(at: 0, requests: [.resetBackoffs])
        #expect(evaluation.answers.map(\.result) == [.accepted("nothing to reset")])
    }

    @Test("a launch backoff is over: the launch is made on the same tick")
    func launches() {
        var world = MiniWorld(policy, desired: 1)
        world.state.launchBackoff = Backoff(failures: 9, since: .at(-1), until: .at(300), lastFailure: "i-1 died")
        #expect(world.tick(at: 0).instances("launch").isEmpty)
        let evaluation = world.tick(at: 1, requests: [.resetBackoffs])
        #expect(
            evaluation.answers.map(\.result) == [.accepted("reset: the launch backoff after 9 failures (i-1 died)")])
        #expect(evaluation.instances("launch").count == 1)
    }

    @Test("a source that was left alone is asked at once")
    func source() {
        var world = MiniWorld(policy)
        world.measurement = .unreachable
        for second in [0.0, 10, 30, 70, 150] { world.tick(at: second) }
        #expect(world.last?.nextMeasurement == .at(310))
        let evaluation = world.tick(at: 160, measured: false, requests: [.resetBackoffs])
        #expect(
            evaluation.answers.map(\.result) == [
                .accepted("reset: the source backoff after 5 failures (connection refused)")
            ])
        #expect(evaluation.nextMeasurement <= .at(160))
        #expect(evaluation.nextTick <= .at(160.001))
    }

    @Test("all at once, each named; and a hold on scale-out starts from the beginning")
    func all() {
        var world = MiniWorld(policy)
        let backoff = Backoff(failures: 1, since: .at(-1), until: .at(300), lastFailure: "nothing was completed")
        world.state.launchBackoff = Backoff(failures: 2, since: .at(-1), until: .at(300), lastFailure: "i-1 died")
        world.state.noProgress = backoff
        world.state.sourceBackoff = Backoff(failures: 3, since: .at(-1), until: .at(300), lastFailure: "refused")
        let evaluation = world.tick(at: 0, measured: false, requests: [.resetBackoffs])
        #expect(
            evaluation.answers.map(\.result) == [
                .accepted(
                    "reset: the launch backoff after 2 failures (i-1 died); the hold on scale-out without progress "
                        + "(nothing was completed); the source backoff after 3 failures (refused)")
            ])
        #expect(world.state.launchBackoff == nil && world.state.noProgress == nil && world.state.sourceBackoff == nil)
    }
}
