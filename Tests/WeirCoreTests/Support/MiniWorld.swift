import WeirCore

/// A small pretended world around one group: a launcher, workers that hold messages, a queue with a number on it. It does
/// what the plan says, in its order, and tells each outcome on the next tick. Time moves only when a test says so.
struct MiniWorld {
    var policy: GroupPolicy
    var state: GroupState
    var now = noon
    /// What the source would say.
    var measurement = Measurement.messages(visible: 0)
    /// From launch to running.
    var startTime = Duration.zero
    var launchFailure: String?
    var listingFailure: String?
    /// Nothing can be paused.
    var pauseFailure: String?
    /// The source hands out the messages itself, and so knows who holds which.
    var sourceKnowsHolders = true
    private(set) var workers: [Worker] = []
    private(set) var outcomes: [ActionOutcome] = []
    /// Every launch order that was carried out, in order, also repeated ones.
    private(set) var launched: [InstanceID] = []
    /// Those that were made for the warm pool.
    private(set) var prepared: [InstanceID] = []
    /// Instances that were stopped with a message in hand, though nobody had asked for them by name.
    private(set) var stoppedBusy: [InstanceID] = []
    private var askedByName: [InstanceID] = []
    /// These try to receive a message after the decision and before its plan is carried out.
    var receivingInBetween: [InstanceID] = []
    /// What checks said of instances since the last tick.
    var health: [HealthReport] = []
    /// What the launcher knows of their health itself.
    var launcherHealth: [InstanceID: HealthCheckResult] = [:]
    /// How the commands of lifecycle hooks end, by name; those not named here go on and on.
    var hookResults: [String: ActionOutcome.Result] = [:]
    private(set) var hookRuns: [String] = []
    /// What the limit of its fleet leaves to it.
    var ceiling: FleetCeiling?
    /// Where every tick is decided once more in the place of the one before; nil: none is.
    var inPlace: Evaluation?
    /// Ticks of which something else came there.
    private(set) var decidedOtherwiseInPlace = 0
    private(set) var last: Evaluation?
    private var restarted = false

    struct Worker {
        var id: InstanceID
        var runsFrom: Instant
        var exit: Exit?
        var gateIsOpen = true
        var held = 0
        /// Made, and not started.
        var isOnlyMade = false
        var isPaused = false
        var template: Int?
    }

    init(_ policy: GroupPolicy, desired: Int = 0, fleet: [Instance] = []) {
        self.policy = policy
        state = GroupState(desired: desired, fleet: fleet)
        workers = fleet.map { Worker(id: $0.id, runsFrom: $0.inServiceAt ?? $0.launchedAt, held: $0.heldMessages) }
    }

    // MARK: What a test does to the world

    /// Lets the backlog be seen as this.
    mutating func see(visible: Double, inFlight: Double = 0) {
        measurement = .messages(visible: visible, inFlight: inFlight)
    }

    /// A worker receives messages, if its gate is open and it runs.
    @discardableResult
    mutating func receive(_ count: Int, by id: InstanceID) -> Bool {
        guard canReceive(id), let index = workers.firstIndex(where: { $0.id == id }) else { return false }
        workers[index].held += count
        return true
    }

    /// Its gate is open, and it runs.
    func canReceive(_ id: InstanceID) -> Bool {
        guard let worker = workers.first(where: { $0.id == id }), worker.gateIsOpen else { return false }
        return worker.exit == nil && worker.runsFrom <= now && !worker.isOnlyMade && !worker.isPaused
    }

    mutating func finish(_ id: InstanceID) {
        for index in workers.indices where workers[index].id == id { workers[index].held = 0 }
    }

    /// A worker ends by itself.
    mutating func end(_ id: InstanceID, code: Int?, outOfMemory: Bool = false, log: [String] = []) {
        for index in workers.indices where workers[index].id == id {
            workers[index].exit = Exit(code: code, outOfMemory: outOfMemory, logTail: log)
            workers[index].held = 0
        }
    }

