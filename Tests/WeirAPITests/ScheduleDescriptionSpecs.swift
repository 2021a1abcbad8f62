import Testing
import WeirCore
import WeirQueue
import WeirRuntime

@testable import WeirAPI

@Suite("What is described of schedules")
struct ScheduleDescriptionSpecs {
    /// At noon: one that is over, one whose end comes before its next time, three that will run.
    private static func emails() throws -> GroupSnapshot {
        let newYork = try #require(TimeZoneRules(name: "America/New_York", rule: "EST5EDT,M3.2.0,M11.1.0"))
        return group(
            "emails",
            [
                ScheduledAction(name: "launch-day", startTime: Bench.start - .seconds(3600), minSize: 9),
                ScheduledAction(
                    name: "this-morning", endTime: Bench.start, recurrence: try .parse("0 8 * * *"), minSize: 2),
                ScheduledAction(
                    name: "evening", endTime: Bench.start + .seconds(86_400), recurrence: try .parse("0 18 * * *"),
                    timeZone: newYork, minSize: 0, maxSize: 4),
                ScheduledAction(name: "tea", startTime: Bench.start + .seconds(4 * 3600), desiredCapacity: 1),
                ScheduledAction(name: "leap-day", recurrence: try .parse("0 0 29 2 *"), maxSize: 29),
            ])
    }

    private static func thumbnails() throws -> GroupSnapshot {
        group("thumbnails", [ScheduledAction(name: "tea", recurrence: try .parse("0 16 * * *"), minSize: 1)])
    }

    private static func group(_ name: String, _ actions: [ScheduledAction]) -> GroupSnapshot {
        var policy = GroupPolicy(name: name, minSize: 0, maxSize: 10)
        policy.scheduledActions = actions
        var state = GroupState(startingWith: policy, seed: 7, at: Bench.start)
        // One of its workers asks.
        state.fleet = Bench.thumbnails.state.fleet
        return GroupSnapshot(policy: policy, state: state)
    }

    private func ask(_ more: String = "") async throws -> String {
        let bench = try Bench(groups: [try Self.emails(), try Self.thumbnails()])
        let answer = await bench.form("Action=DescribeScheduledActions\(more)", from: .instance(Bench.worker.text))
        await bench.queues.close()
        #expect(answer.status == 200, "\(answer.text)")
        return answer.text
    }

    private func names(_ more: String) async throws -> [String] {
        try await ask(more).split(separator: "<ScheduledActionName>").dropFirst().map {
            String($0.prefix { $0 != "<" })
        }
    }

