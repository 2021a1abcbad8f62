import WeirCore

/// Goes back to what was launched before the instance refresh.
enum RollbackInstanceRefresh: AutoScalingAction {
    static let name = "RollbackInstanceRefresh"
    static let isForOperators = true

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        try await call.refreshAnswer(to: .rollBackRefresh, of: try input.groupName())
    }
}
