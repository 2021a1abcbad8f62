import WeirCore

extension GroupTotals {
    /// What happened to instances beside coming and going.
    mutating func countLifecycles(_ evaluation: Evaluation) {
        for event in evaluation.events { count(event.kind) }
        for reason in evaluation.decision.reasons {
            guard case .refreshEnded(let status, _) = reason.fact else { continue }
            switch status {
            case .failed, .rolledBack, .rollbackFailed: refreshFailures += 1
            case .successful, .cancelled, .inProgress, .rollingBack: break
            }
        }
    }

    private mutating func count(_ kind: FleetEvent.Kind) {
        switch kind {
        case .departs(let departure): count(departure)
        case .hookEnded(_, let result, let end):
            if result == .abandon { hookAbandonments += 1 }
            if end == .timeout { hookTimeouts += 1 }
        case .leftPool: warmStarts += 1
        case .cameIntoService, .adopted, .launchFailed, .launchGivenUp, .ended, .cameBack, .orderFailed,
            .remainsFound, .hookBegan, .unhealthy, .healthyAgain, .stoodBy, .warmed:
            break
        }
    }

    private mutating func count(_ departure: Departure) {
        switch departure {
        case .unhealthy: unhealthyReplacements += 1
        case .refresh: refreshReplacements += 1
        case .lifetime: lifetimeReplacements += 1
        case .scaleIn, .abandoned, .askedByOperator, .pool, .launchFailure: break
        }
    }
}
