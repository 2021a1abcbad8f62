import Testing
import WeirCore

/// Noon in UTC; the timelines are about the office hours of that day.
@Suite("Scheduled actions")
struct ScheduleTimelines {
    private func action(
        _ name: String, _ fields: String, min: Int? = nil, max: Int? = nil, desired: Int? = nil
    ) throws -> ScheduledAction {
        ScheduledAction(
            name: name, recurrence: try .parse(fields), minSize: min, maxSize: max, desiredCapacity: desired)
    }

    private func group(_ actions: [ScheduledAction], min: Int = 0, max: Int = 10) -> GroupPolicy {
        var policy = GroupPolicy(name: "office", minSize: min, maxSize: max)
        policy.scheduledActions = actions
        return policy
    }

    private func sentences(_ evaluation: Evaluation) -> [String] { evaluation.decision.reasons.map(\.sentence) }

    @Test("a tick comes at the time, sets the sizes and says so")
    func runs() throws {
        var world = MiniWorld(group([try action("opening", "1 12 * * *", min: 2, desired: 4)]))
        world.tick(at: 0)
        let before = world.tick(at: 55)
        #expect(before.nextTick == .at(60))
        let evaluation = world.tick(at: 60, measured: false)
        #expect(evaluation.decision.desired == 4)
        #expect(evaluation.codes == ["scheduled", "not_measured"] || evaluation.codes == ["scheduled"])
        #expect(sentences(evaluation)[0] == "opening, due at 12:01:00, sets minimum 2, desired 4")
        #expect(evaluation.instances("launch").count == 4)
        #expect(evaluation.decision.followedSchedule && !before.decision.followedSchedule)
        #expect(world.tick(at: 65).decision.isQuiet)
    }

    @Test("sizes that it does not name keep their values and bound what it desires")
    func bounded() throws {
        var world = MiniWorld(group([try action("rush", "1 12 * * *", desired: 40)], max: 10))
        world.tick(at: 0)
        let evaluation = world.tick(at: 60)
        #expect(evaluation.decision.desired == 10)
        #expect(evaluation.codes.prefix(2) == ["scheduled", "limited_to_maximum"])
    }

    @Test("the minimum that it sets holds everything: policies, operators, decrements")
    func minimumHolds() throws {
        var policy = group([try action("opening", "1 12 * * *", min: 3)])
        policy = GroupPolicy(
            name: "office", minSize: 0, maxSize: 10, alarms: [.down()],
            scalingPolicies: [.simple("in", on: "down", .exactCapacity, 0, cooldown: .zero)])
        policy.scheduledActions = [try action("opening", "1 12 * * *", min: 3, max: 5)]
        var world = MiniWorld(policy)
        world.tick(at: 0)
        #expect(world.tick(at: 60).decision.desired == 3)
        #expect(Bounds(of: world.policy, in: world.state).minimum == 3)
        for second in stride(from: 70.0, to: 300, by: 10) { #expect(world.tick(at: second).decision.desired == 3) }
        let asked = world.tick(at: 300, requests: [.setDesired(9, honorCooldown: false)])
        #expect(asked.answers[0].result == .accepted("desired capacity is 5: limited to the maximum 5, wanted 9"))
        world.policy.scalingPolicies = []
        world.tick(at: 310, requests: [.setDesired(3, honorCooldown: false)])
        let instance = try #require(world.state.ids(.inService).first)
        let refused = world.tick(at: 320, requests: [.terminate(instance, decrementDesired: true)])
        #expect(refused.answers[0].result == .refused(.atMinimum(3)))
    }

    @Test("they hold until another action sets others, or the file names others")
    func untilOthers() throws {
        var world = MiniWorld(
            group([
                try action("opening", "1 12 * * *", min: 3), try action("closing", "2 12 * * *", min: 0, desired: 0),
            ]))
        world.tick(at: 0)
        #expect(world.tick(at: 60).decision.desired == 3)
        #expect(world.tick(at: 120).decision.desired == 0)
        world.state.desiredCapacity = 7
        world.policy.maxSize = 5
        let changed = world.tick(at: 130)
        #expect(changed.decision.desired == 5)
        #expect(sentences(changed)[0] == "the policy file's sizes are others now and hold again: 0 to 5")
        #expect(world.state.scheduledSizes == nil)
    }

    @Test("where a size that it does not name would cross the one that it does, that one gives way")
    func crossing() throws {
        var world = MiniWorld(
            group([try action("day", "1 12 * * *", min: 5), try action("night", "2 12 * * *", max: 2)]))
        world.tick(at: 0)
        world.tick(at: 60)
        #expect(world.tick(at: 120).decision.desired == 2)
        #expect(Bounds(of: world.policy, in: world.state).minimum == 2)
    }

    @Test("after hours without weir, what was due last of each action runs, in the order of their times")
    func downtime() throws {
        var world = MiniWorld(
            group([
                try action("closing", "0 18 * * *", min: 0, desired: 0),
                try action("opening", "0 8 * * *", min: 4),
                try action("hourly", "30 * * * *", max: 6),
            ]))
        world.tick(at: 0)
        world.kill()
        // The next morning at 09:00: closing at 18:00, opening at 08:00, the last of many at 08:30.
        let evaluation = world.tick(at: 21 * 3600)
        #expect(
            sentences(evaluation).prefix(4) == [
                "closing, due at 18:00:00, sets minimum 0, desired 0", "opening, due at 08:00:00, sets minimum 4",
                "raised to the minimum 4, wanted 0", "hourly, due at 08:30:00, sets maximum 6",
            ])
        #expect(evaluation.decision.desired == 4)
        #expect(world.tick(at: 21 * 3600 + 10).decision.isQuiet)
    }

