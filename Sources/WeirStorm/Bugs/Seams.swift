import WeirCore
import WeirRuntime

// Where each mistake is put in. All of this stands around the real code.

extension PlantedBug {
    // MARK: Around the decision

    typealias Decide = @Sendable (GroupPolicy, consuming GroupState, Observation, Instant) -> Evaluation

    /// What decides in place of `evaluate`; nil: `evaluate` itself.
    var decide: Decide? {
        switch self {
        case .boundsExceeded:
            // The bounds are forgotten where something is added.
            { policy, state, observation, now in
                var wider = policy
                wider.maxSize += 1
                return evaluate(wider, state, observation, at: now)
            }
        case .slowStartMultiplies: { decideAgainWhilePending($0, $1, $2, at: $3) }
        case .pendingIsTakenForWarm: { decideAsIfWarm($0, $1, $2, at: $3) }
        case .protectedScaledIn:
            // Protection is not looked at.
            { policy, state, observation, now in
                let protected = state.fleet.filter(\.protectedFromScaleIn).map(\.id)
                var blind = state
                for index in blind.fleet.indices { blind.fleet[index].protectedFromScaleIn = false }
                var evaluation = evaluate(policy, blind, observation, at: now)
                for index in evaluation.state.fleet.indices where protected.contains(evaluation.state.fleet[index].id) {
                    evaluation.state.fleet[index].protectedFromScaleIn = true
                }
                return evaluation
            }
        case .crashLoopHot:
            { policy, state, observation, now in
                var eager = state
                eager.launchBackoff = nil
                return evaluate(policy, eager, observation, at: now)
            }
        case .drainNeverEnds:
            // What a drain found is not heard.
            { policy, state, observation, now in
                var deaf = observation
                deaf.outcomes.removeAll { if case .drain = $0.action { true } else { false } }
                return evaluate(policy, state, deaf, at: now)
            }
        case .cooldownHoldsScaleOut: { decideWithCooldown($0, $1, $2, at: $3) }
        case .drainHoldsScaling:
            // While anybody is on the way out, no alarm is judged.
            { policy, state, observation, now in
                var idle = observation
                if state.fleet.contains(where: { $0.lifecycleState == .draining }) { idle.measurement = nil }
                return evaluate(policy, state, idle, at: now)
            }
        case .aboveMaximumRefused:
            { policy, state, observation, now in
                let maximum = Bounds(of: policy, in: state).maximum
                var evaluation = evaluate(policy, state, observation, at: now)
                for request in observation.requests {
                    guard case .setDesired(let asked, _) = request.kind, asked > maximum else { continue }
                    for index in evaluation.answers.indices where evaluation.answers[index].requestID == request.id {
                        evaluation.answers[index].result = .refused(.atMaximum(maximum))
                    }
                }
                return evaluation
            }
        case .reasonMissing:
            { policy, state, observation, now in
                var evaluation = evaluate(policy, state, observation, at: now)
                let isNamed = evaluation.decision.reasons.contains { $0.code == "set_by_operator" }
                if isNamed { evaluation.decision.reasons = [] }
                return evaluation
            }
        case .hiddenMemory:
            // Something beside state and observation has a say: here, what a listing says on every seventh minute.
            { policy, state, observation, now in
                var other = observation
                if now.milliseconds / 60_000 % 7 == 0 { other.listing = nil }
                return evaluate(policy, state, other, at: now)
            }
        case .fallbackForgotten:
            { policy, state, observation, now in
                var holding = policy
                holding.fallback.kind = .hold
                return evaluate(holding, state, observation, at: now)
            }
        case .failuresRepeatedAtOnce:
            // What is due later is due now.
            { policy, state, observation, now in
                var hasty = state
                for index in hasty.fleet.indices {
                    hasty.fleet[index].dueOrder = hasty.fleet[index].dueOrder.map {
                        DueOrder($0.order, at: min($0.at, now), why: $0.why)
                    }
                }
                return evaluate(policy, hasty, observation, at: now)
            }
        case .successForgotten:
            // Only people end the pauses between launches.
            { policy, state, observation, now in
                let before = state
                var evaluation = evaluate(policy, before, observation, at: now)
                if observation.requests.isEmpty, evaluation.state.launchBackoff == nil {
                    evaluation.state.launchBackoff = before.launchBackoff
                }
                return evaluation
            }
        case .sourceGivenUp:
            // The pauses after failures of the source double without end.
            { policy, state, observation, now in
                var evaluation = evaluate(policy, state, observation, at: now)
                if observation.measurement != nil, let backoff = evaluation.state.sourceBackoff {
                    let pause = policy.pollInterval * (1 << min(backoff.failures, 20))
                    evaluation.nextMeasurement = now + pause
                    evaluation.state.nextMeasurement = now + pause
                }
                return evaluation
            }
        case .suspendedLaunches:
            { policy, state, observation, now in
                guard observation.requests.isEmpty else { return evaluate(policy, state, observation, at: now) }
                var deaf = state
                let suspended = deaf.suspended
                deaf.suspended = []
                var evaluation = evaluate(policy, deaf, observation, at: now)
                evaluation.state.suspended = suspended
                return evaluation
            }
        case .launchTokenForgotten, .startedAgainUnderSameID, .busyStopped, .unacknowledgedIsIdle, .pausedAtWork,
            .protectionForgotten, .orphaned, .actedBeforeStored, .messagesDropped, .foreignTouched,
            .inFlightNotCounted, .outageTakenForZero, .restartResetsDesired, .dryRunActs, .spins, .limitNotShared:
            nil
        }
    }

