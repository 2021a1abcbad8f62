import Testing
import WeirCore

@Suite("Standby")
struct StandbyTimelines {
    private let policy = GroupPolicy(name: "g", minSize: 1, maxSize: 4)
    private let one = InstanceID("i-1")

    private func world(_ count: Int = 3) -> MiniWorld { MiniWorld(policy, desired: count, fleet: fleet(count)) }

    private func enter(_ id: InstanceID, decrement: Bool = true) -> [Request.Kind] {
        [.enterStandby([id], decrementDesired: decrement)]
    }

    private func exit(_ id: InstanceID) -> [Request.Kind] { [.exitStandby([id])] }

    @Test("entering lowers the desired capacity, leaving raises it")
    func wholeWay() {
        var world = world()
        let entering = world.tick(at: 0, requests: enter(one))
        #expect(entering.actions == [.drain(one)])
        #expect(
            entering.answers[0].result == .accepted("1 instance to stand by once idle; desired capacity is 2"))
        #expect(world.state.ids(.enteringStandby) == [one])
        #expect(world.tick(at: 1).events.map(\.sentence) == ["stands by"])
        #expect(world.state.ids(.standby) == [one])
        world.run(until: 30)
        #expect(world.launched == [] && world.workers.count == 3)
        let leaving = world.tick(at: 31, requests: exit(one))
        #expect(leaving.actions == [.restore(one)])
        #expect(leaving.events.map(\.sentence) == ["back in service: its standby is over"])
        #expect(leaving.decision.desired == 3)
        #expect(world.state.count(.inService) == 3 && world.worker(one)?.gateIsOpen == true)
        #expect(world.state.fleet[0].inServiceAt == .at(31), "its warmup begins anew")
    }

    @Test("entering without lowering launches another in its place; leaving is refused above the maximum")
    func withoutDecrement() {
        var world = world(4)
        let entering = world.tick(at: 0, requests: enter(one, decrement: false))
        #expect(entering.decision.desired == 4 && entering.instances("launch").count == 1)
        world.run(until: 5)
        #expect(world.tick(at: 6, requests: exit(one)).answers[0].result == .refused(.atMaximum(4)))
        #expect(world.state.ids(.standby) == [one])
    }

    @Test("below the minimum it is refused; so is one that is not in service, or too many at once")
    func refusals() {
        var world = world(1)
        #expect(
            world.tick(at: 0, requests: enter(one)).answers[0].result == .refused(.standbyBelowMinimum(1, minimum: 1)))
        #expect(world.state.ids(.inService) == [one])
        let unknown = world.tick(at: 1, requests: enter(InstanceID("i-9"), decrement: false))
        #expect(unknown.answers[0].result == .refused(.noSuchInstance(InstanceID("i-9"))))
        let wrong = world.tick(at: 2, requests: exit(one))
        #expect(
            wrong.answers[0].result
                == .refused(.wrongState(one, .inService, needed: [.standby, .enteringStandby])))
        let many = (0..<21).map { InstanceID("i-\($0)") }
        let tooMany = world.tick(at: 3, requests: [.enterStandby(many, decrementDesired: true)])
        #expect(tooMany.answers[0].result == .refused(.tooMany(21, most: 20)))
    }

    @Test("a busy one finishes first, and takes nothing more")
    func busy() {
        var world = world()
        world.receive(2, by: one)
        world.tick(at: 0, requests: enter(one))
        world.run(until: 20)
        #expect(world.state.ids(.enteringStandby) == [one])
        #expect(!world.canReceive(one))
        world.finish(one)
        world.run(until: 23)
        #expect(world.state.ids(.standby) == [one])
    }

    @Test("it is not chosen for scale-in, not checked, not replaced for its age, and may be protected")
    func leftAlone() {
        var world = world()
        world.tick(at: 0, requests: enter(one))
        world.tick(at: 1)
        world.policy.maxInstanceLifetime = .seconds(600)
        world.policy.maxInstanceLifetime = nil
        world.launcherHealth[one] = .failed("no answer")
        let fewer = world.tick(at: 2, requests: [.setDesired(1, honorCooldown: false)])
        #expect(fewer.instances("drain") == ["i-2"])
        world.policy.maxInstanceLifetime = .seconds(40_000)
        let protect = world.tick(at: 5000, requests: [.setProtection([one], protected: true)])
        #expect(protect.answers[0].result == .accepted("1 instance protected from scale-in"))
        world.run(until: 5005)
        #expect(world.state.ids(.standby) == [one])
        #expect(world.state.fleet[0].unhealthy == nil)
    }

    @Test("left before it was idle, or on the tick on which it was entered, its gate is open", arguments: [0.0, 1])
    func leftEarly(_ later: Double) {
        var world = world()
        world.receive(1, by: one)
        if later == 0 {
            world.tick(at: 0, requests: enter(one) + exit(one))
        } else {
            world.tick(at: 0, requests: enter(one))
            world.tick(at: later, requests: exit(one))
        }
        world.run(until: 10)
        #expect(world.state.count(.inService) == 3)
        #expect(world.worker(one)?.gateIsOpen == true)
        #expect(world.launched == [])
    }

    @Test("a drain that failed is not tried again on one that is back in service")
    func failedDrain() {
        var state = GroupState(desired: 3, fleet: fleet(3))
        func tick(_ observation: Observation, at seconds: Double) -> Evaluation {
            let evaluation = evaluate(policy, state, observation, at: .at(seconds))
            state = evaluation.state
            return evaluation
        }
        func ask(_ kind: Request.Kind) -> Observation { Observation(requests: [Request(id: 1, kind: kind)]) }
        #expect(tick(ask(.enterStandby([one], decrementDesired: true)), at: 0).actions == [.drain(one)])
        let failed = ActionOutcome(action: .drain(one), result: .failed("away"))
        #expect(tick(Observation(outcomes: [failed]), at: 1).actions == [])
        #expect(tick(ask(.exitStandby([one])), at: 1.5).actions == [.restore(one)])
        #expect(tick(Observation(), at: 9).actions == [])
    }

    @Test("a restart on the way drains anew; one that stands by stays so")
    func restart() {
        var world = world()
        world.receive(1, by: one)
        world.tick(at: 0, requests: enter(one))
        world.kill()
        #expect(world.tick(at: 1).actions == [.drain(one)])
        world.finish(one)
        world.run(until: 4)
        #expect(world.state.ids(.standby) == [one])
        world.kill()
        #expect(world.tick(at: 5).actions == [])
        #expect(world.worker(one)?.gateIsOpen == false)
    }

    @Test("a group that leaves ends those that stand by, and takes none into standby")
    func leaving() {
        var world = world()
        world.tick(at: 0, requests: enter(one))
        world.tick(at: 1)
        world.policy = policy.retired()
        let refused = world.tick(at: 2, requests: enter(InstanceID("i-2")) + exit(one))
        #expect(refused.answers.map(\.result) == [.refused(.groupIsLeaving), .refused(.groupIsLeaving)])
        world.run(until: 10)
        #expect(world.state.fleet.isEmpty && world.workers.isEmpty)
    }

    @Test("a restart while Terminate is suspended drains it anew: standing by ends nobody")
    func restartWhileSuspended() {
        var world = world()
        world.receive(1, by: one)
        world.tick(at: 0, requests: [.suspend([.terminate])] + enter(one))
        world.kill()
        #expect(world.tick(at: 1).actions == [.drain(one)])
        world.finish(one)
        world.run(until: 4)
        #expect(world.state.ids(.standby) == [one])
    }

    @Test("a group that leaves lets one that is busy on its way into standby finish, and gives it nothing more")
    func leavingWhileBusy() {
        var world = world()
        world.receive(1, by: one)
        world.tick(at: 0, requests: enter(one))
        world.policy = policy.retired()
        for second in 1...20 {
            world.tick(at: Double(second))
            #expect(!world.canReceive(one))
        }
        world.finish(one)
        world.run(until: 30)
        #expect(world.state.fleet.isEmpty && world.workers.isEmpty && world.stoppedBusy == [])
    }
}
