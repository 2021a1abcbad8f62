// Launches that fail, and instances that die young: the longer it goes on, the more seldom it is tried.

extension Tick {
    /// It ended by itself, and so soon that starting another at once would only repeat it: with an error within half a
    /// minute of coming into service, or before it; or without one, but too fast to have done any work.
    func diedYoung(_ instance: Instance, _ exit: Exit) -> Bool {
        let failed = exit.outOfMemory || exit.code != 0
        guard let since = instance.inServiceAt else {
            return failed || now - instance.launchedAt < Limits.idleDeath
        }
        return now - since < (failed ? Limits.youngDeath : Limits.idleDeath)
    }

    /// Lengthens the pause. Instances that were begun before the last counted failure do not count again: what fails
    /// together fails once.
    /// - Parameter atWork: it was started for work, and ended.
    mutating func countLaunchFailure(
        of instance: Instance, _ failure: String, logTail: [String] = [], atWork: Bool = false
    ) {
        countRefreshFailure(of: instance, failure)
        if let backoff = state.launchBackoff, instance.launchedAt <= backoff.since { return }
        let failures = (state.launchBackoff?.failures ?? 0) + 1
        let pause = doubled(Limits.shortestLaunchBackoff, times: failures - 1, upTo: Limits.longestLaunchBackoff)
        state.launchBackoff = Backoff(
            failures: failures, since: now, until: now + jittered(pause), lastFailure: failure, logTail: logTail)
        state.launchBackoff?.holdsPool = atWork || instance.cameFromPool == true
    }

    /// The pause that holds the members of the warm pool as well. One that began because nothing new can be made does not:
    /// the pool is there for that.
    var poolBackoff: Backoff? {
        guard state.$launchBackoff.isThere, let backoff = state.launchBackoff, now < backoff.until,
            backoff.holdsPool == true
        else { return nil }
        return backoff
    }

    mutating func jittered(_ pause: Duration) -> Duration {
        let spread = Limits.launchBackoffJitterPerMille
        let perMille = Int64(1000 - spread + state.draw() % (2 * spread + 1))
        return .milliseconds(pause.wholeMilliseconds * perMille / 1000)
    }

    /// A launch that takes too long is given up. It may still come up, so it is ended, not forgotten. While the launcher
    /// cannot say that it does not run, it may run, and be at work.
    @inline(__always)
    mutating func giveUpLateLaunches() {
        guard listingSucceeded else { return }
        for index in state.fleet.indices {
            let lifecycleState = state.fleet[index].lifecycleState
            let isUnderWay =
                lifecycleState == .pending || lifecycleState == .warmedPending && state.fleet[index].runningSince == nil
            // One that may be at work is asked first, as everybody is; those of a pool are not asked.
            let isKept = state.fleet[index].isWarmed && state.fleet[index].heldMessages > 0
            guard isUnderWay, !isKept, state.fleet[index].stateSince + policy.launchTimeout <= now else { continue }
            let instance = state.fleet[index]
            giveUp(index)
            record(.launchGivenUp(after: policy.launchTimeout), of: instance.id)
            countLaunchFailure(
                of: instance, "\(instance.id) did not come into service within \(policy.launchTimeout.text)")
        }
    }

    /// It may come up between this look and the order to stop, and take a message at once. So it goes as everybody goes: its
    /// gate is closed, and it finishes what it holds. What is made for the pool has its gate closed already.
    private mutating func giveUp(_ index: Int) {
        let isForPool = state.fleet[index].isWarmed
        let why = ActionReason.launchTimedOut(after: policy.launchTimeout)
        state.fleet[index].departure = .launchFailure
        state.fleet[index].lifecycleState = isForPool ? .terminating : .draining
        state.fleet[index].stateSince = now
        state.fleet[index].foundIdle = false
        state.fleet[index].dueOrder = isForPool ? DueOrder(.terminate, at: now, why: why) : nil
        if !isForPool { orderDrain(index, why) }
    }

    /// An instance begun after the last failure that has outlived its youth shows that launching works again.
    @inline(__always)
    mutating func reviewLaunchBackoff() {
        // Who is not seen may be dead.
        guard state.$launchBackoff.isThere, let backoff = state.launchBackoff, listingSucceeded else { return }
        let survives = state.fleet.contains { instance in
            guard let since = instance.inServiceAt, instance.lifecycleState == .inService else { return false }
            return since > backoff.since && now - since >= Limits.youngDeath
        }
        if survives { state.launchBackoff = nil }
    }
}
