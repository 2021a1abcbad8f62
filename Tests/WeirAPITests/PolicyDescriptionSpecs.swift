import Testing
import WeirCore
import WeirQueue
import WeirRuntime

@testable import WeirAPI

@Suite("What is described of scaling policies")
struct PolicyDescriptionSpecs {
    private static let account = "us-east-1:000000000000"

    /// A step policy, a disabled simple one and target tracking.
    private static var emails: GroupSnapshot {
        let high = AlarmDefinition(
            name: "emails-high", metric: .builtIn(.visible), statistic: .maximum, period: .seconds(60),
            comparison: .greaterThanOrEqual, threshold: 100)
        let low = AlarmDefinition(
            name: "emails-low", metric: .builtIn(.outstanding), statistic: .sum, period: .seconds(60),
            comparison: .lessThan, threshold: 1)
        let policy = GroupPolicy(
            name: "emails", minSize: 0, maxSize: 10, alarms: [high, low],
            scalingPolicies: [
                ScalingPolicy(
                    name: "out", alarm: "emails-high",
                    kind: .step(
                        StepScaling(
                            adjustmentType: .percentChangeInCapacity,
                            steps: [
                                StepAdjustment(lower: 0, upper: 400.5, adjustment: 10),
                                StepAdjustment(lower: 400.5, adjustment: 50),
                            ], minAdjustmentMagnitude: 2, instanceWarmup: .seconds(30)))),
                ScalingPolicy(
                    name: "in", alarm: "emails-low",
                    kind: .simple(
                        SimpleScaling(adjustmentType: .exactCapacity, adjustment: 0, cooldown: .seconds(60))),
                    enabled: false),
                ScalingPolicy(
                    name: "keep", tracking: TargetTracking(metric: .named("backlog"), target: 12.5)),
            ])
        var state = GroupState(startingWith: policy, seed: 7, at: Bench.start)
        // One of its workers asks.
        state.fleet = Bench.thumbnails.state.fleet
        return GroupSnapshot(policy: policy, state: state)
    }

    /// Policies that leave out what they may.
    private static func frugal() throws -> GroupSnapshot {
        let sum = AlarmDefinition(
            name: "sum", metric: .builtIn(.visible), statistic: .sum, period: .seconds(60),
            comparison: .greaterThan, threshold: 0)
        let policy = GroupPolicy(
            name: "frugal", minSize: 0, maxSize: 10, alarms: [sum],
            scalingPolicies: [
                ScalingPolicy(
                    name: "step", alarm: "sum",
                    kind: .step(StepScaling(adjustmentType: .changeInCapacity, steps: [StepAdjustment(adjustment: -1)]))
                ),
                ScalingPolicy(
                    name: "in", alarm: "a < b",
                    kind: .simple(SimpleScaling(adjustmentType: .changeInCapacity, adjustment: -1))),
                ScalingPolicy(
                    name: "keep",
                    tracking: TargetTracking(
                        metric: .builtIn(.oldestAge), target: 60, statistic: try #require(Statistic("p99.9")),
                        disableScaleIn: true, instanceWarmup: .seconds(5),
                        scaleOutAlarm: AlarmShape(period: .seconds(10), evaluationPeriods: 1))),
            ])
        return GroupSnapshot(policy: policy, state: GroupState(startingWith: policy, seed: 7, at: Bench.start))
    }

    private func ask(_ more: String = "") async throws -> String {
        let bench = try Bench(groups: [Self.emails, try Self.frugal()])
        let answer = await bench.form("Action=DescribePolicies\(more)", from: .instance(Bench.worker.text))
        await bench.queues.close()
        #expect(answer.status == 200, "\(answer.text)")
        return answer.text
    }

    private func names(_ more: String) async throws -> [String] {
        try await ask(more).split(separator: "<PolicyName>").dropFirst().map { String($0.prefix { $0 != "<" }) }
    }

