import Foundation
import Testing

@testable import WeirCore

@Suite("Samples, datapoints and windows")
struct HistorySpecs {
    private func alarm(
        _ statistic: Statistic, period: Double = 60, periods: Int = 3, metric: MetricID = .builtIn(.visible)
    ) -> AlarmDefinition {
        AlarmDefinition(
            name: "a", metric: metric, statistic: statistic, period: .milliseconds(Int64(period * 1000)),
            evaluationPeriods: periods, comparison: .greaterThan, threshold: 0)
    }

    private func datapoints(_ alarm: AlarmDefinition, _ samples: [Sample], at now: Instant = noon) -> [Int: Double] {
        var found: [Int: Double] = [:]
        let window = MetricWindow(now: now, period: alarm.period, count: alarm.datapointsInView)
        window.forEachDatapoint(in: samples) { found[$0] = $1.value(alarm.statistic) }
        return found
    }

    @Test("a reading at the end of a period belongs to it, one at its start to the one before")
    func edges() {
        let samples = [-120.001, -120, -60, -59.999, 0].map { Sample(at: .at($0), $0) }
        #expect(datapoints(alarm(.sampleCount), samples) == [0: 2, 1: 1, 2: 2])
    }

    @Test("periods slide with now, by any amount")
    func sliding() {
        let samples = [Sample(at: .at(0), 7)]
        for (now, index) in [(0.0, 0), (59.9, 0), (60, 1), (299.9, 4)] {
            #expect(datapoints(alarm(.maximum), samples, at: .at(now)) == [index: 7])
        }
        #expect(datapoints(alarm(.maximum), samples, at: .at(300)).isEmpty)
    }

    @Test("what lies in the future is not known yet")
    func future() {
        #expect(datapoints(alarm(.maximum), [Sample(at: .at(-1), 3), Sample(at: .at(5), 9)]) == [0: 3])
    }

    @Test(arguments: [
        (Statistic.average, 4.0), (.sum, 12), (.minimum, 1), (.maximum, 9), (.sampleCount, 3),
    ])
    func statistics(_ statistic: Statistic, _ expected: Double) {
        let samples = [(-20.0, 1.0), (-10, 9), (0, 2)].map { Sample(at: .at($0.0), $0.1) }
        #expect(datapoints(alarm(statistic), samples) == [0: expected])
    }

    @Test("samples out of every alarm's sight are forgotten")
    func forgetting() {
        var world = MiniWorld(GroupPolicy(name: "g", minSize: 0, maxSize: 1, alarms: [.up()]))
        for second in stride(from: 0.0, through: 3600, by: 10) { world.tick(at: second) }
        // Three minutes in view, plus the few that wait to be swept out together.
        #expect(world.state.history.sampleCount >= 18)
        #expect(world.state.history.sampleCount <= 36)
    }

    @Test("with more samples than are kept, old ones are joined: sums, extremes and counts stay")
    func thinning() {
        var series = MetricHistory.Series(metric: .builtIn(.visible))
        for second in 0..<1000 {
            series.append(Sample(at: .at(Double(second)), Double(second % 17)))
            if series.needsTidying { series.tidy(keeping: .seconds(5000), capacity: 100) }
        }
        #expect(series.samples.count <= 108)
        #expect(series.samples.reduce(0) { $0 + $1.count } == 1000)
        #expect(series.samples.reduce(0) { $0 + $1.sum } == (0..<1000).reduce(0.0) { $0 + Double($1 % 17) })
        #expect(series.samples.map(\.minimum).min() == 0 && series.samples.map(\.maximum).max() == 16)
        #expect(zip(series.samples.dropFirst(), series.samples).allSatisfy { $0.at > $1.at })
        // The newest are as they came.
        #expect(series.samples.suffix(40).allSatisfy { $0.count == 1 })
    }

    @Test("an alarm over a day of minutes keeps a sample for every period")
    func longAlarm() {
        let day = alarm(.maximum, periods: 1440)
        var world = MiniWorld(
            GroupPolicy(name: "g", minSize: 0, maxSize: 1, pollInterval: .seconds(20), alarms: [day]))
        for second in stride(from: 0.0, through: 100_000, by: 20) { world.tick(at: second) }
        #expect(world.state.history.sampleCount <= Limits.samplesPerMetric + 8)
        let found = datapoints(day, world.state.history.series[0].samples, at: .at(100_000))
        #expect(found.count == 1442)
    }

