extension Reason {
    /// For people.
    public var sentence: String {
        switch fact {
        case .noAlarm: "no alarm with a scaling policy is in ALARM"
        case .notMeasured: "not measured on this tick"
        case .repeatsLater(let alarm, let at, let state):
            "\(alarm) is in \(state.rawValue); its policies are not invoked again before "
                + (at - Limits.invocationSlack).clock
        case .proposed(let proposal): proposal.sentence
        case .outranked(let proposal, let winner): "\(proposal.sentence); outranked by \(winner)"
        case .noStep(let policy, _, let excess):
            "\(policy): no step for \(numberText(abs(excess))) \(excess < 0 ? "under" : "over") the threshold"
        case .noDatapoint(let policy, let alarm): "\(policy): \(alarm) has no datapoint to choose a step by"
        case .heldByWarmup(let policy, let instance, let until): warmupSentence(policy, instance, until)
        case .heldByCooldown(let policy, let after, let until):
            "\(policy): held by the cooldown\(after == policy ? "" : " after \(after)") until \(until.clock)"
        case .heldByActivity(let policy, let pending, let leaving):
            "\(policy): waits for \(activity(pending, leaving)) to finish"
        case .heldByMissingData(let policy, let lastMeasured, let metric):
            missingDataSentence(policy, lastMeasured, metric)
        case .limitedToMaximum(let wanted): "limited to the maximum \(capacity), wanted \(wanted)"
        case .raisedToMinimum(let wanted): "raised to the minimum \(capacity), wanted \(wanted)"
        case .setByOperator(let asked): "set to \(asked) by an operator"
        case .endedByOperator(let instance): "\(instance) ended by an operator, not to be replaced"
        case .leaving: "the group leaves: its instances finish and end"
        case .heldByProtection(let surplus, let instances, let count, let fleet):
            "\(surplusText(surplus, fleet)); protected from scale-in: \(named(instances, of: count))"
        case .heldByWork(let surplus, let instances, let count, let fleet):
            "\(surplusText(surplus, fleet)); with a message in hand: \(named(instances, of: count))"
        case .heldByLaunchBackoff(let backoff, let missing): backoffSentence(backoff, missing)
        case .suspended(let process): "\(process.rawValue) is suspended"
        case .heldByFailedListing(let why): "nothing is ended while the launcher cannot be listed: \(why)"
        case .heldByUnknownFleet(let why, let missing):
            "\(missing) missing; nothing is launched before the launcher has said what runs: \(why)"
        case .newTemplate(let version): "what is launched has changed: version \(version) from now on"
        case .refreshBegan(let version, let count):
            "instance refresh: \(counted(count, "instance")) to replace by version \(version)"
        case .refreshHeld(let hold): "instance refresh waits: \(hold.sentence)"
        case .refreshRollsBack(let version, let why): "instance refresh rolls back to version \(version): \(why)"
        case .refreshEnded(let status, let why): "instance refresh \(status.rawValue)" + (why.map { ": \($0)" } ?? "")
        case .unhealthyWait(let count, let atATime):
            "\(counted(count, "unhealthy instance")) to be replaced, \(atATime) at a time"
        case .lifetimeHeldByProtection(let instances, let count):
            "older than the maximum lifetime, but protected: \(named(instances, of: count))"
        case .standbyBegan(let count): "\(counted(count, "instance")) to stand by"
        case .standbyEnded(let count): "\(counted(count, "instance")) back from standby"
        case .noCapacity(let policy): "\(policy): no instance is warm, so there is no capacity to count from"
        case .heldByTarget(let policy, let tracked, let capacity): targetSentence(policy, tracked, capacity)
        case .heldByTracker(let policy, let other): "\(policy): no scale-in, as \(other) does not want it"
        case .scheduled(let run): run.sentence
        case .scheduleLost(let action, let due):
            "\(action), due at \(due.clock), is lost: ScheduledActions is suspended"
        case .sizesOfFile(let minSize, let maxSize):
            "the policy file's sizes are others now and hold again: \(minSize) to \(maxSize)"
        case .notBelieved(let what): "not believed: \(what)"
        case .fallback(let silence): silence.sentence
        case .fallbackEnded(let since): "the source is believed again, for the first time since \(since.clock)"
        case .heldByFallback(let policy): "\(policy): held, as the fallback sets the capacity"
        case .heldAfterFallback(let policy): "\(policy): no scale-in on the first reading after a fallback"
        case .heldByNoProgress(let policy, let backoff): noProgressSentence(policy, backoff)
        case .poolHeldByLaunchBackoff(let backoff, let missing): "warm pool: \(backoffSentence(backoff, missing))"
        case .heldByArrival(let policy, let instance):
            "\(policy): waits for a reading that breaches since \(instance) is in service"
        case .unknownBacklog(let policy, let lastMeasured): unknownSentence(policy, lastMeasured)
        case .heldByStabilization(let policy, let stabilized): "\(policy): \(stabilized.sentence)"
        case .limitedByRate(let policy, let limited): "\(policy): \(limited.sentence)"
        case .limitedByFleet(let ceiling, let capacity): ceiling.limitSentence(capacity)
        case .heldByFleet(let ceiling, let missing): ceiling.waitSentence(missing)
        }
    }

    private func targetSentence(_ policy: String, _ tracked: Proposal.Tracked, _ capacity: Int) -> String {
        let metric = "\(numberText(tracked.metric)) on \(counted(capacity, "instance"))"
        return "\(policy): \(metric) would be above the target of \(numberText(tracked.target)) on one fewer"
    }

    private func warmupSentence(_ policy: String, _ instance: InstanceID, _ until: Instant?) -> String {
        guard let until else { return "\(policy): scale-in waits, as \(instance) is still being launched" }
        return "\(policy): scale-in held by the warmup of \(instance) until \(until.clock)"
    }

    private func surplusText(_ surplus: Int, _ fleet: String?) -> String {
        "\(surplus) more than \(fleet.map { "fleet \($0) has room for" } ?? "desired")"
    }

    private func activity(_ pending: Int, _ leaving: Int) -> String {
        var parts: [String] = []
        if pending > 0 { parts.append(counted(pending, "launch")) }
        if leaving > 0 { parts.append(counted(leaving, "termination")) }
        return parts.joined(separator: " and ")
    }

    private func missingDataSentence(
        _ policy: String, _ lastMeasured: Instant?, _ metric: BuiltInMetric?
    ) -> String {
        if let metric, let lastMeasured {
            return "\(policy): no scale-in, as the source leaves out '\(metric.rawValue)', "
                + "last told at \(lastMeasured.clock)"
        }
        let since = lastMeasured.map { "last measured at \($0.clock)" } ?? "never measured yet"
        return "\(policy): no scale-in on missing data, \(since)"
    }

    private func unknownSentence(_ policy: String, _ lastMeasured: Instant?) -> String {
        let since = lastMeasured.map { "last measured at \($0.clock)" } ?? "never measured yet"
        return "\(policy): no change, as what waits is not known, \(since)"
    }

    private func noProgressSentence(_ policy: String, _ backoff: Backoff) -> String {
        "\(policy): scale-out held until \(backoff.until.clock): \(backoff.lastFailure); look at the instances' logs, at "
            + "messages that always fail and at what the instances write to; where a job takes longer than that, raise "
            + "no_progress_after"
    }

    private func backoffSentence(_ backoff: Backoff, _ missing: Int) -> String {
        return "\(counted(missing, "launch")) held until \(backoff.until.clock) after "
            + "\(counted(backoff.failures, "failure")) in a row: \(backoff.lastFailure)\(quoted(backoff.logTail))"
    }
}
