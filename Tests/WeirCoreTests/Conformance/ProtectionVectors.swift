import Testing

@testable import WeirCore

@Suite("Conformance: what scale-in protection stops")
struct ProtectionVectors {
    private static let treatments: [String: RefreshTreatment] = [
        "Refresh": .replace, "Ignore": .ignore, "Wait": .wait,
    ]

    @Test(arguments: VectorFile.vectors("protection"))
    func protection(_ vector: Vector) throws {
        try vector.expectsOnly(["terminated", "waits"])
        var world = try world(vector)
        let id = InstanceID("i-1")
        let first = world.tick(at: 0, requests: try requests(vector, &world))
        for second in 1...3 { world.tick(at: Double(second)) }
        let isGone = !world.state.fleet.contains { $0.id == id }
        if let terminated = vector.expected["terminated"]?.bool { #expect(isGone == terminated) }
        if let waits = vector.expected["waits"]?.bool {
            let held = ["held_by_protection", "lifetime_held_by_protection", "refresh_held"]
            #expect(first.codes.contains(where: held.contains) == waits)
        }
    }

    /// One instance in service, protected or not, to which the event happens; those that were launched since are in service.
    private func world(_ vector: Vector) throws -> MiniWorld {
        var policy = GroupPolicy(name: "g", minSize: 0, maxSize: 9)
        if try event(vector) == .policy {
            policy.alarms = [.down()]
            policy.scalingPolicies = [.always("in", on: "down", .changeInCapacity, -1)]
        }
        let protected = vector.input["protected"]?.bool == true
        var world = MiniWorld(policy, desired: 1, fleet: [.inService("i-1", protected: protected)])
        let name = vector.input["scaleInProtectedInstances"]?.text
        if let name {
            world.policy.instanceRefresh.protectedInstances = try #require(Self.treatments[name], "\(vector.id)")
        }
        return world
    }

    private func requests(_ vector: Vector, _ world: inout MiniWorld) throws -> [Request.Kind] {
        let id = InstanceID("i-1")
        switch try event(vector) {
        case .vanished:
            world.vanish(id)
            return []
        case .terminated: return [.terminate(id, decrementDesired: false)]
        case .unhealthy: return [.setHealth(id, healthy: false, respectGracePeriod: false)]
        case .lifetime:
            world.policy.maxInstanceLifetime = .seconds(36_000)
            return []
        case .refresh: return [.startRefresh(nil)]
        case .desired: return [.setDesired(0, honorCooldown: false)]
        case .policy: return []
        }
    }

    private enum Event {
        /// Somebody ended it without asking weir: its launcher lists it no more.
        case vanished
        case terminated, unhealthy, lifetime, refresh
        /// A scaling policy wants fewer.
        case policy
        /// Fewer are desired, by hand or by the clock.
        case desired
    }

    /// The words of the pages, however they are spelt: `scaleIn`, `scheduled-action`, `SetDesiredCapacity`.
    private func event(_ vector: Vector) throws -> Event {
        let word = try vector.text("event").lowercased().filter(\.isLetter)
        let words: [(part: String, event: Event)] = [
            ("terminateinstanceinautoscaling", .terminated), ("terminateinstances", .vanished),
            ("ectermin", .vanished), ("spot", .vanished), ("health", .unhealthy), ("lifetime", .lifetime),
            ("refresh", .refresh), ("polic", .policy), ("tracking", .policy), ("alarm", .policy),
            ("scalein", .desired), ("schedul", .desired), ("manual", .desired), ("desired", .desired),
            ("updateautoscalinggroup", .desired),
        ]
        return try #require(
            words.first { word.contains($0.part) }?.event, "\(vector.id): the event '\(word)' is not known")
    }
}
