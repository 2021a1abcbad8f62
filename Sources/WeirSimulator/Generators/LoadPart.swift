/// Made-up arrivals of one kind, for some time.
public struct LoadPart: Sendable, Equatable {
    public var kind: Kind
    /// When it begins. Unit: nanoseconds since the beginning. Default: 0.
    public var fromNs: Int64 = 0
    /// Unit: nanoseconds. Range: above 0.
    public var lengthNs: Int64
    /// How long its jobs take; nil: as all others.
    public var service: SpanModel?

    public init(_ kind: Kind, lengthNs: Int64) {
        self.kind = kind
        self.lengthNs = lengthNs
    }

    /// Rates are in jobs each second, above 0.
    public enum Kind: Sendable, Equatable {
        /// One after the other, at equal distances.
        case constant(rate: Double)
        /// Each independent of the others.
        case poisson(rate: Double)
        /// Poisson arrivals at a rate that follows the hours; `rate` is their mean over a cycle.
        case cycle(rate: Double, HourlyShape)
        /// So many jobs again and again, evenly spread over `overNs`.
        case bursts(size: Int, every: SpanModel, overNs: Int64)
        /// Poisson arrivals at times, and none at others.
        case onOff(rate: Double, on: SpanModel, off: SpanModel)
    }
}

/// How a rate follows the hours of a day or of a week, around a mean of 1. Hour 0 is Monday's first.
public enum HourlyShape: Sendable, Equatable {
    /// A sine each day.
    /// - Parameters:
    ///   - swing: how far above and below the mean it goes. Range: 0…1.
    ///   - peak: when it is highest. Unit: hours after midnight.
    ///   - weekend: the share of a weekday's rate that there is on Saturday and Sunday. Range: from 0.
    case sine(swing: Double, peak: Double, weekend: Double)
    /// One number for each hour of the day (24) or of the week (168). They count in relation to each other.
    case weights([Double])

    /// Never above this.
    var highest: Double {
        switch self {
        case .sine(let swing, _, let weekend): (1 + swing) * max(1, weekend) / Self.weekMean(weekend)
        case .weights(let weights): (weights.max() ?? 0) / Self.mean(weights)
        }
    }

    /// The rate at this moment, in means.
    func rate(atNs nowNs: Int64) -> Double {
        switch self {
        case .sine(let swing, let peak, let weekend):
            let dayNs: Int64 = 86_400_000_000_000
            let hours = Double(nowNs % dayNs) / 3_600_000_000_000
            let wave = PortableMath.cosine(turns: (hours - peak) / 24)
            let isWeekend = nowNs / dayNs % 7 >= 5
            return (1 + swing * wave) * (isWeekend ? weekend : 1) / Self.weekMean(weekend)
        case .weights(let weights):
            let hour = Int(nowNs / 3_600_000_000_000) % weights.count
            return weights[hour] / Self.mean(weights)
        }
    }

    private static func weekMean(_ weekend: Double) -> Double { (5 + 2 * weekend) / 7 }
    private static func mean(_ weights: [Double]) -> Double { weights.reduce(0, +) / Double(weights.count) }
}
