import WeirCore
import WeirRuntime

/// Sets a group's desired capacity within its bounds.
enum SetDesiredCapacity: AutoScalingAction {
    static let name = "SetDesiredCapacity"
    static let isForOperators = true

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        let name = try input.requiredString("AutoScalingGroupName")
        let capacity = try input.requiredInteger("DesiredCapacity")
        let honorCooldown = try input.bool("HonorCooldown") ?? false
        // A tick would clamp the number; AWS refuses it.
        let policy = try await call.group(name).policy
        guard capacity >= policy.minSize else {
            throw ErrorTable.validation(
                "New SetDesiredCapacity value \(capacity) is below min value \(policy.minSize) for the AutoScalingGroup."
            )
        }
        guard capacity <= policy.maxSize else {
            throw ErrorTable.validation(
                "New SetDesiredCapacity value \(capacity) is above max value \(policy.maxSize) for the AutoScalingGroup."
            )
        }
        _ = try await call.request(.setDesired(capacity, honorCooldown: honorCooldown), of: name)
        return nil
    }
}
