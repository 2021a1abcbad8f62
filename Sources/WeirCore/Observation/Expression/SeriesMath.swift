extension MetricExpression {
    /// The expression over whole series, as CloudWatch computes it: one value for each moment, nil where there is none.
    ///
    /// - Parameter series: the datapoints of each named metric, oldest first, nil where one is missing; a series that is
    ///   shorter than the longest ends early.
    public func values(of series: [String: [Double?]]) -> [Double?] {
        let source = SeriesOperands(series: series)
        return (0..<source.count).map { root.evaluate(source, at: $0).number }
    }
}

private struct SeriesOperands: OperandSource {
    let series: [String: [Double?]]

    var count: Int { series.values.reduce(0) { max($0, $1.count) } }

    func operand(_ metric: MetricID, at index: Int) -> Operand {
        guard let values = series[metric.word], values.indices.contains(index) else { return .missing }
        return Operand(values[index])
    }

    func lastKnown(_ text: String) -> Double? { nil }
}
