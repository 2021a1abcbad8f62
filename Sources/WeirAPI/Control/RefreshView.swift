import WeirCore
import WeirRuntime

/// The last instance refresh of a group.
public struct RefreshView: Codable, Sendable, Equatable {
    public var id: String
    /// As in the Auto Scaling API: `InProgress`, `Successful`, `RollbackInProgress`, ….
    public var status: String
    public var underWay: Bool
    /// Why it failed, was cancelled or is rolled back.
    public var why: String?
    /// Why it stands still for now; empty when it does not, or is over.
    public var waits: [String]
    /// Unit: per cent.
    public var percentageComplete: Int
    /// Instances that there were to replace, and how many of them are replaced: another is in service, healthy and warm.
    public var total: Int
    public var replaced: Int
    /// How many of the others it has told to go already. They finish what they hold, also after it is cancelled.
    public var leaving: Int
    /// New instances that failed.
    public var failures: Int
    /// The version of the launch template that instances are replaced by, and the one before; left out when that is not
    /// known.
    public var version: Int
    public var formerVersion: Int?
    public var startedAt: String
    public var endedAt: String?
    /// It stops for a look until then.
    public var checkpointUntil: String?
    public var preferences: RefreshPreferencesView

    enum CodingKeys: String, CodingKey {
        case id, status, why, waits, total, replaced, leaving, failures, version, preferences
        case underWay = "under_way"
        case percentageComplete = "percentage_complete"
        case formerVersion = "former_version"
        case startedAt = "started_at"
        case endedAt = "ended_at"
        case checkpointUntil = "checkpoint_until"
    }

    /// Nil when there was none.
    init?(_ snapshot: GroupSnapshot) {
        guard let refresh = snapshot.state.refresh else { return nil }
        id = refresh.id
        status = refresh.status.rawValue
        underWay = refresh.isUnderWay
        why = refresh.why
        waits = snapshot.refreshHolds.map(\.sentence)
        percentageComplete = refresh.percentageComplete
        total = refresh.total
        replaced = refresh.replaced
        let remaining = Set(refresh.remaining)
        leaving = snapshot.state.fleet.count { $0.departure == .refresh && remaining.contains($0.id) }
        failures = refresh.failures
        version = refresh.template.version
        formerVersion = refresh.former?.version
        startedAt = refresh.startedAt.rfc3339
        endedAt = refresh.endedAt?.rfc3339
        checkpointUntil = refresh.checkpointUntil?.rfc3339
        preferences = RefreshPreferencesView(refresh.preferences)
    }

    /// For people: `3 on their way out`.
    public var leavingText: String { "\(leaving) on \(leaving == 1 ? "its" : "their") way out" }
}

/// How an instance refresh goes about it. Keys and words are those of the policy file, times are seconds.
public struct RefreshPreferencesView: Codable, Sendable, Equatable {
    public var minHealthyPercentage: Int
    public var maxHealthyPercentage: Int
    public var instanceWarmup: Int?
    public var checkpointPercentages: [Int]
    public var checkpointDelay: Int
    public var skipMatching: Bool
    public var autoRollback: Bool
    public var protectedInstances: String
    public var standbyInstances: String

    enum CodingKeys: String, CodingKey {
        case minHealthyPercentage = "min_healthy_percentage"
        case maxHealthyPercentage = "max_healthy_percentage"
        case instanceWarmup = "instance_warmup_s"
        case checkpointPercentages = "checkpoints"
        case checkpointDelay = "checkpoint_delay_s"
        case skipMatching = "skip_matching"
        case autoRollback = "auto_rollback"
        case protectedInstances = "protected_instances"
        case standbyInstances = "standby_instances"
    }

    init(_ preferences: RefreshPreferences) {
        minHealthyPercentage = preferences.minHealthyPercentage
        maxHealthyPercentage = preferences.maxHealthyPercentage
        instanceWarmup = preferences.instanceWarmup?.apiSeconds
        checkpointPercentages = preferences.checkpointPercentages
        checkpointDelay = preferences.checkpointDelay.apiSeconds
        skipMatching = preferences.skipMatching
        autoRollback = preferences.autoRollback
        protectedInstances = preferences.protectedInstances.rawValue
        standbyInstances = preferences.standbyInstances.rawValue
    }
}
