import Testing
import WeirCore

@Suite("Mistakes in step adjustments")
struct StepMistakeSpecs {
    private func mistakes(_ bounds: [(Double?, Double?)]) -> [StepMistake] {
        StepScaling.mistakes(in: bounds.map { StepAdjustment(lower: $0.0, upper: $0.1, adjustment: 1) })
    }

    @Test("each is named by the places of its steps")
    func places() {
        #expect(mistakes([]) == [.noStep])
        #expect(mistakes([(10, nil), (0, 10)]).isEmpty)
        #expect(mistakes([(20, nil), (0, 10)]) == [.gap(below: 1, above: 0)])
        #expect(mistakes([(5, nil), (0, 10)]) == [.overlap(below: 1, above: 0)])
        #expect(mistakes([(-20, -10), (-10, 0)]) == [.negativeLowerNeedsNullLower(0)])
        #expect(mistakes([(0, 10), (10, 20)]) == [.positiveUpperNeedsNullUpper(1)])
        #expect(mistakes([(nil, nil)]) == [.bothBoundsNull(0)])
        #expect(mistakes([(0, nil), (0, nil)]).contains(.moreThanOneNullUpper(1)))
    }

    @Test("twenty are taken, twenty-one are not")
    func count() {
        func steps(_ count: Int) -> [(Double?, Double?)] {
            (0..<count).map { (Double($0), $0 == count - 1 ? nil : Double($0 + 1)) }
        }
        #expect(mistakes(steps(20)).isEmpty)
        #expect(mistakes(steps(21)) == [.tooMany(21)])
    }
}
