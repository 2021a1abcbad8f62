import WeirCore

extension GroupTotals {
    mutating func count(_ action: Action, _ result: ActionOutcome.Result) {
        let failed = if case .failed = result { true } else { false }
        switch action {
        case .launch: if failed { launchFailures += 1 } else { launches += 1 }
        case .terminate: if !failed { terminations += 1 }
        case .restore: restores += 1
        case .prepare: if failed { launchFailures += 1 }
        case .drain, .remove, .pause, .resume, .runHook: break
        }
    }

    mutating func count(_ observation: Observation, _ evaluation: Evaluation) {
        ticks += 1
        if case .missing(.sourceFailed)? = observation.measurement?.visible { measurementFailures += 1 }
        let inService = evaluation.state.fleet.count { $0.lifecycleState == .inService }
        peakInService = max(peakInService, inService)
        exits += evaluation.events.count { $0.isExit }
        countLifecycles(evaluation)
    }
}

extension Evaluation {
    /// More than a sample was added to the state: it must be on the disk before anyone acts on it or is told of it.
    var isWorthKeeping: Bool {
        !plan.actions.isEmpty || !alarmTransitions.isEmpty || !answers.isEmpty || !events.isEmpty
            || decision.desired != decision.previousDesired || decision.followedSchedule
    }
}
