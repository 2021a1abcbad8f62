// Rolls a group to what its policy file says now, a few instances at a time.

extension Tick {
    // MARK: Beginning and ending

    /// Source: StartInstanceRefresh.
    mutating func startRefresh(_ preferences: RefreshPreferences) throws(Refusal) -> String {
        if policy.leaving { throw .groupIsLeaving }
        if let refresh = state.refresh, refresh.isUnderWay { throw .refreshUnderWay(refresh.id) }
        beginRefresh(preferences)
        guard let refresh = state.refresh else { return "" }
        return "refresh \(refresh.id): \(counted(refresh.total, "instance")) to replace by version "
            + "\(refresh.template.version) of what is launched"
    }

    /// What is launched has changed, and the policy says that running instances are to follow.
    mutating func startRefreshOnChange() {
        if let refresh = state.refresh, refresh.isUnderWay { endRefresh(.cancelled, "there is a newer template") }
        var preferences = policy.instanceRefresh
        preferences.skipMatching = true
        beginRefresh(preferences)
    }

    private mutating func beginRefresh(_ preferences: RefreshPreferences) {
        let target = currentTemplate
        let remaining = state.fleet.filter { instance in
            switch instance.lifecycleState {
            case .draining, .terminatingWait, .terminating: false
            case .pending, .pendingWait, .inService, .enteringStandby, .standby:
                !(preferences.skipMatching && instance.template == target)
            case .warmedPending, .warmedStopped, .warmedHibernated: false  // the pool follows by itself
            }
        }
        state.refresh = InstanceRefresh(
            id: state.drawToken(), status: .inProgress, preferences: preferences, template: target,
            former: state.formerTemplateVersion.map { LaunchTemplate(name: policy.name, version: $0) },
            startedAt: now, lastProgress: now, total: remaining.count, remaining: remaining.map(\.id))
        give(.refreshBegan(version: target.version, count: remaining.count))
    }

    /// Source: CancelInstanceRefresh. What is on its way out goes on; nothing more is replaced.
    mutating func cancelRefresh() throws(Refusal) -> String {
        guard let refresh = state.refresh, refresh.isUnderWay else { throw .noRefreshUnderWay }
        endRefresh(.cancelled, "cancelled by an operator")
        return "refresh \(refresh.id) cancelled at \(refresh.percentageComplete) %"
    }

    /// Source: RollbackInstanceRefresh.
    mutating func rollBackRefresh() throws(Refusal) -> String {
        guard let refresh = state.refresh, refresh.status == .inProgress else { throw .noRefreshUnderWay }
        guard refresh.former != nil else { throw .nothingToRollBackTo }
        rollBack("asked by an operator")
        return "refresh \(refresh.id) is rolled back to version \(state.templateVersion) of what is launched"
    }

    private mutating func endRefresh(_ status: InstanceRefresh.Status, _ why: String?) {
        state.refresh?.status = status
        if let why { state.refresh?.why = why }
        state.refresh?.endedAt = now
        state.refresh?.checkpointUntil = nil
        give(.refreshEnded(status, why: why))
    }

    /// Instances of the new template are replaced by those of the former one, and that is launched from now on.
    private mutating func rollBack(_ why: String) {
        guard var refresh = state.refresh, let former = refresh.former else { return }
        state.templateVersion = former.version
        state.launchBackoff = nil
        refresh.remaining = state.fleet.filter { $0.template == refresh.template && !$0.isLeaving && !$0.isWarmed }.map(
            \.id)
        refresh.total = refresh.remaining.count
        refresh.status = .rollingBack
        refresh.why = why
        refresh.lastProgress = now
        refresh.failures = 0
        refresh.checkpointUntil = nil
        state.refresh = refresh
        give(.refreshRollsBack(version: former.version, why: why))
    }

    private mutating func failRefresh(_ why: String) {
        guard let refresh = state.refresh else { return }
        if refresh.status == .rollingBack { return endRefresh(.rollbackFailed, why) }
        if refresh.preferences.autoRollback, refresh.former != nil { return rollBack(why) }
        endRefresh(.failed, why)
    }

    /// An instance of the new template could not be launched, died young or is unhealthy.
    mutating func countRefreshFailure(of instance: Instance, _ failure: String) {
        guard let refresh = state.refresh, refresh.isUnderWay, instance.template == currentTemplate,
            instance.launchedAt >= refresh.startedAt
        else { return }
        state.refresh?.failures += 1
        guard refresh.failures + 1 >= Limits.refreshFailures else { return }
        failRefresh("\(counted(Limits.refreshFailures, "new instance")) failed; the last: \(failure)")
    }

    // MARK: Going on

    /// More than desired that are there for the time of a refresh that launches before it ends.
    var surge: Int {
        guard let refresh = state.refresh, refresh.isUnderWay, refresh.checkpointUntil == nil,
            refresh.preferences.maxHealthyPercentage > 100, !suspends(.instanceRefresh)
        else { return 0 }
        let extra = max(state.desiredCapacity * (refresh.preferences.maxHealthyPercentage - 100) / 100, 1)
        let waiting = state.fleet.count { refresh.remaining.contains($0.id) && $0.isActive }
        return min(extra, waiting)
    }

    mutating func refreshInstances() {
        guard var refresh = state.refresh, refresh.isUnderWay else { return }
        let former = refresh.remaining.count
        let alive = Set(state.fleet.map(\.id))
        refresh.remaining.removeAll { !alive.contains($0) }
        // An old instance that finishes its work is progress, as long as that may take.
        let isFinishing = state.fleet.contains { $0.departure == .refresh && $0.heldMessages > 0 }
        if refresh.remaining.count < former || isFinishing { refresh.lastProgress = now }
        if suspends(.instanceRefresh) {
            refresh.lastProgress = now
            state.refresh = refresh
            return give(.suspended(.instanceRefresh))
        }
        state.refresh = refresh
        if isOver(refresh) { return endRefresh(refresh.status == .rollingBack ? .rolledBack : .successful, nil) }
        if now - refresh.lastProgress >= Limits.refreshStall {
            return failRefresh("no instance could be replaced within \(Limits.refreshStall.text)")
        }
        if waitsAtCheckpoint() { return }
        replaceNext()
    }

