/// What a group has learned of its work and its instances, for another policy that is to decide beside it.
public struct LearnedOfWork: Sendable, Equatable, Codable {
    /// How long launches took, the newest last. Unit: seconds.
    public var startups: [Double]
    var memories: [WaitMemory]
    /// Of each of the memories, what it was steered by.
    var targets: [WaitTarget?]

    public init(of state: GroupState, under policy: GroupPolicy) {
        memories = state.waitMemories ?? []
        targets = memories.map { memory in
            let scaling = policy.scalingPolicies.first { $0.name == memory.policy }
            guard case .waitTarget(let target)? = scaling?.kind else { return nil }
            return target
        }
        let ofFleet = state.fleet.compactMap { instance in
            instance.inServiceAt.flatMap { ready in
                instance.cameFromPool != true && instance.launchedAt < ready
                    ? (ready - instance.launchedAt).inSeconds : nil
            }
        }
        // The memory of a wait target goes back further than the instances that are there.
        startups = memories.map(\.startups).max { $0.count < $1.count }.flatMap { $0.isEmpty ? nil : $0 } ?? ofFleet
    }
}

extension GroupState {
    /// Begins with what another group has learned of the same work.
    public mutating func begin(with learned: LearnedOfWork, under policy: GroupPolicy, at now: Instant) {
        var memories: [WaitMemory] = []
        for scaling in policy.scalingPolicies where scaling.enabled {
            guard case .waitTarget(let target) = scaling.kind else { continue }
            let known = learned.memories.firstIndex { $0.policy == scaling.name } ?? learned.memories.indices.first
            if let known {
                var memory = learned.memories[known]
                if learned.targets[known] != target { memory.steerAnew(target) }
                memory.policy = scaling.name
                memory.surplus = []
                memory.due = nil
                memory.restart(with: learned.startups, target)
                memories.append(memory)
            } else if !learned.startups.isEmpty {
                var memory = WaitMemory(
                    policy: scaling.name, target, startup: WaitMemory.startupUnseen, at: now)
                memory.restart(with: learned.startups, target)
                memories.append(memory)
            }
        }
        if !memories.isEmpty { waitMemories = memories }
    }

    /// How long launches take was assumed until now; these were seen.
    public mutating func restartStartups(with seconds: [Double], under policy: GroupPolicy) {
        guard var memories = waitMemories else { return }
        for index in memories.indices {
            for scaling in policy.scalingPolicies where scaling.name == memories[index].policy {
                guard case .waitTarget(let target) = scaling.kind else { continue }
                memories[index].restart(with: seconds, target)
            }
        }
        waitMemories = memories
    }
}
