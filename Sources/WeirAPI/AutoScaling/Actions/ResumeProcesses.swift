import WeirCore

/// Resumes processes of a group; without naming any, all.
enum ResumeProcesses: AutoScalingAction {
    static let name = "ResumeProcesses"
    static let isForOperators = true

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        let group = try input.requiredString("AutoScalingGroupName")
        _ = try await call.request(.resume(try input.processes()), of: group)
        return nil
    }
}
