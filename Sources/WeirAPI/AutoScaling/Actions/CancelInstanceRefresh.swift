import WeirCore

/// Ends an instance refresh where it is. What is on its way out goes on, so there is nothing to wait for or not:
/// WaitForTransitioningInstances makes no difference.
enum CancelInstanceRefresh: AutoScalingAction {
    static let name = "CancelInstanceRefresh"
    static let isForOperators = true

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        _ = try input.bool("WaitForTransitioningInstances")
        return try await call.refreshAnswer(to: .cancelRefresh, of: try input.groupName())
    }
}
