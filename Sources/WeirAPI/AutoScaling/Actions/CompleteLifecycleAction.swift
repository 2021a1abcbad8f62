import WeirCore

/// Ends the wait for a lifecycle hook. An instance may complete its own.
enum CompleteLifecycleAction: AutoScalingAction {
    static let name = "CompleteLifecycleAction"
    static let isForOperators = false

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        let action = try LifecycleActionInput(input, call, name)
        let word = try input.requiredString("LifecycleActionResult")
        guard let result = LifecycleResult.allCases.first(where: { $0.apiName == word }) else {
            let known = LifecycleResult.allCases.map(\.apiName).joined(separator: ", ")
            throw ErrorTable.validation("LifecycleActionResult is '\(word)'; one of \(known) is expected.")
        }
        _ = try await call.request(
            .completeLifecycle(hook: action.hook, instance: action.instance, token: action.token, result),
            of: action.group)
        return { _ in }
    }
}
