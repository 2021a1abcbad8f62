// Which instances an instance refresh replaces next, and how many at a time.

extension Tick {
    /// Chooses those that go now. They finish what they hold; their successors are launched at once.
    mutating func replaceNext(_ refresh: InstanceRefresh, _ survey: RefreshSurvey) {
        var allowance = allowance(state.refresh ?? refresh, survey)
        var atOnce: [Int] = []
        var candidates: [Int] = []
        var unhealthy: [Int] = []
        var protected = 0
        var standingBy = 0
        for position in survey.remaining {
            switch state.fleet[position].lifecycleState {
            case .inService where state.fleet[position].unhealthy != nil: unhealthy.append(position)
            case .inService:
                switch state.fleet[position].protectedFromScaleIn ? refresh.preferences.protectedInstances : .replace {
                case .wait: protected += 1
                case .ignore: leaveAlone(state.fleet[position].id)
                case .replace: candidates.append(position)
                }
            case .standby, .enteringStandby:
                switch refresh.preferences.standbyInstances {
                case .wait: standingBy += 1
                case .ignore: leaveAlone(state.fleet[position].id)
                case .replace: atOnce.append(position)
                }
            // Not in service yet, so nothing is lost by it.
            case .pending, .pendingWait: atOnce.append(position)
            case .draining, .terminatingWait, .terminating, .warmedPending, .warmedStopped, .warmedHibernated: break
            }
        }
        // Unhealthy ones have their own turns, which cost nothing of what has to stay healthy.
        for position in atOnce + unhealthy.prefix(unhealthy.isEmpty ? 0 : replacementTurns) where allowance > 0 {
            allowance -= 1
            depart(position, .refresh)
        }
        let turns = min(refreshTurns(refresh, survey.healthy), allowance)
        sortIdleFirst(&candidates)
        for position in candidates.prefix(turns) { depart(position, .refresh) }
        if turns == 0 || candidates.isEmpty { tellWaits(refresh, survey, waiting: candidates.count) }
        if protected > 0 { give(.refreshHeld(.protected(protected))) }
        if standingBy > 0 { give(.refreshHeld(.standingBy(standingBy))) }
    }

    /// Some could go, but not now: for want of new ones that are in service, healthy and warm. None is left to go: it is over
    /// when the old ones are gone and the new ones are there.
    private mutating func tellWaits(_ refresh: InstanceRefresh, _ survey: RefreshSurvey, waiting: Int) {
        var holds = survey.waits.forNewOnes
        if waiting == 0 { holds = survey.waits.forOldOnes + (survey.healthy < state.desiredCapacity ? holds : []) }
        let minimum = minimumHealthy(refresh)
        if holds.isEmpty, waiting > 0, survey.healthy <= minimum {
            holds = [.minimumHealthy(minimum, healthy: survey.healthy)]
        } else if holds.isEmpty, survey.healthy < state.desiredCapacity {
            holds = [.desired(state.desiredCapacity, healthy: survey.healthy)]
        }
        for hold in holds { give(.refreshHeld(hold)) }
    }

    /// Idle ones are gone at once. Then the oldest.
    private func sortIdleFirst(_ candidates: inout [Int]) {
        candidates.sort { left, right in
            let isIdle = state.fleet[left].heldMessages == 0
            if isIdle != (state.fleet[right].heldMessages == 0) { return isIdle }
            return (state.fleet[left].launchedAt, state.fleet[left].id)
                < (state.fleet[right].launchedAt, state.fleet[right].id)
        }
    }

    private mutating func leaveAlone(_ id: InstanceID) {
        state.refresh?.remaining.removeAll { $0 == id }
        state.refresh?.dropOne()
        state.refresh?.lastProgress = now
    }

    /// How many may be taken out of service now: as many as are there beyond the minimum; and one, when the minimum leaves no
    /// room for any and the group is whole.
    private func refreshTurns(_ refresh: InstanceRefresh, _ healthy: Int) -> Int {
        let room = healthy - minimumHealthy(refresh)
        if room > 0 { return room }
        let isWhole = healthy >= attainable
        return isWhole && refresh.preferences.maxHealthyPercentage == 100 ? 1 : 0
    }

    /// 90 % of 10 is 9; 90 % of 5 is 4.5, so 5 have to stay.
    private func minimumHealthy(_ refresh: InstanceRefresh) -> Int {
        (attainable * refresh.preferences.minHealthyPercentage + 99) / 100
    }
}
