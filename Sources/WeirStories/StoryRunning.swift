import WeirCore
import WeirPolicy
import WeirSimulator

extension Story {
    /// Lets it happen: the real decisions, on made-up time.
    /// - Parameters:
    ///   - policy: of its group.
    ///   - untold: what the group's source never tells; of a load it is missing.
    ///   - jobs: opens what the story's load is; asked only when it has one.
    /// - Throws: what is wrong with the load.
    public func run(
        _ policy: GroupPolicy, untold: Set<BuiltInMetric> = [],
        jobs: (StoryLoad) throws(TraceFailure) -> any JobSource
    ) throws(TraceFailure) -> StoryCourse {
        var policy = policy
        if let desiredCapacity { policy.initialDesiredCapacity = desiredCapacity }
        var script = Script(endNs: (lasts + StoryLimits.atOnce).nanoseconds)
        script.happenings = events.flatMap(\.happenings)
        var model = SimulationModel()
        model.startup = .constant(startupTime.inSeconds)
        model.stop = .constant(stopTime.inSeconds)
        model.hookCompletion = hookTime
        model.untold = untold
        let source: any JobSource
        switch self.source {
        case .given(let figures):
            script.source = { figures.measurement(at: .milliseconds($0 / 1_000_000)) }
            source = ListedJobs([])
        case .load(let load):
            source = try jobs(load)
            model.seed = load.seed
        }
        var simulation = Simulation(policy, model, source, beginsAt: beginsAt)
        simulation.script = script
        let recorder = CourseRecorder(policy, beginsAt: beginsAt, lasts: lasts)
        simulation.onTick = recorder.note
        // The others are not there to take anything: what they leave is all that there is.
        let limits = policy.fleet.flatMap { fleet in
            fleetRoom.map { [FleetLimit(name: fleet.name, maxSize: $0)] }
        }
        try SimulatedWorld([SimulatedGroup(simulation)], limits: limits ?? []).run()
        return recorder.course
    }
}

enum StoryLimits {
    /// What happens so soon after a moment belongs to it: an instance that runs at that moment is seen a millisecond later.
    static let atOnce = Duration.milliseconds(50)
}

extension Duration {
    fileprivate var nanoseconds: Int64 { wholeMilliseconds * 1_000_000 }
}

extension StoryEvent {
    fileprivate var happenings: [Happening] {
        switch kind {
        case .instanceEnds(let which): [now(.ends(which.whom, exitCode: 1))]
        case .launchesFail(let span): [now(.launchesFail(true)), later(span, .launchesFail(false))]
        case .listingFails(let span): [now(.listingsFail(true)), later(span, .listingsFail(false))]
        case .restart: [now(.restarts)]
        case .setDesired(let count): [now(.asks(.setDesired(count, honorCooldown: false)))]
        case .suspend(let process): [now(.asks(.suspend([process])))]
        case .resume(let process): [now(.asks(.resume([process])))]
        case .protect(let which): [now(.asksFor(which.whom) { [.setProtection($0, protected: true)] })]
        case .unprotect(let which): [now(.asksFor(which.whom) { [.setProtection($0, protected: false)] })]
        case .terminate(let which):
            [now(.asksFor(which.whom) { $0.map { .terminate($0, decrementDesired: false) } })]
        case .standby(let which): [now(.asksFor(which.whom) { [.enterStandby($0, decrementDesired: false)] })]
        case .exitStandby: [now(.asksFor(.standingBy) { [.exitStandby($0)] })]
        case .unhealthy(let which):
            [now(.asksFor(which.whom) { $0.map { .setHealth($0, healthy: false, respectGracePeriod: false) } })]
        case .refresh: [now(.asks(.startRefresh(nil)))]
        case .reset: [now(.asks(.resetBackoffs))]
        }
    }

    private func now(_ kind: Happening.Kind) -> Happening { later(.zero, kind) }

    private func later(_ span: Duration, _ kind: Happening.Kind) -> Happening {
        Happening(atNs: (at + span).nanoseconds, kind)
    }
}

extension StoryInstance {
    fileprivate var whom: Happening.Whom {
        switch self {
        case .number(let number): .number(number)
        case .newest: .newest
        case .all: .all
        }
    }
}
