import WeirCore

/// Looks on as a simulation goes: collects what is shown, tells how far it is, ends it early.
public protocol SimulationWatcher: AnyObject {
    /// The group is there, and nothing has happened yet.
    func begins(_ simulation: Simulation)
    /// Some thousand jobs more were read.
    func reads(_ simulation: Simulation)
    /// The group has looked.
    func looks(
        _ simulation: Simulation, _ observation: Observation, _ evaluation: Evaluation,
        from checkpoint: Record.Checkpoint?, at now: Instant)
    /// It is to end now, with what is done.
    var isOver: Bool { get }
    /// The first look says where it starts from.
    var wantsRecords: Bool { get }
}

extension SimulationWatcher {
    public func begins(_ simulation: Simulation) {}
    public func reads(_ simulation: Simulation) {}
    public func looks(
        _ simulation: Simulation, _ observation: Observation, _ evaluation: Evaluation,
        from checkpoint: Record.Checkpoint?, at now: Instant
    ) {}
    public var isOver: Bool { false }
    public var wantsRecords: Bool { false }
}

/// Several of them.
public final class Watchers: SimulationWatcher {
    private let all: [any SimulationWatcher]

    public init(_ all: [any SimulationWatcher]) {
        self.all = all
    }

    public func begins(_ simulation: Simulation) { for one in all { one.begins(simulation) } }
    public func reads(_ simulation: Simulation) { for one in all { one.reads(simulation) } }

    public func looks(
        _ simulation: Simulation, _ observation: Observation, _ evaluation: Evaluation,
        from checkpoint: Record.Checkpoint?, at now: Instant
    ) {
        for one in all { one.looks(simulation, observation, evaluation, from: checkpoint, at: now) }
    }

    public var isOver: Bool { all.contains { $0.isOver } }
    public var wantsRecords: Bool { all.contains { $0.wantsRecords } }
}
