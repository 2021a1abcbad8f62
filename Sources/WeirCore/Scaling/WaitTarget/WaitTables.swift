/// What follows from the service times, worked out once for many decisions: how many messages one instance receives within the
/// planning time, from each state in which it may be now. `docs/wait-target.md` derives each of these.
struct WaitTables: Sendable {
    /// What they are made from. They are made again from it where they are not at hand, and are the same.
    struct Basis: Sendable, Equatable, Codable {
        var service: ServiceTimes
        /// Messages in hand then, by how long they had been.
        var inHand: Tally
        /// Seconds.
        var planned: Double
        var target: Double
        var at: Instant
    }

    /// Of an instance with a message in hand since a time of one bucket of `LogScale.work`.
    struct Working: Sendable {
        /// What it receives within the planning time: mean and variance.
        var next = 0.0
        var variance = 0.0
        /// The logarithm of the probability that it receives nothing.
        var noneLogarithm = 0.0
        /// What it receives within the horizon of `longer`: mean and variance.
        var later = 0.0
        var laterVariance = 0.0
        /// What it receives within the time by which the planning time is longer than the target, and the probability that it
        /// is still at the same message then.
        var early = 0.0
        var still = 1.0
    }

    let survival: Survival
    /// Up to the planning time.
    let renewals: Renewals
    /// Up to the target, where that is longer; up to `grace` after the planning time, where that is longer than the target.
    let longer: Renewals?
    /// From when an instance is there that is launched now until the horizon of `longer`. Unit: seconds.
    let grace: Double
    /// One for each bucket that was asked for.
    private(set) var working: [Working?]
    /// The integral of `survival` over the time by which the planning time is longer than the target. Unit: seconds.
    let busyTime: Double

    private let ahead: Double

    private static let parts = 16

    /// - Parameter former: what serves again of it is taken from it.
    init(_ basis: Basis, after former: WaitTables? = nil) {
        let ahead = max(0, basis.planned - basis.target)
        let survival = Survival(basis.service, inHand: basis.inHand, target: basis.target)
        let renewals = Renewals(survival, horizon: basis.planned, after: former?.renewals)
        // What is late whatever is done is not left for long: the less time a message has beside a launch, the less is added.
        let grace = ahead > 0 ? basis.target * ahead / basis.planned : max(0, basis.target - basis.planned)
        let longer =
            grace > 0 ? Renewals(survival, horizon: basis.planned + grace, after: former?.longer) : nil
        var busyTime = 0.0
        if ahead > 0 {
            for part in 0..<32 { busyTime += survival.after((Double(part) + 0.5) * ahead / 32) * ahead / 32 }
        }
        self.survival = survival
        self.renewals = renewals
        self.longer = longer
        self.grace = grace
        self.ahead = ahead
        self.busyTime = busyTime
        working = Array(repeating: nil, count: ServiceTimes.buckets)
    }

    /// Works out what these need.
    mutating func prepare(for inHand: Tally) {
        for entry in inHand.entries { prepare(min(max(entry.value, 0), ServiceTimes.buckets - 1)) }
    }

    mutating func prepareAll() {
        for bucket in working.indices { prepare(bucket) }
    }

    private mutating func prepare(_ bucket: Int) {
        if working[bucket] == nil { working[bucket] = made(bucket) }
    }

    private func made(_ bucket: Int) -> Working {
        var working = Working()
        let elapsed = bucket == 0 ? 0 : LogScale.work.edge(bucket) / LogScale.work.halfStep
        let alive = max(1e-12, survival.after(elapsed))
        /// Calls with the share that ends in each part of a time, and the table's steps that are left then, at both its ends.
        func each(of time: Double, _ use: (_ share: Double, _ part: Int) -> Void) -> Double {
            var former = 0.0
            for part in 1...Self.parts {
                let later = survival.after(elapsed + Double(part) * time / Double(Self.parts))
                let ended = min(1, max(former, 1 - later / alive))
                use(ended - former, part)
                former = ended
            }
            return former
        }
        func between(_ table: [Double], _ part: Int) -> Double {
            let steps = Renewals.steps
            return 0.5 * (table[steps - part * steps / Self.parts] + table[steps - (part - 1) * steps / Self.parts])
        }
        var square = 0.0
        let ended = each(of: renewals.horizon) { share, part in
            working.next += share * between(renewals.mean, part)
            square += share * between(renewals.square, part)
        }
        working.variance = max(0, square - working.next * working.next)
        working.noneLogarithm = logarithm(max(1e-9, 1 - ended))
        if let longer {
            var square = 0.0
            _ = each(of: longer.horizon) { share, part in
                working.later += share * between(longer.mean, part)
                square += share * between(longer.square, part)
            }
            working.laterVariance = max(0, square - working.later * working.later)
        }
        if ahead > 0 {
            working.still =
                1
                - each(of: ahead) { share, part in
                    let middle = ahead - (Double(part) - 0.5) * ahead / Double(Self.parts)
                    working.early += share * renewals.received(within: middle)
                }
        }
        return working
    }
}
