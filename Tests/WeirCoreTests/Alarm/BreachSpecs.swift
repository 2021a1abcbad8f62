import Testing

@testable import WeirCore

@Suite("Breaching")
struct BreachSpecs {
    @Test(
        "the datapoint stands on the left: below, at and above a threshold of 10",
        arguments: [
            (Comparison.greaterThan, [false, false, true]), (.greaterThanOrEqual, [false, true, true]),
            (.lessThan, [true, false, false]), (.lessThanOrEqual, [true, true, false]),
        ])
    func sides(_ comparison: Comparison, _ expected: [Bool]) {
        let breaches = [9.999, 10, 10.001].map { comparison.isBreached(by: $0, threshold: 10) }
        #expect(breaches == expected)
    }
}
