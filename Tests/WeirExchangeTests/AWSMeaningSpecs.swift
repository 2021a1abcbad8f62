import Foundation
import Testing
import WeirCore
import WeirPolicy

@testable import WeirExchange

@Suite("What AWS means and does not write")
struct AWSMeaningSpecs {
    /// What AWS prints of the thumbnails, with something else in the place of a part of it.
    private func imported(replacing old: String, with new: String, in file: Int) throws -> ImportedPolicy {
        var files = try Fixtures.aws()
        try #require(files[file].text.contains(old))
        files[file].text = files[file].text.replacing(old, with: new)
        let options = ImportOptions(group: "Thumbnails_Workers", movesQueue: true)
        return try #require(try PolicyImport.read(files, options: options).first)
    }

    private static let (groups, policies, alarms, schedules, queue) = (0, 1, 2, 3, 5)

    @Test("Without an aggregation AWS picks a step by the average, which is told where the alarm has another statistic")
    func aggregation() throws {
        let path = "ScalingPolicies[0].StepAdjustments"
        let written = "\"MetricAggregationType\": \"Average\","
        let average = try imported(replacing: written, with: "", in: Self.policies)
        #expect(average.why(path) == nil)
        var files = try Fixtures.aws()
        files[Self.policies].text = files[Self.policies].text.replacing(written, with: "")
        files[Self.alarms].text = files[Self.alarms].text.replacing("\"Sum\"", with: "\"Maximum\"")
        let options = ImportOptions(group: "Thumbnails_Workers")
        let maximum = try #require(try PolicyImport.read(files, options: options).first)
        #expect(maximum.why(path)?.contains("no MetricAggregationType is written") == true)
        for account in maximum.accounts { #expect(!account.isUnknown, "\(account.path)") }
    }

    @Test("A start that the recurrence does not say is one that somebody set; the next run is not")
    func startOfRecurrence() throws {
        let next = try imported(replacing: "Thumbnails", with: "Thumbnails", in: Self.schedules)
        #expect(try next.read().group.scheduledActions.first { $0.name == "morning" }?.startTime == nil)
        let written = "\"StartTime\": \"2025-06-02T05:30:00+00:00\""
        let chosen = try imported(
            replacing: written, with: "\"StartTime\": \"2025-12-01T04:00:00+00:00\"", in: Self.schedules)
        let start = try chosen.read().group.scheduledActions.first { $0.name == "morning" }?.startTime
        #expect(start == Instant(rfc3339: "2025-12-01T04:00:00Z"))
    }

    @Test("How long a receive waits is not carried over, which is told")
    func receiveWait() throws {
        let path = "Attributes.ReceiveMessageWaitTimeSeconds"
        let policy = try imported(replacing: "Thumbnails", with: "Thumbnails", in: Self.schedules)
        #expect(policy.why(path)?.hasPrefix("set it with SetQueueAttributes") == true)
        let written = "\"ReceiveMessageWaitTimeSeconds\": \"20\""
        let none = try imported(
            replacing: written, with: written.replacing("20", with: "0"), in: Self.queue)
        #expect(none.why(path) == nil)
    }

    @Test("An address is told where to write it, by the state in which it is called")
    func otherActions() throws {
        let policy = try imported(
            replacing: "\"OKActions\": []", with: "\"OKActions\": [\"arn:aws:sns:eu-west-1:1:pager\"]", in: Self.alarms)
        let whys = policy.notes.filter { $0.path?.contains("OKActions") == true }.map(\.why)
        #expect(!whys.isEmpty && whys.allSatisfy { $0.contains("under 'ok_actions'") }, "\(whys)")
    }

    @Test("An alarm of a policy that is not carried over says so")
    func alarmOfLostPolicy() throws {
        let policy = try imported(
            replacing: "arn:aws:sns:eu-west-1:111122223333:pager\"],\n            \"MetricName\"",
            with: "arn:aws:autoscaling:eu-west-1:111122223333:scalingPolicy:4:autoScalingGroupName/Thumbnails_Workers:"
                + "policyName/cpu\"],\n            \"MetricName\"", in: Self.alarms)
        #expect(policy.why("MetricAlarms[4]") == "its scaling policy 'cpu' is not carried over")
    }

    @Test(
        "The alarm of a policy that cannot be told is left out with it, and says so",
        arguments: [
            ("\"AdjustmentType\": \"PercentChangeInCapacity\"", "\"AdjustmentType\": \"Sideways\"", 0),
            ("\"ScalingAdjustment\": 25", "\"ScalingAdjustment\": \"some\"", 0),
            ("\"MetricIntervalUpperBound\": 900.0", "\"MetricIntervalUpperBound\": \"far\"", 0),
            ("\"ScalingAdjustment\": 0", "\"ScalingAdjustment\": \"none\"", 1),
        ])
    func alarmOfUnreadablePolicy(old: String, new: String, lost: Int) throws {
        let policy = try imported(replacing: old, with: new, in: Self.policies)
        let names = [("out-by-backlog", "thumbnails-behind"), ("in-when-idle", "thumbnails-idle")]
        let group = try policy.read().group
        #expect(!group.alarms.contains { $0.name == names[lost].1 })
        #expect(group.alarms.contains { $0.name == names[1 - lost].1 })
        #expect(policy.why("ScalingPolicies[\(lost)]") != nil)
        #expect(policy.why("MetricAlarms[\(lost)]") == "its scaling policy '\(names[lost].0)' is not carried over")
        for account in policy.accounts { #expect(!account.isUnknown, "\(account.path)") }
    }

    @Test("An alarm that another policy needs stays, and its action that has no policy any more is told")
    func sharedAlarm() throws {
        var files = try Fixtures.aws()
        let arn = "arn:aws:autoscaling:eu-west-1:111122223333:scalingPolicy:"
        let idle = "\"\(arn)2:autoScalingGroupName/Thumbnails_Workers:policyName/in-when-idle\""
        let behind = "\"\(arn)1:autoScalingGroupName/Thumbnails_Workers:policyName/out-by-backlog\""
        try #require(files[Self.alarms].text.contains(idle))
        files[Self.alarms].text = files[Self.alarms].text.replacing(idle, with: "\(idle), \(behind)")
        files[Self.policies].text = files[Self.policies].text.replacing("PercentChangeInCapacity", with: "Sideways")
        let policy = try #require(
            try PolicyImport.read(files, options: ImportOptions(group: "Thumbnails_Workers", movesQueue: true)).first)
        #expect(try policy.read().group.alarms.contains { $0.name == "thumbnails-idle" })
        #expect(
            policy.why("MetricAlarms[1].AlarmActions[1]") == "its scaling policy 'out-by-backlog' is not carried over")
    }