    /// All are replaced, and as many as desired are in service again.
    private func isOver(_ refresh: InstanceRefresh) -> Bool {
        let isDone: Bool
        if let last = refresh.preferences.checkpointPercentages.last, last < 100, refresh.status == .inProgress {
            isDone = refresh.percentageComplete >= last
        } else {
            isDone = refresh.remaining.isEmpty
        }
        return isDone && healthyAndWarm >= state.desiredCapacity
    }

    private mutating func waitsAtCheckpoint() -> Bool {
        guard var refresh = state.refresh, refresh.status == .inProgress else { return false }
        if let until = refresh.checkpointUntil {
            if now < until {
                state.refresh?.lastProgress = now
                give(.refreshHeld(.checkpoint(until: until)))
                return true
            }
            state.refresh?.checkpointUntil = nil
            state.refresh?.checkpointsPassed += 1
            return false
        }
        let checkpoints = refresh.preferences.checkpointPercentages
        guard refresh.checkpointsPassed < checkpoints.count,
            refresh.percentageComplete >= checkpoints[refresh.checkpointsPassed]
        else { return false }
        let until = now + refresh.preferences.checkpointDelay
        refresh.checkpointUntil = until
        state.refresh = refresh
        give(.refreshHeld(.checkpoint(until: until)))
        return true
    }

    /// Chooses those that go now. They finish what they hold; their successors are launched at once.
    private mutating func replaceNext() {
        guard let refresh = state.refresh, !suspends(.terminate), !suspends(.launch), listingFailure == nil else {
            return
        }
        var candidates: [Int] = []
        var protected = 0
        var standingBy = 0
        for position in state.fleet.indices where refresh.remaining.contains(state.fleet[position].id) {
            switch state.fleet[position].lifecycleState {
            case .inService:
                guard state.fleet[position].protectedFromScaleIn else {
                    candidates.append(position)
                    continue
                }
                switch refresh.preferences.protectedInstances {
                case .wait: protected += 1
                case .ignore: leaveAlone(state.fleet[position].id)
                case .replace: candidates.append(position)
                }
            case .standby, .enteringStandby:
                switch refresh.preferences.standbyInstances {
                case .wait: standingBy += 1
                case .ignore: leaveAlone(state.fleet[position].id)
                case .replace: depart(position, .refresh)
                }
            // Not in service yet, so nothing is lost by it.
            case .pending, .pendingWait: depart(position, .refresh)
            case .draining, .terminatingWait, .terminating, .warmedPending, .warmedStopped, .warmedHibernated: break
            }
        }
        let turns = refreshTurns(refresh, waiting: candidates.count)
        // Idle ones first: they are gone at once. Then the oldest.
        candidates.sort { left, right in
            let (ofLeft, ofRight) = (state.fleet[left], state.fleet[right])
            if (ofLeft.heldMessages > 0) != (ofRight.heldMessages > 0) { return ofLeft.heldMessages == 0 }
            return (ofLeft.launchedAt, ofLeft.id) < (ofRight.launchedAt, ofRight.id)
        }
        for position in candidates.prefix(turns) { depart(position, .refresh) }
        if turns == 0, !candidates.isEmpty {
            give(.refreshHeld(.minimumHealthy(minimumHealthy(refresh), healthy: healthyAndWarm)))
        }
        if protected > 0 { give(.refreshHeld(.protected(protected))) }
        if standingBy > 0 { give(.refreshHeld(.standingBy(standingBy))) }
    }

    private mutating func leaveAlone(_ id: InstanceID) {
        state.refresh?.remaining.removeAll { $0 == id }
        state.refresh?.lastProgress = now
    }

    /// How many may be taken out of service now: as many as are there beyond the minimum; and one, when the minimum leaves no
    /// room for any and the group is whole.
    private func refreshTurns(_ refresh: InstanceRefresh, waiting: Int) -> Int {
        let healthy = healthyAndWarm
        let room = healthy - minimumHealthy(refresh)
        if room > 0 { return room }
        let isWhole = healthy >= state.desiredCapacity && healthy > 0
        if isWhole, refresh.preferences.maxHealthyPercentage == 100 { return 1 }
        // A group none of whose instances is healthy is not made worse.
        return healthy == 0 && FleetCount(state.fleet).pending == 0 ? max(waiting, 0) : 0
    }

    /// 90 % of 10 is 9; 90 % of 5 is 4.5, so 5 have to stay.
    private func minimumHealthy(_ refresh: InstanceRefresh) -> Int {
        (state.desiredCapacity * refresh.preferences.minHealthyPercentage + 99) / 100
    }

    private var healthyAndWarm: Int {
        let warmup = policy.refreshWarmup(state.refresh?.preferences.instanceWarmup)
        return state.fleet.count { instance in
            guard instance.lifecycleState == .inService, instance.unhealthy == nil, let since = instance.inServiceAt
            else { return false }
            return now - since >= warmup
        }
    }
}

extension GroupPolicy {
    /// How long an instance that a refresh launched has to be in service until it counts. Source: "Understand the default
    /// values for an instance refresh".
    public func refreshWarmup(_ own: Duration?) -> Duration { own ?? instanceWarmup ?? healthCheckGracePeriod }
}
