import Logging
import WeirCore

/// Log lines made from ticks. A quiet tick says nothing; a change of an alarm or of capacity, a choice, and what an operator
/// asked for is *info*; a *warning* says the consequence and the next step. What lasts is told when it begins and ends.
struct Telemetry: Sendable {
    private let logger: Logger
    private var sourceFails = false
    private var listingFails = false
    private var fallsBack = false
    private var standsStill = false

    init(group: String, logger: Logger, dryRun: Bool) {
        var logger = logger
        logger[metadataKey: "group"] = "\(group)"
        if dryRun { logger[metadataKey: "dry_run"] = "true" }
        self.logger = logger
    }

    mutating func tell(_ observation: Observation, _ evaluation: Evaluation) {
        if let measurement = observation.measurement { tellOfSource(measurement) }
        if let listing = observation.listing { tellOfLauncher(listing) }
        tellOfHolds(evaluation.state)
        tellOfRequests(observation.requests, evaluation.answers)
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
        for reason in decision.reasons { tellOf(reason) }
        for event in evaluation.events {
            logger.log(level: event.isTrouble ? .warning : .info, "\(event.instance) \(event.sentence)")
        }
        for planned in evaluation.plan.actions { tellOf(planned) }
    }

    /// What goes on for long is told once; the end of a fallback is a reason of its own.
    private mutating func tellOfHolds(_ state: GroupState) {
        if let silence = state.silence, silence.fallbackSince != nil {
            if !fallsBack { logger.warning("\(silence.sentence); nothing is scaled in until it is believed again") }
            fallsBack = true
        } else {
            fallsBack = false
        }
        if let backoff = state.noProgress {
            if !standsStill {
                logger.warning("\(backoff.lastFailure); scale-out is held, look at the instances' logs")
            }
            standsStill = true
        } else {
            standsStill = false
        }
    }

    /// What happens to the group as a whole, also when desired capacity stays.
    private func tellOf(_ reason: Reason) {
        switch reason.fact {
        case .newTemplate, .refreshBegan, .scheduled, .fallbackEnded: logger.info("\(reason.sentence)")
        case .refreshRollsBack, .scheduleLost: logger.warning("\(reason.sentence)")
        case .refreshEnded(let status, _):
            switch status {
            case .failed, .rollbackFailed: logger.warning("\(reason.sentence)")
            case .inProgress, .successful, .cancelled, .rollingBack, .rolledBack: logger.info("\(reason.sentence)")
            }
        case .noAlarm, .notMeasured, .repeatsLater, .proposed, .outranked, .noStep, .noDatapoint, .heldByWarmup,
            .heldByCooldown, .heldByActivity, .heldByMissingData, .limitedToMaximum, .raisedToMinimum, .setByOperator,
            .endedByOperator, .leaving, .heldByProtection, .heldByWork, .heldByLaunchBackoff, .suspended,
            .heldByFailedListing, .refreshHeld, .unhealthyWait, .lifetimeHeldByProtection, .standbyBegan,
            .standbyEnded, .noCapacity, .heldByTarget, .heldByTracker, .sizesOfFile, .heldByFallback, .notBelieved,
            .fallback, .heldByNoProgress, .heldAfterFallback, .poolHeldByLaunchBackoff, .heldByArrival,
            .limitedByFleet, .heldByFleet, .heldByUnknownFleet, .unknownBacklog, .heldByStabilization, .limitedByRate:
            break
        }
    }

    private func tellOf(_ planned: PlannedAction) {
        let instance = planned.action.instance
        switch planned.action {
        case .drain:
            let what =
                switch planned.why {
                case .standby: "finishes its work and stands by"
                case .departure: "takes no more messages"
                case .capacity, .surplus, .foundIdle, .busy, .wantedAgain, .askedByOperator, .launchTimedOut, .ended,
                    .restarted, .warmPool, .lifecycle, .hooksCompleted, .retry, .beyondFleet:
                    "is chosen to end"
                }
            logger.info("\(instance) \(what)", metadata: ["because": "\(planned.why.sentence)"])
        case .terminate: logger.info("\(instance) is told to stop", metadata: ["because": "\(planned.why.sentence)"])
        case .runHook(_, let hook): logger.info("the command of hook \(hook) runs for \(instance)")
        case .launch, .restore, .remove, .prepare, .pause, .resume:
            logger.debug("\(planned.action.word) \(instance): \(planned.why.sentence)")
        }
    }

    private mutating func tellOfSource(_ measurement: Measurement) {
        guard case .missing(.sourceFailed(let why)) = measurement.visible else {
            if sourceFails { logger.info("the queue is measured again") }
            sourceFails = false
            return
        }
        if !sourceFails { logger.warning("the queue cannot be measured: \(why); nothing is scaled in until it can") }
        sourceFails = true
    }

    private mutating func tellOfLauncher(_ listing: Listing) {
        switch listing {
        case .instances:
            if listingFails { logger.info("the launcher says again what runs") }
            listingFails = false
        case .failed(let why):
            if !listingFails {
                logger.warning("the launcher cannot say what runs: \(why); nothing is ended until it can")
            }
            listingFails = true
        case .neverSucceeded(let why):
            if !listingFails {
                logger.warning(
                    "the launcher cannot say what runs: \(why); nothing is launched or ended until it can")
            }
            listingFails = true
        }
    }

    /// Workers protect themselves for each job, so that is not for everyone's eyes.
    private func tellOfRequests(_ requests: [Request], _ answers: [Answer]) {
        for (request, answer) in zip(requests, answers) {
            guard case .accepted(let sentence) = answer.result else { continue }
            switch request.kind {
            case .setProtection: logger.debug("asked: \(sentence)")
            // An instance may ask this for itself.
            case .completeLifecycle, .recordHeartbeat, .setHealth: logger.info("asked: \(sentence)")
            case .setDesired, .suspend, .resume, .terminate, .enterStandby, .exitStandby, .startRefresh, .cancelRefresh,
                .rollBackRefresh, .resetBackoffs:
                logger.info("asked by an operator: \(sentence)")
            }
        }
    }

    /// The first listing of this process has come, for a group that has instances from before.
    func tellOfRestart(_ fleet: [Instance]) {
        guard !fleet.isEmpty else { return }
        let busy = fleet.count { $0.heldMessages > 0 }
        logger.info("goes on with \(fleet.count) known \(fleet.count == 1 ? "instance" : "instances"), \(busy) busy")
    }

    func cannotStore(_ failure: StateFailure, actions: Int) {
        logger.error(
            "the state cannot be stored: \(failure.message); nothing is launched or ended until it can",
            metadata: ["waiting_actions": "\(actions)"])
    }

    func couldNotTell(_ notification: AlarmNotification, _ failure: String) {
        logger.warning(
            "nobody was told that \(notification.alarm) is in \(notification.to.rawValue): \(failure)")
    }

    func storesAgain() {
        logger.info("the state is stored again")
    }
}

extension FleetEvent {
    /// Somebody should look at it.
    var isTrouble: Bool {
        switch kind {
        case .launchFailed, .launchGivenUp, .orderFailed, .unhealthy: true
        case .hookEnded(_, let result, let end): end != .request && (result == .abandon || end == .timeout)
        case .ended(_, let asked, _, _): !asked
        case .cameIntoService, .adopted, .cameBack, .remainsFound, .hookBegan, .healthyAgain, .departs, .stoodBy,
            .warmed, .leftPool:
            false
        }
    }

    /// An instance ended by itself.
    var isExit: Bool {
        if case .ended(_, asked: false, _, _) = kind { true } else { false }
    }
}
