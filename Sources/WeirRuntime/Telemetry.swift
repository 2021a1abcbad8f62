import Logging
import WeirCore

/// Log lines made from ticks. A quiet tick says nothing; a change of an alarm or of capacity is *info*; a *warning* says
/// the consequence and the next step.
struct Telemetry: Sendable {
    private let logger: Logger

    init(group: String, logger: Logger, dryRun: Bool) {
        var logger = logger
        logger[metadataKey: "group"] = "\(group)"
        if dryRun { logger[metadataKey: "dry_run"] = "true" }
        self.logger = logger
    }

    func tell(_ evaluation: Evaluation) {
        for transition in evaluation.alarmTransitions {
            logger.info(
                "\(transition.alarm) \(transition.from.rawValue) → \(transition.to.rawValue)",
                metadata: ["because": "\(transition.judgement.sentence)"])
        }
        let decision = evaluation.decision
        if decision.desired != decision.previousDesired {
            logger.info(
                "desired \(decision.previousDesired) → \(decision.desired)",
                metadata: ["because": .array(decision.reasons.map { "\($0.sentence)" })])
        }
        for event in evaluation.events {
            logger.log(level: event.isTrouble ? .warning : .info, "\(event.instance) \(event.sentence)")
        }
        for planned in evaluation.plan.actions {
            logger.debug("\(planned.action.word) \(planned.action.instance)")
        }
    }

    func cannotStore(_ failure: StateFailure, actions: Int) {
        logger.error(
            "the state cannot be stored: \(failure.message); nothing is launched or ended until it can",
            metadata: ["waiting_actions": "\(actions)"])
    }

    func storesAgain() {
        logger.info("the state is stored again")
    }
}

extension FleetEvent {
    /// Somebody should look at it.
    var isTrouble: Bool {
        switch kind {
        case .launchFailed, .launchGivenUp, .orderFailed: true
        case .ended(_, let asked, _, _): !asked
        case .cameIntoService, .adopted, .cameBack, .remainsFound: false
        }
    }

    /// An instance ended by itself.
    var isExit: Bool {
        if case .ended(_, asked: false, _, _) = kind { true } else { false }
    }
}
