import Testing
import WeirCore

@testable import WeirPolicy

@Suite("Target tracking and scheduled actions in a file")
struct ScheduleAndTargetSpecs {
    private func group(_ lines: String) throws -> GroupPolicy {
        let result = reader.read(text: smallest(lines), path: "emails.yaml")
        #expect(result.text == "")
        return try #require(result.files.first).group
    }

    private static let metric = "metrics:\n  backlog: visible / max(in_service, 1)\nmin_size: 1\n"

    @Test("Every key of target tracking arrives where it belongs")
    func everyTrackingKey() throws {
        // With a warning, as some of these have no effect beside another.
        let text = smallest(
            Self.metric + """
                scaling_policies:
                  keep-up:
                    type: target_tracking
                    enabled: false
                    metric: backlog
                    target: 12.5
                    statistic: maximum
                    disable_scale_in: true
                    warmup: 45s
                    period: 30s
                    evaluation_periods: 4
                    datapoints_to_alarm: 2
                    scale_in_evaluation_periods: 20
                    scale_in_datapoints_to_alarm: 18
                    scale_in_below: 0.8
                """)
        let group = try #require(reader.read(text: text, path: "emails.yaml").files.first).group
        let tracking = TargetTracking(
            metric: .named("backlog"), target: 12.5, statistic: .maximum, disableScaleIn: true,
            instanceWarmup: .seconds(45),
            scaleOutAlarm: AlarmShape(period: .seconds(30), evaluationPeriods: 4, datapointsToAlarm: 2),
            scaleInAlarm: AlarmShape(period: .seconds(30), evaluationPeriods: 20, datapointsToAlarm: 18),
            scaleInShare: 0.8)
        #expect(group.scalingPolicies.map(\.kind) == [.targetTracking(tracking)])
        #expect(group.scalingPolicies.map(\.enabled) == [false])
        #expect(group.alarms.count == 1)
        #expect(group.scalingPolicies[0].alarms == group.alarms.map(\.name))
    }

