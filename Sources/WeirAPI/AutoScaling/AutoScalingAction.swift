import WeirCore
import WeirRuntime

/// What every Auto Scaling action is given besides its input.
struct AutoScalingCall: Sendable {
    var control: any ControlPlane
    var account: String
    var region: String
    var principal: Principal
    var now: Instant

    /// There is one zone, since there is one machine.
    var zone: String { "\(region)a" }
}

/// One action of the Auto Scaling API: its input, its checks, its work, its answer.
protocol AutoScalingAction: Sendable {
    /// Writes what stands inside of the `…Result` element.
    typealias Content = (inout XMLWriter) -> Void

    /// As it stands in the request, such as `SetInstanceProtection`.
    static var name: String { get }
    /// An instance may not ask for it.
    static var isForOperators: Bool { get }
    /// - Returns: nil when the action has no result element.
    static func answer(_ input: AutoScalingInput, _ call: AutoScalingCall) async throws(APIError) -> Content?
}

/// All actions that are answered, by name. A new action is one file and one line here.
enum AutoScalingActionTable {
    static let actions: [any AutoScalingAction.Type] = [
        CancelInstanceRefresh.self, CompleteLifecycleAction.self, DescribeAutoScalingGroups.self,
        DescribeAutoScalingInstances.self, DescribeInstanceRefreshes.self, DescribeLifecycleHookTypes.self,
        DescribeLifecycleHooks.self, DescribePolicies.self, DescribeScalingProcessTypes.self,
        DescribeScheduledActions.self, DescribeTerminationPolicyTypes.self, DescribeWarmPool.self, EnterStandby.self,
        ExitStandby.self, RecordLifecycleActionHeartbeat.self, ResumeProcesses.self, RollbackInstanceRefresh.self,
        SetDesiredCapacity.self, SetInstanceHealth.self, SetInstanceProtection.self, StartInstanceRefresh.self,
        SuspendProcesses.self, TerminateInstanceInAutoScalingGroup.self,
    ]

    private static let byName = Dictionary(uniqueKeysWithValues: actions.map { ($0.name, $0) })

    static func action(named name: String) throws(APIError) -> any AutoScalingAction.Type {
        guard let action = byName[name] else { throw ErrorTable.invalidAction(name) }
        return action
    }
}

extension AutoScalingCall {
    /// The group of this name.
    func group(_ name: String) async throws(APIError) -> GroupSnapshot {
        guard let group = await control.group(named: name) else { throw Self.noSuchGroup(name) }
        return group
    }

    /// The group that is asked for, or all when none is.
    func groups(_ input: AutoScalingInput) async throws(APIError) -> [GroupSnapshot] {
        guard input.string("AutoScalingGroupName") != nil else { return await control.groups() }
        return [try await group(try input.groupName())]
    }

    /// The name of the group that this instance is of.
    func group(of instance: InstanceID) async throws(APIError) -> String {
        guard let group = await control.find(instance)?.group else { throw ErrorTable.noManagedInstance(instance) }
        return group
    }

    /// The ARN of a group, or how that of a part of it begins. AWS has a UUID between the two colons; here names are enough.
    func arn(_ resource: String, of group: String) -> String {
        "arn:aws:autoscaling:\(region):\(account):\(resource)::autoScalingGroupName/\(group)"
    }

    /// - Throws: when an instance asks something of another.
    func allow(_ action: String, for instance: InstanceID) throws(APIError) {
        if let caller = principal.receiver, caller != instance { throw ErrorTable.accessDenied(principal, action) }
    }

    /// Has a tick of the group decide.
    /// - Returns: a sentence that says what now holds.
    func request(_ kind: Request.Kind, of group: String) async throws(APIError) -> String {
        switch await control.request(kind, of: group) {
        case nil: throw Self.noSuchGroup(group)
        case .refused(let refusal): throw ErrorTable.error(refusal, group: group)
        case .accepted(let sentence): return sentence
        }
    }

    private static func noSuchGroup(_ name: String) -> APIError {
        ErrorTable.validation("AutoScalingGroup name not found - AutoScalingGroup \(name) not found")
    }
}
