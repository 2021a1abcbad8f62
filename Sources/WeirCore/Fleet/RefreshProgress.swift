// An instance refresh that is under way.

/// Who is still to be replaced, and how the group stands.
struct RefreshSurvey {
    /// Their positions, also of those that are on their way out.
    var remaining: [Int] = []
    /// Those of them that count as capacity.
    var active = 0
    /// Those of them that are on their way out.
    var leaving = 0
    /// In service and healthy; new ones have to be warm, too.
    var healthy = 0
    /// A new instance is warming up.
    var isWarming = false
    /// An old one finishes the work that it holds.
    var isFinishing = false
    /// One waits for a lifecycle hook, on its way into service or out of it.
    var isWaiting = false
    /// Of those that are on their way out, the ones that go because fewer are desired: nobody comes in their place.
    var scalingIn = 0
    /// In service, healthy and warm, and not to be replaced.
    var ready = 0
    /// Those of them that came into service since the refresh began.
    var fresh = 0
    var waits = RefreshWaits()
}

/// Whom a refresh waits for.
struct RefreshWaits {
    /// New ones, on their way into service.
    var launching = 0
    var inLaunchHook = 0
    /// New ones in service that are not warm yet, and when the last of them is.
    var warming = 0
    var warmAt: Instant?
    /// Old ones, on their way out.
    var finishing = 0
    var inTerminationHook = 0
    var ending = 0

    mutating func addNew(_ instance: borrowing Instance, warmAt: Instant?) {
        switch instance.lifecycleState {
        case .pending: launching += 1
        case .pendingWait: inLaunchHook += 1
        case .inService:
            guard let warmAt else { return }
            warming += 1
            self.warmAt = max(self.warmAt ?? warmAt, warmAt)
        case .enteringStandby, .standby, .draining, .terminatingWait, .terminating, .warmedPending, .warmedStopped,
            .warmedHibernated:
            break
        }
    }

    mutating func addOld(_ instance: borrowing Instance) {
        switch instance.lifecycleState {
        case .draining where instance.heldMessages > 0: finishing += 1
        case .terminatingWait: inTerminationHook += 1
        case .draining, .terminating: ending += 1
        case .pending, .pendingWait, .inService, .enteringStandby, .standby, .warmedPending, .warmedStopped,
            .warmedHibernated:
            break
        }
    }

    /// What keeps more from being in service, healthy and warm.
    var forNewOnes: [RefreshHold] {
        var holds: [RefreshHold] = []
        if launching > 0 { holds.append(.launching(launching)) }
        if inLaunchHook > 0 { holds.append(.launchHook(inLaunchHook)) }
        if let warmAt { holds.append(.warmup(warming, until: warmAt)) }
        return holds
    }

    /// What keeps old ones from being gone.
    var forOldOnes: [RefreshHold] {
        var holds: [RefreshHold] = []
        if finishing > 0 { holds.append(.finishing(finishing)) }
        if inTerminationHook > 0 { holds.append(.terminationHook(inTerminationHook)) }
        if ending > 0 { holds.append(.ending(ending)) }
        return holds
    }
}

extension Tick {
    /// More than desired that are there for the time of a refresh that launches before it ends. While it stands still it
    /// does not rise.
    @inline(__always)
    var surge: Int { state.$refresh.isThere ? surgeOfRefresh : 0 }

    private var surgeOfRefresh: Int {
        guard let refresh = state.refresh, refresh.isUnderWay, refresh.preferences.maxHealthyPercentage > 100,
            state.desiredCapacity > 0
        else { return 0 }
        let survey = survey(refresh)
        let share = state.desiredCapacity * (refresh.preferences.maxHealthyPercentage - 100) / 100
        let extra = min(max(share, 1), survey.active, allowance(refresh, survey))
        guard suspends(.instanceRefresh) else { return extra }
        return min(extra, max(FleetCount(state.fleet).active - state.desiredCapacity, 0))
    }

    @inline(__always)
    mutating func refreshInstances() {
        guard state.$refresh.isThere, let refresh = state.refresh, refresh.isUnderWay else { return }
        if policy.leaving { return endRefresh(.cancelled, "the group leaves") }
        let survey = survey(refresh)
        countReplaced(refresh, survey)
        if suspends(.instanceRefresh) {
            state.refresh?.lastProgress = now
            return give(.suspended(.instanceRefresh))
        }
        leaveOutJump()
        // Time in which old instances finish their work, hooks are waited for, and new ones warm up, is not lost.
        if survey.isFinishing || survey.isWaiting || survey.isWarming { state.refresh?.lastProgress = now }
        guard let refresh = state.refresh else { return }
        if isOver(refresh, survey) {
            return endRefresh(refresh.status == .rollingBack ? .rolledBack : .successful, nil)
        }
        if now - refresh.startedAt >= Limits.longestRefresh {
            return failRefresh("not finished within \(Limits.longestRefresh.text)")
        }
        if waitsAtCheckpoint(refresh, survey) { return }
        if let lastProgress = state.refresh?.lastProgress, now - lastProgress >= Limits.refreshStall {
            return failRefresh("no instance could be replaced within \(Limits.refreshStall.text)")
        }
        if suspends(.terminate) { return give(.suspended(.terminate)) }
        if suspends(.launch) { return give(.suspended(.launch)) }
        if let listingFailure { return give(.heldByFailedListing(listingFailure)) }
        if let backoff = state.launchBackoff, now < backoff.until {
            return give(.refreshHeld(.launchBackoff(until: backoff.until)))
        }
        replaceNext(refresh, survey)
    }

