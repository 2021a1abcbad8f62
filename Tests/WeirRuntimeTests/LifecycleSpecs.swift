import Synchronization
import Testing
import WeirCore

@testable import WeirRuntime

@Suite("Hooks, health and versions in the control loop")
struct LifecycleSpecs {
    private func policy(_ change: (inout GroupPolicy) -> Void) -> GroupPolicy {
        var policy = GroupPolicy.sample()
        change(&policy)
        return policy
    }

    // MARK: Hooks

    private var hooked: GroupPolicy {
        policy {
            $0.lifecycleHooks = [
                LifecycleHook(
                    name: "warm", transition: .launching, heartbeatTimeout: .seconds(60), runsCommand: true)
            ]
        }
    }

    @Test("the command of a launch hook runs beside the loop, and its end lets the instance into service")
    func hookRuns() async {
        let harness = Harness(hooked)
        harness.world.set { $0.visible = 1 }
        await harness.runUntil("the command runs") { harness.world.hooksRunning == ["warm"] }
        #expect(await harness.fleet.map(\.lifecycleState) == [.pendingWait])
        harness.world.set { $0.hookEnd["warm"] = .done }
        await harness.runUntil("in service") { await harness.fleet.map(\.lifecycleState) == [.inService] }
        await harness.stop()
    }

    @Test("a command that takes longer than its hook may wait is called off")
    func hookTimesOut() async {
        let harness = Harness(hooked)
        harness.world.set { $0.visible = 1 }
        await harness.runUntil("the command runs") { harness.world.hooksRunning == ["warm"] }
        // Nobody wants another one after it.
        harness.world.set { $0.visible = 0 }
        await harness.runUntil("its instance is gone") { await harness.fleet.isEmpty }
        await harness.runUntil("the command is gone too") { harness.world.hooksRunning.isEmpty }
        await harness.stop()
    }

    @Test("a command that ran when weir ended is run again by the next one")
    func hookRunsAgain() async throws {
        let first = Harness(hooked)
        first.world.set { $0.visible = 1 }
        await first.runUntil("the command runs") { first.world.hooksRunning == ["warm"] }
        await first.stop()

        let stored = try #require(first.store.load("sample"))
        let second = Harness(hooked, from: stored, world: first.world)
        await second.runUntil("the command runs again") { first.world.hooksRunning == ["warm"] }
        first.world.set { $0.hookEnd["warm"] = .done }
        await second.runUntil("in service") { await second.fleet.map(\.lifecycleState) == [.inService] }
        #expect(first.world.launched.count == 1)
        await second.stop()
    }

    // MARK: Warm pool

    @Test("a message for a group whose instances are all in the warm pool is as urgent as for an empty one")
    func warm() async {
        let pooled = policy {
            $0.warmPool = WarmPool(state: .stopped, maxPreparedCapacity: 1)
            $0.pollInterval = .seconds(3600)
        }
        let harness = Harness(pooled)
        await harness.runUntil("one is ready") {
            await harness.fleet.map(\.lifecycleState) == [.warmedStopped] && harness.hasMeasured
        }
        harness.world.set { $0.visible = 1 }
        harness.time.advance(by: .milliseconds(50))
        await harness.controller.wake()
        await harness.atOnce("it is on its way to work") { harness.world.launched.count == 1 }
        await harness.stop()
    }

    // MARK: Health

    @Test("an instance that fails its checks is replaced; one that is asked in vain once is not")
    func health() async throws {
        let checker = FakeChecker()
        let harness = Harness(policy { $0.minSize = 1 }, checker: checker)
        await harness.runUntil("in service") { await harness.fleet.map(\.lifecycleState) == [.inService] }
        let first = try #require(await harness.fleet.first?.id)
        checker.failing.withLock { $0 = [first] }
        await harness.runUntil("a check failed") { await harness.fleet.first?.failedHealthChecks == 1 }
        checker.failing.withLock { $0 = [] }
        await harness.runUntil("that was all") { await harness.fleet.first?.failedHealthChecks == 0 }
        #expect(await harness.fleet.map(\.id) == [first])

        checker.failing.withLock { $0 = [first] }
        await harness.runUntil("replaced") {
            let fleet = await harness.fleet
            return fleet.count == 1 && fleet[0].id != first && fleet[0].lifecycleState == .inService
        }
        #expect(harness.world.terminated == [first])
        await harness.stop()
    }

    // MARK: Versions

    @Test("a refresh that is rolled back launches what the earlier policy file said")
    func formerHands() async throws {
        let former = FakeWorld()
        let asked = Mutex<[String]>([])
        let parts: @Sendable (FakeWorld) -> GroupController.Parts = { world in
            GroupController.Parts(
                source: world, holders: world, hands: world,
                formerHands: { text in
                    asked.withLock { $0.append(text) }
                    return Relaunching(told: former, world: world)
                })
        }
        func version(_ digest: String) -> GroupPolicy {
            policy {
                $0.minSize = 2
                $0.templateDigest = digest
                $0.instanceRefresh.onChange = true
                $0.instanceRefresh.minHealthyPercentage = 50
            }
        }
        let harness = Harness(version("a"), text: "the first file", parts: parts)
        await harness.runUntil("in service") {
            await harness.fleet.map(\.lifecycleState) == [.inService, .inService]
        }
        // One is at work, so the refresh is not over when the other has been replaced.
        let busy = try #require(await harness.fleet.first?.id)
        harness.world.set { $0.held[busy] = 1 }
        await harness.change(to: version("b"), text: "the second file", parts: parts(harness.world))
        await harness.runUntil("half rolled") {
            await harness.fleet.contains { $0.template?.version == 2 && $0.lifecycleState == .inService }
        }
        #expect(former.launched.isEmpty)
        _ = await harness.controller.request(.rollBackRefresh)
        await harness.runUntil("rolled back") {
            let fleet = await harness.fleet.filter { $0.id != busy }
            return !fleet.isEmpty && fleet.allSatisfy { $0.template?.version == 1 && $0.lifecycleState == .inService }
        }
        #expect(!former.launched.isEmpty)
        #expect(Set(asked.withLock { $0 }) == ["the first file"])
        await harness.stop()
    }
}

private final class FakeChecker: HealthChecker {
    let failing = Mutex<Set<InstanceID>>([])

    var interval: Duration { .seconds(10) }

    func check(_ instance: InstanceID) async -> HealthCheckResult {
        failing.withLock { $0.contains(instance) } ? .failed("no answer") : .healthy
    }
}

/// Launches in the same world, and notes that it was these hands that did.
private struct Relaunching: Hands {
    let told: FakeWorld
    let world: FakeWorld

    var imagined: Bool { false }
    func list() async throws(LauncherFailure) -> [ListedInstance] { try await world.list() }
    func changes() -> AsyncStream<Void> { world.changes() }

    func perform(_ action: Action, for group: String, template: Int?) async -> ActionOutcome.Result {
        _ = await told.perform(action, for: group, template: template)
        return await world.perform(action, for: group, template: template)
    }
}
