/// Logarithm, exponential and cosine from additions, multiplications and divisions alone. Those are rounded in one way everywhere
/// (IEEE 754), while mathematics libraries differ in the last bit from processor to processor; so what is drawn from a seed is
/// the same on any machine. Each is right within some units of the last place.
public enum PortableMath {
    private static let ln2 = 0x1.62e42fefa39efp-1
    /// What `ln2` lacks.
    private static let ln2Rest = 0x1.abc9e3b39803fp-56

    /// The natural logarithm. Range: normal numbers above 0.
    ///
    /// With x = 2ᵏ·m and m near 1 it is k·ln 2 + 2·artanh((m − 1) ÷ (m + 1)), by the series s + s³/3 + s⁵/5 + …; |s| is below 0.172.
    @inline(__always)
    public static func log(_ x: Double) -> Double {
        // 0x1.6a09e667f3bcdp0 is the root of 2: what is above is halved.
        let bits = x.bitPattern &+ (0x3FF0_0000_0000_0000 &- 0x3FE6_A09E_667F_3BCD)
        let exponent = Double(Int64(bits >> 52) &- 1023)
        let m = Double(bitPattern: bits & 0x000F_FFFF_FFFF_FFFF &+ 0x3FE6_A09E_667F_3BCD)
        let s = (m - 1) / (m + 1)
        let z = s * s
        // Two halves, which a processor can do side by side.
        let w = z * z
        let odd = z * (1.0 / 3 + w * (1.0 / 7 + w * (1.0 / 11 + w * (1.0 / 15 + w * (1.0 / 19)))))
        let even = w * (1.0 / 5 + w * (1.0 / 9 + w * (1.0 / 13 + w * (1.0 / 17 + w * (1.0 / 21)))))
        return exponent * ln2 + (exponent * ln2Rest + 2 * (s + s * (odd + even)))
    }

    /// Of each, by the same steps.
    @inline(__always)
    static func log(_ x: SIMD4<Double>) -> SIMD4<Double> {
        let bits = unsafeBitCast(x, to: SIMD4<UInt64>.self) &+ (0x3FF0_0000_0000_0000 &- 0x3FE6_A09E_667F_3BCD)
        // As the last bits of a number of which the neighbours are 1 apart.
        let raised = unsafeBitCast(bits &>> 52 | 0x4330_0000_0000_0000, to: SIMD4<Double>.self)
        let exponent = raised - (0x1p52 + 1023)
        let m = unsafeBitCast(bits & 0x000F_FFFF_FFFF_FFFF &+ 0x3FE6_A09E_667F_3BCD, to: SIMD4<Double>.self)
        let s = (m - 1) / (m + 1)
        let z = s * s
        let w = z * z
        let odd = z * series(w, 1.0 / 19, 1.0 / 15, 1.0 / 11, 1.0 / 7, 1.0 / 3)
        let even = w * series(w, 1.0 / 21, 1.0 / 17, 1.0 / 13, 1.0 / 9, 1.0 / 5)
        let rest: SIMD4<Double> = 2 * (s + s * (odd + even))
        return exponent * ln2 + (exponent * ln2Rest + rest)
    }

    /// Horner's way, from the highest power on.
    @inline(__always)
    private static func series(
        _ w: SIMD4<Double>, _ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double
    ) -> SIMD4<Double> {
        var sum = b + w * a
        sum = c + w * sum
        sum = d + w * sum
        return e + w * sum
    }

    /// e to this power: 0 below −708, infinite above 709.
    ///
    /// With x = k·ln 2 + r it is 2ᵏ·eʳ, by the series 1 + r + r²/2! + …; |r| is below 0.347.
    public static func exp(_ x: Double) -> Double {
        guard x > -708 else { return 0 }
        guard x < 709 else { return .infinity }
        let k = (x / ln2).rounded()
        let r = (x - k * ln2) - k * ln2Rest
        var sum = 1.0
        for divisor in stride(from: 14.0, through: 1, by: -1) { sum = 1 + r / divisor * sum }
        return sum * Double(sign: .plus, exponent: Int(k), significand: 1)
    }

    /// The cosine of so many full turns. Range: up to 2⁵⁰ in both directions.
    public static func cosine(turns: Double) -> Double {
        let eighths = ((turns - turns.rounded(.down)) * 8).rounded(.down)
        // Within an eighth of a turn of a whole quarter, where the series are short.
        let quarter = ((eighths + 1) / 2).rounded(.down)
        let angle = ((turns - turns.rounded(.down)) - quarter / 4) * (2 * .pi)
        switch Int(quarter) & 3 {
        case 0: return nearZero(angle).cosine
        case 1: return -nearZero(angle).sine
        case 2: return -nearZero(angle).cosine
        default: return nearZero(angle).sine
        }
    }

    /// Range: an eighth of a turn to either side.
    private static func nearZero(_ angle: Double) -> (sine: Double, cosine: Double) {
        let square = angle * angle
        var (sine, cosine) = (1.0, 1.0)
        for n in stride(from: 18.0, through: 2, by: -2) {
            sine = 1 - square / (n * (n + 1)) * sine
            cosine = 1 - square / ((n - 1) * n) * cosine
        }
        return (angle * sine, cosine)
    }
}
