import Testing
import WeirCore
import WeirQueue
import WeirRuntime

@testable import WeirAPI

@Suite("The life of an instance, through the Auto Scaling API")
struct LifecycleActionSpecs {
    private let waiting = "i-00000000000000002"
    private let standing = "i-00000000000000005"
    private let atWork = "i-00000000000000004"

    // MARK: Standby

    @Test("An instance in service stands by, and desired capacity goes down with it")
    func enterStandby() async throws {
        let bench = try Bench(groups: [Bench.rolling])
        let answer = await bench.form(
            "Action=EnterStandby&AutoScalingGroupName=emails&InstanceIds.member.1=\(atWork)"
                + "&ShouldDecrementDesiredCapacity=true")
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.text.contains("<EnterStandbyResult><Activities><member><ActivityId>"))
        #expect(answer.text.contains("<Description>Moving EC2 instance to Standby: \(atWork)</Description>"))
        #expect(answer.text.contains("<StatusCode>InProgress</StatusCode><Progress>50</Progress>"))
        let state = try #require(await bench.fleet.group(named: "emails")).state
        #expect(state.desiredCapacity == 3)
        #expect(state.fleet.first { $0.id.text == atWork }?.lifecycleState == .enteringStandby)
        await bench.queues.close()
    }

    @Test("Whoever stands by comes back, and desired capacity goes up with it")
    func exitStandby() async throws {
        let bench = try Bench(groups: [Bench.rolling])
        let answer = await bench.form(
            "Action=ExitStandby&AutoScalingGroupName=emails&InstanceIds.member.1=\(standing)")
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.text.contains("<Description>Moving EC2 instance out of Standby: \(standing)</Description>"))
        #expect(answer.text.contains("<StatusCode>PreInService</StatusCode><Progress>30</Progress>"))
        #expect(await bench.fleet.group(named: "emails")?.state.desiredCapacity == 5)
        await bench.queues.close()
    }

    // MARK: Refusals

    @Test(
        arguments: [
            (
                "EnterStandby&AutoScalingGroupName=emails&InstanceIds.member.1=i-00000000000000002"
                    + "&ShouldDecrementDesiredCapacity=true", "ValidationError", "It is in Pending:Wait."
            ),
            (
                "EnterStandby&AutoScalingGroupName=emails&InstanceIds.member.1=i-00000000000000004", "ValidationError",
                "Value null at 'ShouldDecrementDesiredCapacity'"
            ),
            (
                "EnterStandby&AutoScalingGroupName=emails&ShouldDecrementDesiredCapacity=true", "ValidationError",
                "Value null at 'InstanceIds'"
            ),
            (
                "ExitStandby&AutoScalingGroupName=emails&InstanceIds.member.1=i-00000000000000004", "ValidationError",
                "is not in Standby or EnteringStandby. It is in InService."
            ),
            (
                "CompleteLifecycleAction&AutoScalingGroupName=emails&LifecycleHookName=warm-cache"
                    + "&InstanceId=i-00000000000000002&LifecycleActionResult=DONE", "ValidationError",
                "one of CONTINUE, ABANDON is expected"
            ),
            (
                "CompleteLifecycleAction&AutoScalingGroupName=emails&LifecycleHookName=warm-cache"
                    + "&LifecycleActionResult=CONTINUE", "ValidationError",
                "Either InstanceId or LifecycleActionToken must be given."
            ),
            (
                "CompleteLifecycleAction&AutoScalingGroupName=emails&LifecycleHookName=upload-logs"
                    + "&InstanceId=i-00000000000000002&LifecycleActionResult=CONTINUE", "ValidationError",
                "No active Lifecycle Action found"
            ),
            (
                "RecordLifecycleActionHeartbeat&AutoScalingGroupName=emails&LifecycleHookName=warm-cache"
                    + "&LifecycleActionToken=short", "ValidationError", "Member must have length 36"
            ),
            (
                "SetInstanceHealth&InstanceId=i-0000000000000dead&HealthStatus=Unhealthy", "ValidationError",
                "No managed instance found for instance ID: i-0000000000000dead"
            ),
            (
                "SetInstanceHealth&InstanceId=i-00000000000000004&HealthStatus=Ill", "ValidationError",
                "Healthy or Unhealthy is expected"
            ),
            (
                "StartInstanceRefresh&AutoScalingGroupName=emails", "InstanceRefreshInProgress",
                "(5e0a5f0c-1111-4222-8333-444455556666) is already in progress"
            ),
            (
                "StartInstanceRefresh&AutoScalingGroupName=emails"
                    + "&DesiredConfiguration.LaunchTemplate.LaunchTemplateName=x", "ValidationError",
                "what is launched stands in the policy file"
            ),
            (
                "StartInstanceRefresh&AutoScalingGroupName=emails&Strategy=ReplaceRootVolume", "ValidationError",
                "Rolling is expected"
            ),
            (
                "StartInstanceRefresh&AutoScalingGroupName=emails&Preferences.BakeTime=60", "ValidationError",
                "Preferences.BakeTime is not taken"
            ),
            ("StartInstanceRefresh&AutoScalingGroupName=other", "ValidationError", "AutoScalingGroup other not found"),
            ("DescribeWarmPool&AutoScalingGroupName=emails&MaxRecords=51", "ValidationError", "1 to 50 is expected"),
            ("DescribeInstanceRefreshes&AutoScalingGroupName=emails&NextToken=x", "InvalidNextToken", "not valid"),
        ] as [(String, String, String)])
    func `What is refused`(_ action: String, code: String, words: String) async throws {
        let bench = try Bench(groups: [Bench.rolling])
        let answer = await bench.form("Action=\(action)")
        #expect(answer.status == 400)
        #expect(answer.text.contains("<Code>\(code)</Code>"), "\(answer.text)")
        #expect(answer.text.contains(XMLText.escaped(words)), "\(answer.text)")
        await bench.queues.close()
    }

    // MARK: Hooks

    @Test("A worker completes its own launch hook and is in service")
    func completeOwnHook() async throws {
        let bench = try Bench(groups: [Bench.rolling])
        let answer = await bench.form(
            "Action=CompleteLifecycleAction&AutoScalingGroupName=emails&LifecycleHookName=warm-cache"
                + "&InstanceId=\(waiting)&LifecycleActionResult=CONTINUE", from: .instance(waiting))
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.text.contains("<CompleteLifecycleActionResult></CompleteLifecycleActionResult>"))
        let state = try #require(await bench.fleet.group(named: "emails")).state
        #expect(state.fleet.first { $0.id.text == waiting }?.lifecycleState == .inService)
        await bench.queues.close()
    }

    @Test("A token is enough for an operator, and a group may be named by its ARN")
    func completeByToken() async throws {
        let bench = try Bench(groups: [Bench.rolling])
        let arn = "arn:aws:autoscaling:us-east-1:000000000000:autoScalingGroup::autoScalingGroupName/emails"
        let answer = await bench.form(
            "Action=CompleteLifecycleAction&AutoScalingGroupName=\(arn)&LifecycleHookName=warm-cache"
                + "&LifecycleActionToken=\(Bench.hookToken)&LifecycleActionResult=ABANDON")
        #expect(answer.status == 200, "\(answer.text)")
        let state = try #require(await bench.fleet.group(named: "emails")).state
        #expect(state.fleet.first { $0.id.text == waiting }?.departure == .abandoned)
        await bench.queues.close()
    }

    @Test("A heartbeat begins the timeout again")
    func heartbeat() async throws {
        let bench = try Bench(groups: [Bench.rolling])
        await bench.pass(.seconds(200))
        let answer = await bench.form(
            "Action=RecordLifecycleActionHeartbeat&AutoScalingGroupName=emails&LifecycleHookName=warm-cache",
            from: .instance(waiting))
        #expect(answer.status == 200, "\(answer.text)")
        let state = try #require(await bench.fleet.group(named: "emails")).state
        #expect(state.fleet.first { $0.id.text == waiting }?.hooks.first?.expiresAt == Bench.start + .seconds(500))
        await bench.queues.close()
    }

    // MARK: Who may

    @Test(
        arguments: [
            "CompleteLifecycleAction&AutoScalingGroupName=emails&LifecycleHookName=warm-cache"
                + "&InstanceId=i-00000000000000002&LifecycleActionResult=CONTINUE",
            "RecordLifecycleActionHeartbeat&AutoScalingGroupName=emails&LifecycleHookName=warm-cache"
                + "&InstanceId=i-00000000000000002",
            "SetInstanceHealth&InstanceId=i-00000000000000002&HealthStatus=Unhealthy",
            "EnterStandby&AutoScalingGroupName=emails&InstanceIds.member.1=i-00000000000000004"
                + "&ShouldDecrementDesiredCapacity=true",
            "ExitStandby&AutoScalingGroupName=emails&InstanceIds.member.1=i-00000000000000004",
            "StartInstanceRefresh&AutoScalingGroupName=emails", "CancelInstanceRefresh&AutoScalingGroupName=emails",
            "RollbackInstanceRefresh&AutoScalingGroupName=emails",
        ])
    func `A worker may not`(_ action: String) async throws {
        let bench = try Bench(groups: [Bench.rolling])
        let answer = await bench.form("Action=\(action)", from: .instance(atWork))
        #expect(answer.status == 403)
        #expect(answer.text.contains("<Code>AccessDenied</Code>"), "\(answer.text)")
        await bench.queues.close()
    }

    @Test("A worker may not complete the hook of another by its token")
    func foreignToken() async throws {
        let bench = try Bench(groups: [Bench.rolling])
        let answer = await bench.form(
            "Action=CompleteLifecycleAction&AutoScalingGroupName=emails&LifecycleHookName=warm-cache"
                + "&LifecycleActionToken=\(Bench.hookToken)&LifecycleActionResult=CONTINUE", from: .instance(atWork))
        #expect(answer.status == 400)
        #expect(answer.text.contains("No active Lifecycle Action found with token \(Bench.hookToken)."))
        let state = try #require(await bench.fleet.group(named: "emails")).state
        #expect(state.fleet.first { $0.id.text == waiting }?.lifecycleState == .pendingWait)
        await bench.queues.close()
    }

    // MARK: Health

    @Test("A worker says that it is ill, and is replaced; within the grace period only when that is set aside")
    func health() async throws {
        let bench = try Bench(groups: [Bench.rolling])
        let form = "Action=SetInstanceHealth&InstanceId=\(atWork)&HealthStatus=Unhealthy"
        func departure() async -> Departure? {
            await bench.fleet.group(named: "emails")?.state.fleet.first { $0.id.text == atWork }?.departure
        }
        #expect(await bench.form(form, from: .instance(atWork)).status == 200)
        #expect(await departure() == nil, "it is in its grace period")
        let answer = await bench.form(form + "&ShouldRespectGracePeriod=false", from: .instance(atWork))
        #expect(answer.status == 200)
        #expect(!answer.text.contains("SetInstanceHealthResult"))
        #expect(await departure() == .unhealthy)
        await bench.queues.close()
    }
}

/// What text looks like inside of XML.
private enum XMLText {
    static func escaped(_ text: String) -> String {
        var xml = XMLWriter()
        xml.element("x", text)
        return String(xml.text.dropFirst("<x>".count).dropLast("</x>".count))
    }
}
