import Testing
import WeirCore

@testable import WeirPolicy

@Suite("Files that are right")
struct GoodFileSpecs {
    private func file(_ text: String) throws -> PolicyFile {
        let result = reader.read(text: text, path: "emails.yaml")
        #expect(result.text == "")
        return try #require(result.files.first)
    }

    @Test("The smallest file has every default")
    func smallestFile() throws {
        let file = try file(smallest())
        var expected = GroupPolicy(name: "emails", minSize: 0, maxSize: 5)
        expected.templateDigest = file.group.templateDigest
        #expect(file.group == expected)
        #expect(file.hookCommands == [])
        #expect(file.healthProbe == nil)
        #expect(file.source.word == "embedded")
        #expect(file.source.options.text("queue") == "emails")
        #expect(file.source.options.duration("visibility_timeout") == .seconds(30))
        #expect(file.launcher.word == "docker")
        #expect(file.launcher.options.boolean("init") == true)
        #expect(file.launcher.options["cpus"] == nil)
    }

    @Test("Every key arrives where it belongs")
    func everyKey() throws {
        let file = try file(
            """
            group: emails-2
            queue: { sqs: { queue: emails, region: eu-west-1 }, poll_interval: 500ms }
            workers:
              process: { command: [work, "--fast"], memory: 64MiB, niceness: 5 }
              concurrency: 3
              warmup: 0s
              stop_timeout: 1m
              launch_timeout: 90s
            min_size: 1
            max_size: 9
            desired_capacity: 2
            default_cooldown: 30s
            protect_from_scale_in: true
            termination_policies: [newest_instance, default]
            metrics:
              backlog: visible / max(in_service, 1)
              twice: backlog * 2
            alarms:
              busy:
                metric: twice
                statistic: sum
                period: 1s
                evaluation_periods: 5
                datapoints_to_alarm: 3
                comparison: ">"
                threshold: -1.5
                treat_missing_data: notBreaching
            scaling_policies:
              out:
                type: step_scaling
                alarm: busy
                adjustment_type: percent_change_in_capacity
                min_adjustment_magnitude: 2
                warmup: 5s
                steps:
                  - { lower: 10, adjustment: 100 }
                  - { upper: 0, adjustment: -10 }
                  - { lower: 0, upper: 10, adjustment: 50 }
              in:
                type: simple_scaling
                alarm: busy
                adjustment_type: exact_capacity
                adjustment: 1
                cooldown: 0s
            """)
        let backlog = try MetricExpression.parse("visible / max(in_service, 1)", names: [])
        let twice = try MetricExpression.parse("backlog * 2", names: ["backlog"])
        let steps = [
            StepAdjustment(lower: 10, adjustment: 100), StepAdjustment(upper: 0, adjustment: -10),
            StepAdjustment(lower: 0, upper: 10, adjustment: 50),
        ]
        var expected = GroupPolicy(
            name: "emails-2", minSize: 1, maxSize: 9, initialDesiredCapacity: 2, defaultCooldown: .seconds(30),
            instanceWarmup: .zero, protectFromScaleIn: true, terminationPolicies: [.newestInstance, .default],
            pollInterval: .milliseconds(500), stopTimeout: .seconds(60), launchTimeout: .seconds(90), concurrency: 3,
            metrics: [
                NamedMetric(name: "backlog", expression: backlog), NamedMetric(name: "twice", expression: twice),
            ],
            alarms: [
                AlarmDefinition(
                    name: "busy", metric: .named("twice"), statistic: .sum, period: .seconds(1), evaluationPeriods: 5,
                    datapointsToAlarm: 3, comparison: .greaterThan, threshold: -1.5, missingData: .notBreaching)
            ],
            scalingPolicies: [
                ScalingPolicy(
                    name: "out", alarm: "busy",
                    kind: .step(
                        StepScaling(
                            adjustmentType: .percentChangeInCapacity, steps: steps, minAdjustmentMagnitude: 2,
                            instanceWarmup: .seconds(5)))),
                ScalingPolicy(
                    name: "in", alarm: "busy",
                    kind: .simple(SimpleScaling(adjustmentType: .exactCapacity, adjustment: 1, cooldown: .zero))),
            ])
        expected.templateDigest = file.group.templateDigest
        // SQS does not tell which instance holds what.
        expected.workIsSeen = false
        #expect(file.group == expected)
        #expect(file.source.options.text("region") == "eu-west-1")
        #expect(file.launcher.options.texts("command") == ["work", "--fast"])
        #expect(file.launcher.options.sizeBytes("memory") == 64 << 20)
    }

