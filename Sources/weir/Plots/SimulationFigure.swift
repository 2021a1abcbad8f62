import WeirCore
import WeirPlot
import WeirSimulator

/// What a simulation looks like.
struct SimulationFigure {
    let timeline: Timeline
    let report: SimulationReport
    let waits: WaitStatistics
    /// Messages that an instance works on at a time.
    let concurrency: Int
    let policyPath: String
    /// What the clock shows at the beginning.
    let origin: Instant
    /// The trace says when it was; otherwise time is told from its beginning.
    let knowsCalendar: Bool

    private var pieces: ContiguousArray<TimelinePiece> { timeline.pieces.contents }
    var width: Double { Double(timeline.pieces.widthNs) / 1e9 }
    var span: Double { max(Double(timeline.endNs) / 1e9, 1e-3) }

    var figure: Figure {
        Figure(
            title: report.group, subtitle: subtitle,
            time: TimeAxis(beginsAt: knowsCalendar ? origin.milliseconds : nil, span: span),
            panels: [arrivals, backlog, instances, waiting, lanes, distribution].compactMap { $0 }, notes: notes)
    }

    private var subtitle: [String] {
        var sources = "policy \(policyPath) · trace \(report.trace) · seed \(report.seed)"
        if report.wasInterrupted { sources += " · interrupted" }
        var figures = [
            "\(report.jobs) \(report.jobs == 1 ? "job" : "jobs") in \(SimulationText.span(report.span))",
            "wait: mean \(SimulationText.span(report.wait.mean)), 95 % within \(SimulationText.span(report.wait.p95))",
            "\(HoursText.short(report.workerHours)) instance-hours, "
                + "\(SimulationText.decimal(report.utilisation * 100, 0)) % at work",
        ]
        if report.undone > 0 { figures.insert("\(report.undone) of them undone", at: 1) }
        if let cost = report.cost { figures.append("cost \(SimulationText.decimal(cost, 2))") }
        return [sources, figures.joined(separator: " · ")]
    }

    private var notes: [String] {
        var notes = [
            knowsCalendar
                ? "Times are in UTC, from \(time(0)) to \(time(timeline.endNs))."
                : "Time is counted from the first job; the group's own clock showed \(origin.rfc3339) then."
        ]
        notes[0] += " A value covers \(SimulationText.span(width)); bands reach from the least to the most in it."
        notes.append("\(PercentText.share(of: waits.count - waits.zeros, in: waits.count)) of the jobs waited at all.")
        if timeline.decisionsLeftOut > 0 {
            notes.append(
                "There were \(changes) changes of capacity, too many to show each. \(timeline.decisions.count) are marked: "
                    + "of those in each of equal pieces of time the largest, or the first of equal ones.")
        }
        let joined = timeline.alarms.map(\.joinedBelowNs).max() ?? 0
        if joined > 0 {
            notes.append(
                "States of alarms that were left within \(SimulationText.span(Double(joined) / 1e9)) may be drawn as one."
            )
        }
        return notes
    }

    /// Of the capacity, also those that are not shown.
    var changes: Int { timeline.decisions.count + timeline.decisionsLeftOut }

    func series(_ value: (TimelinePiece) -> Double) -> Series {
        Series(width: width, values: pieces.map(value))
    }

    func level(
        _ of: KeyPath<TimelinePiece, TimelinePiece.Level>, per: Double = 1,
        _ value: (TimelinePiece.Level) -> Double
    ) -> Series {
        series { piece in piece[keyPath: of].isEmpty ? .nan : value(piece[keyPath: of]) / per }
    }

    // MARK: Panels

    private var arrivals: Panel {
        let rate = arrivalRate
        var layers: [Layer] = []
        if let busiest = rate.busiest {
            layers.append(Layer("busiest minute", .sky, .band(from: rate.mean, to: busiest)))
        }
        layers.append(Layer(rate.busiest == nil ? nil : "mean", .blue, .steps(rate.mean)))
        return Panel("Arrivals (jobs per \(rate.unit))", .numbers, height: 96, layers)
    }

    /// In the unit in which it is not a small number; the busiest minute where a value covers several.
    var arrivalRate: (mean: Series, busiest: Series?, unit: String) {
        let perSecond = series { Double($0.arrivals) / width }
        let most = perSecond.values.max() ?? 0
        let (scale, unit) = most >= 20 ? (1.0, "second") : most * 60 >= 1 ? (60.0, "minute") : (3600.0, "hour")
        let mean = Series(width: width, values: perSecond.values.map { $0 * scale })
        guard width >= 120, scale == 60 else { return (mean, nil, unit) }
        let busiest = series { Double($0.busiestMinute) }
        return (mean, Series(width: width, values: zip(mean.values, busiest.values).map { max($0, $1) }), unit)
    }

