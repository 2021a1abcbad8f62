import WeirCore

/// Brings instances back into service from standby.
enum ExitStandby: AutoScalingAction {
    static let name = "ExitStandby"
    static let isForOperators = true

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        let group = try input.groupName()
        let instances = try input.requiredInstanceIDs()
        let cause = try await call.request(.exitStandby(instances), of: group)
        let activities = instances.map { instance in
            ScalingActivity(
                group: group, description: "Moving EC2 instance out of Standby: \(instance)",
                cause: "At \(call.now.rfc3339) instance \(instance) was moved out of standby in response to a user "
                    + "request: \(cause).",
                startedAt: call.now, status: .preInService, progress: 30)
        }
        return { xml in
            xml.element("Activities") { xml in
                for activity in activities { xml.element("member") { activity.write(to: &$0) } }
            }
        }
    }
}
