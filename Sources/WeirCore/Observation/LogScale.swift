/// Buckets whose edges have one ratio, so that milliseconds and days are told equally well: the first ends at a millisecond, and
/// each octave above it has eight. Made with multiplication and square roots alone, which round alike on every machine.
public struct LogScale: Sendable {
    /// 2^(i/8) for each i below 8.
    private let steps: [Double]

    public static let work = LogScale()

    private init() {
        let ratio = 2.0.squareRoot().squareRoot().squareRoot()
        var steps = [1.0]
        for _ in 1..<8 { steps.append(steps[steps.count - 1] * ratio) }
        self.steps = steps
    }

    /// - Parameter seconds: what is below a millisecond is in the first bucket.
    @inline(__always)
    public func bucket(_ seconds: Double) -> Int {
        let value = seconds * 1000
        guard value > 1, value.isFinite else { return 0 }
        let significand = value.significand
        // The number of steps up to it, by halving.
        var low = 0
        var high = steps.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if steps[middle] <= significand { low = middle } else { high = middle }
        }
        return Int(value.exponent) * steps.count + low + 1
    }

    /// Where a bucket ends. Unit: seconds.
    public func edge(_ bucket: Int) -> Double {
        let octave = bucket / steps.count
        return 0.001 * Double(sign: .plus, exponent: octave, significand: steps[bucket % steps.count])
    }

    /// What stands for all that is in a bucket, to within half of it (a 23rd). Unit: seconds.
    public func middle(_ bucket: Int) -> Double { bucket == 0 ? 0.0005 : edge(bucket) / halfStep }

    /// Half a bucket below its end.
    var halfStep: Double { steps[1].squareRoot() }
}
