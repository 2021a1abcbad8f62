import Foundation
import Testing
import WeirBackends
import WeirCore
import WeirPolicy

@testable import WeirExchange

@Suite("To CloudFormation and back")
struct RoundTripSpecs {
    /// Everything that AWS has a counterpart for.
    private static let rich = """
        group: pictures
        queue:
          embedded:
            queue: pictures
            visibility_timeout: 5m
            retention: 2d
            dead_letter_queue: pictures-failed
            max_receive_count: 4
        workers:
          docker: fill-in/worker:latest
          warmup: 45s
          health_check_grace_period: 90s
        min_size: 1
        max_size: 20
        desired_capacity: 3
        default_cooldown: 2m
        protect_from_scale_in: true
        termination_policies: [oldest_launch_template, newest_instance, default]
        max_instance_lifetime: 7d
        lifecycle_hooks:
          load: { transition: launching, heartbeat_timeout: 10m, default_result: abandon }
          deliver: { transition: terminating, heartbeat_timeout: 5m, default_result: continue }
        warm_pool: { state: hibernated, min_size: 2, max_prepared_capacity: 6, reuse_on_scale_in: true }
        metrics:
          backlog_per_instance: visible / max(in_service, 1)
          late: if(oldest_age > 60, visible, 0)
          weighted: min(fill(backlog_per_instance, 0), 500) * 2 + late
        alarms:
          behind:
            { metric: visible, statistic: maximum, period: 60s, evaluation_periods: 3, datapoints_to_alarm: 2,
              comparison: ">=", threshold: 100, treat_missing_data: notBreaching, evaluate: cloudwatch }
          slow:
            { metric: weighted, statistic: average, period: 2m, comparison: ">", threshold: 2.5, evaluate: cloudwatch }
          idle:
            { metric: outstanding, statistic: maximum, period: 60s, evaluation_periods: 5, comparison: "<=",
              threshold: 0, evaluate: cloudwatch }
          tail:
            { metric: oldest_age, statistic: p99, period: 5m, comparison: ">", threshold: 30,
              evaluate_low_sample_count_percentile: ignore, evaluate: cloudwatch }
          quiet:
            { metric: arrival_rate, statistic: average, period: 60s, comparison: "<", threshold: 0.5,
              evaluate: cloudwatch }
        scaling_policies:
          up (fast):
            type: step_scaling
            alarm: behind
            adjustment_type: percent_change_in_capacity
            min_adjustment_magnitude: 2
            steps: [{ lower: 0, upper: 400, adjustment: 10 }, { lower: 400, adjustment: 50 }]
            warmup: 60s
          slow-up: { type: simple_scaling, alarm: slow, adjustment_type: change_in_capacity, adjustment: 1 }
          tail-up: { type: simple_scaling, alarm: tail, adjustment_type: change_in_capacity, adjustment: 2, cooldown: 90s }
          to-one: { type: simple_scaling, alarm: idle, adjustment_type: exact_capacity, adjustment: 1 }
          one-less: { type: simple_scaling, alarm: quiet, adjustment_type: change_in_capacity, adjustment: -1 }
          when-known:
            { type: simple_scaling, alarm: tail, alarm_state: OK, adjustment_type: change_in_capacity, adjustment: -1 }
          keep-up: { type: target_tracking, metric: backlog_per_instance, target: 12.5, disable_scale_in: true }
          watch: { type: target_tracking, metric: visible, statistic: maximum, target: 900, warmup: 20s }
        scheduled_actions:
          opening: { recurrence: 45 7 * * 1-5, time_zone: America/New_York, min_size: 4, max_size: 30 }
          fair: { start_time: 2099-01-04T09:00:00Z, desired_capacity: 9 }
        """

    private func read(_ text: String) throws -> PolicyFile {
        let result = PolicyReader(catalogue: Registry.catalogue).read(former: text, path: "pictures.yaml")
        #expect(!result.hasErrors, "\(result.text)")
        return try #require(result.files.first)
    }

    private func back(_ text: String, as name: String) throws -> ImportedPolicy {
        try #require(try PolicyImport.read([(name, text)], options: ImportOptions(movesQueue: true)).first)
    }

