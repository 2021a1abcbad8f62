/// Runs `work` for at most so long; then it is cancelled.
/// - Returns: nil when the time was up first. `work` has ended in either case, so it must heed its cancellation.
func withTimeLimit<Value: Sendable>(_ limit: Duration, _ work: @escaping @Sendable () async -> Value) async -> Value? {
    await withTaskGroup(of: Value?.self) { group in
        group.addTask { await work() }
        group.addTask {
            try? await Task.sleep(for: limit)
            return nil
        }
        // There are two tasks, so there is a first.
        let first = await group.next() ?? nil
        group.cancelAll()
        return first
    }
}
