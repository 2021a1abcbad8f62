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

    /// So many are drawn at once.
    typealias Lanes = SIMD4<Double>

    /// None that is drawn is as much as 40 means, as no number above 0 is below 2⁻⁵³: none of them exceeds `longest`.
    static let longestMeanOfLanes = longest / 40

    /// Exponential ones, as `draw` gives them one after the other. Range of `mean`: up to `longestMeanOfLanes`.
    @inline(__always)
    static func exponential(mean: Double, _ chance: inout Randomness) -> SIMD4<Int64> {
        var units = Lanes()
        for lane in 0..<Lanes.scalarCount { units[lane] = chance.unit() }
        return rounded(-PortableMath.log(units) * mean)
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

    static func rounded(_ seconds: Double) -> Int64 {
        nearest(min(seconds, longest) * 1_000_000) * 1000
    }

    /// The nearest whole number, as `rounded()` does it, without a call and without a branch that nobody can guess: twice the
    /// rest is 1 and something from a half on.
    @inline(__always)
    private static func nearest(_ number: Double) -> Int64 {
        let whole = Int64(number)
        return whole + Int64(2 * (number - Double(whole)))
    }

    /// Each as the other `rounded` does it. Range: 0…`longest`.
    @inline(__always)
    static func rounded(_ seconds: Lanes) -> SIMD4<Int64> {
        let microseconds = seconds * 1_000_000
        // Where neighbouring numbers are 1 apart a sum is a whole number, of two equally near the even one: half up is wanted.
        let nearest = (microseconds + 0x1p52) - 0x1p52
        let isHalf = unsafeBitCast((microseconds - nearest) .== 0.5, to: SIMD4<UInt64>.self)
        let whole = nearest + unsafeBitCast(isHalf & (1.0).bitPattern, to: Lanes.self)
        let bits = unsafeBitCast(whole + 0x1p52, to: SIMD4<Int64>.self) & 0x000F_FFFF_FFFF_FFFF
        return bits &* 1000
    }

    /// Seconds with up to nine decimals, to the nearest nanosecond.
    @inline(__always)
    public static func nanoseconds(_ seconds: Double) -> Int64 {
        nearest(min(seconds, longest) * 1_000_000_000)
    }
}
