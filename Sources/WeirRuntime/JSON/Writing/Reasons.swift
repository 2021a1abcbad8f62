import WeirCore

extension Reason: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("capacity", capacity)
            json.member("fact", fact)
        }
    }
}

extension Reason.Fact: JSONWritable {
    /// Those that come tick after tick.
    func write(to json: inout JSONText) {
        switch self {
        case .noAlarm: json.bytes.append("{\"no_alarm\":{}}")
        case .notMeasured: json.bytes.append("{\"not_measured\":{}}")
        case .repeatsLater(let alarm, let at, let state):
            json.choice("repeats_later") { json in
                json.member("alarm", alarm)
                json.member("at", at)
                json.member("state", state.rawValue)
            }
        case .proposed(let proposal):
            json.choice("proposed") { $0.member("_0", proposal) }
        case .outranked(let proposal, let other):
            json.choice("outranked") { json in
                json.member("_0", proposal)
                json.member("by", other)
            }
        case .heldByWarmup(let policy, let instance, let until):
            json.choice("held_by_warmup") { json in
                json.member("policy", policy)
                json.member("instance", instance)
                json.member("until", until)
            }
        case .heldByTarget(let policy, let tracked, let capacity):
            json.choice("held_by_target") { json in
                json.member("policy", policy)
                json.member("_1", tracked)
                json.member("capacity", capacity)
            }
        case .heldByStabilization(let policy, let stabilized):
            json.choice("held_by_stabilization") { json in
                json.member("policy", policy)
                json.member("_1", stabilized)
            }
        case .heldByWork(let surplus, let instances, let count, let fleet):
            json.choice("held_by_work") { json in
                json.member("surplus", surplus)
                json.member("_1", instances)
                json.member("count", count)
                json.member("fleet", fleet)
            }
        case .limitedToMaximum(let wanted):
            json.choice("limited_to_maximum") { $0.member("wanted", wanted) }
        case .limitedByFleet(let ceiling, let capacity):
            json.choice("limited_by_fleet") { json in
                json.member("_0", ceiling)
                json.member("capacity", capacity)
            }
        case .noStep, .noDatapoint, .heldByCooldown, .heldByActivity, .heldByMissingData, .raisedToMinimum,
            .setByOperator, .endedByOperator, .leaving, .heldByProtection, .heldByLaunchBackoff, .suspended,
            .heldByFailedListing, .heldByUnknownFleet, .newTemplate, .refreshBegan, .refreshHeld, .refreshRollsBack,
            .refreshEnded, .unhealthyWait, .lifetimeHeldByProtection, .standbyBegan, .standbyEnded, .noCapacity,
            .heldByTracker, .scheduled, .scheduleLost, .sizesOfFile, .notBelieved, .fallback, .fallbackEnded,
            .heldByFallback, .heldAfterFallback, .heldByNoProgress, .poolHeldByLaunchBackoff, .heldByArrival,
            .unknownBacklog, .limitedByRate, .heldByFleet:
            json.write(coded: self)
        }
    }
}

extension Proposal: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("policy", policy)
            json.member("alarm", alarm)
            json.member("excess", excess)
            json.member("step", step)
            json.member("adjustmentType", adjustmentType.rawValue)
            json.member("adjustment", adjustment)
            json.member("minAdjustmentMagnitude", minAdjustmentMagnitude)
            json.member("base", base)
            json.member("desired", desired)
            json.member("capacity", capacity)
            json.member("tracked", tracked)
            if $backlog.isThere { json.member("backlog", backlog) }
            if $waiting.isThere { json.member("waiting", waiting) }
        }
    }
}

extension StepAdjustment: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("lower", lower)
            json.member("upper", upper)
            json.member("adjustment", adjustment)
        }
    }
}

extension Proposal.Tracked: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("metric", metric)
            json.member("target", target)
        }
    }
}

extension Proposal.Backlog: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("visible", visible)
            json.member("inFlight", inFlight)
            json.member("held", held)
            json.member("perInstance", perInstance)
            json.member("needed", needed)
            json.member("spare", spare)
            json.member("recommended", recommended)
            json.member("stabilized", stabilized)
            json.member("limited", coded: limited)
        }
    }
}

extension Proposal.Stabilized: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("rule", coded: rule)
            json.member("recommended", recommended)
            json.member("capacity", capacity)
            json.member("until", until)
        }
    }
}

extension Proposal.Waiting: JSONWritable {
    func write(to json: inout JSONText) {
        json.object { json in
            json.member("visible", visible)
            json.member("oldestAge", oldestAge)
            json.member("due", due)
            json.member("inHand", inHand)
            json.member("idle", idle)
            json.member("starting", starting)
            json.member("startup", startup)
            json.member("expected", expected)
            json.member("deviation", deviation)
            json.member("sureness", sureness)
            json.member("late", late)
            json.member("tolerance", tolerance)
            json.member("lateThen", lateThen)
            json.member("lateSoon", lateSoon)
            json.member("servicesSeen", servicesSeen)
        }
    }
}
