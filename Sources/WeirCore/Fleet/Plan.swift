/// The actions that lead from this fleet to the desired capacity: a finite list, performed once, in order. Each outcome
/// arrives in a later observation.
public struct Plan: Sendable, Equatable, Codable {
    public var actions: [PlannedAction]

    public init(actions: [PlannedAction] = []) {
        self.actions = actions
    }
}

/// An action and why it was planned.
public struct PlannedAction: Sendable, Equatable, Codable {
    public var action: Action
    public var why: ActionReason

    public init(action: Action, why: ActionReason) {
        self.action = action
        self.why = why
    }
}

/// One thing that the shell is asked to do.
public enum Action: Sendable, Hashable, Codable {
    /// Start an instance under this id. Asked twice, it starts once.
    case launch(InstanceID)
    /// Make an instance for the warm pool: `started` with its gate closed, or only made. Asked twice, it is made once.
    case prepare(InstanceID, started: Bool)
    /// Stop all that it does, where it stands; it keeps its memory.
    case pause(InstanceID)
    /// It goes on, and may receive messages.
    case resume(InstanceID)
    /// Run the command of this lifecycle hook for it; its end completes the hook.
    case runHook(InstanceID, hook: String)
    /// First phase of ending: the instance is to receive no more messages from now on. Its outcome says how many it holds.
    case drain(InstanceID)
    /// Undo a drain: it receives messages again.
    case restore(InstanceID)
    /// Second phase: SIGTERM, then SIGKILL after the stop timeout.
    case terminate(InstanceID, stopTimeout: Duration)
    /// Remove what an ended instance left behind (its container, its folder).
    case remove(InstanceID)

    public var instance: InstanceID {
        switch self {
        case .launch(let id), .drain(let id), .restore(let id), .terminate(let id, _), .remove(let id),
            .prepare(let id, _), .pause(let id), .resume(let id), .runHook(let id, _):
            id
        }
    }
}

/// How an action ended.
public struct ActionOutcome: Sendable, Equatable, Codable {
    public var action: Action
    public var result: Result

    @inlinable
    public init(action: Action, result: Result) {
        self.action = action
        self.result = result
    }

    public enum Result: Sendable, Equatable, Codable {
        case done
        /// A drain is in force; the instance held this many messages at that moment. Nil: the source cannot tell.
        case drained(held: Int?)
        /// It was refused or went wrong; the sentence says why, without secrets.
        case failed(String)
    }
}
