import WeirCore

/// Protects instances from scale-in, or no longer. Only an instance in service can be protected: one that was chosen to
/// end is told no, and must not start new work.
enum SetInstanceProtection: AutoScalingAction {
    static let name = "SetInstanceProtection"
    static let isForOperators = false

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        let group = try input.requiredString("AutoScalingGroupName")
        let isProtected = try input.requiredBool("ProtectedFromScaleIn")
        let instances = try input.instanceIDs()
        guard !instances.isEmpty else {
            throw ErrorTable.validation(
                "1 validation error detected: Value null at 'InstanceIds' failed to satisfy constraint: Member must not be "
                    + "null")
        }
        for instance in instances { try call.allow(name, for: instance) }
        _ = try await call.request(.setProtection(instances, protected: isProtected), of: group)
        return { _ in }
    }
}