    @Test("history travels, joined samples and all, and briefly")
    func travel() throws {
        var history = MetricHistory()
        var series = MetricHistory.Series(metric: .named("backlog"))
        for second in stride(from: 0.0, to: 400, by: 5) {
            series.append(Sample(at: .at(second), second / 5))
            if series.needsTidying { series.tidy(keeping: .seconds(5000), capacity: 64) }
        }
        history.series = [series]
        let data = try JSONEncoder().encode(history)
        #expect(try JSONDecoder().decode(MetricHistory.self, from: data) == history)
        var plain = MetricHistory.Series(metric: .builtIn(.visible))
        for second in stride(from: 0.0, to: 200, by: 5) { plain.append(Sample(at: .at(second), 240)) }
        let bytes = try JSONEncoder().encode(plain).count
        #expect(bytes < 40 * 12 + 100, "\(bytes) bytes for 40 samples")
    }

    @Test("two alarms on one metric share its samples, and a reload keeps what is still looked at")
    func sharing() {
        let other = alarm(.sum, metric: .builtIn(.inFlight))
        var world = MiniWorld(
            GroupPolicy(name: "g", minSize: 0, maxSize: 1, alarms: [.up(), .down(), other]))
        for second in 0..<3 { world.tick(at: Double(second * 10)) }
        #expect(world.state.history.series.map(\.metric) == [.builtIn(.visible), .builtIn(.inFlight)])
        #expect(world.state.history.sampleCount == 6)
        world.policy.alarms = [other, alarm(.maximum, metric: .builtIn(.outstanding))]
        world.tick(at: 30)
        #expect(world.state.history.series.map(\.metric) == [.builtIn(.inFlight), .builtIn(.outstanding)])
        #expect(world.state.history.series.map(\.samples.count) == [4, 1])
    }

    @Test("metrics that follow from others, and those of the group itself")
    func derived() throws {
        var values = MetricValues(
            Measurement(
                visible: .value(12), inFlight: .estimate(3), delayed: .value(1), oldestAge: .missing(.notTold)),
            fleet: FleetCount(fleet(2) + [.pending("i-9")]), desiredCapacity: 3,
            definitions: [
                NamedMetric(name: "per", expression: try .parse("visible / max(in_service, 1)")),
                NamedMetric(name: "twice", expression: try .parse("per * 2", names: ["per"])),
                NamedMetric(name: "age", expression: try .parse("oldest_age + 1")),
            ])
        let expected: [(MetricID, Double?)] = [
            (.builtIn(.visible), 12), (.builtIn(.inFlight), 3), (.builtIn(.delayed), 1), (.builtIn(.outstanding), 15),
            (.builtIn(.oldestAge), nil), (.builtIn(.arrivalRate), nil), (.builtIn(.inService), 2),
            (.builtIn(.pending), 1), (.builtIn(.terminating), 0), (.builtIn(.desired), 3), (.named("per"), 6),
            (.named("twice"), 12), (.named("age"), nil), (.named("unknown"), nil),
        ]
        for (metric, value) in expected { #expect(values[metric].number == value, "\(metric.word)") }
        values = MetricValues(.unreachable, fleet: FleetCount([]), desiredCapacity: 0, definitions: [])
        #expect(values[.builtIn(.outstanding)] == .unknown)
    }

    @Test("scale-in by a named metric waits when a figure in it could not be measured")
    func blindNamedMetric() throws {
        let definitions = [
            NamedMetric(name: "load", expression: try .parse("in_flight / 2")),
            NamedMetric(name: "more", expression: try .parse("load + visible", names: ["load"])),
        ]
        let measurement = Measurement(
            visible: .value(1), inFlight: .missing(.sourceFailed("denied")), delayed: .value(0),
            oldestAge: .missing(.notTold))
        #expect(measurement.failure == nil)
        #expect(measurement.failed(for: .named("more"), definitions: definitions))
        #expect(measurement.failed(for: .builtIn(.outstanding), definitions: definitions))
        #expect(!measurement.failed(for: .builtIn(.oldestAge), definitions: definitions))
        #expect(!measurement.failed(for: .builtIn(.desired), definitions: definitions))
    }
}
