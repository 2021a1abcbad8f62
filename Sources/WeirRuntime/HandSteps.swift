import WeirCore

/// One step of an action. What an action consists of, and in which order, is a table and no code: whoever has hands goes
/// through it, on a real launcher and a real queue or in a made-up world.
package enum HandStep: Sendable, Equatable {
    /// The instance receives messages again.
    case openGate
    /// It receives no more.
    case closeGate
    /// Closes the gate and looks what it holds. When that is anything, or nobody can tell, the action ends here; its outcome
    /// says what was seen.
    case lookBehindGate
    /// Waits a moment, behind the closed gate: the answer to a delete may still be on its way, and a worker that has just
    /// finished a job has a last line to write.
    case waitQuietTime
    /// Closes the gate and tells when it holds anything right now: it is about to be stopped all the same.
    case countBusy
    /// The instance has ended: nobody holds what it held.
    case forget
    /// Asks the launcher. When that fails, the action has failed, and what comes after is not done.
    case call(LauncherCall)
    /// Runs the command of a lifecycle hook. When that fails, the action has failed.
    case runHook(String)
}

/// What a launcher can be asked to do to one instance.
package enum LauncherCall: Sendable, Equatable {
    case launch
    case prepare
    case pause
    case resume
    case terminate(stopTimeout: Duration)
    case remove
}

extension Action {
    package var steps: [HandStep] {
        switch self {
        // One from the warm pool may have been kept from work until now.
        case .launch: [.openGate, .call(.launch)]
        case .prepare(_, started: false): [.call(.prepare)]
        // Before it runs: it is to load what it needs, and to receive nothing.
        case .prepare(_, started: true): [.closeGate, .call(.launch)]
        case .pause: [.closeGate, .call(.pause)]
        case .resume: [.call(.resume), .openGate]
        case .runHook(_, let hook): [.runHook(hook)]
        // Holding nothing for a moment is not yet being idle.
        case .drain: [.lookBehindGate, .waitQuietTime, .lookBehindGate]
        case .restore: [.openGate]
        // Closing again costs nothing when it is closed, and is the second look.
        case .terminate(_, let stopTimeout): [.countBusy, .call(.terminate(stopTimeout: stopTimeout))]
        // A launcher refuses to remove what runs: only then has it ended for the queue, too.
        case .remove: [.call(.remove), .forget]
        }
    }

    /// How it ended when no step failed.
    /// - Parameter held: what the last look behind the gate saw; nil when there was none, or nobody can tell.
    package func outcome(held: Int?) -> ActionOutcome.Result {
        switch self {
        case .drain: .drained(held: held)
        case .launch, .prepare, .pause, .resume, .runHook, .restore, .terminate, .remove: .done
        }
    }

    /// How it ended when a step failed. Whoever tells of it names the instance.
    package func outcome(failed message: String) -> ActionOutcome.Result {
        let beginning = "\(instance) was not started: "
        return .failed(message.hasPrefix(beginning) ? String(message.dropFirst(beginning.count)) : message)
    }
}