    @Test("A step policy: its steps from the threshold, an unbounded side left out, the alarm's statistic")
    func step() async throws {
        let text = try await ask("&AutoScalingGroupName=emails&PolicyNames.member.1=out")
        #expect(
            text.contains(
                joined: """
                    <DescribePoliciesResult><ScalingPolicies><member><AutoScalingGroupName>emails</AutoScalingGroupName>
                    <PolicyName>out</PolicyName><PolicyARN>arn:aws:autoscaling:\(Self.account):scalingPolicy:
                    :autoScalingGroupName/emails:policyName/out</PolicyARN><PolicyType>StepScaling</PolicyType>
                    <AdjustmentType>PercentChangeInCapacity</AdjustmentType>
                    <MinAdjustmentMagnitude>2</MinAdjustmentMagnitude><StepAdjustments>
                    <member><MetricIntervalLowerBound>0.0</MetricIntervalLowerBound>
                    <MetricIntervalUpperBound>400.5</MetricIntervalUpperBound>
                    <ScalingAdjustment>10</ScalingAdjustment></member>
                    <member><MetricIntervalLowerBound>400.5</MetricIntervalLowerBound>
                    <ScalingAdjustment>50</ScalingAdjustment></member></StepAdjustments>
                    <MetricAggregationType>Maximum</MetricAggregationType>
                    <EstimatedInstanceWarmup>30</EstimatedInstanceWarmup>
                    <Alarms><member><AlarmName>emails-high</AlarmName>
                    <AlarmARN>arn:aws:cloudwatch:\(Self.account):alarm:emails-high</AlarmARN></member></Alarms>
                    <Enabled>true</Enabled></member></ScalingPolicies></DescribePoliciesResult>
                    """))
    }

    @Test("A simple policy that is not enabled")
    func simple() async throws {
        let text = try await ask("&PolicyTypes.member.1=SimpleScaling")
        #expect(
            text.contains(
                joined: """
                    <PolicyType>SimpleScaling</PolicyType><AdjustmentType>ExactCapacity</AdjustmentType>
                    <ScalingAdjustment>0</ScalingAdjustment><Cooldown>60</Cooldown>
                    <StepAdjustments></StepAdjustments><Alarms><member><AlarmName>emails-low</AlarmName>
                    """))
        #expect(text.contains("</Alarms><Enabled>false</Enabled></member>"))
    }

    @Test("Target tracking: its metric, its target and the two alarms that it owns")
    func targetTracking() async throws {
        let text = try await ask("&AutoScalingGroupName=emails&PolicyTypes.member.1=TargetTrackingScaling")
        #expect(
            text.contains(
                joined: """
                    <PolicyType>TargetTrackingScaling</PolicyType><StepAdjustments></StepAdjustments>
                    <TargetTrackingConfiguration><CustomizedMetricSpecification><MetricName>backlog</MetricName>
                    <Namespace>weir</Namespace><Dimensions><member><Name>AutoScalingGroupName</Name>
                    <Value>emails</Value></member></Dimensions><Statistic>Average</Statistic><Period>60</Period>
                    </CustomizedMetricSpecification><TargetValue>12.5</TargetValue>
                    <DisableScaleIn>false</DisableScaleIn></TargetTrackingConfiguration>
                    <Alarms><member><AlarmName>TargetTracking-emails-AlarmHigh-
                    """))
        #expect(text.contains("<member><AlarmName>TargetTracking-emails-AlarmLow-"))
    }

    @Test("A statistic that the specification has no word for is that of a metric query")
    func extendedStatistic() async throws {
        let text = try await ask("&AutoScalingGroupName=frugal&PolicyNames.member.1=keep")
        #expect(
            text.contains(
                joined: """
                    <EstimatedInstanceWarmup>5</EstimatedInstanceWarmup><TargetTrackingConfiguration>
                    <CustomizedMetricSpecification><Metrics><member><Id>m1</Id><MetricStat><Metric>
                    <MetricName>oldest_age</MetricName><Namespace>weir</Namespace><Dimensions><member>
                    <Name>AutoScalingGroupName</Name><Value>frugal</Value></member></Dimensions></Metric>
                    <Stat>p99.9</Stat><Period>10</Period></MetricStat><ReturnData>true</ReturnData></member>
                    </Metrics></CustomizedMetricSpecification><TargetValue>60.0</TargetValue>
                    <DisableScaleIn>true</DisableScaleIn></TargetTrackingConfiguration>
                    """))
        #expect(!text.contains("AlarmLow"))
    }

    @Test("What a policy does not say is left out, not filled in from the group")
    func leftOut() async throws {
        let text = try await ask("&AutoScalingGroupName=frugal&PolicyNames.member.1=step&PolicyNames.member.2=in")
        #expect(
            text.contains(
                "<AdjustmentType>ChangeInCapacity</AdjustmentType><StepAdjustments><member>"
                    + "<ScalingAdjustment>-1</ScalingAdjustment></member></StepAdjustments><Alarms>"))
        #expect(
            text.contains(
                "<AdjustmentType>ChangeInCapacity</AdjustmentType><ScalingAdjustment>-1</ScalingAdjustment>"
                    + "<StepAdjustments></StepAdjustments><Alarms><member><AlarmName>a &lt; b</AlarmName>"))
    }

    @Test(
        "All groups or one; names, ARNs and types narrow it down, and unknown names are no mistake",
        arguments: [
            ("", ["out", "in", "keep", "step", "in", "keep"]),
            ("&AutoScalingGroupName=emails", ["out", "in", "keep"]),
            ("&PolicyNames.member.1=in&PolicyNames.member.2=none", ["in", "in"]),
            ("&AutoScalingGroupName=frugal&PolicyNames.member.1=out", []),
            (
                "&PolicyNames.member.1=arn:aws:autoscaling:us-east-1:000000000000:scalingPolicy::autoScalingGroupName/"
                    + "frugal:policyName/in", ["in"]
            ),
            ("&PolicyTypes.member.1=StepScaling&PolicyTypes.member.2=SimpleScaling", ["out", "in", "step", "in"]),
            ("&PolicyTypes.member.1=StepScaling&PolicyNames.member.1=keep", []),
            ("&PolicyTypes.member.1=PredictiveScaling", []),
        ] as [(String, [String])])
    func filters(_ more: String, expected: [String]) async throws {
        #expect(try await names(more) == expected)
    }

    @Test("Page by page, of what the filters leave")
    func pages() async throws {
        let first = try await ask("&PolicyNames.member.1=in&MaxRecords=1")
        #expect(first.contains("<AutoScalingGroupName>emails</AutoScalingGroupName><PolicyName>in<"))
        #expect(first.contains("</ScalingPolicies><NextToken>1</NextToken></DescribePoliciesResult>"))
        let second = try await ask("&PolicyNames.member.1=in&MaxRecords=1&NextToken=1")
        #expect(second.contains("<AutoScalingGroupName>frugal</AutoScalingGroupName><PolicyName>in<"))
        #expect(!second.contains("emails") && !second.contains("NextToken"))
    }

    @Test("A group that leaves has no scaling policies any more")
    func leaving() async throws {
        let bench = try Bench(groups: [Self.emails])
        bench.fleet.change("emails") { $0.leaving = true }
        let text = await bench.form("Action=DescribePolicies&AutoScalingGroupName=emails").text
        await bench.queues.close()
        #expect(text.contains("<DescribePoliciesResult><ScalingPolicies></ScalingPolicies></DescribePoliciesResult>"))
    }

    @Test(
        arguments: [
            ("&AutoScalingGroupName=other", "ValidationError", "AutoScalingGroup other not found"),
            ("&AutoScalingGroupName=", "ValidationError", "Member must not be null"),
            ("&PolicyTypes.member.1=Stepping", "ValidationError", "'Stepping' is no policy type"),
            ("&MaxRecords=101", "ValidationError", "1 to 100 is expected"),
            ("&MaxRecords=0", "ValidationError", "1 to 100 is expected"),
            ("&NextToken=x", "InvalidNextToken", "not valid"),
            ("&NextToken=7", "InvalidNextToken", "not valid"),
            (
                (1...51).map { "&PolicyNames.member.\($0)=p\($0)" }.joined(), "ValidationError",
                "PolicyNames has 51 members; at most 50 are expected"
            ),
        ] as [(String, String, String)])
    func `What is refused`(_ more: String, code: String, words: String) async throws {
        let bench = try Bench(groups: [Self.emails, try Self.frugal()])
        let answer = await bench.form("Action=DescribePolicies\(more)")
        await bench.queues.close()
        #expect(answer.status == 400)
        #expect(answer.text.contains("<Code>\(code)</Code>"), "\(answer.text)")
        #expect(answer.text.contains(words), "\(answer.text)")
    }
}
