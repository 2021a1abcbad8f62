import WeirCore

/// Metrics that the chosen source never tells.
extension CrossChecks {
    mutating func warnOfUntoldMetrics() {
        guard let source = root.child("queue")?.chosen else { return }
        let untold = source.section.section.untold(source.section.options)
        guard !untold.isEmpty else { return }
        for item in root.named("alarms") + root.named("scaling_policies") {
            guard let section = item.section, let metric = section.options.text("metric").flatMap(BuiltInMetric.init),
                untold.contains(metric)
            else { continue }
            warn(of: metric, source, at: section.place(of: "metric"))
        }
        var names = BuiltInMetric.allCases.map(\.rawValue)
        for item in root.named("metrics") {
            let expression = item.text.flatMap { try? MetricExpression.parse($0, names: names) }
            names.append(item.name)
            for case .builtIn(let metric) in expression?.metrics ?? [] where untold.contains(metric) {
                warn(of: metric, source, at: item.valueSpan)
            }
        }
    }

    private mutating func warn(
        of metric: BuiltInMetric, _ source: (name: String, section: SectionValues), at place: SourceSpan
    ) {
        // `outstanding` is made of two that are told.
        let key = metric == .outstanding ? BuiltInMetric.inFlight : metric
        findings.warning(
            "'\(metric.rawValue)' is always missing here: the source '\(source.name)' does not tell "
                + (metric == key ? "it" : "'\(key.rawValue)'"),
            at: place,
            hint: source.section.section.key(key.rawValue) == nil
                ? "expected a metric that it tells, such as 'visible'"
                : "expected '\(key.rawValue)' under '\(source.name)', or another metric")
    }
}