    @Test("The smallest one has the defaults that are known of AWS")
    func trackingDefaults() throws {
        let group = try group(
            Self.metric + "scaling_policies: { keep-up: { type: target_tracking, metric: backlog, target: 100 } }")
        #expect(
            group.scalingPolicies.map(\.kind)
                == [.targetTracking(TargetTracking(metric: .named("backlog"), target: 100))])
        #expect(group.alarms.map(\.evaluationPeriods) == [3, 15])
        #expect(group.alarms.map(\.threshold) == [100, 90])
    }

    @Test("AWS's own word for the type is taken", arguments: ["TargetTrackingScaling", "target_tracking_scaling"])
    func typeOfAWS(_ word: String) throws {
        let group = try group(
            Self.metric + "scaling_policies: { keep-up: { type: \(word), metric: backlog, target: 100 } }")
        #expect(
            group.scalingPolicies.map(\.kind)
                == [.targetTracking(TargetTracking(metric: .named("backlog"), target: 100))])
    }

    @Test("10 s of latency at 0.1 s a message are a target of 100")
    func targetBacklog() throws {
        let group = try group(
            Self.metric + """
                scaling_policies:
                  keep-up:
                    type: target_tracking
                    metric: backlog
                    target_backlog: { latency: 10s, seconds_per_message: 0.1 }
                """)
        #expect(
            group.scalingPolicies.map(\.kind)
                == [.targetTracking(TargetTracking(metric: .named("backlog"), target: 100))])
    }

    @Test("A policy of any type may be off", arguments: ["step_scaling", "simple_scaling"])
    func enabled(_ type: String) throws {
        let amount = type == "step_scaling" ? "steps: [{ lower: 0, adjustment: 1 }]" : "adjustment: 1"
        let group = try group(
            """
            alarms: { busy: { metric: visible, period: 60s, comparison: ">", threshold: 1 } }
            scaling_policies:
              out: { type: \(type), enabled: false, alarm: busy, adjustment_type: change_in_capacity, \(amount) }
            """)
        #expect(group.scalingPolicies.map(\.enabled) == [false])
    }

    @Test("Every key of a scheduled action arrives where it belongs")
    func everyScheduleKey() throws {
        let group = try group(
            """
            scheduled_actions:
              morning:
                recurrence: "*/30 8-17 * jan-jun mon,wed"
                time_zone: Europe/Berlin
                start_time: 2026-03-01T08:00:00Z
                end_time: "2026-09-01T08:00:00.500Z"
                min_size: 1
                max_size: 4
                desired_capacity: 2
              once: { start_time: 2026-12-24T12:00:00Z, desired_capacity: 0 }
            """)
        let morning = try #require(group.scheduledActions.first)
        #expect(morning.name == "morning")
        #expect(morning.recurrence == (try Recurrence.parse("*/30 8-17 * jan-jun mon,wed")))
        #expect(morning.timeZone.name == "Europe/Berlin")
        #expect(morning.startTime?.rfc3339 == "2026-03-01T08:00:00Z")
        #expect(morning.endTime?.rfc3339 == "2026-09-01T08:00:00.500Z")
        #expect([morning.minSize, morning.maxSize, morning.desiredCapacity] == [1, 4, 2])
        // 08:00 in Berlin in May.
        let may = try #require(Instant(rfc3339: "2026-05-04T00:00:00Z"))
        #expect(morning.next(after: may)?.rfc3339 == "2026-05-04T06:00:00Z")
        let once = ScheduledAction(
            name: "once", startTime: Instant(rfc3339: "2026-12-24T12:00:00Z"), desiredCapacity: 0)
        #expect(group.scheduledActions.last == once)
    }

    @Test("Without a time zone database UTC is known, and nothing else")
    func noDatabase() throws {
        #expect(try ZoneDatabase.rules(of: "UTC", in: "/nowhere") == .utc)
        let failure = try #require(throws: ZoneDatabase.Failure.self) {
            try ZoneDatabase.rules(of: "Europe/Berlin", in: "/nowhere")
        }
        #expect(
            failure.message == "there is no time zone database in /nowhere, so nothing is known of 'Europe/Berlin'")
        #expect(failure.hint == "expected the package 'tzdata', or TZDIR with its folder; UTC needs neither")
    }

    @Test("An action that raises the maximum makes room for what the others want")
    func roomByAnother() throws {
        let group = try group(
            """
            scheduled_actions:
              day: { recurrence: 0 8 * * *, max_size: 50 }
              rush: { recurrence: 0 12 * * *, desired_capacity: 40 }
            """)
        #expect(group.scheduledActions.count == 2)
    }

    @Test("Whoever says what time it is is told what does not run any more; whoever does not is not")
    func past() throws {
        let text = smallest(
            """
            scheduled_actions:
              once: { start_time: 2026-03-01T08:00:00Z, min_size: 1 }
              over: { recurrence: 0 8 * * *, end_time: 2026-05-01T00:00:00Z, min_size: 1 }
              begun: { recurrence: 0 9 * * *, start_time: 2026-03-01T09:00:00Z, min_size: 1 }
              to-come: { start_time: 2026-12-01T08:00:00Z, min_size: 1 }
            """)
        #expect(reader.read(text: text, path: "emails.yaml").diagnostics.isEmpty)
        let later = PolicyReader(catalogue: .test, now: Instant(rfc3339: "2026-06-01T00:00:00Z"))
        let result = later.read(text: text, path: "emails.yaml")
        #expect(!result.hasErrors)
        #expect(
            result.diagnostics.map(\.message) == [
                "'once' does not run any more: 'start_time' is past",
                "'over' does not run any more: 'end_time' is past",
            ])
        #expect(result.diagnostics.allSatisfy { $0.hint == "expected a time after 2026-06-01T00:00:00Z" })
    }
}
