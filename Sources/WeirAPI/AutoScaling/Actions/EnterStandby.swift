import WeirCore

/// Takes instances out of service for a while: each finishes what it holds and takes no more.
enum EnterStandby: AutoScalingAction {
    static let name = "EnterStandby"
    static let isForOperators = true

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        let group = try input.groupName()
        let decrement = try input.requiredBool("ShouldDecrementDesiredCapacity")
        let instances = try input.requiredInstanceIDs()
        let cause = try await call.request(.enterStandby(instances, decrementDesired: decrement), of: group)
        let activities = instances.map { instance in
            ScalingActivity(
                group: group, description: "Moving EC2 instance to Standby: \(instance)",
                cause:
                    "At \(call.now.rfc3339) instance \(instance) was moved to standby in response to a user request: "
                    + "\(cause).",
                startedAt: call.now, status: .inProgress, progress: 50)
        }
        return { xml in
            xml.element("Activities") { xml in
                for activity in activities { xml.element("member") { activity.write(to: &$0) } }
            }
        }
    }
}
