import Testing
import WeirCore

/// Shipped examples of lifecycles at work, second by second: from the file to what becomes of each instance.
@Suite("Timelines of the lifecycle examples")
struct LifecycleTimelines {
    // MARK: lifecycle-hooks

    @Test("lifecycle-hooks: a worker comes into service with its index, and delivers before it ends")
    func lifecycleHooks() throws {
        var group = try LifeWorld("lifecycle-hooks")
        // 12:00:00. The minimum is one. It runs a second later, without an index, and weir loads that beside it.
        try group.run(until: "12:00:30")
        #expect(
            group.told() == [
                "12:00:00 order: launch",
                "12:00:01 waits for the lifecycle hook load-index", "12:00:01 order: run load-index",
            ])
        #expect(group.states == ["Pending:Wait": 1])
        // 12:00:31. The index is there.
        group.endHook("load-index")
        try group.run(until: "12:05:00")
        #expect(
            group.told() == [
                "12:00:31 load-index completed with CONTINUE by its command",
                "12:00:31 in service 31s after its launch",
            ])

        // 12:05:10. Fifty documents wait, which is what it takes: one more. The first works on; the second has no index yet.
        group.visible = 50
        try group.run(until: "12:05:10")
        group.visible = 20
        try group.run(until: "12:05:40")
        #expect(
            group.told() == [
                "12:05:10 desired 1 to 2", "12:05:10 order: launch",
                "12:05:11 waits for the lifecycle hook load-index", "12:05:11 order: run load-index",
            ])
        #expect(group.states == ["InService": 1, "Pending:Wait": 1])
        group.endHook("load-index")
        try group.run(until: "12:08:00")
        #expect(
            group.told() == [
                "12:05:41 load-index completed with CONTINUE by its command",
                "12:05:41 in service 31s after its launch",
            ])

        // From 12:08 on nothing is outstanding. Ten minutes of that, and one is enough again: the other takes no more
        // documents, is found idle, and is left alone to deliver.
        group.visible = 0
        try group.run(until: "12:19:00")
        #expect(
            group.told() == [
                "12:18:00 desired 2 to 1", "12:18:00 order: drain", "12:18:01 waits for the lifecycle hook deliver",
            ])
        #expect(group.states == ["InService": 1, "Terminating:Wait": 1])
        // 12:19:01. It says itself that it has delivered, and is told to stop.
        let leaving = try #require(group.ids(.terminatingWait).first)
        try group.ask(.completeLifecycle(hook: "deliver", instance: leaving, token: nil, .continue))
        try group.run(until: "12:20:00")
        #expect(
            group.told() == [
                "12:19:01 deliver completed with CONTINUE by whoever completed it", "12:19:01 order: stop within 60 s",
                "12:19:02 stopped, exit code 0",
            ])
        #expect(group.states == ["InService": 1])
    }

    @Test("lifecycle-hooks: an index that does not load in ten minutes is given up; five minutes of silence are an end")
    func silentHooks() throws {
        var group = try LifeWorld("lifecycle-hooks")
        try group.run(until: "12:10:00")
        _ = group.told()
        let first = try #require(group.ids(.pendingWait).first)
        // 12:10:01. No index, no worker: another takes its place, as soon as a failed launch may be followed by the next.
        try group.run(until: "12:10:10")
        let given = group.told()
        #expect(
            given.prefix(3) == [
                "12:10:01 load-index completed with ABANDON as nobody completed it in time",
                "12:10:01 takes no more messages: its launch hook was abandoned", "12:10:01 order: drain",
            ])
        #expect(given.contains("12:10:02 order: stop within 60 s"))
        #expect(given.last?.hasSuffix("order: run load-index") == true)
        #expect(group.states == ["Pending:Wait": 1] && group.ids(.pendingWait) != [first])
        group.endHook("load-index")
        try group.run(until: "12:11:00")
        let only = try #require(group.inService.first)
        _ = group.told()
        // 12:11:01. An operator ends it by name, and the hook is waited for. Nobody says anything, and after five minutes it
        // is ended all the same.
        try group.ask(.terminate(only, decrementDesired: false))
        try group.run(until: "12:16:00")
        #expect(group.ids(.terminatingWait) == [only])
        let story = group.told()
        #expect(story.contains("12:11:01 waits for the lifecycle hook deliver"))
        try group.run(until: "12:16:01")
        #expect(
            group.told() == [
                "12:16:01 deliver completed with CONTINUE as nobody completed it in time",
                "12:16:01 order: stop within 60 s",
            ])
    }

    // MARK: health-checks

    /// Two instances that load their fonts first, and answer at 12:00:50.
    private func conversions() throws -> LifeWorld {
        var group = try LifeWorld("health-checks")
        try group.run(until: "12:00:01")
        // Four checks fail while fonts are loaded. The first 45 seconds in service, nobody believes them.
        group.silent = group.inService
        try group.run(until: "12:00:45")
        group.silent = []
        try group.run(until: "12:05:00")
        #expect(group.told() == ["12:00:00 order: launch (2)", "12:00:01 in service 1s after its launch (2)"])
        return group
    }

    @Test("health-checks: half a minute of silence, and an idle one is replaced; the other is launched at once")
    func healthChecks() throws {
        var group = try conversions()
        let silent = group.inService[0]
        // Two failed checks and one that is answered count for nothing.
        group.silent = [silent]
        try group.run(until: "12:05:25")
        group.silent = []
        try group.run(until: "12:05:35")
        #expect(group.told() == [])
        // 12:06:00. The third in a row: it takes no more messages, and its successor starts on the same tick.
        group.silent = [silent]
        try group.run(until: "12:07:00")
        #expect(
            group.told() == [
                "12:06:00 is unhealthy: no answer", "12:06:00 takes no more messages: unhealthy, and replaced",
                "12:06:00 order: launch", "12:06:00 order: drain",
                "12:06:01 in service 1s after its launch", "12:06:01 order: stop within 120 s",
                "12:06:02 stopped, exit code 0",
            ])
        #expect(group.states == ["InService": 2] && !group.inService.contains(silent))
    }

    @Test("health-checks: a busy one may finish what it holds, for half an hour")
    func busyAndUnhealthy() throws {
        var group = try conversions()
        let (first, second) = (group.inService[0], group.inService[1])
        for id in [first, second] { try group.receive(1, by: id) }
        group.silent = [first]
        // 12:05:30. Its successor is there a second later; it works on, and receives nothing more.
        try group.run(until: "12:12:00")
        #expect(
            group.told() == [
                "12:05:30 is unhealthy: no answer", "12:05:30 takes no more messages: unhealthy, and replaced",
                "12:05:30 order: launch", "12:05:30 order: drain", "12:05:31 in service 1s after its launch",
            ])
        #expect(group.states == ["InService": 2, "Terminating": 1])
        #expect(!group.mayReceive(first))
        // 12:12:01. It has finished: its queue is asked once more, and it ends.
        group.finish(first)
        try group.run(until: "12:12:30")
        #expect(
            group.told() == [
                "12:12:01 order: drain", "12:12:02 order: stop within 120 s", "12:12:03 stopped, exit code 0",
            ])
        #expect(group.stoppedBusy == [])

        // The other hangs together with its message, from 12:13 on. After thirty minutes it is not waited for any longer.
        group.silent = [second]
        try group.run(until: "12:42:59")
        #expect(
            group.told() == [
                "12:13:00 is unhealthy: no answer", "12:13:00 takes no more messages: unhealthy, and replaced",
                "12:13:00 order: launch", "12:13:00 order: drain", "12:13:01 in service 1s after its launch",
            ])
        #expect(group.ids(.draining) == [second])
        try group.run(until: "12:43:30")
        #expect(group.told() == ["12:43:00 order: stop within 120 s", "12:43:01 stopped, exit code 0"])
        #expect(group.stoppedBusy == [second])
    }

    // MARK: warm-pool

    @Test("warm-pool: three are made ahead; what is needed comes from there first, and the pool is filled again")
    func warmPool() throws {
        var group = try LifeWorld("warm-pool")
        // 12:00:00. Nobody is at work, and three are prepared: they run, load their model for 90 s, and are paused.
        try group.run(until: "12:01:30")
        #expect(group.told() == ["12:00:00 order: prepare, started (3)"])
        #expect(group.states == ["Warmed:Pending": 3])
        try group.run(until: "12:05:00")
        #expect(group.told() == ["12:01:31 order: pause (3)", "12:01:32 is ready in the warm pool (3)"])
        #expect(group.states == ["Warmed:Hibernated": 3])
        let pool = group.ids(.warmedHibernated)

        // 12:05:10. The first message: one goes on where it stood, and works a second later. Three are at work and in the
        // pool together, as many as are to be prepared, so nothing is made in its place.
        group.visible = 1
        try group.run(until: "12:05:11")
        #expect(group.inService == [pool[0]])
        try group.receive(1, by: pool[0])
        group.visible = 0
        try group.run(until: "12:08:00")
        #expect(
            group.told() == [
                "12:05:10 desired 0 to 1", "12:05:10 leaves the warm pool for work", "12:05:10 order: resume",
                "12:05:11 in service 1s after its launch",
            ])
        #expect(group.states == ["InService": 1, "Warmed:Hibernated": 2])

        // 12:08:10. Five wait, four beyond the threshold: three more. Two come from the pool, only the third is launched
        // cold. Four are at work now, and the pool keeps its minimum: one is prepared.
        group.visible = 5
        try group.run(until: "12:08:11")
        for id in group.inService.dropFirst() { try group.receive(1, by: id) }
        group.visible = 0
        #expect(
            group.told() == [
                "12:08:10 desired 1 to 4", "12:08:10 leaves the warm pool for work (2)", "12:08:10 order: resume (2)",
                "12:08:10 order: launch", "12:08:10 order: prepare, started",
                "12:08:11 in service 1s after its launch (3)",
            ])
        #expect(group.inService.prefix(3).elementsEqual(pool))
        try group.run(until: "12:10:10")
        #expect(group.told() == ["12:09:41 order: pause", "12:09:42 is ready in the warm pool"])
        #expect(group.states == ["InService": 4, "Warmed:Hibernated": 1])

        // All have finished. Three minutes later none is needed: two go back to the pool, model and all, which is then as
        // large as it gets; the other two end.
        for id in group.inService { group.finish(id) }
        try group.run(until: "12:15:00")
        #expect(
            group.told() == [
                "12:13:10 desired 4 to 0", "12:13:10 order: drain (4)",
                "12:13:11 order: pause (2)", "12:13:11 order: stop within 300 s (2)",
                "12:13:12 is ready in the warm pool (2)", "12:13:12 stopped, exit code 0 (2)",
            ])
        #expect(group.states == ["Warmed:Hibernated": 3])
    }

    // MARK: rolling-update

    /// Ten payments workers of version 1, in service and warm. Twenty payments wait: neither few nor many.
    private func payments() throws -> LifeWorld {
        var group = try LifeWorld("rolling-update")
        group.visible = 20
        try group.run(until: "12:10:00")
        #expect(group.told() == ["12:00:00 order: launch (10)", "12:00:01 in service 1s after its launch (10)"])
        group.forgetExtremes()
        return group
    }

    private func launchesAndRefresh(_ story: [String]) -> [String] {
        story.filter { $0.contains("order: launch") || $0.contains("refresh: ") }
    }

    @Test("rolling-update: another image, and the group follows: one, then five, then all, never fewer than ten")
    func rollingUpdate() throws {
        var group = try payments()
        group.policy.templateDigest = "another image"
        // 12:10:01. The first tick that sees it begins. Ten per cent is one: it is launched beside the ten, and when it has
        // been at work for 30 s the oldest goes. Then nothing for ten minutes, for a look.
        try group.run(until: "12:20:32")
        #expect(
            group.told() == [
                "12:10:01 refresh: InProgress", "12:10:01 order: launch", "12:10:02 in service 1s after its launch",
                "12:10:32 takes no more messages: replaced by the instance refresh", "12:10:32 order: drain",
                "12:10:33 refresh: checkpoint at 10 %", "12:10:33 order: stop within 120 s",
                "12:10:34 stopped, exit code 0",
            ])
        #expect(group.inService(version: 1) == 9 && group.inService(version: 2) == 1)

        // 12:20:33. On to the half, two at a time: 120 % of ten are twelve. The second two start when the first two are
        // warm and two old ones go.
        try group.run(until: "12:31:35")
        var story = group.told()
        #expect(
            launchesAndRefresh(story) == [
                "12:20:33 order: launch (2)", "12:21:04 order: launch (2)", "12:21:36 refresh: checkpoint at 50 %",
            ])
        #expect(group.inService(version: 1) == 5 && group.inService(version: 2) == 5)

        // 12:31:36. The other five, and there is nothing left to look at.
        try group.run(until: "12:50:00")
        story = group.told()
        #expect(
            launchesAndRefresh(story) == [
                "12:31:36 order: launch (2)", "12:32:07 order: launch (2)", "12:32:38 order: launch",
                "12:33:11 refresh: Successful",
            ])
        #expect(group.inService(version: 2) == 10 && group.states == ["InService": 10])
        #expect(group.fewestInService == 10 && group.mostThere == 12)
        #expect(group.stoppedBusy == [])
    }

    @Test("rolling-update: a version that ends at once is tried three times; then the former one is launched again")
    func brokenVersion() throws {
        var group = try payments()
        let old = group.inService
        group.policy.templateDigest = "a broken image"
        group.brokenVersion = 2
        // One after the other, further and further apart. Nothing has been taken away for it.
        try group.run(until: "12:20:00")
        let story = group.told()
        #expect(story.first == "12:10:01 refresh: InProgress")
        #expect(story.count { $0.hasSuffix("order: launch") } == 3)
        #expect(story.count { $0.hasSuffix("died young before it came into service, exit code 1") } == 3)
        #expect(story.last?.hasSuffix("refresh: RollbackSuccessful") == true)
        #expect(group.inService == old && group.fewestInService == 10 && group.stoppedBusy == [])
        #expect(group.state.refresh?.why?.hasPrefix("3 new instances failed; the last: ") == true)

        // What is missing from now on is launched from the version before.
        try group.ask(.setDesired(11, honorCooldown: false))
        try group.run(until: "12:21:00")
        #expect(group.inService(version: 1) == 11)
    }
}