    @Test("a new group does not catch up")
    func newGroup() throws {
        var world = MiniWorld(group([try action("opening", "0 8 * * *", desired: 4)]))
        #expect(world.tick(at: 0).decision.desired == 0)
        #expect(world.tick(at: 10).decision.desired == 0)
    }

    @Test("while ScheduledActions is suspended, what is due is lost for good")
    func suspended() throws {
        var world = MiniWorld(group([try action("opening", "1 12 * * *", desired: 4)]))
        world.tick(at: 0, requests: [.suspend([.scheduledActions])])
        #expect(world.state.scheduleMark == noon)
        let lost = world.tick(at: 60)
        #expect(lost.decision.followedSchedule)
        #expect(lost.decision.desired == 0)
        #expect(sentences(lost)[0] == "opening, due at 12:01:00, is lost: ScheduledActions is suspended")
        world.tick(at: 70, requests: [.resume([.scheduledActions])])
        #expect(world.tick(at: 80).decision.desired == 0)
        #expect(world.tick(at: 86_460).decision.desired == 4)
    }

    @Test("a clock that is set back runs nothing twice; one that had run far ahead does not keep it from running")
    func clocks() throws {
        var world = MiniWorld(group([try action("opening", "1 12 * * *", desired: 4)]))
        world.tick(at: 0)
        #expect(world.tick(at: 60).decision.desired == 4)
        world.tick(at: 70, requests: [.setDesired(1, honorCooldown: false)])
        world.tick(at: 30)
        #expect(world.tick(at: 61).decision.desired == 1)
        // A year ahead by mistake, and back.
        #expect(world.tick(at: 365 * 86_400).decision.desired == 4)
        world.tick(at: 90, requests: [.setDesired(1, honorCooldown: false)])
        #expect(world.tick(at: 86_460).decision.desired == 4)
    }

    @Test("it waits for no cooldown")
    func cooldown() throws {
        var policy = GroupPolicy(
            name: "office", minSize: 0, maxSize: 10, alarms: [.up()],
            scalingPolicies: [.simple("out", on: "up", .changeInCapacity, 1)])
        policy.scheduledActions = [try action("opening", "1 12 * * *", desired: 4)]
        var world = MiniWorld(policy)
        world.see(visible: 5)
        #expect(world.tick(at: 0).decision.desired == 1)
        world.tick(at: 10)
        #expect(world.state.cooldown?.until != nil)
        #expect(world.tick(at: 60).decision.desired == 4)
    }

    @Test("a group whose file is gone runs none, and keeps no size")
    func retired() throws {
        var world = MiniWorld(group([try action("opening", "1 12 * * *", min: 4)]))
        world.tick(at: 0)
        world.policy = world.policy.retired()
        #expect(world.policy.scheduledActions.isEmpty)
        #expect(world.tick(at: 60).instances("launch").isEmpty)
    }
}