    private var backlog: Panel {
        Panel(
            "Backlog (jobs waiting)", .counts, height: 110,
            [
                Layer(
                    "least to most", .orange,
                    .band(from: level(\.backlog) { Double($0.least) }, to: level(\.backlog) { Double($0.most) })),
                Layer("mean", .vermillion, .steps(level(\.backlog, \.mean))),
            ])
    }

    private var instances: Panel {
        Panel(
            "Instances", .counts, height: 150,
            [
                Layer(
                    "desired, least to most", .grey,
                    .band(from: level(\.desired) { Double($0.least) }, to: level(\.desired) { Double($0.most) })),
                Layer("in service", .sky, .area(level(\.inService, \.mean))),
                Layer("at work", .green, .area(level(\.working, per: Double(concurrency), \.mean))),
                Layer("desired", .blue, .steps(level(\.desired, \.mean))),
            ])
    }

    private var waiting: Panel {
        func known(_ value: @escaping (TimelinePiece.Waits) -> Double) -> Series {
            series { $0.waits.count == 0 ? .nan : value($0.waits) }
        }
        return Panel(
            "Waiting time, by when a job was sent", .durations, height: 110,
            [
                Layer("up to the longest", .purple, .band(from: known(\.mean), to: known(\.max))),
                Layer("mean", .purple, .steps(known(\.mean))),
            ])
    }

    private var lanes: Panel? {
        let alarms = timeline.alarms
        let marks = timeline.decisions.map { decision in
            let isOut = decision.to > decision.from
            return Mark(
                lane: isOut ? 0 : 1, at: Double(decision.atNs) / 1e9, pointsUp: isOut,
                text: "\(time(decision.atNs)) \(change(decision)): \(reason(decision))")
        }
        func spans(_ state: AlarmState) -> [Span] {
            alarms.enumerated().flatMap { lane, alarm in
                alarm.spans.enumerated().compactMap { place, span -> Span? in
                    guard span.state == state else { return nil }
                    let end = place + 1 < alarm.spans.count ? alarm.spans[place + 1].fromNs : timeline.endNs
                    return Span(lane: lane + 2, from: Double(span.fromNs) / 1e9, to: Double(end) / 1e9)
                }
            }
        }
        return Panel(
            "Changes of capacity, and alarms", .lanes(["scale out", "scale in"] + alarms.map(\.name)), height: 0,
            [
                Layer("OK", .grey, .spans(spans(.ok))),
                Layer("INSUFFICIENT_DATA", .orange, .spans(spans(.insufficientData))),
                Layer("ALARM", .vermillion, .spans(spans(.alarm))),
                Layer(nil, .sky, .marks(marks.filter { !$0.pointsUp })),
                Layer(nil, .blue, .marks(marks.filter(\.pointsUp))),
            ])
    }

    /// What share of jobs waited longer than so long; nil where nobody waited.
    private var distribution: Panel? {
        guard report.wait.max > 0 else { return nil }
        let classes = waits.distribution()
        let from = min(beginning(classes), report.wait.max / 10)
        let percentiles = [(50, report.wait.p50), (95, report.wait.p95), (99, report.wait.p99)] as [(Double, Double)]
        let marks = WaitCurve.marks(percentiles, beyond: from)
        return Panel(
            "Share of jobs that waited longer",
            over: .durations(least: from, most: report.wait.max), .shares, height: 150,
            [
                Layer(nil, .purple, .curve(WaitCurve(waits, from: from, through: marks.map(\.point)).points)),
                Layer(nil, .purple, .points(marks)),
            ])
    }

    /// Where the curve begins to fall: of those that waited at all a hundredth waited less. At least a millisecond.
    private func beginning(_ classes: [WaitClass]) -> Double {
        var passed = 0
        for item in classes where item.upTo > 0 {
            passed += item.count
            if passed * 100 >= waits.count - waits.zeros { return max(item.from / 1.5, 1e-3) }
        }
        return 1e-3
    }

    // MARK: Words

    func change(_ decision: TimelineDecision) -> String { "desired \(decision.from) → \(decision.to)" }

    func reason(_ decision: TimelineDecision) -> String {
        decision.reasons.map(\.sentence).joined(separator: "; ")
    }

    /// As the axis tells it.
    func time(_ atNs: Int64) -> String {
        if knowsCalendar { return Instant(milliseconds: origin.milliseconds + atNs / 1_000_000).rfc3339 }
        return ElapsedSpan.moment(Double(atNs) / 1e9)
    }
}

enum ElapsedSpan {
    /// `1 d 02:03:04`.
    static func moment(_ seconds: Double) -> String {
        let whole = Int(seconds)
        let clock = [whole / 3600 % 24, whole / 60 % 60, whole % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return (whole >= 86_400 ? "\(whole / 86_400) d " : "") + clock.joined(separator: ":")
    }
}
