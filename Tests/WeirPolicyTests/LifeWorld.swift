import Foundation
import Testing
import WeirCore
import WeirPolicy

/// A small world around the group of one example: it does what each plan says, and tells it on the tick a second later.
/// Whatever is launched runs by then. Time is that of one day's clock.
struct LifeWorld {
    var policy: GroupPolicy
    private(set) var state: GroupState
    private var now: Instant
    /// Messages that wait.
    var visible = 0.0
    /// How often each instance in service is asked how it is, as the file says; nil: never.
    private let checkInterval: Duration?
    /// These answer no check.
    var silent: [InstanceID] = []
    /// What is launched from this version of the template ends at once.
    var brokenVersion: Int?
    private var story: [String] = []
    /// The fewest in service since `forgetExtremes`, and the most that were in service or about to be.
    private(set) var fewestInService = Int.max
    private(set) var mostThere = 0
    /// Those that were told to stop with a message in hand.
    private(set) var stoppedBusy: [InstanceID] = []

    private var workers: [Worker] = []
    private var outcomes: [ActionOutcome] = []
    private var runningHooks: [Action] = []

    private struct Worker {
        var id: InstanceID
        var phase: ListedInstance.Phase
        var takesMessages: Bool
        var held = 0
    }

    /// A new group, at noon.
    init(_ name: String) throws {
        let path = Fixtures.policies.appendingPathComponent(name + ".yaml").path
        let file = try #require(reader.read(paths: [path]).files.first)
        policy = file.group
        checkInterval = file.healthProbe?.interval
        now = try Self.time("12:00:00")
        state = GroupState(startingWith: policy, seed: 7, at: now)
        tick()
    }

    private static func time(_ clock: String) throws -> Instant {
        try #require(Instant(rfc3339: "2026-03-02T\(clock)Z"))
    }

    // MARK: What is there

    func ids(_ lifecycleState: LifecycleState) -> [InstanceID] {
        state.fleet.filter { $0.lifecycleState == lifecycleState }.map(\.id)
    }

    var inService: [InstanceID] { ids(.inService) }

    /// How many are in each lifecycle state, by its name in the Auto Scaling API.
    var states: [String: Int] {
        Dictionary(grouping: state.fleet, by: \.lifecycleState.rawValue).mapValues(\.count)
    }

    /// How many are in service of this version of the template.
    func inService(version: Int) -> Int {
        state.fleet.count { $0.lifecycleState == .inService && $0.template?.version == version }
    }

    /// What the group did since this was asked last, each line with its time: changes of the desired capacity, what happened
    /// to instances, orders (but for those to tidy up), and where an instance refresh stands.
    mutating func told() -> [String] {
        defer { story = [] }
        return story
    }

    // MARK: What happens

    /// It runs, and its gate is open.
    func mayReceive(_ id: InstanceID) -> Bool {
        workers.contains { $0.id == id && $0.takesMessages && $0.phase == .running }
    }

    mutating func receive(_ count: Int, by id: InstanceID) throws {
        try #require(mayReceive(id))
        for index in workers.indices where workers[index].id == id { workers[index].held += count }
    }

    mutating func finish(_ id: InstanceID) {
        for index in workers.indices where workers[index].id == id { workers[index].held = 0 }
    }

    /// All commands of this hook that run end well.
    mutating func endHook(_ name: String) {
        outcomes += runningHooks.filter { $0.isRun(of: name) }.map { ActionOutcome(action: $0, result: .done) }
        runningHooks.removeAll { $0.isRun(of: name) }
    }

    mutating func forgetExtremes() {
        (fewestInService, mostThere) = (Int.max, 0)
    }

    /// A tick each second up to this time.
    mutating func run(until clock: String) throws {
        let end = try Self.time(clock)
        while now < end {
            now = now + .seconds(1)
            tick()
        }
    }

    /// One second later somebody asks for this, and it is not refused.
    mutating func ask(_ kind: Request.Kind) throws {
        now = now + .seconds(1)
        let answer = try #require(tick([Request(id: 0, kind: kind)]).answers.first)
        if case .refused(let refusal) = answer.result { throw refusal }
    }

    // MARK: A tick

    @discardableResult
    private mutating func tick(_ requests: [Request] = []) -> Evaluation {
        let evaluation = evaluate(policy, state, observe(requests), at: now)
        outcomes = []
        tell(evaluation)
        state = evaluation.state
        for planned in evaluation.plan.actions { perform(planned.action) }
        fewestInService = min(fewestInService, inService.count)
        mostThere = max(mostThere, inService.count + ids(.pending).count)
        return evaluation
    }

