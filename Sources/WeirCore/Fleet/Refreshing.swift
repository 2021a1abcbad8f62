// Rolls a group to what its policy file says now, a few instances at a time.

extension Tick {
    // MARK: Beginning and ending

    /// Source: StartInstanceRefresh.
    mutating func startRefresh(_ preferences: RefreshPreferences) throws(Refusal) -> String {
        if policy.leaving { throw .groupIsLeaving }
        if let refresh = state.refresh, refresh.isUnderWay { throw .refreshUnderWay(refresh.id) }
        if state.templateVersion != state.latestTemplateVersion {
            // After a rollback: what the policy file says is tried again.
            state.formerTemplateVersion = state.templateVersion
            state.templateVersion = state.latestTemplateVersion
        }
        beginRefresh(preferences)
        guard let refresh = state.refresh else { return "" }
        return "refresh \(refresh.id): \(counted(refresh.total, "instance")) to replace by version "
            + "\(refresh.template.version) of what is launched"
    }

    /// What is launched has changed, and the policy says that running instances are to follow.
    mutating func startRefreshOnChange() {
        if let refresh = state.refresh, refresh.isUnderWay {
            // What was being rolled out has proved nothing: the way back leads to what was there before.
            if refresh.status == .inProgress, let former = refresh.former {
                state.formerTemplateVersion = former.version
            }
            endRefresh(.cancelled, "there is a newer template")
        }
        var preferences = policy.instanceRefresh
        preferences.skipMatching = true
        beginRefresh(preferences)
    }

    private mutating func beginRefresh(_ preferences: RefreshPreferences) {
        let target = currentTemplate
        let remaining = state.fleet.filter {
            isReplaced($0, by: target, skipMatching: preferences.skipMatching)
        }
        // Where all are of the present template already there is nothing to go back to.
        let former = remaining.contains { $0.template != target } ? state.formerTemplateVersion : nil
        state.refresh = InstanceRefresh(
            id: state.drawToken(), status: .inProgress, preferences: preferences, template: target,
            former: former.map { LaunchTemplate(name: policy.name, version: $0) },
            startedAt: now, lastProgress: now, total: remaining.count, remaining: remaining.map(\.id))
        give(.refreshBegan(version: target.version, count: remaining.count))
    }

    private func isReplaced(_ instance: Instance, by target: LaunchTemplate, skipMatching: Bool) -> Bool {
        let differs = instance.template != target
        return switch instance.lifecycleState {
        case .terminatingWait, .terminating: false
        // Launched a moment ago; another one would be the same.
        case .pending, .pendingWait: differs
        // One that was chosen because fewer are desired may come back.
        case .draining: !instance.finishesItsWork && (differs || !skipMatching)
        case .inService, .enteringStandby, .standby: differs || !skipMatching
        case .warmedPending, .warmedStopped, .warmedHibernated: false  // the pool follows by itself
        }
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

    mutating func endRefresh(_ status: InstanceRefresh.Status, _ why: String?) {
        state.refresh?.status = status
        if let why { state.refresh?.why = why }
        state.refresh?.endedAt = now
        state.refresh?.checkpointUntil = nil
        give(.refreshEnded(status, why: why))
    }

    /// Whatever is not of the former template is replaced by it, and that is launched from now on.
    private mutating func rollBack(_ why: String) {
        guard var refresh = state.refresh, let former = refresh.former else { return }
        state.templateVersion = former.version
        state.launchBackoff = nil
        refresh.remaining = state.fleet.filter { isReplaced($0, by: former, skipMatching: true) }.map(\.id)
        refresh.total = refresh.remaining.count
        refresh.replaced = 0
        refresh.status = .rollingBack
        refresh.why = why
        refresh.lastProgress = now
        refresh.failed = []
        refresh.checkpointUntil = nil
        state.refresh = refresh
        give(.refreshRollsBack(version: former.version, why: why))
    }

    mutating func failRefresh(_ why: String) {
        guard let refresh = state.refresh else { return }
        if refresh.status == .rollingBack { return endRefresh(.rollbackFailed, why) }
        if refresh.preferences.autoRollback, refresh.former != nil { return rollBack(why) }
        endRefresh(.failed, why)
    }

    /// An instance of the new template could not be launched, died young or is unhealthy.
    mutating func countRefreshFailure(of instance: Instance, _ failure: String) {
        guard let refresh = state.refresh, refresh.isUnderWay, instance.template == currentTemplate,
            instance.launchedAt >= refresh.startedAt, !refresh.failed.contains(instance.id)
        else { return }
        state.refresh?.failed.append(instance.id)
        guard refresh.failures + 1 >= Limits.refreshFailures else { return }
        failRefresh("\(counted(Limits.refreshFailures, "new instance")) failed; the last: \(failure)")
    }
}
