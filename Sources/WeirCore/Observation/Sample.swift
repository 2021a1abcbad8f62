/// One reading of a metric, or several neighbouring ones joined; the four figures are all that most statistics need.
package struct Sample: Sendable, Equatable {
    /// When it was read; of joined ones, when the newest was.
    package var at: Instant
    package var minimum: Double
    package var maximum: Double
    package var sum: Double
    package var count: Int
    /// The source had failed, and an expression put a value in the place of what it would have told.
    package var isFilledIn = false

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
        isFilledIn = isFilledIn || other.isFilledIn
    }
}