    @Test(
        "What AWS writes is taken",
        arguments: [
            "statistic: Maximum", "statistic: MAXIMUM", "statistic: SampleCount", "statistic: sample_count",
            "treat_missing_data: notBreaching", "treat_missing_data: not_breaching",
        ])
    func wordsOfAlarms(_ line: String) throws {
        let file = try file(
            smallest(
                """
                alarms: { busy: { metric: visible, period: 60s, comparison: GreaterThanThreshold, threshold: 1, \(line) } }
                scaling_policies:
                  out: { type: SimpleScaling, alarm: busy, adjustment_type: ChangeInCapacity, adjustment: 1 }
                """))
        #expect(file.group.alarms.first?.comparison == .greaterThan)
        #expect(
            file.group.scalingPolicies.first?.kind == .simple(.init(adjustmentType: .changeInCapacity, adjustment: 1)))
    }

    @Test("Comparisons, short and long", arguments: Comparison.allCases)
    func comparisons(_ comparison: Comparison) throws {
        for word in ["\"\(comparison.symbol)\"", comparison.rawValue] {
            let file = try file(
                smallest(
                    """
                    alarms: { busy: { metric: visible, period: 60s, comparison: \(word), threshold: 1 } }
                    scaling_policies: { out: { alarm: busy, adjustment_type: exact_capacity, adjustment: 1 } }
                    """))
            #expect(file.group.alarms.first?.comparison == comparison)
        }
    }

    @Test("Termination policies in camel case")
    func terminationPolicies() throws {
        let file = try file(smallest("termination_policies: [OldestInstance, ClosestToNextInstanceHour, Default]"))
        #expect(file.group.terminationPolicies == [.oldestInstance, .closestToNextInstanceHour, .default])
    }

    @Test("Anchors, aliases and << share what alarms have in common; what is written beside wins")
    func anchors() throws {
        let file = try file(
            smallest(
                """
                alarms:
                  busy: &common { metric: visible, period: 60s, comparison: ">", threshold: 1 }
                  busier: { <<: *common, threshold: 10 }
                  same: *common
                  both: { <<: [*common], period: 30s }
                scaling_policies:
                  a: { alarm: busy, adjustment_type: change_in_capacity, adjustment: 1 }
                  b: { alarm: busier, adjustment_type: change_in_capacity, adjustment: 2 }
                  c: { alarm: same, adjustment_type: change_in_capacity, adjustment: 1 }
                  d: { alarm: both, adjustment_type: change_in_capacity, adjustment: 1 }
                """))
        #expect(file.group.alarms.map(\.threshold) == [1, 10, 1, 1])
        #expect(file.group.alarms.map(\.period) == [.seconds(60), .seconds(60), .seconds(60), .seconds(30)])
    }

    @Test("Text is what was written, also where YAML would see a number, a truth value or a date")
    func plainText() throws {
        let file = try file(
            smallest().replacing(
                "emails:1",
                with: "{ image: 1.40, environment: { A: 010, B: yes, C: 2025-01-01, D: 1e3, E: \"~\", F: '' } }"))
        #expect(file.launcher.options.text("image") == "1.40")
        #expect(
            file.launcher.options.textMap("environment").map(\.value) == ["010", "yes", "2025-01-01", "1e3", "~", ""])
    }

    @Test("Sections without entries are empty, a byte order mark and a document start are nothing")
    func emptySections() throws {
        let file = try file("\u{FEFF}---\n" + smallest("alarms:\nmetrics: {}\nscaling_policies: ~\n") + "...\n")
        #expect(file.group.alarms.isEmpty)
    }

    @Test(
        "Periods that CloudWatch has, and two shorter ones",
        arguments: ["1s", "5s", "10s", "20s", "30s", "60s", "2m", "1d"])
    func periods(_ period: String) throws {
        let text = smallest(
            """
            alarms: { busy: { metric: visible, period: \(period), comparison: ">", threshold: 1 } }
            scaling_policies: { out: { alarm: busy, adjustment_type: exact_capacity, adjustment: 1 } }
            """
        ).replacing("embedded: emails", with: "embedded: emails, poll_interval: 1s")
        #expect(try file(text).group.alarms.count == 1)
    }

    @Test("The longest evaluations", arguments: [("60s", 1440), ("1s", 86_400), ("1h", 168), ("1d", 7)])
    func longestEvaluations(_ period: String, _ count: Int) throws {
        let text = smallest(
            """
            alarms: { busy: { metric: visible, period: \(period), evaluation_periods: \(count), comparison: ">", threshold: 1 } }
            scaling_policies: { out: { alarm: busy, adjustment_type: exact_capacity, adjustment: 1 } }
            """
        ).replacing("embedded: emails", with: "embedded: emails, poll_interval: 1s")
        #expect(try file(text).group.alarms.first?.evaluationPeriods == count)
    }

    @Test("Alarms over alarms, with a name or in place, actions, and the state that a policy is bound to")
    func compositeAlarms() throws {
        let file = try file(
            smallest(
                """
                alarms:
                  busy: &busy
                    metric: visible
                    statistic: p50
                    period: 300s
                    comparison: ">"
                    threshold: 1
                    evaluate: cloudwatch
                    evaluate_low_sample_count_percentile: ignore
                    evaluation_range: 3
                    actions_enabled: false
                  "it is late": { <<: *busy, metric: oldest_age, statistic: TM(10%:90%), evaluate_low_sample_count_percentile: evaluate }
                  both:
                    rule: busy AND "it is late"
                    ok_actions: [{ command: [page, --quiet] }, "https://example.org/x"]
                    alarm_actions:
                      - post: ${HOOK}
                scaling_policies:
                  out: { alarm: both, adjustment_type: change_in_capacity, adjustment: 1 }
                  more: { alarm: busy and not OK("it is late"), adjustment_type: change_in_capacity, adjustment: 2 }
                  again: { alarm: busy and not OK("it is late"), adjustment_type: change_in_capacity, adjustment: 1 }
                  less: { alarm: busy, alarm_state: OK, adjustment_type: change_in_capacity, adjustment: -1 }
                """))
        var busy = AlarmDefinition(
            name: "busy", metric: .builtIn(.visible), statistic: try #require(Statistic("p50")),
            period: .seconds(300), comparison: .greaterThan, threshold: 1)
        busy.cadence = .cloudWatch
        busy.lowSamples = .ignore
        busy.evaluationRange = 3
        busy.actions.enabled = false
        #expect(file.group.alarms.first == busy)
        #expect(file.group.alarms.map(\.statistic.text) == ["p50", "TM(10%:90%)"])
        let actions = AlarmActions(
            ok: [.command(["page", "--quiet"]), .post(url: "https://example.org/x")], alarm: [.post(url: "${HOOK}")])
        #expect(
            file.group.compositeAlarms == [
                CompositeAlarm(name: "both", rule: try .parse("busy AND \"it is late\""), actions: actions),
                CompositeAlarm(
                    name: "busy and not OK(\"it is late\")", rule: try .parse("busy and not OK(\"it is late\")")),
            ])
        #expect(file.group.scalingPolicies.map(\.alarmState) == [.alarm, .alarm, .alarm, .ok])
        #expect(file.group.scalingPolicies[1].alarms.first == "busy and not OK(\"it is late\")")
    }

    @Test("An alarm may be called like a rule")
    func namedLikeARule() throws {
        let file = try file(
            smallest(
                """
                alarms: { "up and down": { metric: visible, period: 60s, comparison: ">", threshold: 1 } }
                scaling_policies: { out: { alarm: up and down, adjustment_type: exact_capacity, adjustment: 1 } }
                """))
        #expect(file.group.compositeAlarms.isEmpty)
    }

    @Test("Metric math, in small letters and in capitals")
    func metricMath() throws {
        let file = try file(
            smallest(
                """
                metrics:
                  a: IF(visible > 5 AND in_flight > 1, FILL(oldest_age, REPEAT), 0)
                  b: if(a || visible && 1, fill(a, 0))
                """))
        #expect(file.group.metrics.map(\.name) == ["a", "b"])
    }

    @Test("What holds while the source is not believed, and when more workers do not help")
    func fallback() throws {
        func group(_ queue: String, _ workers: String = "") throws -> GroupPolicy {
            let text = """
                group: emails
                queue: { embedded: emails\(queue) }
                workers: { docker: emails:1\(workers) }
                max_size: 5
                """
            let result = reader.read(text: text, path: "emails.yaml")
            #expect(result.text == "")
            return try #require(result.files.first).group
        }
        let usual = try group("")
        #expect(usual.fallback == SourceFallback(.hold, after: .seconds(60)))
        #expect(usual.suspicion == Suspicion(suspiciousDrop: 20, believeZeroAfter: 3, staleAfter: .seconds(300)))
        #expect(usual.noProgressTimeout == .seconds(7200))
        #expect(try group(", fallback: hold") == usual)
        #expect(try group(", fallback: { floor: 2 }").fallback.kind == .floor(2))
        let own = try group(
            ", fallback: { capacity: 5 }, fallback_after: 0s, suspicious_drop: 7, believe_zero_after: 1, stale_after: 1h",
            ", no_progress_after: none")
        #expect(own.fallback == SourceFallback(.capacity(5), after: .zero))
        #expect(own.suspicion == Suspicion(suspiciousDrop: 7, believeZeroAfter: 1, staleAfter: .seconds(3600)))
        #expect(own.noProgressTimeout == nil)
        #expect(try group("", ", no_progress_after: 30m").noProgressTimeout == .seconds(1800))
    }
}
