import WeirCore

/// What arrived since the last tick.
struct Inbox {
    var measurement: Measurement?
    var listing: Listing?
    var outcomes: [ActionOutcome] = []
    var requests: [Request] = []
    var health: [HealthReport] = []
    /// Something else changed (who holds what, the policy): tick.
    var nudged = false

    var isEmpty: Bool {
        measurement == nil && listing == nil && outcomes.isEmpty && requests.isEmpty && health.isEmpty && !nudged
    }

    /// All that it holds, as a tick sees it.
    func observation(held: [HeldMessages]?) -> Observation {
        var observation = Observation(
            measurement: measurement, listing: listing, held: held, outcomes: outcomes, requests: requests)
        observation.health = health
        return observation
    }
}

extension Listing {
    func without(_ gone: Set<InstanceID>) -> Listing {
        guard !gone.isEmpty, case .instances(let instances) = self else { return self }
        return .instances(instances.filter { !gone.contains($0.id) })
    }

    /// Those that have ended since it was made run in it only.
    func without(ended: Set<InstanceID>) -> Listing {
        guard !ended.isEmpty, case .instances(let instances) = self else { return self }
        return .instances(
            instances.filter { instance in
                if case .exited = instance.phase { true } else { !ended.contains(instance.id) }
            })
    }
}
