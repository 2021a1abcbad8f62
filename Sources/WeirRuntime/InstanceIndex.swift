import Synchronization
import WeirCore

/// Which group an instance belongs to, for everyone who must know it quickly: each request to the queue asks.
public final class InstanceIndex: Sendable {
    private struct Entries {
        var groupOf: [InstanceID: String] = [:]
        var instancesOf: [String: [InstanceID]] = [:]
    }

    private let entries = Mutex(Entries())

    public init() {}

    public func group(of instance: InstanceID) -> String? {
        entries.withLock { $0.groupOf[instance] }
    }

    func set(_ group: String, _ fleet: [Instance]) {
        let ids = fleet.map(\.id)
        entries.withLock { entries in
            let before = entries.instancesOf[group] ?? []
            guard before != ids else { return }
            for id in before { entries.groupOf[id] = nil }
            for id in ids { entries.groupOf[id] = group }
            entries.instancesOf[group] = ids.isEmpty ? nil : ids
        }
    }
}
