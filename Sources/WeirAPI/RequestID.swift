import Synchronization

/// Names one request in its answer and in the log, in the form of a UUID. Two of one weir are never the same, and two of
/// different ones hardly ever; nobody may rely on not being able to guess one.
struct RequestID: Sendable, CustomStringConvertible {
    let description: String

    /// Drawn once: asking the system for every request would cost two system calls each.
    private static let seed = (high: UInt64.random(in: .min ... .max), low: UInt64.random(in: .min ... .max))
    private static let drawn = Atomic<UInt64>(0)

    init() {
        let number = Self.drawn.wrappingAdd(1, ordering: .relaxed).newValue
        self.init(high: Self.mixed(Self.seed.high &+ number), low: Self.mixed(Self.seed.low &+ number))
    }

    /// Every number has another image, and neighbours have images far apart (the finalizer of SplitMix64).
    private static func mixed(_ number: UInt64) -> UInt64 {
        var bits = number &* 0x9e37_79b9_7f4a_7c15
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }

    init(high: UInt64, low: UInt64) {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for digit in 0..<32 {
            if [8, 12, 16, 20].contains(digit) { text.append(0x2d) }
            let half = digit < 16 ? high : low
            let nibble = UInt8(truncatingIfNeeded: half >> UInt64(60 - 4 * (digit % 16)) & 15)
            text.append(nibble < 10 ? 0x30 + nibble : 0x61 + nibble - 10)
        }
        description = String(decoding: text, as: UTF8.self)
    }
}
