/// The samples of one period: what they add up to, and each of them for statistics that need them one by one.
struct Datapoint {
    /// All of them joined.
    private let joined: Sample
    /// Oldest first, never empty.
    private let samples: ArraySlice<Sample>

    init(joined: Sample, samples: ArraySlice<Sample>) {
        self.joined = joined
        self.samples = samples
    }

    var count: Int { joined.count }
    var minimum: Double { joined.minimum }
    var maximum: Double { joined.maximum }

    /// Some of it was filled in while the source could not be measured.
    var isFilledIn: Bool { joined.isFilledIn }

    /// The value of the period; nil when the statistic has none there: nothing is within its boundaries, or the samples are
    /// not known one by one.
    func value(_ statistic: Statistic) -> Double? { joined.value(statistic, of: samples) }
}

extension Sample {
    /// - Parameter samples: those that are joined in this one, oldest first.
    @inline(__always)
    func value(_ statistic: Statistic, of samples: @autoclosure () -> ArraySlice<Sample>) -> Double? {
        switch statistic {
        case .average: sum / Double(count)
        case .sum: sum
        case .minimum: minimum
        case .maximum: maximum
        case .sampleCount: Double(count)
        case .percentile, .trimmedMean, .winsorizedMean, .trimmedCount, .trimmedSum, .percentileRank:
            RankedSamples.value(statistic, of: samples())
        }
    }
}

extension RankedSamples {
    fileprivate static func value(_ statistic: Statistic, of samples: ArraySlice<Sample>) -> Double? {
        switch statistic {
        case .average, .sum, .minimum, .maximum, .sampleCount: nil
        case .percentile(let percent): RankedSamples(samples)?.percentile(percent)
        case .trimmedMean(let boundaries): RankedSamples(samples)?.mean(within: boundaries)
        case .winsorizedMean(let boundaries): RankedSamples(samples)?.winsorizedMean(within: boundaries)
        case .trimmedCount(let boundaries): RankedSamples(samples)?.totals(within: boundaries).count
        case .trimmedSum(let boundaries): RankedSamples(samples)?.totals(within: boundaries).sum
        case .percentileRank(let boundaries): RankedSamples(samples)?.percentage(within: boundaries)
        }
    }
}

/// The samples of a period in their order of size, for percentiles and trimmed statistics.
struct RankedSamples {
    /// Smallest first; joined samples of one value stand here once, with their number.
    private var values: [(value: Double, count: Int)] = []
    private var count = 0

    /// Nil when they are not known one by one. What was joined still counts when all of it had one value, and negative values
    /// never do. Source: CloudWatch statistics definitions, which statistic sets allow for percentiles.
    init?(_ samples: ArraySlice<Sample>) {
        values.reserveCapacity(samples.count)
        for sample in samples {
            guard sample.minimum == sample.maximum, sample.minimum >= 0 else { return nil }
            values.append((sample.minimum, sample.count))
            count += sample.count
        }
        values.sort { $0.value < $1.value }
    }

    /// By nearest rank: always a value that was measured, never one between two.
    func percentile(_ percent: Percent) -> Double? {
        value(at: max(percent.share(of: count).up, 1))
    }

    /// `rank` 1 is the smallest.
    private func value(at rank: Int) -> Double? {
        var passed = 0
        for (value, count) in values {
            passed += count
            if passed >= rank { return value }
        }
        return nil
    }

    /// Ranks of the samples within, counted from 1; nil when there is none.
    private func ranks(within boundaries: Boundaries) -> ClosedRange<Int>? {
        let (first, last): (Int, Int)
        switch boundaries {
        case .shares(let lower, let upper):
            // What is cut off is rounded down at both ends, so that both lose alike and something is left.
            first = lower.share(of: count).down + 1
            last = upper.share(of: count).up
        case .values(let lower, let upper):
            first = 1 + counted { value in lower.map { value <= $0 } ?? false }
            last = counted { value in upper.map { value <= $0 } ?? true }
        }
        return first <= last ? first...last : nil
    }

    private func counted(_ belongs: (Double) -> Bool) -> Int {
        values.reduce(0) { belongs($1.value) ? $0 + $1.count : $0 }
    }

    func totals(within boundaries: Boundaries) -> (sum: Double, count: Double) {
        guard let ranks = ranks(within: boundaries) else { return (0, 0) }
        var sum = 0.0
        var passed = 0
        for (value, count) in values {
            let inside = min(passed + count, ranks.upperBound) - max(passed, ranks.lowerBound - 1)
            if inside > 0 { sum += value * Double(inside) }
            passed += count
        }
        return (sum, Double(ranks.count))
    }

    func mean(within boundaries: Boundaries) -> Double? {
        let (sum, count) = totals(within: boundaries)
        return count > 0 ? sum / count : nil
    }

    func winsorizedMean(within boundaries: Boundaries) -> Double? {
        switch boundaries {
        case .shares:
            guard let ranks = ranks(within: boundaries), let lowest = value(at: ranks.lowerBound),
                let highest = value(at: ranks.upperBound)
            else { return nil }
            return mean(between: lowest, highest)
        case .values(let lower, let upper):
            return mean(between: lower ?? -.infinity, upper ?? .infinity)
        }
    }

    private func mean(between lowest: Double, _ highest: Double) -> Double? {
        guard count > 0 else { return nil }
        let sum = values.reduce(0.0) { $0 + min(max($1.value, lowest), highest) * Double($1.count) }
        return sum / Double(count)
    }

    func percentage(within boundaries: Boundaries) -> Double? {
        count > 0 ? 100 * totals(within: boundaries).count / Double(count) : nil
    }
}
