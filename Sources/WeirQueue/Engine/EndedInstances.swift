import WeirCore

/// Instances that ended a moment ago. The API remembers for a moment that an instance was alive, and a request of it may be
/// on its way: a message given to it would be lost until its visibility timeout.
struct EndedInstances {
    private struct Entry {
        var instance: InstanceID
        var until: Instant
    }

    private var until: [InstanceID: Instant] = [:]
    /// In the order in which they ended.
    private var order: [Entry] = []

    var count: Int { order.count }

    mutating func add(_ instance: InstanceID, at now: Instant) {
        let entry = Entry(instance: instance, until: now + EngineLimits.endedInstanceMemory)
        order.append(entry)
        until[instance] = entry.until
        let over = order.prefix { $0.until <= now }.count
        drop(max(over, order.count - EngineLimits.endedInstances))
    }

    func contains(_ instance: InstanceID?, at now: Instant) -> Bool {
        guard let instance, let until = until[instance] else { return false }
        return now < until
    }

    /// It is there again.
    mutating func remove(_ instance: InstanceID) { until[instance] = nil }

    private mutating func drop(_ count: Int) {
        guard count > 0 else { return }
        // One that ended again since has a later entry, which counts.
        for entry in order.prefix(count) where until[entry.instance] == entry.until { until[entry.instance] = nil }
        order.removeFirst(count)
    }
}