    @Test("One that recurs starts when it runs next, by the clocks of its zone")
    func recurring() async throws {
        let text = try await ask("&AutoScalingGroupName=emails&ScheduledActionNames.member.1=evening")
        #expect(
            text.contains(
                joined: """
                    <DescribeScheduledActionsResult><ScheduledUpdateGroupActions><member>
                    <AutoScalingGroupName>emails</AutoScalingGroupName>
                    <ScheduledActionName>evening</ScheduledActionName><ScheduledActionARN>arn:aws:autoscaling:
                    us-east-1:000000000000:scheduledUpdateGroupAction::autoScalingGroupName/emails:
                    scheduledActionName/evening</ScheduledActionARN><Time>2026-03-01T23:00:00Z</Time>
                    <StartTime>2026-03-01T23:00:00Z</StartTime><EndTime>2026-03-02T12:00:00Z</EndTime>
                    <Recurrence>0 18 * * *</Recurrence><TimeZone>America/New_York</TimeZone>
                    <MinSize>0</MinSize><MaxSize>4</MaxSize></member></ScheduledUpdateGroupActions>
                    </DescribeScheduledActionsResult>
                    """))
    }

    @Test("One that runs once has neither recurrence nor zone; what it leaves as it is has no member")
    func once() async throws {
        let text = try await ask("&AutoScalingGroupName=emails&ScheduledActionNames.member.1=tea")
        #expect(
            text.contains(
                "<Time>2026-03-01T16:00:00Z</Time><StartTime>2026-03-01T16:00:00Z</StartTime>"
                    + "<DesiredCapacity>1</DesiredCapacity></member></ScheduledUpdateGroupActions>"))
    }

    @Test("Years ahead is described too")
    func leapDay() async throws {
        let text = try await ask("&ScheduledActionNames.member.1=leap-day")
        #expect(text.contains("<StartTime>2028-02-29T00:00:00Z</StartTime>"))
        #expect(text.contains("<TimeZone>UTC</TimeZone>"))
    }

    @Test(
        "Those that will not run any more are left out; names, ARNs and times narrow it down",
        arguments: [
            ("", ["evening", "tea", "leap-day", "tea"]),
            ("&AutoScalingGroupName=emails", ["evening", "tea", "leap-day"]),
            ("&ScheduledActionNames.member.1=launch-day&ScheduledActionNames.member.2=this-morning", []),
            ("&ScheduledActionNames.member.1=tea&ScheduledActionNames.member.2=none", ["tea", "tea"]),
            (
                "&ScheduledActionNames.member.1=arn:aws:autoscaling:us-east-1:000000000000:scheduledUpdateGroupAction:"
                    + ":autoScalingGroupName/thumbnails:scheduledActionName/tea", ["tea"]
            ),
            // Both ends belong to the span.
            ("&StartTime=2026-03-01T23:00:00Z", ["evening", "leap-day"]),
            ("&StartTime=2026-03-01T23:00:00.001Z", ["leap-day"]),
            ("&EndTime=2026-03-01T16:00:00Z", ["tea", "tea"]),
            ("&StartTime=2026-03-01T16%3A00%3A01Z&EndTime=2026-03-01T23%3A00%3A00.000000Z", ["evening"]),
            // By name they are described whenever they run.
            ("&EndTime=2026-03-01T16:00:00Z&ScheduledActionNames.member.1=evening", ["evening"]),
        ] as [(String, [String])])
    func filters(_ more: String, expected: [String]) async throws {
        #expect(try await names(more) == expected)
    }

    @Test("Page by page")
    func pages() async throws {
        let first = try await ask("&MaxRecords=3")
        #expect(first.contains("</ScheduledUpdateGroupActions><NextToken>3</NextToken>"))
        let second = try await ask("&MaxRecords=3&NextToken=3")
        #expect(second.contains("<ScheduledUpdateGroupActions><member><AutoScalingGroupName>thumbnails<"))
        #expect(!second.contains("NextToken"))
    }

    @Test("A group that leaves has no schedule any more")
    func leaving() async throws {
        let bench = try Bench(groups: [try Self.emails()])
        bench.fleet.change("emails") { $0.leaving = true }
        let text = await bench.form("Action=DescribeScheduledActions").text
        await bench.queues.close()
        #expect(text.contains("<ScheduledUpdateGroupActions></ScheduledUpdateGroupActions>"))
    }

    @Test(
        arguments: [
            ("&AutoScalingGroupName=other", "ValidationError", "AutoScalingGroup other not found"),
            ("&StartTime=tomorrow", "ValidationError", "StartTime is 'tomorrow'; a time in UTC such as"),
            ("&EndTime=2026-03-01", "ValidationError", "EndTime is '2026-03-01'; a time in UTC such as"),
            ("&MaxRecords=101", "ValidationError", "1 to 100 is expected"),
            ("&NextToken=5", "InvalidNextToken", "not valid"),
            (
                (1...51).map { "&ScheduledActionNames.member.\($0)=a\($0)" }.joined(), "ValidationError",
                "ScheduledActionNames has 51 members; at most 50 are expected"
            ),
        ] as [(String, String, String)])
    func `What is refused`(_ more: String, code: String, words: String) async throws {
        let bench = try Bench(groups: [try Self.emails(), try Self.thumbnails()])
        let answer = await bench.form("Action=DescribeScheduledActions\(more)")
        await bench.queues.close()
        #expect(answer.status == 400)
        #expect(answer.text.contains("<Code>\(code)</Code>"), "\(answer.text)")
        #expect(answer.text.contains(words), "\(answer.text)")
    }
}