    /// Somebody else took it away; the launcher knows nothing of it any more.
    mutating func vanish(_ id: InstanceID) {
        workers.removeAll { $0.id == id }
    }

    /// Something that runs for this group without its knowledge.
    mutating func start(_ id: InstanceID, runsAfter delay: Duration = .zero) {
        workers.append(Worker(id: id, runsFrom: now + delay))
    }

    /// The process that decides was killed: what it remembered is what it had stored, and outcomes are lost. The queue's
    /// gates live in it; before it hears any worker again, it closes those of instances that are to receive nothing. (A
    /// queue that is not its own may have them open.)
    mutating func kill(gatesReopen: Bool = false) {
        outcomes = []
        restarted = true
        for index in workers.indices {
            let id = workers[index].id
            workers[index].gateIsOpen = gatesReopen || !state.fleet.contains { $0.id == id && $0.receivesNothing }
        }
    }

    // MARK: A tick

    /// Ticks every so many seconds, the first after one such step.
    mutating func run(until seconds: Double, every step: Double = 1) {
        var next = (now - noon).inSeconds + step
        while next <= seconds {
            tick(at: next)
            next += step
        }
    }

    /// Moves to so many seconds after noon and ticks.
    @discardableResult
    mutating func tick(
        at seconds: Double, measured: Bool = true, listed: Bool = true, requests: [Request.Kind] = []
    ) -> Evaluation {
        let former = now
        now = .at(seconds)
        // What has begun is as old as before, whatever the clock says.
        for index in workers.indices where now < former {
            workers[index].runsFrom = workers[index].runsFrom + (now - former)
        }
        return tick(measured: measured, listed: listed, requests: requests)
    }

    @discardableResult
    mutating func tick(measured: Bool = true, listed: Bool = true, requests: [Request.Kind] = []) -> Evaluation {
        let evaluation = decide(measured: measured, listed: listed, requests: requests)
        for id in receivingInBetween { receive(1, by: id) }
        receivingInBetween = []
        for planned in evaluation.plan.actions {
            let held = workers.first { $0.id == planned.action.instance }?.held ?? 0
            if case .terminate(let id, _) = planned.action, !askedByName.contains(id), held > 0 {
                stoppedBusy.append(planned.action.instance)
            }
            perform(planned.action)
        }
        return evaluation
    }

    /// Decides and stores, but is killed before any of the plan is carried out.
    mutating func tickAndDie(at seconds: Double) -> Evaluation {
        now = .at(seconds)
        let evaluation = decide(measured: true, listed: true, requests: [])
        kill()
        return evaluation
    }

    private mutating func decide(measured: Bool, listed: Bool, requests: [Request.Kind]) -> Evaluation {
        for case .terminate(let id, _) in requests { askedByName.append(id) }
        var observation = Observation(
            measurement: measured ? measurement : nil, listing: listed ? listing : nil,
            held: sourceKnowsHolders ? held : nil, outcomes: outcomes,
            requests: requests.enumerated().map { Request(id: $0.offset, kind: $0.element) }, restarted: restarted)
        observation.health = health
        observation.ceiling = ceiling
        health = []
        let evaluation = evaluate(policy, state, observation, at: now)
        if var former = inPlace {
            former.state = state
            evaluate(&policy, &observation, at: now, after: &former)
            if former != evaluation { decidedOtherwiseInPlace += 1 }
            inPlace = former
        }
        state = evaluation.state
        last = evaluation
        outcomes = []
        restarted = false
        return evaluation
    }

    private var listing: Listing {
        if let listingFailure { return .failed(listingFailure) }
        return .instances(
            workers.map { worker in
                ListedInstance(
                    id: worker.id, phase: phase(worker), health: launcherHealth[worker.id],
                    templateVersion: worker.template)
            })
    }

