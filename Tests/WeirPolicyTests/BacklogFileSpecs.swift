import Testing
import WeirCore

@testable import WeirPolicy

@Suite("Policies that follow the backlog, in a file")
struct BacklogFileSpecs {
    private func tracking(_ lines: String) throws -> BacklogTracking {
        let result = reader.read(
            text: smallest("scaling_policies: { follow: { type: backlog_tracking\(lines) } }"), path: "emails.yaml")
        #expect(result.text == "")
        let policy = try #require(result.files.first?.group.scalingPolicies.first)
        #expect(policy.alarms.isEmpty)
        guard case .backlogTracking(let tracking) = policy.kind else {
            Issue.record("\(policy.kind)")
            return BacklogTracking()
        }
        return tracking
    }

    @Test("the smallest one: one instance for each message, scale-in after 5 min")
    func defaults() throws {
        #expect(try tracking("") == BacklogTracking())
    }

    @Test("every key arrives where it belongs")
    func everyKey() throws {
        let lines =
            ", messages_per_instance: 2.5, spare: 10%, min: 1, max: 4, scale_in_votes: 3 of 5, scale_out_window: 30s, "
            + "max_scale_out_rate: 10/min, max_scale_in_rate: 25%/30s"
        let expected = BacklogTracking(
            messagesPerInstance: 2.5, spare: .percent(10), minimum: 1, maximum: 4,
            scaleOut: ScalingBehavior(
                .window(.seconds(30)), maxRate: ScalingRate(.instances(10), each: .seconds(60))),
            scaleIn: ScalingBehavior(
                .votes(.init(3, of: 5)), maxRate: ScalingRate(.percent(25), each: .seconds(30))))
        #expect(try tracking(lines) == expected)
    }

    @Test("it may only add")
    func addsOnly() throws {
        #expect(try tracking(", disable_scale_in: true").disableScaleIn)
    }

    @Test(
        "amounts, as people write them",
        arguments: [
            ("2", InstanceAmount.instances(2)), ("0", .instances(0)), ("10%", .percent(10)), ("2.5 %", .percent(2.5)),
            ("", nil), ("-1", nil), ("1.5", nil), ("%", nil), ("1e3%", nil), ("99999999", nil), ("10 percent", nil),
        ])
    func amounts(_ text: String, _ amount: InstanceAmount?) {
        #expect(AmountText.amount(text) == amount)
    }

    @Test(
        "rates, as people write them",
        arguments: [
            ("10/min", ScalingRate(.instances(10), each: .seconds(60))),
            ("10 / 1m", ScalingRate(.instances(10), each: .seconds(60))),
            ("1/s", ScalingRate(.instances(1), each: .seconds(1))),
            ("25%/30s", ScalingRate(.percent(25), each: .seconds(30))),
            ("3/h", ScalingRate(.instances(3), each: .seconds(3600))),
            ("0/min", nil), ("0%/min", nil), ("10", nil), ("10/", nil), ("10/day", nil), ("10/2h", nil),
            ("10/min/min", nil), ("10/100ms", nil),
        ])
    func rates(_ text: String, _ rate: ScalingRate?) {
        #expect(AmountText.rate(text) == rate)
    }

    @Test(
        "votes, as people write them",
        arguments: [
            ("3 of 5", Stabilization.Votes(3, of: 5)), ("3/5", Stabilization.Votes(3, of: 5)),
            ("1 of 1", Stabilization.Votes(1, of: 1)), ("0 of 5", nil), ("6 of 5", nil), ("3", nil),
            ("3 of 5 of 7", nil), ("3 of 101", nil), ("three of five", nil),
        ])
    func votes(_ text: String, _ votes: Stabilization.Votes?) {
        #expect(AmountText.votes(text) == votes)
    }

    @Test("what has no effect without scale-in is told")
    func idle() {
        let lines = "disable_scale_in: true, scale_in_window: 60s, max_scale_in_rate: 1/min"
        let result = reader.read(
            text: smallest("scaling_policies: { follow: { type: backlog_tracking, \(lines) } }"), path: "emails.yaml")
        #expect(!result.hasErrors)
        #expect(
            result.diagnostics.map(\.message) == [
                "'scale_in_window' has no effect with 'disable_scale_in'",
                "'max_scale_in_rate' has no effect with 'disable_scale_in'",
            ])
    }
}
