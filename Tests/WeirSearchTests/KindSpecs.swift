import Testing
import WeirCore
import WeirPolicy

@testable import WeirSearch

@Suite("Where a search begins with a kind")
struct KindSpecs {
    private static let names = ReportField.names(hasPrice: false, hasBase: false)

    private static func setting(_ objective: String) throws -> Setting {
        let group = GroupPolicy(name: "g", minSize: 0, maxSize: 10, pollInterval: .seconds(10))
        return Setting(group, [], keeping: try Objective(objective, over: names).waitLimit)
    }

    @Test(
        "a wait target begins with what is to be kept, and nothing else of it touched",
        arguments: [
            ("wait_s.p95 <= 60", ["target: 60s", "percentile: 95"]),
            ("wait_s.p999 < 7200", ["target: 7200s", "percentile: 99.9"]),
            // A little less than what is limited keeps it, a little more does not.
            ("wait_s.p50 <= 7.9", ["target: 7s", "percentile: 50"]),
            ("wait_s.p90 <= 0.258", ["target: 250ms", "percentile: 90"]),
            // Of what has to be kept besides, the wait counts.
            ("worker_hours <= 10 and wait_s.p99 <= 2m", ["target: 120s", "percentile: 99"]),
            // No policy file has shorter or longer targets.
            ("wait_s.p95 <= 0", ["target: 100ms", "percentile: 95"]),
            ("wait_s.p95 <= 1000000000", ["target: 604800s", "percentile: 95"]),
        ])
    func waitTarget(condition: String, lines: [String]) throws {
        let setting = try Self.setting("min worker_hours subject to \(condition)")
        let kind = WaitKind()
        let family = Family(kind.name, kind.parameters(setting), start: kind.start(setting))
        let values = family.values(at: try #require(family.start))
        let policy = kind.scaling(values, setting).policies
        #expect(policy == ["tuned-wait:", "  type: wait_target"] + lines.map { "  " + $0 })
    }

    @Test(
        "where no wait has to be kept, it begins anywhere",
        arguments: [
            "min worker_hours", "min worker_hours subject to wait_s.max <= 60",
            "min worker_hours subject to wait_s.p95 <= 60 or launches < 3",
        ])
    func anywhere(objective: String) throws {
        #expect(WaitKind().start(try Self.setting(objective)) == nil)
    }
}
