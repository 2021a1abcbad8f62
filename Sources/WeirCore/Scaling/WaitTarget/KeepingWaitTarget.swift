// What policies with a wait target make of the group.

extension Proposal {
    /// What a policy with a wait target expects; nil for the others.
    public struct Waiting: Sendable, Equatable, Codable {
        /// Messages that wait, and for how long the oldest. Unit: seconds.
        public var visible: Double
        public var oldestAge: Double
        /// Of these, so many have to be received before a launch that begins now would be there, or soon after.
        public var due: Int
        /// Messages in hand, idle instances' room for messages, and instances on their way.
        public var inHand: Int
        public var idle: Int
        public var starting: Int
        /// What a launch takes. Unit: seconds.
        public var startup: Double
        /// How many of those that are due are expected to be received in time, give or take.
        public var expected: Double
        public var deviation: Double
        /// The probability that all of them are. Range: 0…1.
        public var sureness: Double
        /// How many messages are expected to be late, and how many may be.
        public var late: Double
        public var tolerance: Double
        /// With what is launched now.
        public var lateThen: Double?
        /// How many will be late of those that wait when a launch that begins now is there, where one begins that those that are due
        /// now do not call for; else nil.
        public var lateSoon: Double?
        /// The service times seen that this rests on, at most those that are remembered.
        public var servicesSeen: Double
    }
}

extension Tick {
    /// Launches what will be needed by the time that it can be ready and no more; lets idle instances go that nothing is
    /// expected for.
    mutating func ask(_ target: WaitTarget, _ scaling: ScalingPolicy) -> Proposal? {
        guard measurement.failure == nil, let visible = measurement.visible.number else {
            give(.unknownBacklog(policy: scaling.name, lastMeasured: state.lastMeasured))
            return nil
        }
        var memory = takeMemory(of: scaling, target)
        let traffic = measurement.traffic
        let planned = memory.planned(target, blindFor: traffic == nil ? policy.pollInterval.inSeconds : 0)
        memory.learn(traffic ?? estimated(measurement, since: memory.at), target, planned: planned, at: now)
        let fleet = FleetCount(state.fleet)
        // Of what was in hand when the queue was opened nobody knows for how long it had been.
        let known = traffic?.inHand.count ?? 0
        let inFlight = measurement.inFlight.number
        let held = Double(state.fleet.reduce(0) { $0 + $1.heldMessages })
        let inHand = max(Int(min(inFlight ?? held, 1e9)), known)
        if inFlight != nil { memory.inFlightTold = now }
        let idle = max(0, fleet.inService * policy.concurrency - inHand)
        let isAhead = planned > target.target.inSeconds
        memory.refresh(
            traffic?.inHand ?? Tally(), planned: planned, target, matters: visible > 0 || isAhead, at: now)
        memory.due = nil
        let desired = state.desiredCapacity
        let matters = visible > 0 || idle > 0 || isAhead
        if matters { memory.prepareTables(for: traffic?.inHand ?? Tally(), all: inHand > known) }
        guard matters, let tables = memory.tables else {
            memory.surplus = []
            putBack(memory)
            var proposal = Proposal(
                policy: scaling.name, adjustmentType: .exactCapacity, adjustment: desired, base: desired,
                desired: desired, capacity: desired)
            proposal.waiting = Proposal.Waiting(
                nothingWaits: inHand, memory, tolerance: memory.tolerance(target, isAhead: isAhead, due: 0))
            return proposal
        }
        var estimate = WaitEstimate(
            tables, planned: planned, target: target.target.inSeconds, slots: policy.concurrency)
        estimate.rate = memory.present
        estimate.filled = memory.filled ?? 1
        estimate.forecast = memory.forecast
        estimate.dispersion = memory.burstiness.dispersion
        if let traffic { estimate.works(traffic.inHand) }
        estimate.works(Double(inHand - known))
        var starting = max(0, desired - fleet.active)
        if starting > 0 { estimate.starts(Double(starting), since: 0) }
        for index in state.fleet.indices {
            switch state.fleet[index].lifecycleState {
            case .pending, .pendingWait:
                starting += 1
                estimate.starts(1, since: (now - state.fleet[index].launchedAt).inSeconds)
            case .inService, .enteringStandby, .standby, .draining, .terminatingWait, .terminating, .warmedPending,
                .warmedStopped, .warmedHibernated:
                break
            }
        }
        let waiting = Int(min(visible, 1e9))
        let due = isAhead ? waiting : memory.dueCount(of: waiting, target, planned: planned, at: now)
        estimate.waiting = visible
        estimate.due = Double(due)
        estimate.age = measurement.oldestAge.number ?? 0
        let tolerance = memory.tolerance(target, isAhead: isAhead, due: due)
        // Of how long messages take nothing is known: one is tried.
        let isFirst = memory.service.seen < 1 && visible > 0 && idle == 0 && inHand == 0 && starting == 0
        let change =
            isFirst
            ? 1
            : memory.choose(
                estimate, waiting: waiting, idle: idle, tolerance: tolerance, planned: planned, at: now)
        let present = max(fleet.active, desired)
        let capacity =
            change == 0 ? desired : change > 0 ? present + change : min(desired, present - released(-change))
        if holdsScaleIn(to: capacity, scaling.name, inFlightTold: memory.inFlightTold) {
            putBack(memory)
            return nil
        }
        var proposal = Proposal(
            policy: scaling.name, adjustmentType: .exactCapacity, adjustment: capacity, base: desired,
            desired: desired, capacity: capacity)
        let late = estimate.late(idle: Double(idle), more: 0)
        let lateSoon = estimate.lateSoon(idle: Double(idle))
        proposal.waiting = Proposal.Waiting(
            visible: visible, oldestAge: estimate.age, due: due, inHand: inHand, idle: idle, starting: starting,
            startup: memory.startup, expected: estimate.received(idle: Double(idle)),
            deviation: estimate.spread(idle: Double(idle)).squareRoot(),
            sureness: estimate.sureness(idle: Double(idle)), late: late, tolerance: tolerance,
            lateThen: change > 0 ? estimate.late(idle: Double(idle), more: Double(change)) : nil,
            lateSoon: change > 0 && late < tolerance && lateSoon >= tolerance ? lateSoon : nil,
            servicesSeen: memory.service.seen)
        putBack(memory)
        return proposal
    }

