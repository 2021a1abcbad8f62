import WeirCore

/// The commands of lifecycle hooks that run now. They run beside the other actions of their instances, as they may take
/// hours; and for one wait there is never more than one.
struct HookRuns {
    private var tasks: [Run: Task<Void, Never>] = [:]

    private struct Run: Hashable {
        var instance: InstanceID
        var hook: String
    }

    /// After a restart, or at a second wait for the same hook, the former run is called off first.
    mutating func begin(_ instance: InstanceID, _ hook: String, _ work: @escaping @Sendable () async -> Void) {
        let run = Run(instance: instance, hook: hook)
        let former = tasks[run]
        tasks[run] = Task {
            former?.cancel()
            await former?.value
            if !Task.isCancelled { await work() }
        }
    }

    /// Calls off those that nobody waits for any more: the hook was completed by somebody else, took too long, or its
    /// instance is gone.
    mutating func keep(waitedForBy fleet: [Instance]) {
        guard !tasks.isEmpty else { return }
        let waited = Set(
            fleet.flatMap { instance in instance.hooks.map { Run(instance: instance.id, hook: $0.hook.name) } })
        for (run, task) in tasks where !waited.contains(run) {
            task.cancel()
            tasks[run] = nil
        }
    }

    var all: [Task<Void, Never>] { Array(tasks.values) }

    func endAll() {
        for task in tasks.values { task.cancel() }
    }
}
