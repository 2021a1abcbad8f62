import WeirCore
import WeirRuntime

/// The groups asked for, or all.
enum DescribeAutoScalingGroups: AutoScalingAction {
    static let name = "DescribeAutoScalingGroups"
    static let isForOperators = false

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        let wanted = Set(input.form.list("AutoScalingGroupNames"))
        let groups = await call.control.groups().filter { wanted.isEmpty || wanted.contains($0.policy.name) }
        let page = try input.page(
            of: groups, size: AutoScalingLimits.defaultGroupRecords, largest: AutoScalingLimits.groupRecords)
        return { xml in
            xml.element("AutoScalingGroups") { xml in
                for group in page.elements {
                    xml.element("member") { write(group, call, to: &$0) }
                }
            }
            if let token = page.nextToken { xml.element("NextToken", token) }
        }
    }

    private static func write(_ group: GroupSnapshot, _ call: AutoScalingCall, to xml: inout XMLWriter) {
        let (policy, state) = (group.policy, group.state)
        let bounds = Bounds(of: policy, in: state)
        xml.element("AutoScalingGroupName", policy.name)
        xml.element("AutoScalingGroupARN", arn(of: policy.name, call))
        xml.element("MinSize", bounds.minimum)
        xml.element("MaxSize", bounds.maximum)
        xml.element("DesiredCapacity", state.desiredCapacity)
        xml.element("DefaultCooldown", Int(policy.defaultCooldown.components.seconds))
        xml.list("AvailabilityZones", [call.zone])
        xml.list("LoadBalancerNames", [])
        xml.element("HealthCheckType", "EC2")
        xml.element("HealthCheckGracePeriod", 0)
        xml.element("Instances") { xml in
            for instance in state.fleet {
                xml.element("member") { write(instance, call, to: &$0) }
            }
        }
        xml.element("CreatedTime", state.createdAt.rfc3339)
        xml.element("SuspendedProcesses") { xml in
            for process in state.suspended {
                xml.element("member") { xml in
                    xml.element("ProcessName", process.rawValue)
                    xml.element("SuspensionReason", "User suspended")
                }
            }
        }
        xml.list("EnabledMetrics", [])
        xml.list("Tags", [])
        xml.list("TerminationPolicies", policy.terminationPolicies.map(\.apiName))
        xml.element("NewInstancesProtectedFromScaleIn", policy.protectFromScaleIn)
        if let warmup = policy.instanceWarmup {
            xml.element("DefaultInstanceWarmup", Int(warmup.components.seconds))
        }
    }

    private static func write(_ instance: Instance, _ call: AutoScalingCall, to xml: inout XMLWriter) {
        xml.element("InstanceId", instance.id.text)
        xml.element("AvailabilityZone", call.zone)
        xml.element("LifecycleState", instance.lifecycleState.rawValue)
        xml.element("HealthStatus", "Healthy")
        xml.element("ProtectedFromScaleIn", instance.protectedFromScaleIn)
    }

    private static func arn(of group: String, _ call: AutoScalingCall) -> String {
        "arn:aws:autoscaling:\(call.region):\(call.account):autoScalingGroup::autoScalingGroupName/\(group)"
    }
}
