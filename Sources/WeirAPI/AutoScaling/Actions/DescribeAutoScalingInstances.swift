import WeirCore
import WeirRuntime

/// The instances asked for, or all. Those that do not exist are left out.
enum DescribeAutoScalingInstances: AutoScalingAction {
    static let name = "DescribeAutoScalingInstances"
    static let isForOperators = false

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        let wanted = Set(try input.instanceIDs())
        let all = await call.control.groups().flatMap { group in
            group.state.fleet.map { (group: group.policy.name, instance: $0) }
        }
        let found = wanted.isEmpty ? all : all.filter { wanted.contains($0.instance.id) }
        let page = try input.page(
            of: found, size: AutoScalingLimits.instanceRecords, largest: AutoScalingLimits.instanceRecords)
        return { xml in
            xml.element("AutoScalingInstances") { xml in
                for (group, instance) in page.elements {
                    xml.element("member") { write(instance, of: group, call, to: &$0) }
                }
            }
            if let token = page.nextToken { xml.element("NextToken", token) }
        }
    }

    private static func write(_ instance: Instance, of group: String, _ call: AutoScalingCall, to xml: inout XMLWriter)
    {
        xml.element("InstanceId", instance.id.text)
        xml.element("AutoScalingGroupName", group)
        xml.element("AvailabilityZone", instance.zone ?? call.zone)
        xml.element("LifecycleState", instance.apiLifecycleState)
        xml.element("HealthStatus", instance.unhealthy == nil ? "HEALTHY" : "UNHEALTHY")
        instance.template?.write(to: &xml)
        xml.element("ProtectedFromScaleIn", instance.protectedFromScaleIn)
    }
}
