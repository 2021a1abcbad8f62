import Testing

@testable import WeirCore

@Suite("Conformance: metrics")
struct MetricVectors {
    @Test(arguments: VectorFile.vectors("metric-math"))
    func metricMath(_ vector: Vector) throws {
        try vector.expectsOnly(["values"])
        guard case .object(let written)? = vector.input["series"] else {
            Issue.record("\(vector.id) has no series")
            return
        }
        let series = written.mapValues { $0.list?.map(\.double) ?? [] }
        let expression = try MetricExpression.parse(try vector.text("expression"), names: series.keys.sorted())
        let values = expression.values(of: series)
        let expected = try #require(vector.expected["values"]?.list)
        try #require(values.count == expected.count)
        for (value, expected) in zip(values, expected) { #expect(isAlike(value, expected.double)) }
    }

    /// To the last digits of a Double, which a decimal in a file cannot always give.
    private func isAlike(_ value: Double?, _ expected: Double?) -> Bool {
        guard let value, let expected else { return value == expected }
        return abs(value - expected) <= 1e-12 * max(abs(value), abs(expected))
    }
}
