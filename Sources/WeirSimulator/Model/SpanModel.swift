/// How long something takes: always the same, or drawn. Unit: seconds.
///
/// What is drawn is rounded to a microsecond.
public enum SpanModel: Sendable, Equatable {
    case constant(Double)
    case exponential(mean: Double)
    /// - Parameter deviation: the standard deviation of the length itself, not of its logarithm.
    case lognormal(mean: Double, deviation: Double)
    /// - Parameters:
    ///   - smallest: no length is shorter.
    ///   - shape: above 1, or it would have no mean.
    case pareto(smallest: Double, shape: Double)
    /// One of these, each as likely.
    case drawn(from: [Double])

    /// The length to expect; used where nothing has been measured.
    public var mean: Double {
        switch self {
        case .constant(let seconds): seconds
        case .exponential(let mean), .lognormal(let mean, _): mean
        case .pareto(let smallest, let shape): shape > 1 ? smallest * shape / (shape - 1) : .infinity
        case .drawn(let lengths): lengths.isEmpty ? 0 : lengths.reduce(0, +) / Double(lengths.count)
        }
    }

    /// Unit: nanoseconds, in whole microseconds unless it is constant.
    public func draw(_ chance: inout Randomness) -> Int64 {
        switch self {
        case .constant(let seconds): Self.nanoseconds(seconds)
        case .exponential(let mean): Self.rounded(-PortableMath.log(chance.unit()) * mean)
        case .lognormal(let mean, let deviation):
            Self.rounded(Self.lognormal(mean, deviation, chance.unit(), chance.unit()))
        case .pareto(let smallest, let shape):
            Self.rounded(smallest * PortableMath.exp(-PortableMath.log(chance.unit()) / shape))
        case .drawn(let lengths): lengths.isEmpty ? 0 : Self.nanoseconds(lengths[chance.below(lengths.count)])
        }
    }

    /// Box and Muller's way to a normal number.
    private static func lognormal(_ mean: Double, _ deviation: Double, _ first: Double, _ second: Double) -> Double {
        guard mean > 0 else { return 0 }
        let variance = PortableMath.log(1 + deviation * deviation / (mean * mean))
        let normal = (-2 * PortableMath.log(first)).squareRoot() * PortableMath.cosine(turns: second)
        return PortableMath.exp(PortableMath.log(mean) - variance / 2 + variance.squareRoot() * normal)
    }

    /// The longest that is drawn: half a century. A Pareto number has no bound.
    private static let longest = 1.6e9

    private static func rounded(_ seconds: Double) -> Int64 {
        let microseconds = min(seconds, longest) * 1_000_000
        // To the nearest, as `rounded()` does for what is not negative, without a call and without a branch that nobody can
        // guess: twice the rest is 1 and something from a half on.
        let whole = Int64(microseconds)
        return (whole + Int64(2 * (microseconds - Double(whole)))) * 1000
    }

    /// Seconds with up to nine decimals, to the nearest nanosecond.
    public static func nanoseconds(_ seconds: Double) -> Int64 {
        Int64((min(seconds, longest) * 1_000_000_000).rounded())
    }
}