    private func phase(_ worker: Worker) -> ListedInstance.Phase {
        if let exit = worker.exit { return .exited(exit) }
        if worker.isPaused { return .paused }
        return worker.runsFrom <= now && !worker.isOnlyMade ? .running : .starting
    }

    private var held: [HeldMessages] {
        workers.filter { $0.held > 0 }.sorted { $0.id < $1.id }.map { HeldMessages(instance: $0.id, messages: $0.held) }
    }

    private mutating func perform(_ action: Action) {
        let result: ActionOutcome.Result
        switch action {
        case .launch(let id): result = launch(id)
        case .drain(let id): result = close(id)
        case .restore(let id):
            for index in workers.indices where workers[index].id == id { workers[index].gateIsOpen = true }
            result = .done
        case .terminate(let id, _):
            for index in workers.indices where workers[index].id == id && workers[index].exit == nil {
                workers[index].exit = Exit(code: 143)
            }
            result = .done
        case .remove(let id):
            workers.removeAll { $0.id == id && $0.exit != nil }
            result = .done
        case .prepare(let id, let started):
            result = prepare(id, started: started)
        case .pause(let id):
            result = pause(id)
        case .resume(let id):
            for index in workers.indices where workers[index].id == id {
                workers[index].isPaused = false
                workers[index].gateIsOpen = true
            }
            result = .done
        case .runHook(_, let hook):
            hookRuns.append(hook)
            guard let end = hookResults[hook] else { return }
            result = end
        }
        outcomes.append(ActionOutcome(action: action, result: result))
    }

    private mutating func launch(_ id: InstanceID) -> ActionOutcome.Result {
        if let launchFailure { return .failed(launchFailure) }
        launched.append(id)
        if let made = workers.firstIndex(where: { $0.id == id }) {
            if workers[made].isOnlyMade { workers[made].runsFrom = now + startTime }
            workers[made].isOnlyMade = false
            workers[made].gateIsOpen = true
        } else {
            workers.append(
                Worker(
                    id: id, runsFrom: now + startTime,
                    template: state.fleet.first { $0.id == id }?.template?.version))
        }
        return .done
    }

    /// Made for the pool, with its gate closed; asked twice, it is made once.
    private mutating func prepare(_ id: InstanceID, started: Bool) -> ActionOutcome.Result {
        if let made = workers.firstIndex(where: { $0.id == id }) {
            if started, workers[made].isOnlyMade {
                workers[made].runsFrom = now + startTime
                workers[made].isOnlyMade = false
            }
            return .done
        }
        let result = launch(id)
        prepared.append(id)
        for index in workers.indices where workers[index].id == id {
            workers[index].isOnlyMade = !started
            workers[index].gateIsOpen = false
        }
        return result
    }

    private mutating func pause(_ id: InstanceID) -> ActionOutcome.Result {
        if let pauseFailure { return .failed(pauseFailure) }
        for index in workers.indices where workers[index].id == id { workers[index].isPaused = true }
        return .done
    }

    private mutating func close(_ id: InstanceID) -> ActionOutcome.Result {
        for index in workers.indices where workers[index].id == id {
            workers[index].gateIsOpen = false
            return .drained(held: sourceKnowsHolders ? workers[index].held : nil)
        }
        return .drained(held: sourceKnowsHolders ? 0 : nil)
    }
}

extension GroupState {
    func ids(_ lifecycleState: LifecycleState) -> [InstanceID] {
        fleet.filter { $0.lifecycleState == lifecycleState }.map(\.id)
    }

    /// How many are in this lifecycle state.
    func count(_ lifecycleState: LifecycleState) -> Int { ids(lifecycleState).count }
}

extension MiniWorld {
    /// How many workers run that were launched from this version.
    func running(version: Int) -> Int {
        workers.count { $0.exit == nil && !$0.isPaused && !$0.isOnlyMade && $0.template == version }
    }

    func worker(_ id: InstanceID) -> Worker? { workers.first { $0.id == id } }
}