    @Test("A policy comes back as it was", arguments: [PolicyExport.Syntax.yaml, .json])
    func same(_ syntax: PolicyExport.Syntax) throws {
        let file = try read(Self.rich)
        let exported = PolicyExport.write(file, to: .cloudformation, as: syntax)
        let imported = try back(exported.text, as: "template")
        let again = try imported.read()
        #expect(again.group == file.group)
        #expect(again.source == file.source)
        for account in imported.accounts { #expect(!account.isUnknown, "\(account.path)") }
        #expect(
            Set(exported.notes.compactMap(\.path)) == [
                "scheduled_actions.fair.start_time", "workers.docker", "warm_pool.preparation_time",
            ])
    }

    @Test("What comes back is exported as the same template again")
    func stable() throws {
        let first = PolicyExport.write(try read(Self.rich), to: .cloudformation, as: .yaml)
        let second = PolicyExport.write(try back(first.text, as: "t").read(), to: .cloudformation, as: .yaml)
        #expect(second.text == first.text)
    }

    @Test("What AWS printed is exported, and comes back with the same decisions")
    func fromAWS() throws {
        let options = ImportOptions(group: "Thumbnails_Workers", movesQueue: true)
        let file = try #require(try PolicyImport.read(Fixtures.aws(), options: options).first).read()
        let exported = PolicyExport.write(file, to: .cloudformation, as: .json)
        let again = try back(exported.text, as: "t").read().group
        var expected = file.group
        // AWS chooses the shape of target tracking's alarms itself, and neither tool switches a policy off.
        expected.scalingPolicies = expected.scalingPolicies.filter { $0.name == "out-by-backlog" }
        #expect(again.scalingPolicies.filter { $0.name == "out-by-backlog" } == expected.scalingPolicies)
        #expect(
            again.alarms.first { $0.name == "thumbnails-behind" }
                == file.group.alarms.first { $0.name == "thumbnails-behind" })
        #expect(again.metrics == file.group.metrics && again.scheduledActions == file.group.scheduledActions)
        #expect(again.warmPool == file.group.warmPool && again.lifecycleHooks == file.group.lifecycleHooks)
        #expect(exported.notes.contains { $0.path == "scaling_policies.in-when-idle.enabled" })
        #expect(exported.notes.contains { $0.path == "scaling_policies.keep-up" })
    }

    @Test(
        "Every policy that is shipped can be exported, and what is left of it comes back",
        arguments: try FileManager.default.contentsOfDirectory(atPath: Fixtures.policies.path)
            .filter { $0.hasSuffix(".yaml") }.sorted())
    func shipped(_ name: String) throws {
        let text = try String(contentsOf: Fixtures.policies.appendingPathComponent(name), encoding: .utf8)
        let file = try read(text)
        let exported = PolicyExport.write(file, to: .cloudformation, as: .yaml)
        #expect(exported.notes.contains { $0.path == "workers.\(file.launcher.word)" })
        let again = try back(exported.text, as: name).read().group
        #expect(again.minSize == file.group.minSize && again.maxSize == file.group.maxSize)
        let lost = exported.notes.filter { $0.kind == .notCarried }.compactMap(\.path)
        for policy in file.group.scalingPolicies
        where policy.enabled && !lost.contains("scaling_policies.\(policy.name)") {
            #expect(again.scalingPolicies.contains { $0.name == policy.name }, "\(policy.name)")
        }
        for policy in file.group.scalingPolicies
        where !again.scalingPolicies.contains(where: { $0.name == policy.name }) {
            #expect(exported.notes.contains { $0.path?.hasPrefix("scaling_policies.\(policy.name)") == true })
        }
    }

    @Test("What has no counterpart is told, one note for each")
    func losses() throws {
        let file = try read(
            """
            group: far
            queue: { http: { url: "http://localhost:1/" }, poll_interval: 30s, fallback: { floor: 2 } }
            workers: { process: { command: [work] }, concurrency: 4, stop_timeout: 5s }
            max_size: 4
            fleet: machine
            alarms:
              some: { metric: visible, period: 60s, comparison: ">", threshold: 1, statistic: sum }
            scaling_policies:
              up: { alarm: some, adjustment_type: change_in_capacity, adjustment: 1 }
            """)
        let exported = PolicyExport.write(file, to: .cloudformation, as: .yaml)
        let told = Set(exported.notes.filter { $0.kind == .notCarried }.compactMap(\.path))
        #expect(
            told.isSuperset(of: [
                "queue.http", "queue.poll_interval", "queue.fallback", "workers.process", "workers.concurrency",
                "workers.stop_timeout", "fleet", "scaling_policies.up", "alarms.some",
            ]))
        #expect(exported.notes.allSatisfy { exported.text.contains($0.why) })
    }
}
