import Foundation
import Testing
import WeirCore
import WeirQueue
import WeirRuntime

@testable import WeirAPI

@Suite("docs/metrics.md")
struct MetricsPageSpecs {
    private static let page = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "../../docs/metrics.md").standardized

    /// What a row of the page says of a metric, and what `/metrics` says.
    struct Row: Equatable, CustomStringConvertible {
        var name: String
        var type: String
        var labels: [String]

        var description: String { "\(name) \(type) \(labels)" }
    }

    /// Of the rows of its tables: `| metric | type | unit | labels | meaning |`.
    private static func documented() throws -> [(row: Row, unit: String, meaning: String)] {
        try String(contentsOf: page, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("| `weir_") }.map {
            let cells = $0.split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            try #require(cells.count == 7, "\($0)")
            let labels = cells[4].split(separator: ", ").map { $0.trimmingCharacters(in: ["`"]) }
            let row = Row(name: cells[1].trimmingCharacters(in: ["`"]), type: cells[2], labels: labels)
            return (row, unit: cells[3], meaning: cells[5])
        }
    }

    /// A group and a queue of which everything is known, so that every metric has a sample.
    private static var everything: Metrics {
        var group = Bench.rolling
        group.state.alarms = Bench.thumbnails.state.alarms
        group.measurement = Measurement(
            visible: .value(3), inFlight: .value(1), delayed: .value(0), oldestAge: .value(7))
        let depth = QueueDepth(visible: 1, oldestVisibleSentAt: Bench.start)
        return Metrics(groups: [group], queues: [("jobs", depth)], policiesAreInForce: true, now: Bench.start)
    }

    /// The labels of a metric, from its first sample.
    private static func labels(of name: String, in text: String) throws -> [String] {
        let sample = try #require(
            text.split(separator: "\n").first { $0.hasPrefix("\(name) ") || $0.hasPrefix("\(name){") },
            "the group and the queue of this spec are to give every metric a sample; \(name) has none")
        return sample.matches(of: /[{,](\w+)="/).map { String($0.1) }
    }

    @Test("has every metric that is exposed and no other, each with its type and its labels")
    func complete() throws {
        let written = Self.everything.written
        let exposed = try written.families.map { name, kind in
            Row(name: name, type: kind.rawValue, labels: try Self.labels(of: name, in: written.text))
        }
        let documented = try Self.documented().map(\.row)
        #expect(Set(documented.map(\.name)).count == documented.count, "a metric has two rows")
        #expect(exposed.filter { !documented.contains($0) } == [], "exposed, and have no such row")
        #expect(documented.filter { !exposed.contains($0) } == [], "have a row, and are not exposed so")
    }

    @Test("says unit and meaning of each")
    func units() throws {
        for (row, unit, meaning) in try Self.documented() {
            #expect(!unit.isEmpty, "\(row)")
            #expect(meaning.hasSuffix("."), "\(row)")
            // The name tells the unit too.
            for word in ["instances", "messages", "seconds", "percent"] where row.name.hasSuffix("_\(word)") {
                #expect(unit == word, "\(row)")
            }
        }
    }

    @Test("Families without samples are known too, or a metric could hide from the page")
    func withoutSamples() {
        let nothing = Metrics(groups: [], queues: [], policiesAreInForce: true, now: Bench.start).written
        #expect(nothing.families.map(\.name) == Self.everything.written.families.map(\.name))
        #expect(!nothing.text.contains("weir_group_instances"))
    }
}
