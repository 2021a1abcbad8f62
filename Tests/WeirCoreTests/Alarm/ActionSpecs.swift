import Testing

@testable import WeirCore

@Suite("Alarm actions, states and cadence")
struct ActionSpecs {
    private func world(_ change: (inout AlarmDefinition) -> Void = { _ in }) -> MiniWorld {
        var alarm = AlarmDefinition.up()
        alarm.actions.alarm = [.command(["page", "--loud"]), .post(url: "https://example.org/hook")]
        alarm.actions.ok = [.command(["calm"])]
        change(&alarm)
        return MiniWorld(
            GroupPolicy(
                name: "g", minSize: 0, maxSize: 9, alarms: [alarm],
                scalingPolicies: [.always("out", on: "up", .changeInCapacity, 1)]))
    }

    @Test("each action of a state is due once when the alarm enters it, with the reason")
    func due() {
        var world = world()
        world.see(visible: 5)
        let raised = world.tick(at: 0)
        #expect(raised.notifications.map(\.action) == world.policy.alarms[0].actions.alarm)
        #expect(
            raised.notifications[0]
                == AlarmNotification(
                    alarm: "up", from: .insufficientData, to: .alarm,
                    reason: "visible maximum 5 ≥ 1 for 1 of 1 periods of 60s", action: .command(["page", "--loud"]),
                    at: .at(0)))
        #expect(world.tick(at: 60).notifications == [])
        world.see(visible: 0)
        #expect(world.tick(at: 180).notifications.map(\.action) == [.command(["calm"])])
    }

    @Test("with actions off the alarm is judged, but nothing follows from it")
    func disabled() {
        var world = world { $0.actions.enabled = false }
        world.see(visible: 5)
        let raised = world.tick(at: 0)
        #expect(world.state.alarms[0].state == .alarm)
        #expect(raised.notifications == [])
        #expect(raised.codes == ["no_alarm"])
        world.policy.alarms[0].actions.enabled = true
        #expect(world.tick(at: 10).decision.desired == 1)
    }

    @Test("a composite alarm has actions too")
    func composite() throws {
        var world = world()
        world.policy.compositeAlarms = [
            CompositeAlarm(
                name: "quiet", rule: try .parse("not up"), actions: AlarmActions(alarm: [.command(["sleep"])]))
        ]
        #expect(world.tick(at: 0).notifications.map(\.alarm) == ["up", "quiet"])
    }

    @Test("a policy that is bound to OK acts in OK, again each minute, and says so in between")
    func boundToOK() {
        var world = world()
        world.policy.scalingPolicies[0].alarmState = .ok
        world.see(visible: 5)
        #expect(world.tick(at: 0).codes == ["no_alarm"])
        world.see(visible: 0)
        #expect(world.tick(at: 180).decision.desired == 1)
        let between = world.tick(at: 200)
        #expect(
            between.decision.reasons.map(\.sentence) == [
                "up is in OK; its policies are not invoked again before 12:03:59"
            ]
        )
        #expect(world.tick(at: 240).decision.desired == 2)
    }

    @Test("no policy that is bound to INSUFFICIENT_DATA scales in")
    func boundToInsufficientData() {
        var world = world()
        world.state.desiredCapacity = 3
        world.policy.scalingPolicies = [.simple("in", on: "up", .exactCapacity, 0)]
        world.policy.scalingPolicies[0].alarmState = .insufficientData
        world.measurement = Measurement(
            visible: .missing(.notTold), inFlight: .value(0), delayed: .value(0), oldestAge: .value(0))
        world.tick(at: 0)
        let evaluation = world.tick(at: 60)
        #expect(evaluation.codes == ["held_by_missing_data"] || evaluation.codes == ["held_by_activity"])
        #expect(evaluation.decision.desired == 3)
    }

    @Test("scaling in while an alarm is OK needs datapoints that make it so, not ones that were made up")
    func evidenceForOK() {
        var world = world { alarm in
            alarm.evaluationPeriods = 3
            alarm.datapointsToAlarm = 2
            alarm.missingData = .notBreaching
        }
        world.state.desiredCapacity = 3
        world.policy.scalingPolicies = [.always("in", on: "up", .exactCapacity, 0)]
        world.policy.scalingPolicies[0].alarmState = .ok
        world.see(visible: 0)
        // One datapoint is there; the two that are missing could have been breaching.
        #expect(world.tick(at: 0).codes == ["held_by_missing_data"])
        // With two there, one that is missing does not matter.
        #expect(world.tick(at: 60).decision.desired == 0)
    }

    @Test("what an alarm was judged by is told as it is written now, also after its definition has changed")
    func redefined() {
        var world = world { $0.threshold = 3 }
        world.see(visible: 5)
        world.tick(at: 0)
        #expect(world.state.alarms[0].lastOfMetric?.judgement.threshold == 3)
        world.policy.alarms[0].threshold = 7
        world.tick(at: 60)
        #expect(world.state.alarms[0].lastOfMetric?.judgement.threshold == 7)
        world.policy.alarms[0].metric = .builtIn(.inFlight)
        world.tick(at: 120)
        #expect(world.state.alarms[0].lastOfMetric?.judgement.metric == .builtIn(.inFlight))
    }

    @Test("with CloudWatch's cadence an alarm is judged once a minute on its beat, and between not at all")
    func cadence() {
        var world = world { $0.cadence = .cloudWatch }
        world.tick(at: 0)
        world.see(visible: 5)
        #expect(world.tick(at: 59).alarmTransitions == [])
        #expect(world.tick(at: 61).alarmTransitions.map(\.to) == [.alarm])
        // A second late does not put off the next one.
        world.see(visible: 0)
        #expect(world.tick(at: 119).alarmTransitions == [])
        world.see(visible: 9)
        world.tick(at: 120)
        #expect(world.state.alarms[0].lastOfMetric?.finding.newest == 9)
        // After a pause the beat starts anew.
        world.tick(at: 400)
        #expect(world.state.alarms[0].nextEvaluation == .at(460))
        // A clock that is set back takes the beat with it.
        world.tick(at: 100)
        #expect(world.state.alarms[0].nextEvaluation == .at(160))
        // A policy that becomes faster does not wait for the slower beat.
        world.policy.alarms[0].period = .seconds(10)
        world.tick(at: 111)
        #expect(world.state.alarms[0].nextEvaluation == .at(121))
    }

    @Test(
        "CloudWatch's intervals by period",
        arguments: [(1, 10.0), (10, 10), (30, 10), (60, 60), (300, 60)])
    func intervals(_ period: Int, _ seconds: Double) {
        var alarm = AlarmDefinition.up()
        alarm.period = .seconds(period)
        #expect(alarm.evaluationInterval == nil)
        alarm.cadence = .cloudWatch
        #expect(alarm.evaluationInterval == .seconds(seconds))
    }
}
