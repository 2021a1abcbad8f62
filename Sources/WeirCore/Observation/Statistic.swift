/// How the samples of a period become its datapoint. Source: CloudWatch statistics definitions.
///
/// The first five need only what samples add up to; the others need the samples one by one.
public enum Statistic: Sendable, Hashable {
    case average
    case sum
    case minimum
    case maximum
    case sampleCount
    /// `p99.9`: the smallest sample that is at least as large as this share of all.
    case percentile(Percent)
    /// `tm90`, `TM(10%:90%)`, `IQM`: the average of the samples within.
    case trimmedMean(Boundaries)
    /// `wm90`, `WM(10%:90%)`: the average, with samples outside taken as the nearest one within.
    case winsorizedMean(Boundaries)
    /// `tc90`, `TC(10%:90%)`: how many samples are within.
    case trimmedCount(Boundaries)
    /// `ts90`, `TS(10%:90%)`: the sum of the samples within.
    case trimmedSum(Boundaries)
    /// `PR(0:300)`: the percentage of samples within; values only, as with CloudWatch.
    case percentileRank(Boundaries)

    /// Those that PutMetricAlarm takes as its Statistic; all others are an ExtendedStatistic.
    public static let plain: [Statistic] = [.average, .sum, .minimum, .maximum, .sampleCount]

    public var isExtended: Bool { !Statistic.plain.contains(self) }
}

/// What trimmed statistics keep. The lower one is exclusive, the upper one inclusive.
public enum Boundaries: Sendable, Hashable {
    /// Of the samples in their order of size: the lowest and the highest are cut off. Range: lower < upper.
    case shares(Percent, Percent)
    /// In the unit of the metric; nil is unbounded. At least one is set, and lower < upper.
    case values(Double?, Double?)
}

/// A share in ten-billionths of a percent, so that the ten decimals of `p95.0123456789` are exact.
public struct Percent: Sendable, Hashable, Comparable {
    /// Range: 0…`Percent.whole.units`.
    public let units: Int64

    public static let none = Percent(units: 0)
    public static let whole = Percent(units: 100 * unitsPerPercent)
    private static let unitsPerPercent: Int64 = 10_000_000_000
    private static let mostDecimals = 10

    private init(units: Int64) {
        self.units = units
    }

    /// Nil outside of 0…100.
    public init?(_ percent: Double) {
        guard percent >= 0, percent <= 100 else { return nil }
        units = Int64((percent * Double(Percent.unitsPerPercent)).rounded())
    }

    /// Reads `99` or `99.9`, with up to ten decimals; nil when it is something else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), (1...3).contains(parts[0].utf8.count),
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } })
        else { return nil }
        var units = (Int64(parts[0]) ?? 0) * Percent.unitsPerPercent
        if parts.count == 2 {
            let decimals = parts[1].utf8.count
            guard decimals <= Percent.mostDecimals, let fraction = Int64(parts[1]) else { return nil }
            units += (decimals..<Percent.mostDecimals).reduce(fraction) { units, _ in units * 10 }
        }
        guard units <= Percent.whole.units else { return nil }
        self.units = units
    }

    /// `99.9`
    public var text: String {
        let (percent, rest) = units.quotientAndRemainder(dividingBy: Percent.unitsPerPercent)
        guard rest != 0 else { return "\(percent)" }
        var decimals = String(rest + Percent.unitsPerPercent).dropFirst()
        while decimals.last == "0" { decimals.removeLast() }
        return "\(percent).\(decimals)"
    }

    public static func < (left: Percent, right: Percent) -> Bool { left.units < right.units }

    /// What is missing to the whole.
    var rest: Percent { Percent(units: Percent.whole.units - units) }

    /// So many of `count`, rounded down and up.
    func share(of count: Int) -> (down: Int, up: Int) {
        let product = UInt64(units).multipliedFullWidth(by: UInt64(max(count, 0)))
        // The quotient is at most `count`, so it fits.
        let (quotient, remainder) = UInt64(Percent.whole.units).dividingFullWidth(product)
        return (Int(quotient), Int(quotient) + (remainder > 0 ? 1 : 0))
    }
}

// MARK: - Few samples

extension Statistic {
    /// With fewer samples a percentile says little: 10 / (1 - p) samples from the median on, 10 / p below it. Nil for other
    /// statistics, and for p0 and p100, which say the same of any number. Source: CloudWatch user guide, "Percentile-based
    /// alarms and low data samples".
    public var fewestSamples: Int? {
        switch self {
        case .percentile(let percent):
            let share = min(percent, percent.rest).units
            guard share > 0 else { return nil }
            let (count, rest) = (Limits.samplesBeyondPercentile * Percent.whole.units).quotientAndRemainder(
                dividingBy: share)
            return Int(rest > 0 ? count + 1 : count)
        case .average, .sum, .minimum, .maximum, .sampleCount, .trimmedMean, .winsorizedMean, .trimmedCount,
            .trimmedSum, .percentileRank:
            return nil
        }
    }
}

/// What an alarm on a percentile does while there are too few samples for it. Raw values are CloudWatch's words.
public enum LowSampleTreatment: String, Sendable, Codable, CaseIterable {
    /// It is judged all the same.
    case evaluate
    /// Its state stays.
    case ignore
}
