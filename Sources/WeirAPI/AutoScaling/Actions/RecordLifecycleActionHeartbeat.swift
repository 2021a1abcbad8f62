import WeirCore

/// The heartbeat timeout of a lifecycle hook begins again. An instance may ask it for itself.
enum RecordLifecycleActionHeartbeat: AutoScalingAction {
    static let name = "RecordLifecycleActionHeartbeat"
    static let isForOperators = false

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        let action = try LifecycleActionInput(input, call, name)
        _ = try await call.request(
            .recordHeartbeat(hook: action.hook, instance: action.instance, token: action.token), of: action.group)
        return { _ in }
    }
}
