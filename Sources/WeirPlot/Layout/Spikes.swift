/// Peaks of a band that are so narrow that a pale surface would hardly show them. Unit: pixels.
struct Spikes {
    /// The edges of the band in each column, counted upwards; not a number: unknown.
    var low: [Double]
    var high: [Double]
    /// Of a column.
    var width: Double

    /// A peak that is wider is a surface that is seen.
    static let widest = 3.0
    /// What rises less than so much above what is beside it is none.
    static let least = 8.0

    /// The columns of their tips, from the left.
    var columns: [Int] {
        guard width > 0, width <= Self.widest else { return [] }
        let reach = Int(Self.widest / width)
        return high.indices.filter { column in
            let top = high[column]
            guard top - low[column] >= Self.least else { return false }
            let (left, right) = (high[max(column - reach, 0)..<column], high[(column + 1)...].prefix(reach))
            // Of equal ones that are side by side the first is the tip.
            guard left.allSatisfy({ !($0 >= top) }), right.allSatisfy({ !($0 > top) }) else { return false }
            return fallsOff(left, from: top, of: reach) && fallsOff(right, from: top, of: reach)
        }
    }

    /// Beyond the first and the last column, and where nothing is known, there is nothing.
    private func fallsOff(_ side: ArraySlice<Double>, from top: Double, of reach: Int) -> Bool {
        side.count < reach || side.contains { !$0.isFinite || top - $0 >= Self.least }
    }
}