    /// Only whole instances that hold nothing can go. Of those that work on several messages at a time hardly one holds nothing just
    /// when somebody looks: fewer are desired then, and each goes when it does.
    private func released(_ slots: Int) -> Int {
        let instances = slots / policy.concurrency
        guard policy.workIsSeen, policy.concurrency == 1 else { return instances }
        return min(instances, state.fleet.count { $0.lifecycleState == .inService && $0.heldMessages == 0 })
    }

    /// Of a source that only counts: what its rates say (Little's law). Where it has none, nothing is learned.
    private func estimated(_ measurement: Measurement, since last: Instant) -> Traffic {
        var traffic = Traffic()
        let seconds = max(0, (now - last).inSeconds)
        if let rate = measurement.arrivalRate.number, rate > 0 {
            traffic.arrivals = Int(min(rate * seconds, 1e9).rounded())
        }
        if let rate = measurement.completionRate.number, rate > 0, let inFlight = measurement.inFlight.number,
            inFlight > 0
        {
            let count = Int(min(rate * seconds, 1e6).rounded())
            traffic.services.add(count, of: ServiceTimes.bucket(inFlight / rate))
        }
        return traffic
    }

    // MARK: Memory

    /// It is taken out while it is worked with, so that nothing of it is copied.
    private mutating func takeMemory(of scaling: ScalingPolicy, _ target: WaitTarget) -> WaitMemory {
        var memories = state.waitMemories ?? []
        guard let index = memories.firstIndex(where: { $0.policy == scaling.name }) else {
            return WaitMemory(policy: scaling.name, target, startup: WaitMemory.startupUnseen, at: now)
        }
        let memory = memories.remove(at: index)
        state.waitMemories = memories.isEmpty ? nil : memories
        return memory
    }

    private mutating func putBack(_ memory: WaitMemory) {
        state.waitMemories = (state.waitMemories ?? []) + [memory]
    }

    /// On each tick: how long launches take is seen when an instance comes into service. A policy that is not there any more is
    /// forgotten.
    mutating func learnStartups() {
        guard state.$waitMemories.isThere, var memories = state.waitMemories else { return }
        var startups: [Double] = []
        for event in events {
            if case .cameIntoService(let span) = event.kind { startups.append(span.inSeconds) }
        }
        memories.removeAll { memory in
            !policy.scalingPolicies.contains { scaling in
                guard scaling.name == memory.policy, scaling.enabled, case .waitTarget = scaling.kind else {
                    return false
                }
                return true
            }
        }
        for index in memories.indices where !startups.isEmpty {
            for scaling in policy.scalingPolicies where scaling.name == memories[index].policy {
                guard case .waitTarget(let target) = scaling.kind else { continue }
                for seconds in startups { memories[index].started(after: seconds, target) }
            }
        }
        state.waitMemories = memories.isEmpty ? nil : memories
    }
}
