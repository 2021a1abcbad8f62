/// What an operator or a worker asks of a running group. It is decided on a tick like everything else.
public struct Request: Sendable, Equatable, Codable {
    /// Ties the answer to its question.
    public var id: Int
    public var kind: Kind

    public init(id: Int, kind: Kind) {
        self.id = id
        self.kind = kind
    }

    public enum Kind: Sendable, Equatable, Codable {
        /// SetDesiredCapacity. Above the maximum or below the minimum it is clamped, and the answer says so.
        case setDesired(Int, honorCooldown: Bool)
        /// SetInstanceProtection. All instances, or none and an error.
        case setProtection([InstanceID], protected: Bool)
        /// SuspendProcesses. An empty list means all.
        case suspend([ScalingProcess])
        /// ResumeProcesses. An empty list means all.
        case resume([ScalingProcess])
        /// TerminateInstanceInAutoScalingGroup: ends this one whether protected or not.
        case terminate(InstanceID, decrementDesired: Bool)
        /// EnterStandby: each finishes what it holds, and takes no more.
        case enterStandby([InstanceID], decrementDesired: Bool)
        /// ExitStandby.
        case exitStandby([InstanceID])
        /// CompleteLifecycleAction. The instance, or the token, or both.
        case completeLifecycle(hook: String, instance: InstanceID?, token: String?, LifecycleResult)
        /// RecordLifecycleActionHeartbeat.
        case recordHeartbeat(hook: String, instance: InstanceID?, token: String?)
        /// SetInstanceHealth.
        case setHealth(InstanceID, healthy: Bool, respectGracePeriod: Bool)
        /// StartInstanceRefresh; nil: as the policy file says.
        case startRefresh(RefreshPreferences?)
        /// CancelInstanceRefresh.
        case cancelRefresh
        /// RollbackInstanceRefresh.
        case rollBackRefresh
        /// Ends every pause that a failure has caused: of launches, of scale-out without progress, of the source.
        case resetBackoffs
    }
}

/// Parts of the controller that can be suspended, by their names in the Auto Scaling API.
public enum ScalingProcess: String, Sendable, Codable, CaseIterable {
    case launch = "Launch"
    case terminate = "Terminate"
    case alarmNotification = "AlarmNotification"
    case healthCheck = "HealthCheck"
    case replaceUnhealthy = "ReplaceUnhealthy"
    case scheduledActions = "ScheduledActions"
    case instanceRefresh = "InstanceRefresh"
    case addToLoadBalancer = "AddToLoadBalancer"
    case zoneRebalance = "AZRebalance"
}

/// The answer to one request.
public struct Answer: Sendable, Equatable, Codable {
    public var requestID: Int
    public var result: Result

    public init(requestID: Int, result: Result) {
        self.requestID = requestID
        self.result = result
    }

    public enum Result: Sendable, Equatable, Codable {
        /// Done; the sentence says what now holds.
        case accepted(String)
        case refused(Refusal)
    }
}

/// Why a request was refused.
public enum Refusal: Sendable, Equatable, Codable, Error {
    case noSuchInstance(InstanceID)
    /// Protection can be set on an instance in service only (`spec`: Auto Scaling API, SetInstanceProtection).
    case notInService(InstanceID, LifecycleState)
    /// At most 50 instances a call.
    case tooManyInstances(Int)
    /// The cooldown is to be honoured and is not over.
    case coolingDown(until: Instant)
    /// The group is at its minimum, so desired capacity cannot be decremented.
    case atMinimum(Int)
    /// The policy of this group was taken away and its instances are leaving.
    case groupIsLeaving
    /// The group would exceed its maximum.
    case atMaximum(Int)
    /// So many instances at once are more than are taken.
    case tooMany(Int, most: Int)
    /// It is in another lifecycle state than the request needs.
    case wrongState(InstanceID, LifecycleState, needed: [LifecycleState])
    /// Nobody waits for this hook.
    case noLifecycleAction(hook: String)
    /// A token does not belong to this instance, or a request names neither.
    case noSuchToken(String?)
    case refreshUnderWay(String)
    case noRefreshUnderWay
    /// What was launched before is not known.
    case nothingToRollBackTo
    /// So many instances are to stand by, which would take desired capacity below the minimum.
    case standbyBelowMinimum(Int, minimum: Int)
}

extension Refusal {
    /// For people.
    public var sentence: String {
        switch self {
        case .noSuchInstance(let id): "there is no instance \(id) in this group"
        case .notInService(let id, let state):
            "\(id) is not in service but \(state.rawValue), so it takes no scale-in protection"
        case .tooManyInstances(let count):
            "\(count) instances named, at most \(Limits.mostInstancesPerProtectionCall) are taken at once"
        case .coolingDown(let until): "the group is cooling down until \(until.clock)"
        case .atMinimum(let minimum): "the group is at its minimum of \(minimum), so desired capacity cannot go down"
        case .groupIsLeaving: "the group leaves: its instances finish and end"
        case .atMaximum(let maximum): "the group is at its maximum of \(maximum), so desired capacity cannot go up"
        case .tooMany(let count, let most): "\(count) instances named, at most \(most) are taken at once"
        case .wrongState(let id, let state, let needed):
            "\(id) is \(state.rawValue), not \(needed.map(\.rawValue).joined(separator: " or "))"
        case .noLifecycleAction(let hook): "no instance waits for the lifecycle hook '\(hook)'"
        case .noSuchToken(let token):
            token.map { "no instance waits with the token \($0)" } ?? "neither an instance nor a token is given"
        case .refreshUnderWay(let id): "the refresh \(id) is under way"
        case .noRefreshUnderWay: "no instance refresh is under way"
        case .nothingToRollBackTo: "what was launched before this refresh is not known"
        case .standbyBelowMinimum(let count, let minimum):
            "with \(counted(count, "instance")) standing by desired capacity would go below the minimum of \(minimum): keep "
                + "desired capacity, so that others are launched in their place, or lower the minimum"
        }
    }
}
