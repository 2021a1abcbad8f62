import WeirSimulator

/// One figure of a report, by the name that it has in JSON.
public struct ReportField: Sendable {
    public let name: String
    /// How it is written behind a number; nil: it is a count.
    public let unit: String?
    /// Less of it is better; nil: it is neither better nor worse.
    public let lessIsBetter: Bool?
    /// Nil where the report does not have it.
    public let value: @Sendable (SimulationReport) -> Double?

    private init(
        _ name: String, unit: String? = nil, lessIsBetter: Bool? = nil,
        _ value: @escaping @Sendable (SimulationReport) -> Double?
    ) {
        self.name = name
        self.unit = unit
        self.lessIsBetter = lessIsBetter
        self.value = value
    }

    /// Every number that a report has.
    public static let all: [ReportField] = [
        ReportField("wait_s.mean", unit: "s", lessIsBetter: true) { $0.wait.mean },
        ReportField("wait_s.p50", unit: "s", lessIsBetter: true) { $0.wait.p50 },
        ReportField("wait_s.p90", unit: "s", lessIsBetter: true) { $0.wait.p90 },
        ReportField("wait_s.p95", unit: "s", lessIsBetter: true) { $0.wait.p95 },
        ReportField("wait_s.p99", unit: "s", lessIsBetter: true) { $0.wait.p99 },
        ReportField("wait_s.p999", unit: "s", lessIsBetter: true) { $0.wait.p999 },
        ReportField("wait_s.max", unit: "s", lessIsBetter: true) { $0.wait.max },
        ReportField("max_backlog", lessIsBetter: true) { Double($0.maxBacklog) },
        ReportField("worker_hours", unit: "h", lessIsBetter: true) { $0.workerHours },
        ReportField("cost", lessIsBetter: true) { $0.cost },
        ReportField("utilisation", lessIsBetter: false) { $0.utilisation },
        ReportField("peak_instances") { Double($0.peakInstances) },
        ReportField("launches", lessIsBetter: true) { Double($0.launches) },
        ReportField("terminations") { Double($0.terminations) },
        ReportField("busy_terminations", lessIsBetter: true) { Double($0.busyTerminations) },
        ReportField("protected_delays") { Double($0.protectedDelays) },
        ReportField("alarm_transitions", lessIsBetter: true) { Double($0.alarmTransitions) },
        ReportField("jobs") { Double($0.jobs) },
        ReportField("completed", lessIsBetter: false) { Double($0.completed) },
        ReportField("undone", lessIsBetter: true) { Double($0.undone) },
        ReportField("dead_letters", lessIsBetter: true) { Double($0.deadLetters) },
        ReportField("failed_attempts", lessIsBetter: true) { Double($0.failedAttempts) },
        ReportField("failed_launches", lessIsBetter: true) { Double($0.failedLaunches) },
        ReportField("expired", lessIsBetter: true) { Double($0.expired) },
        ReportField("hung_instances", lessIsBetter: true) { Double($0.hungInstances) },
        ReportField("failed_measurements", lessIsBetter: true) { Double($0.failedMeasurements) },
        ReportField("span_s", unit: "s") { $0.span },
        ReportField("events") { Double($0.events) },
        ReportField("ticks") { Double($0.ticks) },
    ]

    /// How a figure is written behind its number; nil: it is a count.
    public static func unit(of name: String) -> String? { all.first { $0.name == name }?.unit }

    /// Their names.
    /// - Parameters:
    ///   - hasPrice: an instance has a price, so there is a cost.
    ///   - hasBase: reports are compared with another.
    public static func names(hasPrice: Bool, hasBase: Bool) -> FieldNames {
        var names = FieldNames(all.map(\.name).filter { hasPrice || $0 != "cost" }, hasBase: hasBase)
        if !hasPrice { names.missing["cost"] = "there is a cost only where --price says what an instance costs" }
        return names
    }
}

extension Figures {
    /// Those of a report, and those of the one that it is compared with.
    public init(_ report: SimulationReport, base: SimulationReport? = nil) {
        self.init { field in
            guard let known = ReportField.all.first(where: { $0.name == field.name }) else { return nil }
            return field.isOfBase ? base.flatMap(known.value) : known.value(report)
        }
    }
}
