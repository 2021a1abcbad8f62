import WeirCore
import WeirRuntime

extension Bench {
    /// A group in which everything happens at once: a refresh at a checkpoint, a hook, an unhealthy instance, standby, a
    /// warm pool.
    static var rolling: GroupSnapshot {
        var policy = GroupPolicy(name: "emails", minSize: 0, maxSize: 10)
        let warmCache = LifecycleHook(name: "warm-cache", transition: .launching, heartbeatTimeout: .seconds(300))
        policy.lifecycleHooks = [
            warmCache,
            LifecycleHook(
                name: "upload-logs", transition: .terminating, heartbeatTimeout: .seconds(3600),
                defaultResult: .continue),
        ]
        policy.healthCheckGracePeriod = .seconds(60)
        policy.warmPool = WarmPool(state: .hibernated, minSize: 1, reuseOnScaleIn: true)
        policy.maxInstanceLifetime = .seconds(86_400)
        var state = GroupState(startingWith: policy, seed: 7, at: start)
        state.desiredCapacity = 4
        state.templateDigest = "d"
        state.templateVersion = 4
        state.latestTemplateVersion = 4
        state.formerTemplateVersion = 3

        func instance(_ digit: Int, _ lifecycleState: LifecycleState, version: Int = 4) -> Instance {
            var instance = Instance(
                id: InstanceID("i-0000000000000000\(digit)"), lifecycleState: lifecycleState, launchedAt: start,
                inServiceAt: lifecycleState == .pendingWait ? nil : start, stateSince: start)
            instance.template = LaunchTemplate(name: policy.name, version: version)
            return instance
        }
        let preferences = RefreshPreferences(checkpointPercentages: [40, 100], autoRollback: true)
        let begun = evaluate(
            policy, state, Observation(requests: [Request(id: 1, kind: .startRefresh(preferences))]), at: start)
        state.refresh = begun.state.refresh
        state.refresh?.id = refreshID
        state.refresh?.former = LaunchTemplate(name: policy.name, version: 3)
        state.refresh?.total = 10
        state.refresh?.replaced = 4
        state.refresh?.remaining = (0..<6).map { InstanceID("i-\($0)") }
        let until = start + .seconds(3600)
        state.refresh?.checkpointUntil = until

        state.fleet = [
            instance(1, .inService, version: 3), instance(2, .pendingWait), instance(3, .draining),
            instance(4, .inService), instance(5, .standby, version: 3), instance(6, .warmedHibernated),
            instance(7, .warmedPending),
        ]
        state.fleet[1].hooks = [HookWait(warmCache, token: hookToken, since: start)]
        state.fleet[2].departure = .unhealthy
        state.fleet[2].unhealthy = Unhealthiness(since: start, why: "marked by SetInstanceHealth", cause: .mark)

        var snapshot = GroupSnapshot(policy: policy, state: state)
        let held = Reason(capacity: 4, fact: .refreshHeld(.checkpoint(until: until)))
        snapshot.lastDecision = DatedDecision(
            at: start, decision: Decision(previousDesired: 4, desired: 4, reasons: [held]))
        return snapshot
    }

    static let hookToken = "0b5a5b0e-9b5a-4b5a-8b5a-0b5a5b0e9b5a"
    static let refreshID = "5e0a5f0c-1111-4222-8333-444455556666"
}
