import Testing
import WeirBackends
import WeirCore
import WeirPolicy

@testable import WeirExchange

@Suite("What an exported group does from its first hour")
struct ExportSpecs {
    private static let policy = """
        group: far
        queue: { sqs: far }
        workers: { process: { command: [work] } }
        max_size: 4
        alarms:
          some: { metric: visible, period: 10s, comparison: ">", threshold: 1, evaluation_periods: 12, datapoints_to_alarm: 8 }
        scaling_policies:
          up: { enabled: false, alarm: some, adjustment_type: change_in_capacity, adjustment: 1 }
          keep-up: { enabled: false, type: target_tracking, metric: visible, target: 10 }
        scheduled_actions:
          night: { recurrence: 0 22 * * *, max_size: 2 }

        """

    private func exported(
        _ text: String, _ target: PolicyExport.Target, _ syntax: PolicyExport.Syntax = .json
    ) throws -> ExportedPolicy {
        let result = PolicyReader(catalogue: Registry.catalogue).read(text: text, path: "far.yaml")
        #expect(!result.hasErrors, "\(result.text)")
        return PolicyExport.write(try #require(result.files.first), to: target, as: syntax)
    }

    private func document(_ exported: ExportedPolicy) throws -> Node {
        try #require(try DocumentReading.read(exported.text, file: "exported").first).root
    }

    @Test("Terraform can switch a policy off, of each kind, and its alarm goes on to name it")
    func switchedOffInTerraform() throws {
        let exported = try exported(Self.policy, .terraform)
        let resources = try document(exported)["resource"]
        for id in ["policy_up", "policy_keep_up"] {
            #expect(resources?["aws_autoscaling_policy"]?[id]?["enabled"]?.scalarText == "false", "\(id)")
        }
        let alarm = resources?["aws_cloudwatch_metric_alarm"]?["alarm_some"]
        #expect(alarm?["alarm_actions"]?.items.first?.scalarText == "${aws_autoscaling_policy.policy_up.arn}")
        #expect(!exported.notes.contains { $0.path?.hasPrefix("scaling_policies") == true })
        let enabled = try self.exported(Self.policy.replacing("enabled: false, ", with: ""), .terraform)
        #expect(!enabled.text.contains("\"enabled\""))
    }

    @Test("CloudFormation cannot: no alarm names the policy, and target tracking, which has its own, is left out")
    func switchedOffInCloudFormation() throws {
        let exported = try exported(Self.policy, .cloudformation)
        let resources = try document(exported)["Resources"]
        #expect(resources?["PolicyUp"] != nil && resources?["PolicyKeepUp"] == nil)
        #expect(resources?["AlarmSome"]?["Properties"]?["AlarmActions"] == nil)
        let told = Dictionary(exported.notes.map { ($0.path ?? "", $0) }, uniquingKeysWith: { first, _ in first })
        #expect(told["scaling_policies.up.enabled"]?.kind == .changed)
        #expect(told["scaling_policies.keep-up"]?.kind == .notCarried)
    }

    @Test(
        "An alarm below a minute looks as far back as it did",
        arguments: [
            ("10s", 12, 8, 2, 2), ("10s", 12, 4, 2, 1), ("10s", 1, 1, 1, 1), ("30s", 5, 3, 3, 2),
            ("10s", 8640, 8640, 1440, 1440), ("60s", 5, 3, 5, 3), ("5m", 5, 3, 5, 3),
        ])
    func shortPeriods(period: String, periods: Int, datapoints: Int, there: Int, outOf: Int) throws {
        let text = Self.policy.replacing("period: 10s", with: "period: \(period)").replacing(
            "evaluation_periods: 12, datapoints_to_alarm: 8",
            with: "evaluation_periods: \(periods), datapoints_to_alarm: \(datapoints)")
        let exported = try exported(text, .cloudformation)
        let alarm = try document(exported)["Resources"]?["AlarmSome"]?["Properties"]
        #expect(alarm?["EvaluationPeriods"]?.scalarText == "\(there)")
        #expect(alarm?["DatapointsToAlarm"]?.scalarText == "\(outOf)")
        let note = exported.notes.first { $0.path == "alarms.some.period" }
        #expect((note != nil) == ["10s", "30s"].contains(period))
        if let note, there != periods {
            #expect(note.why.contains("\(outOf) out of \(there) stands for \(datapoints) out of \(periods)"))
        }
    }

    @Test("What scheduled actions set, the next deployment leaves as it is")
    func scheduledSizes() throws {
        let terraform = try document(exported(Self.policy, .terraform))["resource"]
        let lifecycle = terraform?["aws_autoscaling_group"]?["group"]?["lifecycle"]
        #expect(lifecycle?.items.first?["ignore_changes"]?.items.map(\.scalarText) == ["max_size", "desired_capacity"])
        let group = try document(exported(Self.policy, .cloudformation))["Resources"]?["Group"]
        let kept = group?["UpdatePolicy"]?["AutoScalingScheduledAction"]?["IgnoreUnmodifiedGroupSizeProperties"]
        #expect(kept?.scalarText == "true")
        let actions = "scheduled_actions:\n  night: { recurrence: 0 22 * * *, max_size: 2 }\n"
        let plain = Self.policy.replacing(actions, with: "")
        let unscheduled = try document(exported(plain, .cloudformation))["Resources"]?["Group"]
        #expect(unscheduled?["UpdatePolicy"] == nil)
        #expect(try exported(plain, .terraform, .hcl).text.contains("ignore_changes = [desired_capacity]"))
    }

    @Test("A time that is not of whole seconds is told with what became of it")
    func partsOfSeconds() throws {
        let text = """
            group: far
            queue: { embedded: { queue: far, visibility_timeout: 500ms } }
            workers: { process: { command: [work] }, warmup: 1500ms }
            max_size: 4
            default_cooldown: 90500ms

            """
        let notes = try exported(text, .cloudformation).notes.filter { $0.kind == .changed }
        #expect(
            Dictionary(uniqueKeysWithValues: notes.map { ($0.path ?? "", $0.why.split(separator: ": ").last ?? "") })
                == [
                    "queue.embedded.visibility_timeout": "500ms became 1s", "workers.warmup": "1500ms became 2s",
                    "default_cooldown": "90500ms became 91s",
                ])
    }

    @Test("Of target tracking that is carried over, only what cannot be chosen there is not")
    func shapeOfTracking() throws {
        let text = Self.policy.replacing(
            "target: 10 }", with: "target: 10, scale_in_evaluation_periods: 4, period: 30s }")
        let notes = try exported(text.replacing("enabled: false, ", with: ""), .cloudformation).notes
        #expect(
            Set(notes.compactMap(\.path).filter { $0.hasPrefix("scaling_policies.keep-up") }) == [
                "scaling_policies.keep-up.period", "scaling_policies.keep-up.scale_in_evaluation_periods",
            ])
    }
}
