import Testing
import WeirCore

@testable import WeirRuntime

@Suite("What happens to instances is counted")
struct LifecycleCountingSpecs {
    private static let start = Instant(milliseconds: 1_772_366_400_000)
    private static let worker = InstanceID("i-00000000000000001")

    /// What one tick counts.
    private func totals(
        _ lifecycleState: LifecycleState = .inService, _ requests: [Request.Kind] = [], after time: Duration = .zero,
        change: (inout GroupPolicy, inout GroupState) -> Void = { _, _ in }
    ) -> GroupTotals {
        var policy = GroupPolicy(name: "emails", minSize: 1, maxSize: 4)
        var state = GroupState(startingWith: policy, seed: 7, at: Self.start)
        state.fleet = [
            Instance(
                id: Self.worker, lifecycleState: lifecycleState, launchedAt: Self.start,
                inServiceAt: lifecycleState == .pendingWait ? nil : Self.start, stateSince: Self.start)
        ]
        change(&policy, &state)
        let observation = Observation(
            listing: .instances([ListedInstance(id: Self.worker, phase: .running)]),
            requests: requests.enumerated().map { Request(id: $0.offset, kind: $0.element) })
        var totals = GroupTotals()
        totals.countLifecycles(evaluate(policy, state, observation, at: Self.start + time))
        return totals
    }

    @Test("A quiet tick counts nothing")
    func quiet() {
        #expect(totals() == GroupTotals())
    }

    @Test("An unhealthy instance that is replaced")
    func unhealthy() {
        let totals = totals(.inService, [.setHealth(Self.worker, healthy: false, respectGracePeriod: false)])
        #expect(totals.unhealthyReplacements == 1)
        #expect(totals.refreshReplacements == 0)
    }

    @Test("An instance that a refresh replaces")
    func refresh() {
        let totals = totals(.inService, [.startRefresh(RefreshPreferences(minHealthyPercentage: 0))])
        #expect(totals.refreshReplacements == 1)
    }

    @Test("An instance that is too old")
    func lifetime() {
        let totals = totals(after: .seconds(90_000)) { policy, _ in policy.maxInstanceLifetime = .seconds(86_400) }
        #expect(totals.lifetimeReplacements == 1)
    }

    @Test("A hook that nobody completed in time, and one that was abandoned by hand")
    func hooks() {
        let hook = LifecycleHook(name: "warm-cache", transition: .launching, heartbeatTimeout: .seconds(60))
        func wait(_ policy: inout GroupPolicy, _ state: inout GroupState) {
            policy.lifecycleHooks = [hook]
            state.fleet[0].hooks = [HookWait(hook, token: "t", since: Self.start)]
        }
        let late = totals(.pendingWait, after: .seconds(60), change: wait)
        #expect((late.hookTimeouts, late.hookAbandonments) == (1, 1))
        let abandon = Request.Kind.completeLifecycle(hook: hook.name, instance: Self.worker, token: nil, .abandon)
        let byHand = totals(.pendingWait, [abandon], change: wait)
        #expect((byHand.hookTimeouts, byHand.hookAbandonments) == (0, 1))
    }

    @Test("A start from the warm pool")
    func warmStart() {
        let totals = totals(.warmedHibernated) { policy, _ in policy.warmPool = WarmPool(state: .hibernated) }
        #expect(totals.warmStarts == 1)
    }

    @Test("A refresh that failed is counted, one that was cancelled is not")
    func refreshes() {
        func underWay(_ policy: inout GroupPolicy, _ state: inout GroupState) {
            let begun = evaluate(
                policy, state, Observation(requests: [Request(id: 1, kind: .startRefresh(nil))]), at: Self.start)
            state.refresh = begun.state.refresh
            state.fleet[0].protectedFromScaleIn = true
        }
        #expect(totals(.inService, [.cancelRefresh], change: underWay).refreshFailures == 0)
        #expect(totals(after: .seconds(3600), change: underWay).refreshFailures == 1)
    }
}
