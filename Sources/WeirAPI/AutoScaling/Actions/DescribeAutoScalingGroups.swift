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
        xml.element("AutoScalingGroupARN", call.arn("autoScalingGroup", of: policy.name))
        if state.templateDigest != nil { group.launchTemplate.write(to: &xml) }
        xml.element("MinSize", bounds.minimum)
        xml.element("MaxSize", bounds.maximum)
        xml.element("DesiredCapacity", state.desiredCapacity)
        xml.element("DefaultCooldown", policy.defaultCooldown.apiSeconds)
        xml.list("AvailabilityZones", [call.zone])
        xml.list("LoadBalancerNames", [])
        xml.element("HealthCheckType", "EC2")
        xml.element("HealthCheckGracePeriod", policy.healthCheckGracePeriod.apiSeconds)
        xml.element("Instances") { xml in
            // Those of the warm pool are DescribeWarmPool's to tell.
            for instance in state.fleet where !instance.isOfWarmPool {
                xml.element("member") { instance.write(call, to: &$0) }
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
        if let lifetime = policy.maxInstanceLifetime { xml.element("MaxInstanceLifetime", lifetime.apiSeconds) }
        if let pool = policy.warmPool {
            xml.element("WarmPoolConfiguration") { pool.write(to: &$0) }
            xml.element("WarmPoolSize", state.fleet.count { $0.isOfWarmPool })
        }
        if let warmup = policy.instanceWarmup {
            xml.element("DefaultInstanceWarmup", warmup.apiSeconds)
        }
    }
}

extension Instance {
    /// As an Instance of the Auto Scaling API.
    func write(_ call: AutoScalingCall, to xml: inout XMLWriter) {
        xml.element("InstanceId", id.text)
        xml.element("AvailabilityZone", zone ?? call.zone)
        xml.element("LifecycleState", apiLifecycleState)
        xml.element("HealthStatus", unhealthy == nil ? "Healthy" : "Unhealthy")
        template?.write(to: &xml)
        xml.element("ProtectedFromScaleIn", protectedFromScaleIn)
    }
}

extension LaunchTemplate {
    func write(to xml: inout XMLWriter) {
        if isConfiguration { return xml.element("LaunchConfigurationName", name) }
        xml.element("LaunchTemplate") { xml in
            xml.element("LaunchTemplateName", name)
            xml.element("Version", version)
        }
    }
}

extension GroupSnapshot {
    /// What decides: a group that leaves has neither scaling policies nor a schedule any more.
    var policyInForce: GroupPolicy { leaving ? policy.retired() : policy }

    /// What is launched now.
    var launchTemplate: LaunchTemplate { LaunchTemplate(name: policy.name, version: state.templateVersion) }
}
