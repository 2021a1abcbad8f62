import Testing
import WeirCore

@testable import WeirPolicy

@Suite("Policies with a wait target, in a file")
struct WaitFileSpecs {
    private func kinds(_ lines: String) -> (kinds: [ScalingPolicy.Kind], complaints: [String]) {
        let result = reader.read(
            text: smallest("scaling_policies: { keep: { type: wait_target\(lines) } }"), path: "emails.yaml")
        return (result.files.first?.group.scalingPolicies.map(\.kind) ?? [], result.diagnostics.map(\.message))
    }

    @Test("the target is all that it needs; 95 of 100 keep it")
    func defaults() {
        let read = kinds(", target: 90s")
        #expect(read.complaints.isEmpty)
        #expect(read.kinds == [.waitTarget(WaitTarget(target: .seconds(90), percentile: 95))])
    }

    @Test("the percentile is what is written")
    func percentile() {
        #expect(
            kinds(", target: 5m, percentile: 99.5").kinds
                == [.waitTarget(WaitTarget(target: .seconds(300), percentile: 99.5))])
    }

    @Test(
        "what is missing or out of range is told",
        arguments: [
            ("", "'target' is missing in 'keep'"), (", target: 60", "'target' has no unit"),
            (", target: 60s, percentile: 100", "'percentile' is 100"),
            (", target: 60s, alarm: busy", "unknown key 'alarm' in 'keep'"),
        ])
    func mistakes(_ lines: String, _ complaint: String) {
        #expect(kinds(lines).complaints == [complaint])
    }
}
