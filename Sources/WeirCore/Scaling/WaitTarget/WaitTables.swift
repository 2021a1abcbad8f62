/// What follows from the service times, worked out once for many decisions: how many messages one instance receives within the
/// planning time, from each state in which it may be now. `docs/wait-target.md` derives each of these.
final class WaitTables: Sendable {
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
        /// What it receives within the target.
        var withinTarget = 0.0
        /// What it receives within the time by which the planning time is longer than the target, and the probability that it
        /// is still at the same message then.
        var early = 0.0
        var still = 1.0
    }

    let survival: Survival
    /// Up to the planning time.
    let renewals: Renewals
    /// Up to the target, where that is longer.
    let longer: Renewals?
    let working: [Working]
    /// The integral of `survival` over the time by which the planning time is longer than the target. Unit: seconds.
    let busyTime: Double

    private static let parts = 16

    init(_ basis: Basis) {
        let ahead = max(0, basis.planned - basis.target)
        let survival = Survival(basis.service, inHand: basis.inHand, target: basis.target)
        let renewals = Renewals(survival, horizon: basis.planned)
        let longer = basis.target > basis.planned ? Renewals(survival, horizon: basis.target) : nil
        var busyTime = 0.0
        if ahead > 0 {
            for part in 0..<32 { busyTime += survival.after((Double(part) + 0.5) * ahead / 32) * ahead / 32 }
        }
        self.survival = survival
        self.renewals = renewals
        self.longer = longer
        self.busyTime = busyTime
        working = (0..<ServiceTimes.buckets).map { bucket in
            Self.working(bucket, survival, renewals, longer, ahead: ahead)
        }
    }

    private static func working(
        _ bucket: Int, _ survival: Survival, _ renewals: Renewals, _ longer: Renewals?, ahead: Double
    ) -> Working {
        var working = Working()
        let elapsed = bucket == 0 ? 0 : LogScale.work.edge(bucket) / LogScale.work.halfStep
        let alive = max(1e-12, survival.after(elapsed))
        /// Calls with the share that ends in each part of a time, and the table's steps that are left then, at both its ends.
        func each(of time: Double, _ use: (_ share: Double, _ part: Int) -> Void) -> Double {
            var former = 0.0
            for part in 1...parts {
                let later = survival.after(elapsed + Double(part) * time / Double(parts))
                let ended = min(1, max(former, 1 - later / alive))
                use(ended - former, part)
                former = ended
            }
            return former
        }
        func between(_ table: [Double], _ part: Int) -> Double {
            let steps = Renewals.steps
            return 0.5 * (table[steps - part * steps / parts] + table[steps - (part - 1) * steps / parts])
        }
        var square = 0.0
        let ended = each(of: renewals.horizon) { share, part in
            working.next += share * between(renewals.mean, part)
            square += share * between(renewals.square, part)
        }
        working.variance = max(0, square - working.next * working.next)
        working.noneLogarithm = logarithm(max(1e-9, 1 - ended))
        if let longer {
            _ = each(of: longer.horizon) { share, part in working.withinTarget += share * between(longer.mean, part) }
        }
        if ahead > 0 {
            working.still =
                1
                - each(of: ahead) { share, part in
                    let middle = ahead - (Double(part) - 0.5) * ahead / Double(parts)
                    working.early += share * renewals.received(within: middle)
                }
        }
        return working
    }
}
