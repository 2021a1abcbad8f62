import WeirCore

/// What an operator asks of a group, as `POST /v1/groups/NAME/requests` takes it. Which members belong to it depends on
/// the kind.
public struct OperatorRequest: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case setDesired = "set_desired"
        case setProtection = "set_protection"
        case suspend
        case resume
        case terminate
        case enterStandby = "enter_standby"
        case exitStandby = "exit_standby"
        case completeHook = "complete_hook"
        case recordHeartbeat = "record_heartbeat"
        case setHealth = "set_health"
        case startRefresh = "start_refresh"
        case cancelRefresh = "cancel_refresh"
        case rollBackRefresh = "roll_back_refresh"
        case reset
    }

    public var kind: Kind
    /// set_desired. Unit: instances.
    public var capacity: Int?
    /// set_desired: refuse while the cooldown lasts. Default: false.
    public var honorCooldown: Bool?
    /// set_protection, enter_standby, exit_standby.
    public var instances: [String]?
    /// set_protection.
    public var protected: Bool?
    /// suspend, resume: names as in the Auto Scaling API. Default: all.
    public var processes: [String]?
    /// terminate, complete_hook, record_heartbeat, set_health.
    public var instance: String?
    /// terminate, enter_standby. Default: true.
    public var decrementDesired: Bool?
    /// complete_hook, record_heartbeat: the name of a lifecycle hook.
    public var hook: String?
    /// complete_hook, record_heartbeat: says which instance, when that is not named.
    public var token: String?
    /// complete_hook: `continue` or `abandon`. Default: continue.
    public var result: LifecycleResult?
    /// set_health.
    public var healthy: Bool?
    /// set_health: within the health check grace period nothing changes. Default: false.
    public var respectGracePeriod: Bool?
    /// start_refresh: what is to be otherwise than the policy file says. Default: nothing.
    public var preferences: RefreshWishes?

    enum CodingKeys: String, CodingKey {
        case kind, capacity, instances, protected, processes, instance, hook, token, result, healthy, preferences
        case respectGracePeriod = "respect_grace_period"
        case honorCooldown = "honor_cooldown"
        case decrementDesired = "decrement_desired"
    }

    public init(kind: Kind) {
        self.kind = kind
    }

    /// - Parameter policy: of the group; what is not said about an instance refresh is as it says.
    /// - Throws: what is missing or unknown, as a sentence.
    func decided(_ policy: GroupPolicy) throws(OperatorRequestMistake) -> Request.Kind {
        switch kind {
        case .setDesired:
            guard let capacity, capacity >= 0 else { throw OperatorRequestMistake("'capacity' must be 0 or more") }
            return .setDesired(capacity, honorCooldown: honorCooldown ?? false)
        case .setProtection:
            let instances = try namedInstances()
            guard let protected else { throw OperatorRequestMistake("'protected' is missing") }
            return .setProtection(instances, protected: protected)
        case .suspend: return .suspend(try named())
        case .resume: return .resume(try named())
        case .terminate: return .terminate(try namedInstance(), decrementDesired: decrementDesired ?? true)
        case .enterStandby: return .enterStandby(try namedInstances(), decrementDesired: decrementDesired ?? true)
        case .exitStandby: return .exitStandby(try namedInstances())
        case .completeHook:
            return .completeLifecycle(
                hook: try namedHook(), instance: instance.map(InstanceID.init), token: token, result ?? .continue)
        case .recordHeartbeat:
            return .recordHeartbeat(hook: try namedHook(), instance: instance.map(InstanceID.init), token: token)
        case .setHealth:
            guard let healthy else { throw OperatorRequestMistake("'healthy' is missing") }
            return .setHealth(
                try namedInstance(), healthy: healthy, respectGracePeriod: respectGracePeriod ?? false)
        case .startRefresh:
            do throws(RefreshMistake) {
                return .startRefresh(try (preferences ?? RefreshWishes()).applied(to: policy.instanceRefresh))
            } catch {
                throw OperatorRequestMistake(error.sentence(.operator))
            }
        case .cancelRefresh: return .cancelRefresh
        case .rollBackRefresh: return .rollBackRefresh
        case .reset: return .resetBackoffs
        }
    }

    private func namedInstance() throws(OperatorRequestMistake) -> InstanceID {
        guard let instance else { throw OperatorRequestMistake("'instance' is missing") }
        return InstanceID(instance)
    }

    private func namedInstances() throws(OperatorRequestMistake) -> [InstanceID] {
        guard let instances, !instances.isEmpty else { throw OperatorRequestMistake("'instances' is missing") }
        return instances.map(InstanceID.init)
    }

    private func namedHook() throws(OperatorRequestMistake) -> String {
        guard let hook else { throw OperatorRequestMistake("'hook' is missing") }
        guard instance != nil || token != nil else { throw OperatorRequestMistake("'instance' is missing") }
        return hook
    }

    private func named() throws(OperatorRequestMistake) -> [ScalingProcess] {
        var named: [ScalingProcess] = []
        for name in processes ?? [] {
            guard let process = ScalingProcess(rawValue: name) else {
                let known = ScalingProcess.allCases.map(\.rawValue).joined(separator: ", ")
                throw OperatorRequestMistake("there is no process '\(name)'; there are \(known)")
            }
            named.append(process)
        }
        return named
    }
}

struct OperatorRequestMistake: Error, Equatable {
    var sentence: String

    init(_ sentence: String) {
        self.sentence = sentence
    }
}

/// The answer to an operator's request.
public struct OperatorAnswer: Codable, Sendable, Equatable {
    public var accepted: Bool
    /// What now holds, or why not.
    public var message: String

    public init(accepted: Bool, message: String) {
        self.accepted = accepted
        self.message = message
    }
}
