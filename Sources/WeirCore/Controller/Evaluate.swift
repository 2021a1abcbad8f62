/// The one door: from what the policy says, what is remembered and what was seen, to what is decided and done next.
///
/// Pure: the same arguments give the same evaluation, on any machine, live, in a dry run or simulated. It never fails;
/// what went wrong outside is part of the observation, and what cannot be done is part of the reasons.
///
/// - Parameters:
///   - policy: of this group, as of now; it may differ from the one of the last tick.
///   - state: what the last tick left behind. Handing over the only copy (`state.take()`) saves copying its history.
///   - observation: everything seen since the last tick.
///   - now: may lie before the last tick, when a clock was set back; what is remembered then moves with it.
public func evaluate(
    _ policy: GroupPolicy, _ state: consuming GroupState, _ observation: consuming Observation,
    at now: Instant
) -> Evaluation {
    var evaluation = Evaluation(
        state: consume state, decision: Decision(previousDesired: 0, desired: 0, reasons: []), nextTick: now,
        nextMeasurement: now)
    withPlaces(policy, &observation, &evaluation) { decide($0, at: now) }
    return evaluation
}

/// The same, for whoever decides tick after tick and keeps only the last: its evaluation becomes that of this one. The state
/// stays where it is, and the memory of what was concluded is used again.
///
/// - Parameters:
///   - policy: stays as it is, and where it is.
///   - observation: likewise.
///   - evaluation: of the last tick. Of it, only the state matters.
package func evaluate(
    _ policy: inout GroupPolicy, _ observation: inout Observation, at now: Instant,
    after evaluation: inout Evaluation
) {
    withPlaces(&policy, &observation, &evaluation) { decide($0, at: now) }
}

private func decide(_ places: TickPlaces, at now: Instant) {
    var tick = Tick(places, at: now)
    // What changed around the group: the clock, its policy, the process that runs it.
    tick.followClock()
    tick.followPolicy()
    tick.followRestart()
    // What was seen of the fleet.
    tick.takeOutcomes()
    tick.takeListing()
    tick.takeHeldMessages()
    tick.takeHealth()
    tick.giveUpLateLaunches()
    tick.expireHooks()
    tick.reviewLaunchBackoff()
    tick.followActivity()
    // What the schedule sets; then what people ask, who have the last word.
    tick.runSchedule()
    tick.answerRequests()
    // Observation, as far as it is believed → alarm state → decision → plan.
    tick.believe()
    tick.judgeAlarms()
    tick.watchProgress()
    tick.fallBack()
    tick.learnStartups()
    tick.decide()
    tick.followCapacity()
    tick.plan()
    tick.followActivity()
    tick.conclude()
}
