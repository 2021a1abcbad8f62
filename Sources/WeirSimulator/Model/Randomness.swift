/// Numbers drawn from a seed, one after the other: xoshiro256++, seeded by splitmix64. The same seed gives the same numbers on
/// any machine.
///
/// Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM Transactions on Mathematical Software 47(4).
public struct Randomness: Sendable {
    private var a: UInt64
    private var b: UInt64
    private var c: UInt64
    private var d: UInt64

    public init(seed: UInt64) {
        var state = seed
        func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
        a = next()
        b = next()
        c = next()
        d = next()
    }

    /// A stream of its own for another purpose, so that what one of them draws changes nothing for the others.
    public func split(_ purpose: UInt64) -> Randomness {
        var copy = self
        return Randomness(seed: copy.next() ^ (purpose &* 0xD6E8_FEB8_6659_FD93))
    }

    @inline(__always)
    public mutating func next() -> UInt64 {
        let sum = a &+ d
        let result = (sum << 23 | sum >> 41) &+ a
        let shifted = b << 17
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= shifted
        d = d << 45 | d >> 19
        return result
    }

    /// Above 0, at most 1: a logarithm of it is finite.
    @inline(__always)
    public mutating func unit() -> Double { Double((next() >> 11) &+ 1) * 0x1p-53 }

    /// True with this probability.
    public mutating func happens(_ probability: Double) -> Bool {
        probability > 0 && unit() <= probability
    }

    /// 0…`bound` - 1. Range of `bound`: from 1.
    public mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }
}