    /// A clock that jumped forward between two ticks: in that time nothing could be replaced, and nothing was tried.
    private mutating func leaveOutJump() {
        guard let last = state.lastTick, let lastProgress = state.refresh?.lastProgress else { return }
        let unseen = now - last - patience
        if unseen > .zero { state.refresh?.lastProgress = min(lastProgress + unseen, now) }
    }

    /// One of those that were to be replaced is gone. When fewer are desired nobody comes in its place.
    mutating func dropFromRefresh(_ id: InstanceID, _ departure: Departure?) {
        guard state.isRefreshing, let index = state.refresh?.remaining.firstIndex(of: id) else { return }
        state.refresh?.remaining.remove(at: index)
        state.refresh?.lastProgress = now
        if departure == .scaleIn { state.refresh?.dropOne() }
    }

    /// An instance is replaced when another is in service, healthy and warm in its place; that it has gone, or is still on
    /// its way out, says nothing. What is complete stays so. Source: DescribeInstanceRefreshes, PercentageComplete.
    private mutating func countReplaced(_ refresh: InstanceRefresh, _ survey: RefreshSurvey) {
        let gone = refresh.total - survey.scalingIn - (survey.remaining.count - survey.leaving)
        let replaced = max(refresh.replaced, min(gone, survey.fresh))
        // Of 4 to replace 2 have gone, and 1 new one is ready: another one is to come. When the group has become smaller
        // meanwhile, no more are to come than it is short of, and the others are not to be replaced after all.
        let short = max(state.desiredCapacity - survey.active - survey.ready, 0)
        state.refresh?.total -= max(gone - replaced - short, 0)
        guard replaced > refresh.replaced else { return }
        state.refresh?.replaced = replaced
        state.refresh?.lastProgress = now
    }

    /// One pass: the list of those still to be replaced is in the order of the fleet.
    private func survey(_ refresh: InstanceRefresh) -> RefreshSurvey {
        let warmup = policy.refreshWarmup(refresh.preferences.instanceWarmup)
        var survey = RefreshSurvey()
        for position in state.fleet.indices {
            let isOld =
                survey.remaining.count < refresh.remaining.count
                && state.fleet[position].id == refresh.remaining[survey.remaining.count]
            if isOld {
                survey.remaining.append(position)
                if state.fleet[position].isActive { survey.active += 1 }
                if state.fleet[position].isLeaving {
                    survey.leaving += 1
                    if state.fleet[position].departure == .scaleIn { survey.scalingIn += 1 }
                }
                // Whatever it goes for.
                if state.fleet[position].heldMessages > 0, state.fleet[position].finishesItsWork {
                    survey.isFinishing = true
                }
            }
            if !state.fleet[position].hooks.isEmpty { survey.isWaiting = true }
            let warmAt = state.fleet[position].inServiceAt.map { $0 + warmup } ?? now + warmup
            if isOld {
                survey.waits.addOld(state.fleet[position])
            } else if state.fleet[position].unhealthy == nil {
                survey.waits.addNew(state.fleet[position], warmAt: warmAt > now ? warmAt : nil)
            }
            guard state.fleet[position].lifecycleState == .inService, state.fleet[position].unhealthy == nil else {
                continue
            }
            if isOld || warmAt <= now { survey.healthy += 1 } else { survey.isWarming = true }
            guard !isOld, warmAt <= now else { continue }
            survey.ready += 1
            if let inServiceAt = state.fleet[position].inServiceAt, inServiceAt >= refresh.startedAt {
                survey.fresh += 1
            }
        }
        return survey
    }

    /// All are replaced, and as many as desired are in service again.
    private func isOver(_ refresh: InstanceRefresh, _ survey: RefreshSurvey) -> Bool {
        guard survey.healthy >= attainable else { return false }
        guard let last = refresh.preferences.checkpointPercentages.last, last < 100, refresh.status == .inProgress
        else { return refresh.remaining.isEmpty }
        return refresh.percentageComplete >= last
    }

    // MARK: Checkpoints

    private mutating func waitsAtCheckpoint(_ refresh: InstanceRefresh, _ survey: RefreshSurvey) -> Bool {
        guard refresh.status == .inProgress else { return false }
        if let until = refresh.checkpointUntil {
            state.refresh?.lastProgress = now
            if now < until {
                give(.refreshHeld(.checkpoint(until: until)))
                return true
            }
            state.refresh?.checkpointUntil = nil
            state.refresh?.checkpointsPassed += 1
            return false
        }
        let checkpoints = refresh.preferences.checkpointPercentages
        // With all replaced there is nothing to stop before.
        guard refresh.checkpointsPassed < checkpoints.count, refresh.replaced < refresh.total,
            refresh.percentageComplete >= checkpoints[refresh.checkpointsPassed],
            survey.healthy >= attainable
        else { return false }
        let until = now + refresh.preferences.checkpointDelay
        state.refresh?.checkpointUntil = until
        give(.refreshHeld(.checkpoint(until: until)))
        return true
    }

    /// How many more may go until the next checkpoint.
    func allowance(_ refresh: InstanceRefresh, _ survey: RefreshSurvey) -> Int {
        let checkpoints = refresh.preferences.checkpointPercentages
        guard refresh.status == .inProgress, refresh.checkpointsPassed < checkpoints.count else {
            return refresh.remaining.count - survey.leaving
        }
        let share = (refresh.total * checkpoints[refresh.checkpointsPassed] + 99) / 100
        return max(share - (refresh.total - refresh.remaining.count) - survey.leaving, 0)
    }
}
