// What policies that follow the backlog make of the group.

extension Proposal {
    /// What a policy that follows the backlog has counted, and what became of its recommendation; nil for the others.
    public struct Backlog: Sendable, Equatable, Codable {
        /// Unit: messages.
        public var visible: Double
        /// Unit: messages; nil when the source does not tell, and those that instances are known to hold stand for it.
        public var inFlight: Double?
        public var held: Double?
        /// Unit: messages.
        public var perInstance: Double
        /// Instances that the work needs, and those on top.
        public var needed: Int
        public var spare: Int
        /// What that leads to within the policy's own bounds.
        public var recommended: Int
        /// What stabilization makes of it, where that is something else.
        public var stabilized: Stabilized?
        /// What the rate makes of that, where it is something else.
        public var limited: RateLimited?
    }

    public struct Stabilized: Sendable, Equatable, Codable {
        public var rule: Stabilization
        public var recommended: Int
        public var capacity: Int
        /// When a window will have forgotten what speaks against it; nil for a vote, and for scale-out.
        public var until: Instant?

        public init(rule: Stabilization, recommended: Int, capacity: Int, until: Instant?) {
            self.rule = rule
            self.recommended = recommended
            self.capacity = capacity
            self.until = until
        }
    }

    public struct RateLimited: Sendable, Equatable, Codable {
        public var rate: ScalingRate
        public var wanted: Int
        public var capacity: Int
        /// The capacity at the beginning of the rate's period.
        public var from: Int

        public init(rate: ScalingRate, wanted: Int, capacity: Int, from: Int) {
            self.rate = rate
            self.wanted = wanted
            self.capacity = capacity
            self.from = from
        }
    }
}

extension Tick {
    /// Nothing is recommended while nothing is known. What is in flight, and not told, is what instances are known to hold; with that
    /// nothing is scaled in where the source tells it at other times.
    mutating func ask(_ tracking: BacklogTracking, _ scaling: ScalingPolicy) -> Proposal? {
        guard measurement.failure == nil, let visible = measurement.visible.number else {
            give(.unknownBacklog(policy: scaling.name, lastMeasured: state.lastMeasured))
            return nil
        }
        let inFlight = measurement.inFlight.number
        let held = inFlight == nil ? Double(state.fleet.reduce(0) { $0 + $1.heldMessages }) : nil
        let perInstance = tracking.messagesPerInstance ?? Double(policy.concurrency)
        let need = tracking.need(messages: visible + (inFlight ?? held ?? 0), perInstance: perInstance)
        let desired = state.desiredCapacity
        var backlog = Proposal.Backlog(
            visible: visible, inFlight: inFlight, held: held, perInstance: perInstance, needed: need.forWork,
            spare: need.spare, recommended: need.recommended)
        var memory = memory(of: scaling)
        memory.remember(need.recommended, at: now, for: tracking)
        if inFlight != nil { memory.inFlightTold = now }
        remember(memory)
        let stable = stabilized(&backlog, tracking, memory, desired)
        let capacity = limited(stable, &backlog, tracking, memory, desired)
        if holdsScaleIn(to: capacity, scaling.name, inFlightTold: memory.inFlightTold) { return nil }
        var proposal = Proposal(
            policy: scaling.name, adjustmentType: .exactCapacity, adjustment: capacity, base: desired,
            desired: desired, capacity: capacity)
        proposal.backlog = backlog
        return proposal
    }

    private func stabilized(
        _ backlog: inout Proposal.Backlog, _ tracking: BacklogTracking, _ memory: BacklogMemory, _ desired: Int
    ) -> Int {
        let recommended = backlog.recommended
        if recommended == desired || recommended < desired && tracking.disableScaleIn { return desired }
        let adds = recommended > desired
        let rule = (adds ? tracking.scaleOut : tracking.scaleIn).stabilization
        let stable =
            adds
            ? max(memory.highest(by: rule) ?? desired, desired) : min(memory.lowest(by: rule) ?? desired, desired)
        guard stable != recommended else { return stable }
        var until: Instant?
        if !adds, case .window(let window) = rule { until = memory.scaleInDue(below: stable, window: window) }
        backlog.stabilized = Proposal.Stabilized(rule: rule, recommended: recommended, capacity: stable, until: until)
        return stable
    }

    private func limited(
        _ wanted: Int, _ backlog: inout Proposal.Backlog, _ tracking: BacklogTracking, _ memory: BacklogMemory,
        _ desired: Int
    ) -> Int {
        let behavior = wanted > desired ? tracking.scaleOut : tracking.scaleIn
        guard wanted != desired, let rate = behavior.maxRate else { return wanted }
        let from = memory.level(before: rate.period, at: now) ?? desired
        let change = rate.change(from: from)
        let capacity =
            wanted > desired ? min(wanted, max(desired, from + change)) : max(wanted, min(desired, from - change))
        if capacity != wanted {
            backlog.limited = Proposal.RateLimited(rate: rate, wanted: wanted, capacity: capacity, from: from)
        }
        return capacity
    }

    // MARK: Memory

    /// Of a time in which nobody looked nothing is known, so it begins anew.
    private func memory(of scaling: ScalingPolicy) -> BacklogMemory {
        let known = state.backlogMemories?.first { $0.policy == scaling.name }
        guard let known, now - known.newest <= patience else {
            var memory = BacklogMemory(policy: scaling.name, desired: state.desiredCapacity, at: now)
            memory.inFlightTold = known?.inFlightTold
            return memory
        }
        return known
    }

    private mutating func remember(_ memory: BacklogMemory) {
        var memories = state.backlogMemories ?? []
        if let index = memories.firstIndex(where: { $0.policy == memory.policy }) {
            memories[index] = memory
        } else {
            memories.append(memory)
        }
        state.backlogMemories = memories
    }

    /// After the decision: what rates count from is the capacity of the group, whoever has set it. A policy that is not there
    /// any more is forgotten.
    @inline(__always)
    mutating func followCapacity() {
        guard state.$backlogMemories.isThere, let memories = state.backlogMemories else { return }
        let kept = memories.compactMap { memory -> BacklogMemory? in
            for scaling in policy.scalingPolicies where scaling.name == memory.policy {
                guard case .backlogTracking(let tracking) = scaling.kind, scaling.enabled else { return nil }
                var memory = memory
                memory.follow(state.desiredCapacity, at: now, for: tracking)
                return memory
            }
            return nil
        }
        state.backlogMemories = kept.isEmpty ? nil : kept
    }
}
