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
        }
    }
}
