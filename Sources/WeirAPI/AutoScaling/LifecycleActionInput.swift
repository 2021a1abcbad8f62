import WeirCore

/// Which lifecycle hook of which instance is meant: the parameters that CompleteLifecycleAction and
/// RecordLifecycleActionHeartbeat share.
struct LifecycleActionInput {
    var group: String
    var hook: String
    /// Nil when the token alone says which instance.
    var instance: InstanceID?
    var token: String?

    /// - Throws: also when an instance names another than itself.
    init(_ input: AutoScalingInput, _ call: AutoScalingCall, _ action: String) throws(APIError) {
        group = try input.groupName()
        hook = try input.requiredString("LifecycleHookName")
        instance = input.string("InstanceId").map(InstanceID.init)
        token = input.string("LifecycleActionToken")
        if let token, token.count != AutoScalingLimits.tokenCharacters {
            throw ErrorTable.validation(
                "1 validation error detected: Value '\(token)' at 'lifecycleActionToken' failed to satisfy constraint: "
                    + "Member must have length \(AutoScalingLimits.tokenCharacters)")
        }
        if let instance { try call.allow(action, for: instance) }
        // With the token of another it would not be for itself.
        instance = instance ?? call.principal.receiver
    }
}
