import WeirCore

/// An instance as it really is.
struct Worker {
    let id: InstanceID
    let group: Int
    var phase = Phase.unborn
    /// Counts its phases, so that what was to happen in an earlier one does not.
    var generation = 0
    var template: Int?
    /// Not launched by weir, and none of its business.
    var isForeign = false

    // MARK: At work

    /// It takes messages, when its gate is open.
    var isReady = false
    var readyAt: Int64 = -1
    /// When it was done with the last message that it held.
    var idleSince: Int64 = -1_000_000
    /// It does nothing at all any more.
    var hangs = false
    /// Weir hands it no messages.
    var gateIsClosed = false
    /// It was told to stop.
    var isStopping = false
    /// Messages that the queue gave it, and that it works on.
    var holds: [Int] = []
    /// Actions that wait for its end.
    var awaitedBy: [Int] = []

    // MARK: What became of it

    /// How often it was made.
    var creations = 0
    var hasRun = false
    var exitCode: Int?
    var isUnhealthy = false
    /// Weir has promised not to scale it in.
    var isPromised = false
    /// It protects itself before it begins to work, and waits for the answer.
    var asksForProtection = false

    enum Phase {
        /// It was not made yet, or its remains were removed.
        case unborn
        /// Made, not started.
        case created
        case starting
        case running
        case paused
        case exited
    }

    init(_ id: InstanceID, group: Int) {
        self.id = id
        self.group = group
    }

    var isAlive: Bool {
        switch phase {
        case .running, .paused, .starting, .created: true
        case .unborn, .exited: false
        }
    }

    var runs: Bool {
        switch phase {
        case .running, .paused: true
        case .unborn, .created, .starting, .exited: false
        }
    }
}
