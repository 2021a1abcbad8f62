// Scheduled actions: which are due, and what they set.

/// Minimum and maximum that a scheduled action has set. They hold until another sets them, or until the policy file names
/// other ones than it did then.
public struct ScheduledSizes: Sendable, Equatable, Codable {
    /// The action that set them last.
    public var action: String
    public var minSize: Int
    public var maxSize: Int
    /// What the policy file said at that time.
    public var fileMinSize: Int
    public var fileMaxSize: Int
}

/// What a scheduled action set, and when it was due.
public struct ScheduledRun: Sendable, Equatable, Codable {
    public var action: String
    public var due: Instant
    public var minSize: Int?
    public var maxSize: Int?
    public var desiredCapacity: Int?

    /// `office-morning, due at 08:00:00, sets minimum 5 and desired 8`
    var sentence: String {
        let sizes = [("minimum", minSize), ("maximum", maxSize), ("desired", desiredCapacity)]
        let parts = sizes.compactMap { word, size in size.map { "\(word) \($0)" } }
        return "\(action), due at \(due.clock), sets \(parts.joined(separator: ", "))"
    }
}

extension Tick {
    /// Every action that was due since the last tick runs, in the order of their times, each once: what it would have set
    /// twice in the meantime it sets once. A new group does not catch up.
    @inline(__always)
    mutating func runSchedule() {
        guard !policy.scheduledActions.isEmpty else {
            if state.scheduleMark != nil { state.scheduleMark = nil }
            return
        }
        let mark = scheduleMark
        state.scheduleMark = max(mark, now)
        guard mark < now else { return }
        var due: [(at: Instant, action: Int)] = []
        for index in policy.scheduledActions.indices {
            if let at = policy.scheduledActions[index].lastDue(after: mark, through: now) { due.append((at, index)) }
        }
        due.sort { $0.at == $1.at ? $0.action < $1.action : $0.at < $1.at }
        for (at, index) in due { run(policy.scheduledActions[index], due: at) }
    }

    /// Up to where the schedule has been followed. It does not move with a clock that is set back, or every action of that
    /// time would run twice; unless that clock was so far ahead that nothing it ran counts.
    private var scheduleMark: Instant {
        guard let mark = state.scheduleMark else { return state.lastTick ?? now }
        return mark - now > Limits.scheduleMemory ? now : mark
    }

    private mutating func run(_ action: ScheduledAction, due: Instant) {
        if suspends(.scheduledActions) { return give(.scheduleLost(action: action.name, due: due)) }
        if action.minSize != nil || action.maxSize != nil { setSizes(action) }
        let (capacity, reason) = bounds.clamp(action.desiredCapacity ?? state.desiredCapacity)
        let run = ScheduledRun(
            action: action.name, due: due, minSize: action.minSize, maxSize: action.maxSize,
            desiredCapacity: action.desiredCapacity)
        reasons.append(
            Reason(capacity: action.desiredCapacity ?? state.desiredCapacity, fact: .scheduled(run)))
        if let reason { reasons.append(reason) }
        state.desiredCapacity = capacity
    }

    /// A size that the action does not name keeps its value; but it gives way when the two would cross, as the action is the
    /// later word.
    private mutating func setSizes(_ action: ScheduledAction) {
        var minSize = action.minSize ?? bounds.minimum
        var maxSize = action.maxSize ?? bounds.maximum
        if minSize > maxSize {
            if action.minSize == nil { minSize = maxSize } else { maxSize = minSize }
        }
        state.scheduledSizes = ScheduledSizes(
            action: action.name, minSize: minSize, maxSize: maxSize, fileMinSize: policy.minSize,
            fileMaxSize: policy.maxSize)
    }

    /// Whoever changes the sizes in the policy file wants them to hold.
    mutating func followSizes() {
        guard state.$scheduledSizes.isThere, let sizes = state.scheduledSizes else { return }
        guard sizes.fileMinSize != policy.minSize || sizes.fileMaxSize != policy.maxSize else { return }
        state.scheduledSizes = nil
        give(.sizesOfFile(minSize: policy.minSize, maxSize: policy.maxSize))
    }
}