    @Test(
        "A list of metrics with one in it is that metric",
        arguments: [
            ("ApproximateNumberOfMessagesVisible", "Sum", "visible", 100.0),
            ("ApproximateNumberOfMessagesVisible", "Maximum", "visible", 500.0),
            ("NumberOfMessagesSent", "Sum", "arrival_rate", 500.0 / 300),
        ])
    func singleMetric(name: String, statistic: String, word: String, threshold: Double) throws {
        let metric = """
            "Metrics": [{"Id": "m1", "ReturnData": true, "MetricStat": {"Period": 300, "Stat": "\(statistic)", "Metric":
              {"Namespace": "AWS/SQS", "MetricName": "\(name)",
               "Dimensions": [{"Name": "QueueName", "Value": "thumbnails"}]}}}],
            """
        var files = try Fixtures.aws()
        let text = files[Self.alarms].text
        let first = "\"MetricName\": \"ApproximateNumberOfMessagesVisible\",\n            \"Namespace\""
        let start = try #require(text.range(of: first))
        let end = try #require(text.range(of: "\"Unit\": \"Count\","))
        files[Self.alarms].text = text.replacingCharacters(in: start.lowerBound..<end.upperBound, with: metric)
        let options = ImportOptions(group: "Thumbnails_Workers", movesQueue: true)
        let policy = try #require(try PolicyImport.read(files, options: options).first)
        let alarm = try #require(try policy.read().group.alarms.first { $0.name == "thumbnails-behind" })
        #expect(alarm.metric.word == word && abs(alarm.threshold - threshold) < 1e-9 && alarm.period == .seconds(300))
        #expect(alarm.statistic == (statistic == "Sum" ? .average : .maximum))
        for account in policy.accounts { #expect(!account.isUnknown, "\(account.path)") }
    }

    @Test("Absurd numbers are told, and nothing else happens")
    func absurd() throws {
        let large = "10000000000000000"
        let cooldown = try imported(
            replacing: "\"DefaultCooldown\": 120", with: "\"DefaultCooldown\": \(large)", in: Self.groups)
        #expect(cooldown.why("AutoScalingGroups[0].DefaultCooldown")?.contains("a whole number between") == true)
        let period = try imported(replacing: "\"Period\": 300", with: "\"Period\": \(large)", in: Self.alarms)
        #expect(period.why("MetricAlarms[0]") == "its period is none that weir has")
    }

    @Test("A remark stays on its line, whatever ends one", arguments: ["\u{85}", "\u{2028}", "\u{2029}"])
    func lineEnds(_ mark: String) throws {
        let policy = try imported(
            replacing: "Pictures wait", with: "Pictures\(mark)wait: \(mark)x: [", in: Self.alarms)
        #expect(try policy.read().group.alarms.contains { $0.name == "thumbnails-behind" })
        #expect(!policy.text.contains(mark))
    }
}
