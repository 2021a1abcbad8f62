/// One reading of a metric, or several neighbouring ones joined; the four figures are all that statistics need.
struct Sample: Sendable, Equatable {
    /// When it was read; of joined ones, when the newest was.
    var at: Instant
    var minimum: Double
    var maximum: Double
    var sum: Double
    var count: Int

    init(at: Instant, _ value: Double) {
        self.init(at: at, minimum: value, maximum: value, sum: value, count: 1)
    }

    init(at: Instant, minimum: Double, maximum: Double, sum: Double, count: Int) {
        self.at = at
        self.minimum = minimum
        self.maximum = maximum
        self.sum = sum
        self.count = count
    }

    /// Takes in another sample; this one's time stays.
    mutating func join(_ other: Sample) {
        minimum = min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
        sum += other.sum
        count += other.count
    }

    func value(_ statistic: Statistic) -> Double {
        switch statistic {
        case .average: sum / Double(count)
        case .sum: sum
        case .minimum: minimum
        case .maximum: maximum
        case .sampleCount: Double(count)
        }
    }
}
