import Testing
import WeirCore
import WeirQueue
import WeirRuntime

@testable import WeirAPI

@Suite("Instance refresh, through the Auto Scaling API")
struct InstanceRefreshActionSpecs {
    /// The rolling group between two refreshes.
    private var rested: GroupSnapshot {
        var group = Bench.rolling
        group.state.refresh?.status = .successful
        group.policy.instanceRefresh = RefreshPreferences(minHealthyPercentage: 75, autoRollback: true)
        return group
    }

    @Test("What Preferences do not say is as the policy file says")
    func start() async throws {
        let bench = try Bench(groups: [rested])
        let answer = await bench.form(
            "Action=StartInstanceRefresh&AutoScalingGroupName=emails&Strategy=Rolling"
                + "&Preferences.InstanceWarmup=30&Preferences.CheckpointPercentages.member.1=50"
                + "&Preferences.CheckpointPercentages.member.2=100&Preferences.CheckpointDelay=600"
                + "&Preferences.SkipMatching=true&Preferences.ScaleInProtectedInstances=Refresh"
                + "&Preferences.StandbyInstances=terminate")
        #expect(answer.status == 200, "\(answer.text)")
        let refresh = try #require(await bench.fleet.group(named: "emails")?.state.refresh)
        #expect(answer.text.contains("<InstanceRefreshId>\(refresh.id)</InstanceRefreshId>"))
        #expect(
            refresh.preferences
                == RefreshPreferences(
                    minHealthyPercentage: 75, instanceWarmup: .seconds(30), checkpointPercentages: [50, 100],
                    checkpointDelay: .seconds(600), skipMatching: true, protectedInstances: .replace,
                    standbyInstances: .replace, autoRollback: true))
        await bench.queues.close()
    }

    @Test(
        arguments: [
            ("MinHealthyPercentage=101", "MinHealthyPercentage is 101; 0 to 100 is expected."),
            ("MaxHealthyPercentage=110", "With MaxHealthyPercentage, MinHealthyPercentage must be given too."),
            (
                "MinHealthyPercentage=50&Preferences.MaxHealthyPercentage=151",
                "MinHealthyPercentage is 50 and MaxHealthyPercentage is 151; they may be 100 apart."
            ),
            ("CheckpointPercentages.member.1=0", "CheckpointPercentages is 0; 1 to 100 is expected."),
            (
                "CheckpointPercentages.member.1=50&Preferences.CheckpointPercentages.member.2=50",
                "CheckpointPercentages is 50, 50; each must be above the one before."
            ),
            ("CheckpointPercentages.member.1=half", "CheckpointPercentages has 'half'; whole numbers are expected."),
            ("CheckpointDelay=60", "CheckpointDelay is given, but no CheckpointPercentages."),
            (
                "CheckpointPercentages.member.1=50&Preferences.CheckpointDelay=172801",
                "CheckpointDelay is 172801; 0 to 172800 is expected."
            ),
            ("InstanceWarmup=-1", "InstanceWarmup is -1; 0 to 3600 is expected."),
            ("ScaleInProtectedInstances=Replace", "one of Wait, Ignore, Refresh is expected."),
            ("StandbyInstances=Refresh", "one of Wait, Ignore, Terminate is expected."),
            ("SkipMatching=yes", "true or false is expected."),
            ("AlarmSpecification.Alarms.member.1=a", "Preferences.AlarmSpecification is not taken."),
        ])
    func `Preferences that cannot be`(_ preference: String, words: String) async throws {
        let bench = try Bench(groups: [rested])
        let answer = await bench.form(
            "Action=StartInstanceRefresh&AutoScalingGroupName=emails&Preferences.\(preference)")
        #expect(answer.status == 400)
        #expect(answer.text.contains("<Code>ValidationError</Code>"))
        #expect(answer.text.contains(words), "\(answer.text)")
        await bench.queues.close()
    }

    @Test("A refresh under way is described with what it waits for")
    func describe() async throws {
        let bench = try Bench(groups: [Bench.rolling])
        let text = await bench.form(
            "Action=DescribeInstanceRefreshes&AutoScalingGroupName=emails&InstanceRefreshIds.member.1=\(Bench.refreshID)"
        ).text
        let expected = """
            <InstanceRefreshes><member><InstanceRefreshId>\(Bench.refreshID)</InstanceRefreshId>\
            <AutoScalingGroupName>emails</AutoScalingGroupName><Status>InProgress</Status>\
            <StatusReason>at a checkpoint until 13:00:00</StatusReason>\
            <StartTime>2026-03-01T12:00:00Z</StartTime><PercentageComplete>40</PercentageComplete>\
            <InstancesToUpdate>6</InstancesToUpdate><Preferences><MinHealthyPercentage>90</MinHealthyPercentage>\
            <MaxHealthyPercentage>100</MaxHealthyPercentage>\
            <CheckpointPercentages><member>40</member><member>100</member></CheckpointPercentages>\
            <CheckpointDelay>3600</CheckpointDelay><SkipMatching>false</SkipMatching>\
            <AutoRollback>true</AutoRollback><ScaleInProtectedInstances>Wait</ScaleInProtectedInstances>\
            <StandbyInstances>Wait</StandbyInstances></Preferences><Strategy>Rolling</Strategy></member>
            """
        #expect(text.contains(expected), "\(text)")
        let other = await bench.form(
            "Action=DescribeInstanceRefreshes&AutoScalingGroupName=emails&InstanceRefreshIds.member.1=other"
        ).text
        #expect(other.contains("<InstanceRefreshes></InstanceRefreshes>"))
        await bench.queues.close()
    }

    @Test("It is cancelled once; then there is none")
    func cancel() async throws {
        let bench = try Bench(groups: [Bench.rolling])
        let form = "Action=CancelInstanceRefresh&AutoScalingGroupName=emails&WaitForTransitioningInstances=false"
        #expect(await bench.form(form).text.contains("<InstanceRefreshId>\(Bench.refreshID)</InstanceRefreshId>"))
        let again = await bench.form(form)
        #expect(again.status == 400)
        #expect(again.text.contains("<Code>ActiveInstanceRefreshNotFound</Code>"))
        let text = await bench.form("Action=DescribeInstanceRefreshes&AutoScalingGroupName=emails").text
        #expect(text.contains("<Status>Cancelled</Status><StatusReason>cancelled by an operator</StatusReason>"))
        #expect(text.contains("<EndTime>2026-03-01T12:00:00Z</EndTime>"))
        await bench.queues.close()
    }

    @Test("It is rolled back, with the reason; unless what was launched before is not known")
    func rollBack() async throws {
        let bench = try Bench(groups: [Bench.rolling])
        let form = "Action=RollbackInstanceRefresh&AutoScalingGroupName=emails"
        #expect(await bench.form(form).text.contains("<InstanceRefreshId>\(Bench.refreshID)</InstanceRefreshId>"))
        let text = await bench.form("Action=DescribeInstanceRefreshes&AutoScalingGroupName=emails").text
        #expect(text.contains("<Status>RollbackInProgress</Status>"))
        #expect(
            text.contains(
                "<RollbackDetails><RollbackReason>asked by an operator</RollbackReason></RollbackDetails>"))
        var unknown = Bench.rolling
        unknown.state.refresh?.former = nil
        let other = try Bench(groups: [unknown])
        #expect(await other.form(form).text.contains("<Code>IrreversibleInstanceRefresh</Code>"))
        await bench.queues.close()
        await other.queues.close()
    }
}
