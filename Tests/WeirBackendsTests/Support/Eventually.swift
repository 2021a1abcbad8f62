import Testing

/// Waits until something is so, looking again and again, for at most `limit`.
/// - Returns: whether it came to be so.
func eventually(within limit: Duration = .seconds(60), _ condition: () async throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while true {
        if try await condition() { return true }
        guard ContinuousClock.now < deadline else { return false }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// Waits until there is a value.
func eventually<Value>(
    within limit: Duration = .seconds(60), value: () async throws -> Value?
) async throws -> Value? {
    var found: Value?
    _ = try await eventually(within: limit) {
        found = try await value()
        return found != nil
    }
    return found
}
