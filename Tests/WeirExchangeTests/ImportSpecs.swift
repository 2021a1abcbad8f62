import Foundation
import Testing
import WeirCore
import WeirPolicy

@testable import WeirExchange

@Suite("Importing what AWS prints")
struct ImportSpecs {
    private func imported(movesQueue: Bool = false) throws -> ImportedPolicy {
        let options = ImportOptions(group: "Thumbnails_Workers", movesQueue: movesQueue)
        return try #require(try PolicyImport.read(Fixtures.aws(), options: options).first)
    }

    @Test("The group has the sizes, times and order of ending that it had")
    func group() throws {
        let file = try imported().read()
        let group = file.group
        #expect(group.name == "thumbnails-workers")
        #expect(group.minSize == 0 && group.maxSize == 24 && group.initialDesiredCapacity == 2)
        #expect(group.defaultCooldown == .seconds(120))
        #expect(group.instanceWarmup == .seconds(45))
        #expect(group.healthCheckGracePeriod == .seconds(90))
        #expect(group.maxInstanceLifetime == .seconds(604_800))
        #expect(group.protectFromScaleIn)
        #expect(group.terminationPolicies == [.oldestLaunchTemplate, .default])
        #expect(group.warmPool == WarmPool(state: .stopped, minSize: 1, maxPreparedCapacity: 6))
        #expect(
            group.lifecycleHooks == [
                LifecycleHook(name: "load-models", transition: .launching, heartbeatTimeout: .seconds(600))
            ])
        #expect(file.source.word == "sqs")
        #expect(file.source.options.text("queue") == "thumbnails")
        #expect(file.source.options.text("region") == "eu-west-1")
    }

    @Test("A Sum over five minutes is the average and a fifth of the threshold, and so are the steps")
    func sums() throws {
        let group = try imported().read().group
        let alarm = try #require(group.alarms.first { $0.name == "thumbnails-behind" })
        #expect(alarm.statistic == .average && alarm.threshold == 100 && alarm.period == .seconds(300))
        #expect(alarm.evaluationPeriods == 2 && alarm.datapointsToAlarm == 1)
        #expect(alarm.missingData == .notBreaching && alarm.cadence == .cloudWatch)
        let policy = try #require(group.scalingPolicies.first { $0.name == "out-by-backlog" })
        #expect(
            policy.kind
                == .step(
                    StepScaling(
                        adjustmentType: .percentChangeInCapacity,
                        steps: [
                            StepAdjustment(lower: 0, upper: 180, adjustment: 25),
                            StepAdjustment(lower: 180, adjustment: 100),
                        ], minAdjustmentMagnitude: 2, instanceWarmup: .seconds(60))))
    }

    @Test("Metric math becomes a named expression, or a metric that weir has")
    func math() throws {
        let group = try imported().read().group
        #expect(group.metrics.map(\.name) == ["backlog_per_instance"])
        #expect(group.metrics.first?.expression.text == "visible / in_service")
        let idle = try #require(group.alarms.first { $0.name == "thumbnails-idle" })
        #expect(idle.metric == .builtIn(.outstanding) && idle.statistic == .maximum)
    }

    @Test("Target tracking has the shape of the alarms that AWS made for it")
    func tracking() throws {
        let policy = try #require(try imported().read().group.scalingPolicies.first { $0.name == "keep-up" })
        guard case .targetTracking(let tracking) = policy.kind else {
            Issue.record("\(policy.kind)")
            return
        }
        #expect(tracking.target == 100 && tracking.metric == .named("backlog_per_instance"))
        #expect(tracking.scaleOutAlarm == .scaleOut)
        #expect(tracking.scaleInAlarm.evaluationPeriods == 9 && tracking.scaleInShare == 0.8)
    }

    @Test("A policy that is switched off stays so, and a schedule keeps its zone")
    func details() throws {
        let group = try imported().read().group
        #expect(group.scalingPolicies.map(\.name) == ["out-by-backlog", "in-when-idle", "keep-up"])
        #expect(group.scalingPolicies.map(\.enabled) == [true, false, true])
        let morning = try #require(group.scheduledActions.first)
        #expect(morning.recurrence?.text == "30 7 * * 1-5" && morning.timeZone.name == "Europe/Berlin")
        #expect(morning.startTime == nil && morning.desiredCapacity == 4)
        #expect(group.scheduledActions.last?.startTime == Instant(rfc3339: "2099-01-04T09:00:00Z"))
    }

    @Test("With the queue in weir its settings come along")
    func embedded() throws {
        let source = try imported(movesQueue: true).read().source
        #expect(source.word == "embedded" && source.options.text("queue") == "thumbnails")
        #expect(source.options.duration("visibility_timeout") == .seconds(300))
        #expect(source.options.duration("retention") == .seconds(1_209_600))
        #expect(source.options.text("dead_letter_queue") == "thumbnails-failed")
        #expect(source.options.integer("max_receive_count") == 4)
    }

    @Test("Every value is carried, not needed, or told", arguments: [false, true])
    func everyValue(movesQueue: Bool) throws {
        let policy = try imported(movesQueue: movesQueue)
        #expect(policy.accounts.count > 250)
        for account in policy.accounts {
            #expect(!account.isUnknown, "\(account.file):\(account.line) \(account.path)")
        }
        #expect(policy.why("ScalingPolicies[3]") == "weir does not measure ASGAverageCPUUtilization")
        #expect(policy.why("MetricAlarms[4]") == "it invokes no scaling policy of 'Thumbnails_Workers'")
        #expect(policy.why("AutoScalingGroups[0].Tags")?.contains("labels") == true)
        let head = policy.text.replacingOccurrences(of: "\n#     ", with: " ")
        for note in policy.notes { #expect(head.contains(note.why), "\(note.why)") }
    }

    @Test("A key that nobody knew of is told")
    func unknown() throws {
        var files = try Fixtures.aws()
        files[0].text = files[0].text.replacingOccurrences(
            of: "\"MaxSize\": 24,", with: "\"MaxSize\": 24, \"Moon\": {\"Phase\": 3},")
        let policy = try #require(try PolicyImport.read(files, options: .init(group: "thumbnails-workers")).first)
        #expect(policy.why("AutoScalingGroups[0].Moon.Phase") == "weir does not know it")
    }

    @Test("The order of the files changes nothing but the remarks")
    func order() throws {
        let forwards = try imported().read().group
        let options = ImportOptions(group: "Thumbnails_Workers")
        let backwards = try #require(try PolicyImport.read(Fixtures.aws().reversed(), options: options).first)
        #expect(try backwards.read().group == forwards)
    }

    @Test("Without a name every group is imported")
    func allGroups() throws {
        let policies = try PolicyImport.read(Fixtures.aws())
        #expect(policies.map(\.group) == ["thumbnails-workers", "web"])
        let web = try #require(policies.last)
        #expect(web.notes.contains { $0.path == "workers" && $0.kind == .fillIn })
        #expect(web.why("ScalingPolicies[5]")?.hasPrefix("no alarm that was read invokes it") == true)
        #expect(try web.read().group.maxSize == 4)
    }

    @Test(
        "What cannot be used is said, with its place",
        arguments: [
            ("{ \"a\": ", "is neither JSON nor YAML"), ("{}", "x.json is empty"),
            ("{\"Buckets\": [1]}", "x.json:1 is nothing that weir can import"),
            ("{\"ScalingPolicies\": [{\"PolicyName\": \"a\"}]}", "there is no group among what was read"),
        ])
    func mistakes(text: String, expected: String) {
        let mistake = #expect(throws: ImportMistake.self) { try PolicyImport.read([("x.json", text)]) }
        #expect(mistake?.text.contains(expected) == true, "\(mistake?.text ?? "")")
    }

    @Test(
        "Times come in UTC or with an offset",
        arguments: [
            ("2026-03-01T08:00:00Z", "2026-03-01T08:00:00Z"), ("2026-03-01T08:00:00+00:00", "2026-03-01T08:00:00Z"),
            ("2026-03-01T09:00:00.250000+01:00", "2026-03-01T08:00:00.250Z"),
            ("2026-03-01 08:00:00", "2026-03-01T08:00:00Z"), ("2026-02-28T23:30:00-08:30", "2026-03-01T08:00:00Z"),
        ])
    func times(written: String, expected: String) {
        #expect(OffsetTime.instant(written)?.rfc3339 == expected)
    }
}
