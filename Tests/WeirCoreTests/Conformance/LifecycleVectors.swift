import Testing

@testable import WeirCore

@Suite("Conformance: lifecycle hooks, replacement, warm pools")
struct LifecycleVectors {
    @Test(arguments: VectorFile.vectors("lifecycle-timeout"))
    func lifecycleTimeout(_ vector: Vector) throws {
        try vector.expectsOnly(["globalTimeout", "valid", "expiresAt"])
        // Source: PutLifecycleHook, whose default it is.
        let heartbeat = vector.input["heartbeatTimeout"]?.double ?? 3600
        let hook = LifecycleHook(name: "h", transition: .launching, heartbeatTimeout: .seconds(heartbeat))
        if let expected = vector.expected["globalTimeout"]?.double { #expect(hook.globalTimeout == .seconds(expected)) }
        if let expected = vector.expected["valid"]?.bool { #expect(hook.isValid == expected) }
        if let expected = vector.expected["expiresAt"]?.double {
            let recorded = vector.input["recordedAt"]
            let times = recorded?.list?.compactMap(\.double) ?? recorded?.double.map { [$0] } ?? []
            #expect(try expiry(of: hook, recordedAt: times) == .at(expected))
        }
    }

    /// An instance begins to wait at noon, and heartbeats are recorded so many seconds later.
    private func expiry(of hook: LifecycleHook, recordedAt times: [Double]) throws -> Instant {
        var policy = GroupPolicy(name: "g", minSize: 0, maxSize: 9)
        policy.lifecycleHooks = [hook]
        var world = MiniWorld(policy, desired: 1)
        world.tick(at: -1)
        world.tick(at: 0)
        let id = try #require(world.state.ids(.pendingWait).first)
        for time in times { world.tick(at: time, requests: [.recordHeartbeat(hook: "h", instance: id, token: nil)]) }
        return try #require(world.state.fleet.first?.hooks.first).expiresAt
    }

    @Test(arguments: VectorFile.vectors("replacement-batch"))
    func replacementBatch(_ vector: Vector) throws {
        try vector.expectsOnly(["atATime"])
        let desired = try vector.int("desired")
        let sick = fleet(max(desired, 1)).map { instance in
            var instance = instance
            instance.unhealthy = Unhealthiness(since: .at(-1), why: "no answer")
            return instance
        }
        let evaluation = evaluate(
            GroupPolicy(name: "g", minSize: 0, maxSize: max(desired, 1)), GroupState(desired: desired, fleet: sick),
            Observation(), at: noon)
        let replaced = evaluation.plan.actions.filter { $0.why == .departure(.unhealthy) }
        #expect(replaced.count == vector.expected["atATime"]?.int)
    }

    @Test(arguments: VectorFile.vectors("warm-pool-size"))
    func warmPoolSize(_ vector: Vector) throws {
        try vector.expectsOnly(["size"])
        let desired = try vector.int("desired")
        var policy = GroupPolicy(name: "g", minSize: 0, maxSize: try vector.int("maxSize"))
        policy.warmPool = WarmPool(
            minSize: vector.input["minSize"]?.int ?? 0,
            maxPreparedCapacity: vector.input["maxGroupPreparedCapacity"]?.int)
        let evaluation = evaluate(
            policy, GroupState(desired: desired, fleet: fleet(desired)), Observation(), at: noon)
        #expect(evaluation.instances("prepare").count == vector.expected["size"]?.int)
    }
}
