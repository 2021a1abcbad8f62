import WeirCore

/// Suspends processes of a group; without naming any, all.
enum SuspendProcesses: AutoScalingAction {
    static let name = "SuspendProcesses"
    static let isForOperators = true

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        let group = try input.requiredString("AutoScalingGroupName")
        _ = try await call.request(.suspend(try input.processes()), of: group)
        return nil
    }
}
