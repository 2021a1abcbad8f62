/// How an instance refresh goes about it. Source: StartInstanceRefresh, RefreshPreferences.
public struct RefreshPreferences: Sendable, Equatable, Codable {
    /// So much of the desired capacity stays in service, healthy and warm. Range: 0…100. Default: 90. 0: all at once.
    public var minHealthyPercentage: Int
    /// So much may be there at once. Range: 100…200, at most 100 above the minimum. Default: 100. Above 100, new instances
    /// are launched before old ones go.
    public var maxHealthyPercentage: Int
    /// How long a new instance has to be in service until it counts. Nil: the group's warmup, else its grace period.
    public var instanceWarmup: Duration?
    /// Percentages at which it stops for a look, ascending. When the last is below 100, the rest is not replaced.
    public var checkpointPercentages: [Int]
    /// How long it stops there. Default: 3600 s.
    public var checkpointDelay: Duration
    /// Instances of the present launch template are left alone. Default: false; then the warm pool is renewed, too.
    public var skipMatching: Bool
    /// What to do with instances that are protected from scale-in. Default: wait.
    public var protectedInstances: RefreshTreatment
    /// What to do with instances that stand by. Default: wait.
    public var standbyInstances: RefreshTreatment
    /// When it fails, the group goes back to what it launched before. Default: false.
    public var autoRollback: Bool
    /// A change of what is launched starts a refresh by itself. Default: false.
    public var onChange: Bool

    public init(
        minHealthyPercentage: Int = 90, maxHealthyPercentage: Int = 100, instanceWarmup: Duration? = nil,
        checkpointPercentages: [Int] = [], checkpointDelay: Duration = .seconds(3600), skipMatching: Bool = false,
        protectedInstances: RefreshTreatment = .wait, standbyInstances: RefreshTreatment = .wait,
        autoRollback: Bool = false, onChange: Bool = false
    ) {
        self.minHealthyPercentage = minHealthyPercentage
        self.maxHealthyPercentage = maxHealthyPercentage
        self.instanceWarmup = instanceWarmup
        self.checkpointPercentages = checkpointPercentages
        self.checkpointDelay = checkpointDelay
        self.skipMatching = skipMatching
        self.protectedInstances = protectedInstances
        self.standbyInstances = standbyInstances
        self.autoRollback = autoRollback
        self.onChange = onChange
    }
}

/// What a refresh does with an instance that is not simply in service. Raw values are the words of the policy file.
public enum RefreshTreatment: String, Sendable, Codable, CaseIterable {
    /// Until it may be replaced; after an hour without progress the refresh fails.
    case wait
    /// It stays as it is.
    case ignore
    /// It is replaced all the same.
    case replace
}

/// The last instance refresh of a group: under way, or how it ended.
public struct InstanceRefresh: Sendable, Equatable, Codable {
    /// 36 characters.
    public var id: String
    public var status: Status
    /// Why it failed or was cancelled.
    public var why: String?
    public var preferences: RefreshPreferences
    /// What instances are replaced by.
    public var template: LaunchTemplate
    /// What was launched before; nil when that is not known, and then there is no way back.
    public var former: LaunchTemplate?
    public var startedAt: Instant
    public var endedAt: Instant?
    /// When an instance was last replaced; later by the time that is not held against the refresh, such as that in which
    /// work is finished, a hook is waited for, or nobody looked.
    public var lastProgress: Instant
    /// How many instances there were to replace.
    public var total: Int
    /// Those that are still to be replaced.
    public var remaining: [InstanceID]
    /// How many checkpoints were passed.
    public var checkpointsPassed: Int = 0
    /// It stops for a look until then.
    public var checkpointUntil: Instant?
    /// New instances that failed, each once however often it did.
    public var failed: [InstanceID] = []
    /// In the place of how many of them another is in service, healthy and warm.
    public var replaced: Int = 0

    /// Raw values are those of the Auto Scaling API.
    public enum Status: String, Sendable, Codable, CaseIterable {
        case inProgress = "InProgress"
        case successful = "Successful"
        case failed = "Failed"
        case cancelled = "Cancelled"
        case rollingBack = "RollbackInProgress"
        case rolledBack = "RollbackSuccessful"
        case rollbackFailed = "RollbackFailed"
    }

    public var isUnderWay: Bool {
        switch status {
        case .inProgress, .rollingBack: true
        case .successful, .failed, .cancelled, .rolledBack, .rollbackFailed: false
        }
    }

    /// How many new instances failed.
    public var failures: Int { failed.count }

    /// Of the instances that were to be replaced, how many per cent are.
    public var percentageComplete: Int { total == 0 ? 100 : replaced * 100 / total }

    /// One fewer is to be replaced than was thought.
    mutating func dropOne() {
        total -= 1
        replaced = min(replaced, total)
    }
}

/// Why an instance refresh stands still for now.
public enum RefreshHold: Sendable, Equatable, Codable {
    case checkpoint(until: Instant)
    /// Enough instances have to be in service, healthy and warm.
    case minimumHealthy(Int, healthy: Int)
    case protected(Int)
    case standingBy(Int)
    /// New ones are on their way into service.
    case launching(Int)
    case launchHook(Int)
    /// New ones are in service; when the last of them is warm.
    case warmup(Int, until: Instant)
    /// Old ones are on their way out, and hold work.
    case finishing(Int)
    case terminationHook(Int)
    case ending(Int)
    /// As many as desired have to be in service, healthy and warm.
    case desired(Int, healthy: Int)
    /// Launches fail: what works is not taken out of service for what could not be launched.
    case launchBackoff(until: Instant)

    /// Every replacement takes this time; it is worth telling who asks, but not the log.
    var isOrdinary: Bool {
        switch self {
        case .launching, .warmup, .ending: true
        case .checkpoint, .minimumHealthy, .protected, .standingBy, .launchHook, .finishing, .terminationHook, .desired,
            .launchBackoff:
            false
        }
    }

    /// For people.
    public var sentence: String {
        switch self {
        case .checkpoint(let until): "at a checkpoint until \(until.clock)"
        case .minimumHealthy(let minimum, let healthy): "\(healthy) healthy and warm, \(minimum) have to stay"
        case .protected(let count): "\(counted(count, "instance")) protected from scale-in"
        case .standingBy(let count): "\(counted(count, "instance")) standing by"
        case .launching(let count): "\(counted(count, "new instance")) being launched"
        case .launchHook(let count): "\(counted(count, "new instance")) in Pending:Wait for a lifecycle hook"
        case .warmup(let count, let until): "\(counted(count, "new instance")) warming up until \(until.clock)"
        case .finishing(let count): "\(counted(count, "old instance")) finishing \(count == 1 ? "its" : "their") work"
        case .terminationHook(let count): "\(counted(count, "old instance")) in Terminating:Wait for a lifecycle hook"
        case .ending(let count): "\(counted(count, "old instance")) about to end"
        case .desired(let desired, let healthy): "\(healthy) of \(desired) in service, healthy and warm"
        case .launchBackoff(let until): "launches fail, none is tried before \(until.clock)"
        }
    }
}
