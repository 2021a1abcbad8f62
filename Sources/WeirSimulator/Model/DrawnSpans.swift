/// Lengths of one model from a stream that nobody else draws from: drawn some at a time, which is faster for exponential ones and
/// gives the same as one by one.
public struct DrawnSpans: Sendable {
    private let model: SpanModel
    private var chance: Randomness
    @usableFromInline
    var drawn: ContiguousArray<Int64>
    @usableFromInline
    var place: Int

    private static let block = 64

    public init(_ model: SpanModel, _ chance: Randomness) {
        self.model = model
        self.chance = chance
        drawn = ContiguousArray(repeating: 0, count: Self.block)
        place = Self.block
    }

    /// Unit: nanoseconds.
    @inlinable
    public mutating func next() -> Int64 {
        if place == drawn.count { refill() }
        let span = drawn[place]
        place &+= 1
        return span
    }

    @usableFromInline
    mutating func refill() {
        place = 0
        guard case .exponential(let mean) = model, mean <= SpanModel.longestMeanOfLanes else {
            for index in drawn.indices { drawn[index] = model.draw(&chance) }
            return
        }
        var chance = chance
        for first in stride(from: 0, to: Self.block, by: SpanModel.Lanes.scalarCount) {
            let spans = SpanModel.exponential(mean: mean, &chance)
            for lane in 0..<SpanModel.Lanes.scalarCount { drawn[first &+ lane] = spans[lane] }
        }
        self.chance = chance
    }
}
