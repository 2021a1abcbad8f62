import WeirCore
import WeirRuntime

/// Ends one instance whether protected or not; it is replaced unless desired capacity is decremented with it.
enum TerminateInstanceInAutoScalingGroup: AutoScalingAction {
    static let name = "TerminateInstanceInAutoScalingGroup"
    static let isForOperators = true

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        let instance = InstanceID(try input.requiredString("InstanceId"))
        let decrement = try input.requiredBool("ShouldDecrementDesiredCapacity")
        guard let group = await call.control.find(instance)?.group else {
            throw ErrorTable.validation(
                "Instance Id not found - No managed instance found for instance ID: \(instance)")
        }
        let cause = try await call.request(.terminate(instance, decrementDesired: decrement), of: group)
        return { xml in
            xml.element("Activity") { xml in
                xml.element("ActivityId", RequestID().description)
                xml.element("AutoScalingGroupName", group)
                xml.element("Description", "Terminating EC2 instance: \(instance)")
                xml.element("Cause", cause)
                xml.element("StartTime", call.now.rfc3339)
                xml.element("StatusCode", "InProgress")
                xml.element("Progress", 0)
            }
        }
    }
}
