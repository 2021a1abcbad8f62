/// What a policy that follows the backlog remembers of its own recommendations, and of the capacity.
public struct BacklogMemory: Sendable, Equatable, Codable {
    public var policy: String
    /// When it last recommended something.
    private(set) var newest: Instant
    /// Recommendations of the scale-in window that no later one reaches: the first is the largest.
    private(set) var largest: [Recommendation]
    /// Those of the scale-out window that no later one falls below: the first is the smallest.
    private(set) var smallest: [Recommendation]
    /// The newest recommendations, the newest last, as many as a vote needs.
    private(set) var votes: [Int] = []
    /// The desired capacity, each time that it had become another one, as far back as rates look; the oldest first.
    private(set) var levels: [Recommendation]
    /// When the source last told what is in flight; nil: it never did.
    var inFlightTold: Instant?

    /// A capacity from some moment on.
    struct Recommendation: Sendable, Equatable, Codable {
        var at: Instant
        var capacity: Int
    }

    /// Begins with the capacity that there is: what was recommended before is not known.
    init(policy: String, desired: Int, at now: Instant) {
        self.policy = policy
        newest = now
        let present = Recommendation(at: now, capacity: desired)
        (largest, smallest, levels) = ([present], [present], [present])
    }

    mutating func remember(_ capacity: Int, at now: Instant, for tracking: BacklogTracking) {
        let recommendation = Recommendation(at: now, capacity: capacity)
        newest = now
        largest.removeAll { $0.capacity <= capacity || $0.isOlder(than: tracking.scaleIn.window, at: now) }
        largest.append(recommendation)
        smallest.removeAll { $0.capacity >= capacity || $0.isOlder(than: tracking.scaleOut.window, at: now) }
        smallest.append(recommendation)
        votes.append(capacity)
        votes.removeFirst(max(votes.count - tracking.votesKept, 0))
    }

    /// - Parameter desired: the capacity from now on.
    mutating func follow(_ desired: Int, at now: Instant, for tracking: BacklogTracking) {
        if levels.last?.capacity != desired { levels.append(Recommendation(at: now, capacity: desired)) }
        let reach = max(tracking.scaleOut.maxRate?.period ?? .zero, tracking.scaleIn.maxRate?.period ?? .zero)
        while levels.count > 1, levels[1].isOlder(than: reach, at: now) { levels.removeFirst() }
    }

    /// The capacity at the beginning of a time that ends now.
    func level(before period: Duration, at now: Instant) -> Int? {
        (levels.last { $0.isOlder(than: period, at: now) } ?? levels.first)?.capacity
    }

    /// How far it may be scaled in; nil while not enough agree on anything.
    func lowest(by stabilization: Stabilization) -> Int? {
        switch stabilization {
        case .window: largest.first?.capacity
        case .votes(let votes): agreed(votes) { $0 < $1 }
        }
    }

    /// How far it may be scaled out; nil while not enough agree on anything.
    func highest(by stabilization: Stabilization) -> Int? {
        switch stabilization {
        case .window: smallest.first?.capacity
        case .votes(let votes): agreed(votes) { $0 > $1 }
        }
    }

    /// What as many as are needed go to at least, in the direction of `goesFurther`.
    private func agreed(_ vote: Stabilization.Votes, _ goesFurther: (Int, Int) -> Bool) -> Int? {
        let newest = votes.suffix(vote.of).sorted(by: goesFurther)
        return newest.count >= vote.needed ? newest[vote.needed - 1] : nil
    }

    /// When the window will have forgotten all that speaks against going below `capacity`.
    func scaleInDue(below capacity: Int, window: Duration) -> Instant? {
        largest.last { $0.capacity >= capacity }.map { $0.at + window }
    }

    mutating func move(by span: Duration) {
        newest = newest + span
        inFlightTold = inFlightTold.map { $0 + span }
        for index in largest.indices { largest[index].at = largest[index].at + span }
        for index in smallest.indices { smallest[index].at = smallest[index].at + span }
        for index in levels.indices { levels[index].at = levels[index].at + span }
    }
}

extension BacklogMemory.Recommendation {
    func isOlder(than span: Duration, at now: Instant) -> Bool { now - at >= span }
}

extension ScalingBehavior {
    fileprivate var window: Duration {
        switch stabilization {
        case .window(let window): window
        case .votes: .zero
        }
    }
}

extension BacklogTracking {
    fileprivate var votesKept: Int {
        [scaleOut, scaleIn].reduce(0) { most, behavior in
            switch behavior.stabilization {
            case .window: most
            case .votes(let votes): max(most, votes.of)
            }
        }
    }
}
