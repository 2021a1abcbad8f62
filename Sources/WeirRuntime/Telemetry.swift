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

    func tell(_ observation: Observation, _ evaluation: Evaluation, at now: Instant) {
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
            logger.log(level: event.isTrouble ? .warning : .info, "\(event.sentence)")
        }
        for outcome in observation.outcomes {
            if case .failed(let why) = outcome.result {
                logger.warning("\(outcome.action.word) of \(outcome.action.instance) failed: \(why)")
            }
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

extension Action {
    /// One word for a log line.
    var word: String {
        switch self {
        case .launch: "launch"
        case .drain: "drain"
        case .restore: "restore"
        case .terminate: "terminate"
        case .remove: "remove"
        }
    }
}
