import Foundation
import Testing

@testable import WeirCore

@Suite("Conformance: choosing and sparing instances")
struct FleetVectors {
    private static let policyNames: [String: TerminationPolicy] = [
        "Default": .default, "OldestInstance": .oldestInstance, "NewestInstance": .newestInstance,
        "ClosestToNextInstanceHour": .closestToNextInstanceHour,
    ]

    /// Left out: more than one zone, more than one template or configuration, and policies that speak of them; a group has
    /// none of these yet.
    @Test(
        arguments: VectorFile.vectors("termination-policy") { vector in
            let instances = vector.input["instances"]?.list ?? []
            let policies = vector.input["policies"]?.list ?? []
            return Set(instances.compactMap { $0["az"]?.text }).count == 1
                && instances.allSatisfy { $0["template"] == instances.first?["template"] }
                && policies.allSatisfy { policyNames[$0.text ?? ""] != nil }
        })
    func terminationPolicy(_ vector: Vector) throws {
        let now = try instant(vector.text("now"))
        let instances = try vector.list("instances").map { fields -> Instance in
            let launchedAt = try instant(try #require(fields["launchedAt"]?.text))
            return Instance(
                id: InstanceID(try #require(fields["id"]?.text)), lifecycleState: .inService, launchedAt: launchedAt,
                inServiceAt: launchedAt, stateSince: launchedAt,
                protectedFromScaleIn: fields["protected"]?.bool == true)
        }
        let policies = try vector.list("policies").compactMap { Self.policyNames[$0.text ?? ""] }
        let policy = GroupPolicy(name: "g", minSize: 0, maxSize: 99, terminationPolicies: policies)
        let evaluation = ask(
            .setDesired(instances.count - 1, honorCooldown: false), policy,
            GroupState(desired: instances.count, fleet: instances), at: now)
        let chosen = evaluation.instances("drain")
        if let expected = vector.expected["terminate"]?.text { #expect(chosen == [expected]) }
        if let any = vector.expected["anyOf"]?.list {
            #expect(chosen.count == 1 && any.contains { $0.text == chosen.first })
        }
        if vector.expected["terminateNone"]?.bool == true { #expect(chosen.isEmpty) }
    }

    private func instant(_ text: String) throws -> Instant {
        let date = try #require(ISO8601DateFormatter().date(from: text))
        return Instant(milliseconds: Int64(date.timeIntervalSince1970 * 1000))
    }

    /// Left out: spot instances, maximum lifetime and instance refresh, which do not exist yet.
    @Test(
        arguments: VectorFile.vectors("protection") { $0.input["event"]?.text == "TerminateInstances" })
    func protection(_ vector: Vector) throws {
        let protected = vector.input["protected"]?.bool == true
        let state = GroupState(desired: 1, fleet: [.inService("i-1", protected: protected)])
        // Somebody ended it without asking weir: its launcher lists it no more.
        let evaluation = evaluate(
            GroupPolicy(name: "g", minSize: 0, maxSize: 9), state, Observation(listing: .instances([])), at: noon)
        let isGone = !evaluation.state.fleet.contains { $0.id == InstanceID("i-1") }
        #expect(isGone == vector.expected["terminated"]?.bool)
    }

    @Test(arguments: VectorFile.vectors("scale-in-with-protection"))
    func scaleInWithProtection(_ vector: Vector) throws {
        let (capacity, protected) = (try vector.int("capacity"), try vector.int("protectedCount"))
        let instances = (1...capacity).map { Instance.inService("i-\($0)", protected: $0 <= protected) }
        let evaluation = ask(
            .setDesired(try vector.int("newDesired"), honorCooldown: false),
            GroupPolicy(name: "g", minSize: 0, maxSize: 99), GroupState(desired: capacity, fleet: instances), at: noon)
        #expect(evaluation.decision.desired == vector.expected["desired"]?.int)
        #expect(evaluation.instances("drain").count == vector.expected["terminated"]?.int)
    }

    private static let lifecycleStates: [String: LifecycleState] = [
        "Pending": .pending, "InService": .inService, "Terminating:Wait": .draining,
        "Terminating:Proceed": .terminating,
    ]

    /// Left out: standby, lifecycle hooks and warm pools, whose states do not exist yet. An instance that has ended is
    /// not remembered.
    @Test(
        arguments: VectorFile.vectors("set-instance-protection") { vector in
            let state = vector.input["lifecycleState"]?.text ?? ""
            return lifecycleStates[state] != nil || state == "Terminated"
        })
    func setInstanceProtection(_ vector: Vector) throws {
        let count = try vector.int("instanceIds")
        var instances: [Instance] = []
        if let lifecycleState = Self.lifecycleStates[try vector.text("lifecycleState")] {
            instances = (0..<count).map { number in
                Instance(
                    id: InstanceID("i-\(number)"), lifecycleState: lifecycleState, launchedAt: .at(-90),
                    inServiceAt: lifecycleState == .pending ? nil : .at(-60), stateSince: .at(-60))
            }
        }
        let ids = (0..<count).map { InstanceID("i-\($0)") }
        let evaluation = ask(
            .setProtection(ids, protected: true), GroupPolicy(name: "g", minSize: 0, maxSize: 99),
            GroupState(desired: instances.count, fleet: instances), at: noon)
        let accepted =
            switch try #require(evaluation.answers.first).result {
            case .accepted: true
            case .refused: false
            }
        #expect(accepted == vector.expected["accepted"]?.bool)
    }

    private func ask(
        _ kind: Request.Kind, _ policy: GroupPolicy, _ state: GroupState, at now: Instant
    ) -> Evaluation {
        let observation = Observation(
            listing: .asRemembered(state), requests: [Request(id: 1, kind: kind)])
        return evaluate(policy, state, observation, at: now)
    }
}
