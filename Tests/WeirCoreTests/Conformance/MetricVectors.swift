import Testing

@testable import WeirCore

@Suite("Conformance: metrics")
struct MetricVectors {
    @Test(arguments: VectorFile.vectors("metric-math"))
    func metricMath(_ vector: Vector) throws {
        try vector.expectsOnly("values")
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

    @Test(arguments: VectorFile.vectors("acceptable-backlog"))
    func acceptableBacklog(_ vector: Vector) throws {
        try vector.expectsOnly("targetValue", "backlogPerInstance", "instancesNeeded")
        let backlog = try #require(
            AcceptableBacklog(
                longestWaitSeconds: try vector.number("acceptableLatencySeconds"),
                processingSeconds: try vector.number("secondsPerMessage")))
        if let expected = vector.expected["targetValue"] { #expect(isAlike(backlog.perInstance, expected.double)) }
        if let expected = vector.expected["backlogPerInstance"] {
            let perInstance = AcceptableBacklog.perInstance(
                messages: try vector.number("messages"), instances: try vector.int("instances"))
            #expect(isAlike(perInstance, expected.double))
        }
        if let expected = vector.expected["instancesNeeded"] {
            #expect(backlog.instancesNeeded(messages: try vector.number("messages")) == expected.int)
        }
    }

    /// To the last digits of a Double, which a decimal in a file cannot always give.
    private func isAlike(_ value: Double?, _ expected: Double?) -> Bool {
        guard let value, let expected else { return value == expected }
        return abs(value - expected) <= 1e-12 * max(abs(value), abs(expected))
    }
}
