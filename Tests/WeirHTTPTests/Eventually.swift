/// Asks until the answer is yes or the deadline has passed.
func eventually(within limit: Duration = .seconds(60), _ question: () async -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if await question() { return true }
        try? await Task.sleep(for: .milliseconds(5))
    }
    return await question()
}