    // MARK: Around the hands

    /// What an action consists of.
    func steps(of action: Action) -> [HandStep] {
        switch (self, action) {
        // No second look, and no first: a drain closes the gate and that is that.
        case (.busyStopped, .drain): [.closeGate]
        // The gate stays open.
        case (.pausedAtWork, .pause): [.call(.pause)]
        default: action.steps
        }
    }

    // MARK: Around what is seen

    /// Who holds what.
    func held(_ held: [HeldMessages], _ storm: Storm, _ group: StormGroup) -> [HeldMessages] {
        switch self {
        case .busyStopped, .pausedAtWork: []
        case .unacknowledgedIsIdle:
            // Only what is invisible still counts as held.
            held.compactMap { holder in
                let worker = storm.position(of: holder.instance, in: group)
                let inFlight = storm.workers[worker].holds.count { group.letters.isInFlight($0) }
                return inFlight == 0 ? nil : HeldMessages(instance: holder.instance, messages: inFlight)
            }
        default: held
        }
    }

    /// What a look behind the gate sees.
    func look(_ held: Int, _ worker: Int, _ storm: Storm, _ group: StormGroup) -> Int {
        guard self == .unacknowledgedIsIdle else { return self == .pausedAtWork ? 0 : held }
        return storm.workers[worker].holds.count { group.letters.isInFlight($0) }
    }

    // MARK: Around the store

    /// What a new process reads.
    func load(_ stored: StoredGroup, _ group: StormGroup) -> StoredGroup {
        var changed = stored
        switch self {
        case .restartResetsDesired: changed.state.desiredCapacity = group.policy.initialDesiredCapacity
        // Launches under way are drawn anew.
        case .launchTokenForgotten: changed.state.fleet.removeAll { $0.lifecycleState == .pending }
        case .protectionForgotten:
            for index in changed.state.fleet.indices { changed.state.fleet[index].protectedFromScaleIn = false }
        default: break
        }
        return changed
    }
}

/// Instances whose launch is under way are taken for none.
private func decideAgainWhilePending(
    _ policy: GroupPolicy, _ state: consuming GroupState, _ observation: Observation, at now: Instant
) -> Evaluation {
    var blind = state
    let pending = blind.fleet.filter { $0.lifecycleState == .pending }
    guard !pending.isEmpty, pending.allSatisfy({ now - $0.launchedAt > .seconds(30) }) else {
        return evaluate(policy, blind, observation, at: now)
    }
    blind.fleet.removeAll { $0.lifecycleState == .pending }
    return evaluate(policy, blind, observation, at: now)
}

/// Steps add again and again, as those that start count as if they worked.
private func decideAsIfWarm(
    _ policy: GroupPolicy, _ state: consuming GroupState, _ observation: Observation, at now: Instant
) -> Evaluation {
    let before = state
    var warm = before
    for index in warm.fleet.indices where warm.fleet[index].lifecycleState == .pending {
        warm.fleet[index].lifecycleState = .inService
        warm.fleet[index].inServiceAt = now - .seconds(7200)
    }
    let wished = evaluate(policy, warm, observation, at: now).decision
    var more = before
    guard wished.desired > before.desiredCapacity, observation.measurement != nil else {
        return evaluate(policy, before, observation, at: now)
    }
    more.desiredCapacity = wished.desired
    var evaluation = evaluate(policy, more, observation, at: now)
    evaluation.decision.previousDesired = before.desiredCapacity
    evaluation.decision.reasons = [Reason(capacity: evaluation.decision.desired, fact: .leaving)]
    return evaluation
}

/// After the queue was empty nobody adds for ten minutes, as after a scale-in.
private func decideWithCooldown(
    _ policy: GroupPolicy, _ state: consuming GroupState, _ observation: Observation, at now: Instant
) -> Evaluation {
    let before = state
    let evaluation = evaluate(policy, before, observation, at: now)
    let wasEmpty = before.alarms.contains { $0.name == "empty" && now - $0.since < .seconds(600) }
    guard evaluation.decision.desired > before.desiredCapacity, before.desiredCapacity > 0, wasEmpty else {
        return evaluation
    }
    var held = observation
    held.measurement = nil
    return evaluate(policy, before, held, at: now)
}

/// Says that it has written, and writes with the next.
final class LateStore: StateStore, @unchecked Sendable {
    private let disk: StormDisk
    private var waiting: [String: StoredGroup] = [:]

    init(_ disk: StormDisk) {
        self.disk = disk
    }

    func save(_ group: StoredGroup, durably: Bool) throws(StateFailure) {
        if let former = waiting[group.name] { try disk.save(former, durably: durably) }
        waiting[group.name] = group
    }

    func remove(_ name: String) {
        disk.remove(name)
    }
}
