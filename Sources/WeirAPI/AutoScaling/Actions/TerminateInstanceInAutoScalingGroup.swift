import WeirCore
import WeirRuntime

/// Ends one instance whether protected or not; it is replaced unless desired capacity is decremented with it.
enum TerminateInstanceInAutoScalingGroup: AutoScalingAction {
    static let name = "TerminateInstanceInAutoScalingGroup"
    static let isForOperators = true

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        let instance = InstanceID(try input.requiredString("InstanceId"))
        let decrement = try input.requiredBool("ShouldDecrementDesiredCapacity")
        let group = try await call.group(of: instance)
        let cause = try await call.request(.terminate(instance, decrementDesired: decrement), of: group)
        let activity = ScalingActivity(
            group: group, description: "Terminating EC2 instance: \(instance)", cause: cause, startedAt: call.now,
            status: .inProgress, progress: 0)
        return { xml in xml.element("Activity") { activity.write(to: &$0) } }
    }
}
