import Testing

@testable import WeirCore

@Suite("Conformance: choosing and sparing instances")
struct FleetVectors {
    private static let policyNames: [String: TerminationPolicy] = [
        "Default": .default, "OldestInstance": .oldestInstance, "NewestInstance": .newestInstance,
        "ClosestToNextInstanceHour": .closestToNextInstanceHour, "OldestLaunchTemplate": .oldestLaunchTemplate,
        "OldestLaunchConfiguration": .oldestLaunchConfiguration, "AllocationStrategy": .allocationStrategy,
    ]

    @Test(arguments: VectorFile.vectors("termination-policy"))
    func terminationPolicy(_ vector: Vector) throws {
        try vector.expectsOnly(["terminate", "anyOf", "terminateNone"])
        let now = try instant(vector.text("now"))
        let order = try vector.input["createdOrder"]?.list?.map { try #require($0.text) } ?? []
        let instances = try vector.list("instances").map { fields -> Instance in
            let launchedAt = try instant(try #require(fields["launchedAt"]?.text))
            var instance = Instance(
                id: InstanceID(try #require(fields["id"]?.text)), lifecycleState: .inService, launchedAt: launchedAt,
                inServiceAt: launchedAt, stateSince: launchedAt,
                protectedFromScaleIn: fields["protected"]?.bool == true)
            instance.zone = fields["az"]?.text
            instance.template = try template(fields["template"], order)
            return instance
        }
        let policies = try (vector.input["policies"]?.list ?? [.text("Default")]).map { name in
            try #require(Self.policyNames[name.text ?? ""], "\(vector.id): a policy that is not known")
        }
        let current = try template(vector.input["currentTemplate"], order)
        let chosen = choose(policies, current, instances, at: now)
        if let expected = vector.expected["terminate"]?.text { #expect(chosen == [expected]) }
        if let any = vector.expected["anyOf"]?.list {
            #expect(chosen.count == 1 && any.contains { $0.text == chosen.first })
        }
        if let none = vector.expected["terminateNone"]?.bool { #expect(chosen.isEmpty == none) }
    }

    /// One fewer is desired: who is drained?
    private func choose(
        _ policies: [TerminationPolicy], _ current: LaunchTemplate?, _ instances: [Instance], at now: Instant
    ) -> [String] {
        if let current, current.isConfiguration {
            // A group of ours launches from a template; an order may know a present configuration all the same.
            let order = TerminationOrder(policies: policies, now: now, current: current)
            let candidates = instances.indices.filter { instances[$0].spared == nil }
            return order.choose(1, from: candidates, of: instances).map { instances[$0].id.text }
        }
        let policy = GroupPolicy(
            name: current?.name ?? "", minSize: 0, maxSize: max(instances.count, 1), terminationPolicies: policies)
        var state = GroupState(desired: instances.count, fleet: instances)
        state.templateVersion = current?.version ?? 1
        return ask(.setDesired(instances.count - 1, honorCooldown: false), policy, state, at: now).instances("drain")
    }

    private func template(_ fields: JSON?, _ order: [String]) throws -> LaunchTemplate? {
        guard let fields, fields != .null else { return nil }
        if let name = fields["lc"]?.text {
            return LaunchTemplate(name: name, version: 1, isConfiguration: true, order: place(name, order))
        }
        let name = try #require(fields["lt"]?.text)
        return LaunchTemplate(name: name, version: fields["version"]?.int ?? 1, order: place(name, order))
    }

    private func place(_ name: String, _ order: [String]) -> Int { order.firstIndex(of: name).map { $0 + 1 } ?? 0 }

    private func instant(_ text: String) throws -> Instant {
        try #require(Instant(rfc3339: text))
    }

    @Test(arguments: VectorFile.vectors("scale-in-with-protection"))
    func scaleInWithProtection(_ vector: Vector) throws {
        try vector.expectsOnly(["desired", "terminated"])
        let (capacity, protected) = (try vector.int("capacity"), try vector.int("protectedCount"))
        let instances = (0..<capacity).map { Instance.inService("i-\($0)", protected: $0 < protected) }
        let evaluation = ask(
            .setDesired(try vector.int("newDesired"), honorCooldown: false),
            GroupPolicy(name: "g", minSize: 0, maxSize: 9999), GroupState(desired: capacity, fleet: instances), at: noon
        )
        if let desired = vector.expected["desired"]?.int { #expect(evaluation.decision.desired == desired) }
        if let terminated = vector.expected["terminated"]?.int {
            #expect(evaluation.instances("drain").count == terminated)
        }
    }

    /// States that weir's instances do not have stand for the nearest of its own: what proceeds after a hook is still on its
    /// way, what is detached is on its way out, a pool instance that runs is one that is paused, and so on. One that has
    /// ended is not remembered at all.
    private static let lifecycleStates: [String: LifecycleState?] = [
        "Pending": .pending, "Pending:Wait": .pendingWait, "Pending:Proceed": .pending, "Quarantined": .pending,
        "InService": .inService, "EnteringStandby": .enteringStandby, "Standby": .standby,
        "Terminating": .draining, "Terminating:Wait": .terminatingWait, "Terminating:Proceed": .terminating,
        "Terminating:Retained": .terminating, "Terminated": nil, "Detaching": .draining, "Detached": nil,
        "ReplacingRootVolume": .pending, "ReplacingRootVolume:Wait": .pendingWait,
        "ReplacingRootVolume:Proceed": .pending, "RootVolumeReplaced": .pending,
        "Warmed:Pending": .warmedPending, "Warmed:Pending:Wait": .warmedPending,
        "Warmed:Pending:Proceed": .warmedPending, "Warmed:Pending:Retained": .warmedPending,
        "Warmed:Terminating": .terminating, "Warmed:Terminating:Wait": .terminatingWait,
        "Warmed:Terminating:Proceed": .terminating, "Warmed:Terminating:Retained": .terminating,
        "Warmed:Terminated": nil, "Warmed:Stopped": .warmedStopped, "Warmed:Running": .warmedHibernated,
        "Warmed:Hibernated": .warmedHibernated,
    ]

    @Test(arguments: VectorFile.vectors("set-instance-protection"))
    func setInstanceProtection(_ vector: Vector) throws {
        try vector.expectsOnly(["accepted", "error"])
        let count = try vector.int("instanceIds")
        let word = try vector.text("lifecycleState")
        let known = try #require(Self.lifecycleStates[word], "\(vector.id): a lifecycle state that is not known")
        let instances = known.map { lifecycleState in
            (0..<count).map { number in
                Instance(
                    id: InstanceID("i-\(number)"), lifecycleState: lifecycleState, launchedAt: .at(-90),
                    inServiceAt: lifecycleState == .inService ? .at(-60) : nil, stateSince: .at(-60))
            }
        }
        let fleet = instances ?? []
        let evaluation = ask(
            .setProtection((0..<count).map { InstanceID("i-\($0)") }, protected: true),
            GroupPolicy(name: "g", minSize: 0, maxSize: 999), GroupState(desired: fleet.count, fleet: fleet), at: noon)
        let refusal: Refusal? =
            switch try #require(evaluation.answers.first).result {
            case .accepted: nil
            case .refused(let refusal): refusal
            }
        if let accepted = vector.expected["accepted"]?.bool { #expect((refusal == nil) == accepted) }
        if let error = vector.expected["error"]?.text { #expect(refusal.flatMap(code) == error) }
    }

    /// The kinds of refusal by the codes of the Auto Scaling API.
    private func code(_ refusal: Refusal) -> String? {
        switch refusal {
        case .noSuchInstance, .notInService: "ValidationError"
        case .tooManyInstances: "LimitExceeded"
        default: nil
        }
    }

    private func ask(
        _ kind: Request.Kind, _ policy: GroupPolicy, _ state: GroupState, at now: Instant
    ) -> Evaluation {
        let observation = Observation(
            listing: .asRemembered(state), requests: [Request(id: 1, kind: kind)])
        return evaluate(policy, state, observation, at: now)
    }
}
