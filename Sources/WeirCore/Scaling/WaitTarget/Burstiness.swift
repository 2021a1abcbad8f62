/// How much more arrivals vary than a rate tells: of one stretch of time after another, what came beside what was expected.
struct Burstiness: Sendable, Equatable, Codable {
    private var began: Instant?
    /// Unit: seconds. A state of weir from before it was kept has none.
    private var length: Double?
    private var before = 0
    private var counted = 0
    private var expected = 0.0
    private var excess = 0.0
    private var square = 0.0

    /// Variance beyond that of independent arrivals, as a share of the square of what was expected.
    private(set) var dispersion = 0.0

    /// After so many more stretches, one counts for a third.
    private static let memory = 64.0

    /// - Parameters:
    ///   - rate: messages a second, as expected from now on.
    ///   - stretch: seconds.
    mutating func arrive(_ count: Int, rate: Double, _ stretch: Double, at now: Instant) {
        counted += count
        if length != stretch { restart(stretch) }
        if let began, (now - began).inSeconds < stretch { return }
        if let began {
            let came = (now - began).inSeconds > 2 * stretch ? 0 : Double(counted - count - before)
            let larger = max(came, expected)
            let difference = came - expected
            excess = excess * (1 - 1 / Self.memory) + max(0, difference * difference - larger)
            square = square * (1 - 1 / Self.memory) + larger * larger
            dispersion = excess / max(square, 1e-9)
        }
        began = now
        before = counted
        expected = rate * stretch
    }

    /// What was expected of a stretch says nothing of another one.
    mutating func restart(_ stretch: Double) {
        began = nil
        length = stretch
    }

    mutating func move(by span: Duration) { began = began.map { $0 + span } }
}
