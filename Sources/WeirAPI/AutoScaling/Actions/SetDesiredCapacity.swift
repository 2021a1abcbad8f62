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
        let group = try await call.group(name)
        let bounds = Bounds(of: group.policy, in: group.state)
        guard capacity >= bounds.minimum else {
            throw ErrorTable.validation(
                "New SetDesiredCapacity value \(capacity) is below min value \(bounds.minimum) for the AutoScalingGroup."
            )
        }
        guard capacity <= bounds.maximum else {
            throw ErrorTable.validation(
                "New SetDesiredCapacity value \(capacity) is above max value \(bounds.maximum) for the AutoScalingGroup."
            )
        }
        _ = try await call.request(.setDesired(capacity, honorCooldown: honorCooldown), of: name)
        return nil
    }
}
