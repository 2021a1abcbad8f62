/// The share of messages that take longer than a time, from what was completed and what is in hand.
struct Survival: Sendable {
    /// At the beginning of each bucket of `LogScale.work`; the last one holds beyond.
    let shares: [Double]

    /// How long the imagined message takes in the mean, as a share of the target and a launch of which nothing is known.
    private static let imagined = 0.09

    /// Messages in hand are taken into account as what they are, not yet over (the estimate of Kaplan and Meier); one imagined
    /// message stands for what is not known yet.
    init(_ service: ServiceTimes, inHand: Tally, target: Double) {
        var weights = service.weights
        let imagined = Self.imagined * (target + WaitMemory.startupUnseen)
        var lower = 1.0
        for bucket in weights.indices {
            let upper = exponential(-LogScale.work.edge(bucket) / imagined)
            weights[bucket] += lower - upper
            lower = upper
        }
        var running = [Double](repeating: 0, count: weights.count)
        for entry in inHand.entries { running[min(max(entry.value, 0), weights.count - 1)] += Double(entry.count) }
        var atRisk = [Double](repeating: 0, count: weights.count)
        var sum = 0.0
        for bucket in weights.indices.reversed() {
            sum += weights[bucket]
            atRisk[bucket] = sum
            sum += running[bucket]
        }
        var shares = [1.0]
        for bucket in weights.indices {
            let last = shares[bucket]
            shares.append(atRisk[bucket] > 1e-9 ? last * (1 - weights[bucket] / atRisk[bucket]) : last)
        }
        self.shares = shares + [shares[weights.count]]
    }

    func after(_ seconds: Double) -> Double { after(Place(seconds)) }

    @inline(__always)
    func after(_ place: Place) -> Double {
        if place.bucket == 0 { return 1 }
        guard place.bucket < ServiceTimes.buckets else { return shares[ServiceTimes.buckets] }
        return shares[place.bucket] + (shares[place.bucket + 1] - shares[place.bucket]) * place.share
    }

    /// Where a time lies among the buckets: the same for every estimate.
    struct Place: Sendable {
        let bucket: Int
        /// Within the bucket, as the logarithm of the time goes. Range: 0…1.
        let share: Double

        init(_ seconds: Double) {
            bucket = LogScale.work.bucket(seconds)
            share =
                bucket == 0 || bucket >= ServiceTimes.buckets
                ? 0 : min(max(logarithm(seconds / LogScale.work.edge(bucket - 1)) / eighthOfOctave, 0), 1)
        }
    }
}

/// ln 2 / 8.
private let eighthOfOctave = 0.086_643_397_569_993_16
