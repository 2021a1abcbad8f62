/// Instances that are made before they are needed. Source: PutWarmPool.
public struct WarmPool: Sendable, Equatable, Codable {
    /// What an instance of the pool is. Default: stopped.
    public var state: WarmPoolState
    /// The pool is never smaller than this. Unit: instances. Default: 0.
    public var minSize: Int
    /// MaxGroupPreparedCapacity: instances in service and in the pool together. Nil: the group's maximum.
    public var maxPreparedCapacity: Int?
    /// An instance that scale-in chose goes back to the pool when it is idle; for hibernated pools, and
    /// sources that can tell who holds what. Default: false.
    public var reuseOnScaleIn: Bool
    /// How long an instance runs, without messages, before it is paused: the time in which the worker loads what it
    /// needs. Hibernated pools only. Default: 10 s.
    public var preparationTime: Duration

    public init(
        state: WarmPoolState = .stopped, minSize: Int = 0, maxPreparedCapacity: Int? = nil,
        reuseOnScaleIn: Bool = false, preparationTime: Duration = .seconds(10)
    ) {
        self.state = state
        self.minSize = minSize
        self.maxPreparedCapacity = maxPreparedCapacity
        self.reuseOnScaleIn = reuseOnScaleIn
        self.preparationTime = preparationTime
    }

    /// How many instances the pool is to hold.
    /// - Parameters:
    ///   - desired: of the group, in instances.
    ///   - maxSize: of the group, in instances.
    public func size(desired: Int, maxSize: Int) -> Int {
        max((maxPreparedCapacity ?? maxSize) - desired, minSize, 0)
    }
}

/// Raw values are the words of the policy file.
public enum WarmPoolState: String, Sendable, Codable, CaseIterable {
    /// Made, not started: its image is there, its file system and network are set up.
    case stopped
    /// Started, then paused: everything is in memory, and no processor time is used.
    case hibernated
}

extension Instance {
    /// It is in the warm pool, or on its way into it.
    public var isWarmed: Bool {
        switch lifecycleState {
        case .warmedPending, .warmedStopped, .warmedHibernated: true
        case .pending, .pendingWait, .inService, .enteringStandby, .standby, .draining, .terminatingWait, .terminating:
            false
        }
    }
}