    private func observe(_ requests: [Request]) -> Observation {
        let held = workers.filter { $0.held > 0 }.map { HeldMessages(instance: $0.id, messages: $0.held) }
        let inFlight = Double(held.map(\.messages).reduce(0, +))
        let measurement = Measurement(
            visible: .value(visible), inFlight: .value(inFlight), delayed: .value(0), oldestAge: .value(0))
        let isDue = state.nextMeasurement.map { $0 <= now } ?? true
        var observation = Observation(
            measurement: isDue ? measurement : nil,
            listing: .instances(workers.map { ListedInstance(id: $0.id, phase: $0.phase) }), held: held,
            outcomes: outcomes, requests: requests)
        if let checkInterval, now.milliseconds % checkInterval.wholeMilliseconds == 0 {
            observation.health = inService.map {
                HealthReport(instance: $0, result: silent.contains($0) ? .failed("no answer") : .healthy)
            }
        }
        return observation
    }

    private mutating func tell(_ evaluation: Evaluation) {
        var lines: [String] = []
        let decision = evaluation.decision
        if decision.desired != decision.previousDesired {
            lines.append("desired \(decision.previousDesired) to \(decision.desired)")
        }
        lines += evaluation.events.map(\.sentence)
        if let refresh = evaluation.state.refresh {
            if refresh.status != state.refresh?.status { lines.append("refresh: \(refresh.status.rawValue)") }
            if let until = refresh.checkpointUntil, until != state.refresh?.checkpointUntil {
                lines.append("refresh: checkpoint at \(refresh.percentageComplete) %")
            }
        }
        lines += evaluation.plan.actions.compactMap { $0.action.word.map { "order: \($0)" } }
        let clock = now.rfc3339.dropFirst("2026-03-02T".count).prefix("12:00:00".count)
        // Each line once, with how often it was said.
        for (place, line) in lines.enumerated() where lines.firstIndex(of: line) == place {
            let count = lines.count { $0 == line }
            story.append("\(clock) \(line)" + (count > 1 ? " (\(count))" : ""))
        }
    }

    private mutating func perform(_ action: Action) {
        let index = workers.firstIndex { $0.id == action.instance }
        var result = ActionOutcome.Result.done
        switch action {
        case .launch(let id): start(id, takesMessages: true)
        case .prepare(let id, let started): start(id, takesMessages: false, phase: started ? .running : .starting)
        case .pause: if let index { workers[index].phase = .paused }
        case .resume:
            if let index { (workers[index].phase, workers[index].takesMessages) = (.running, true) }
        case .runHook:
            // Until a test says that it has ended.
            return runningHooks.append(action)
        case .drain:
            if let index { workers[index].takesMessages = false }
            result = .drained(held: index.map { workers[$0].held } ?? 0)
        case .restore: if let index { workers[index].takesMessages = true }
        case .terminate(let id, _):
            guard let index else { break }
            if workers[index].held > 0 { stoppedBusy.append(id) }
            (workers[index].phase, workers[index].held) = (.exited(Exit(code: 0)), 0)
            runningHooks.removeAll { $0.instance == id }
        case .remove(let id): workers.removeAll { $0.id == id }
        }
        outcomes.append(ActionOutcome(action: action, result: result))
    }

    /// Asked twice, it starts once.
    private mutating func start(_ id: InstanceID, takesMessages: Bool, phase: ListedInstance.Phase = .running) {
        guard !workers.contains(where: { $0.id == id }) else { return }
        let version = state.fleet.first { $0.id == id }?.template?.version
        let isBroken = version != nil && version == brokenVersion
        workers.append(
            Worker(id: id, phase: isBroken ? .exited(Exit(code: 1)) : phase, takesMessages: takesMessages))
    }
}

extension Action {
    fileprivate func isRun(of hook: String) -> Bool {
        guard case .runHook(_, let name) = self else { return false }
        return name == hook
    }

    /// Nil for what only tidies up.
    fileprivate var word: String? {
        switch self {
        case .launch: "launch"
        case .prepare(_, let started): started ? "prepare, started" : "prepare"
        case .pause: "pause"
        case .resume: "resume"
        case .runHook(_, let hook): "run \(hook)"
        case .drain: "drain"
        case .restore: "restore"
        case .terminate(_, let stopTimeout): "stop within \(stopTimeout.components.seconds) s"
        case .remove: nil
        }
    }
}
