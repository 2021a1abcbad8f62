import WeirCore
import WeirPlot
import WeirSimulator

extension SimulationFigure {
    /// The figure with what it says under the pointer.
    /// - Parameter facts: rows of what, and how much.
    func page(facts: [[String]]) -> Page {
        let decisions = timeline.decisions.map { decision in
            Page.Event(
                at: Double(decision.atNs) / 1e9, time: time(decision.atNs), change: change(decision),
                reason: reason(decision))
        }
        return Page(
            figure: figure,
            facts: [Page.Fact("policy", policyPath)]
                + facts.map { Page.Fact($0[0], $0.dropFirst().joined(separator: " ")) },
            readings: readings, events: Page.Events("Changes of capacity", decisions, of: changes))
    }

    private func range(_ of: KeyPath<TimelinePiece, TimelinePiece.Level>) -> Page.Reading.Content {
        .ranges(least: level(of) { Double($0.least) }, most: level(of) { Double($0.most) })
    }

    private var readings: [Page.Reading] {
        let rate = arrivalRate
        return [
            Page.Reading("arrivals per \(rate.unit)", .numbers(rate.mean, most: rate.busiest)),
            Page.Reading(
                "backlog", .numbers(level(\.backlog, \.mean), most: level(\.backlog) { Double($0.most) })),
            Page.Reading("desired", range(\.desired)),
            Page.Reading("in service", range(\.inService)),
            Page.Reading("at work", .numbers(level(\.working, per: Double(concurrency), \.mean))),
            Page.Reading(
                "waiting time",
                .durations(
                    series { $0.waits.count == 0 ? .nan : $0.waits.mean },
                    most: series { $0.waits.count == 0 ? .nan : $0.waits.max })),
        ]
            + timeline.alarms.map { alarm in
                Page.Reading(
                    alarm.name,
                    .states(
                        alarm.spans.map { Page.Reading.State(from: Double($0.fromNs) / 1e9, name: $0.state.rawValue) }))
            }
    }
}
