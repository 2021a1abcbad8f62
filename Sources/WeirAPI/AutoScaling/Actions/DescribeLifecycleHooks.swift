import WeirCore
import WeirRuntime

/// The lifecycle hooks of a group: all, or those asked for. Those that do not exist are left out.
enum DescribeLifecycleHooks: AutoScalingAction {
    static let name = "DescribeLifecycleHooks"
    static let isForOperators = false

    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content? {
        let group = try await call.group(try input.groupName())
        let wanted = input.form.list("LifecycleHookNames")
        let hooks = group.policy.lifecycleHooks.filter { wanted.isEmpty || wanted.contains($0.name) }
        return { xml in
            xml.element("LifecycleHooks") { xml in
                for hook in hooks {
                    xml.element("member") { xml in
                        xml.element("LifecycleHookName", hook.name)
                        xml.element("AutoScalingGroupName", group.policy.name)
                        xml.element("LifecycleTransition", hook.transition.apiName)
                        xml.element("HeartbeatTimeout", hook.heartbeatTimeout.apiSeconds)
                        xml.element("GlobalTimeout", hook.globalTimeout.apiSeconds)
                        xml.element("DefaultResult", hook.defaultResult.apiName)
                    }
                }
            }
        }
    }
}
