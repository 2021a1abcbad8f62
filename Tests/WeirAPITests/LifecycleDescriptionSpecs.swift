import Testing
import WeirCore
import WeirQueue
import WeirRuntime

@testable import WeirAPI

@Suite("What is described of lifecycles")
struct LifecycleDescriptionSpecs {
    private func ask(_ action: String) async throws -> String {
        let bench = try Bench(groups: [Bench.rolling])
        let answer = await bench.form("Action=\(action)", from: .instance("i-00000000000000004"))
        #expect(answer.status == 200, "\(answer.text)")
        await bench.queues.close()
        return answer.text
    }

    @Test("Hooks, all or by name, with their global timeout")
    func hooks() async throws {
        let one = try await ask(
            "DescribeLifecycleHooks&AutoScalingGroupName=emails&LifecycleHookNames.member.1=warm-cache")
        #expect(
            one.contains(
                "<LifecycleHooks><member><LifecycleHookName>warm-cache</LifecycleHookName>"
                    + "<AutoScalingGroupName>emails</AutoScalingGroupName>"
                    + "<LifecycleTransition>autoscaling:EC2_INSTANCE_LAUNCHING</LifecycleTransition>"
                    + "<HeartbeatTimeout>300</HeartbeatTimeout><GlobalTimeout>30000</GlobalTimeout>"
                    + "<DefaultResult>ABANDON</DefaultResult></member></LifecycleHooks>"))
        let all = try await ask("DescribeLifecycleHooks&AutoScalingGroupName=emails")
        #expect(all.contains("<GlobalTimeout>172800</GlobalTimeout><DefaultResult>CONTINUE</DefaultResult>"))
    }

    @Test("Types")
    func types() async throws {
        #expect(
            try await ask("DescribeLifecycleHookTypes").contains(
                "<LifecycleHookTypes><member>autoscaling:EC2_INSTANCE_LAUNCHING</member>"
                    + "<member>autoscaling:EC2_INSTANCE_TERMINATING</member></LifecycleHookTypes>"))
        #expect(
            try await ask("DescribeTerminationPolicyTypes").contains(
                "<TerminationPolicyTypes><member>AllocationStrategy</member><member>ClosestToNextInstanceHour</member>"
                    + "<member>Default</member><member>NewestInstance</member><member>OldestInstance</member>"
                    + "<member>OldestLaunchConfiguration</member><member>OldestLaunchTemplate</member>"))
        #expect(
            try await ask("DescribeScalingProcessTypes").contains(
                "<Processes><member><ProcessName>AZRebalance</ProcessName></member>"))
    }

    @Test("A group has no instances of its warm pool, but the pool's size and configuration")
    func group() async throws {
        let text = try await ask("DescribeAutoScalingGroups")
        #expect(!text.contains("Warmed:"))
        #expect(
            text.contains(
                "<WarmPoolConfiguration><MinSize>1</MinSize><PoolState>Hibernated</PoolState><InstanceReusePolicy>"
                    + "<ReuseOnScaleIn>true</ReuseOnScaleIn></InstanceReusePolicy></WarmPoolConfiguration>"
                    + "<WarmPoolSize>2</WarmPoolSize>"))
        #expect(text.contains("<MaxInstanceLifetime>86400</MaxInstanceLifetime>"))
        #expect(text.contains("<HealthCheckGracePeriod>60</HealthCheckGracePeriod>"))
        #expect(
            text.contains(
                "</AutoScalingGroupARN><LaunchTemplate><LaunchTemplateName>emails</LaunchTemplateName>"
                    + "<Version>4</Version></LaunchTemplate>"))
        #expect(
            text.contains(
                "<LifecycleState>Terminating</LifecycleState><HealthStatus>Unhealthy</HealthStatus>"
                    + "<LaunchTemplate><LaunchTemplateName>emails</LaunchTemplateName><Version>4</Version>"))
        #expect(text.contains("<LifecycleState>Pending:Wait</LifecycleState><HealthStatus>Healthy</HealthStatus>"))
    }

    @Test("All instances have their lifecycle state, those of the warm pool too")
    func instances() async throws {
        let text = try await ask("DescribeAutoScalingInstances")
        #expect(text.contains("<LifecycleState>Warmed:Hibernated</LifecycleState><HealthStatus>HEALTHY</HealthStatus>"))
        #expect(text.contains("<LifecycleState>Terminating</LifecycleState><HealthStatus>UNHEALTHY</HealthStatus>"))
        #expect(text.contains("<Version>3</Version></LaunchTemplate><ProtectedFromScaleIn>false"))
    }

    @Test("The warm pool lists its instances page by page; one that ends there says so")
    func warmPool() async throws {
        let bench = try Bench(groups: [Bench.rolling])
        bench.fleet.change("emails") { group in
            group.state.fleet[6].lifecycleState = .terminating
            group.state.fleet[6].departure = .pool
        }
        let first = await bench.form("Action=DescribeWarmPool&AutoScalingGroupName=emails&MaxRecords=1").text
        #expect(first.contains("<LifecycleState>Warmed:Hibernated</LifecycleState>"))
        #expect(first.contains("<NextToken>1</NextToken>"))
        let second = await bench.form("Action=DescribeWarmPool&AutoScalingGroupName=emails&NextToken=1").text
        #expect(second.contains("<LifecycleState>Warmed:Terminating</LifecycleState>"))
        #expect(!second.contains("Warmed:Hibernated"))
        let none = try Bench()
        let empty = await none.form("Action=DescribeWarmPool&AutoScalingGroupName=thumbnails").text
        #expect(empty.contains("<DescribeWarmPoolResult><Instances></Instances></DescribeWarmPoolResult>"))
        await bench.queues.close()
        await none.queues.close()
    }
}
