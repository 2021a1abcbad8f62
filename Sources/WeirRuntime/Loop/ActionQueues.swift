import WeirCore

/// Actions that were begun and have not ended: for each instance one at a time, in the order in which they were decided; those
/// of different instances beside each other. The commands of lifecycle hooks are not among them, as they may take hours.
struct ActionQueues {
    /// For each instance with any: the one under way, and those that wait for it.
    private var queues: [InstanceID: [OrderedAction]] = [:]

    /// - Returns: the action may be performed now.
    mutating func add(_ ordered: OrderedAction) -> Bool {
        queues[ordered.action.instance, default: []].append(ordered)
        return queues[ordered.action.instance]?.count == 1
    }

    /// The one under way has ended.
    /// - Returns: the next of the same instance, which may be performed now.
    mutating func finish(_ instance: InstanceID) -> OrderedAction? {
        guard var queue = queues[instance], !queue.isEmpty else { return nil }
        queue.removeFirst()
        queues[instance] = queue.isEmpty ? nil : queue
        return queue.first
    }
}

/// An action, and what it launches.
package struct OrderedAction: Sendable {
    package var action: Action
    /// The version of the launch template that the instance is of; nil when it is not known.
    package var template: Int?
    package var former: FormerTemplate
}
