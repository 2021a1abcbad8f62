// What the limit of a fleet leaves of the plan. Desired capacity stays what the policies want: when there is room again the
// group grows without waiting for another alarm.

extension Tick {
    /// The most instances that may count as capacity.
    var mostInService: Int {
        guard observation.$ceiling.isThere, let ceiling = observation.ceiling else { return .max }
        return max(ceiling.instances - state.fleet.count(where: \.standsBy), 0)
    }

    /// Desired capacity as far as there is room for it: with so many the group is whole.
    var attainable: Int { min(state.desiredCapacity, mostInService) }

    /// The most instances that a warm pool may hold; a stopped one takes no room.
    var mostInPool: Int {
        guard let ceiling = observation.ceiling, policy.warmPool?.state == .hibernated else { return .max }
        return max(ceiling.withPool - state.fleet.count(where: \.standsBy) - wanted, 0)
    }

    /// Before the plan is made: how many instances may be begun on this tick. What was found to be there on this tick, and
    /// was not known before, has taken of it already; what has ended is shared out anew on the next one.
    @inline(__always)
    mutating func lookForRoom() {
        guard observation.$ceiling.isThere, let ceiling = observation.ceiling else { return }
        let found = max(instancesTakingRoom - instancesTakingRoomBefore, 0)
        room = max(ceiling.launches - found, 0)
        if isLimited { give(.limitedByFleet(ceiling, capacity: mostInService)) }
    }

    /// The fleet has not room for all that are wanted.
    private var isLimited: Bool { !policy.leaving && state.desiredCapacity + surge > mostInService }

    /// The fleet that has not room for all that are wanted; nil when there is room.
    var limitingFleet: String? { isLimited ? observation.ceiling?.fleet : nil }

    /// Why one that scale-in chose goes.
    var whySurplus: ActionReason {
        isLimited ? .beyondFleet(capacity: wanted) : .surplus(desired: wanted)
    }

    var instancesTakingRoom: Int {
        var count = 0
        for index in state.fleet.indices where state.fleet[index].takesRoom(under: policy) { count += 1 }
        return count
    }

    /// Room for up to so many more.
    /// - Returns: for how many there is room; it is taken now.
    mutating func takeRoom(for count: Int) -> Int {
        guard observation.$ceiling.isThere else { return count }
        let granted = min(count, room)
        room -= granted
        return granted
    }

    /// Says that launches wait until others have ended.
    mutating func tellOfMissingRoom(for count: Int) {
        guard count > 0, let ceiling = observation.ceiling else { return }
        give(.heldByFleet(ceiling, missing: count))
    }
}
