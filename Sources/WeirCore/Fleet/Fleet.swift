/// The instances of a group by lifecycle state.
struct FleetCount: Equatable {
    /// Under way into service; also those that wait for a launch hook.
    var pending = 0
    var inService = 0
    /// Chosen because fewer are desired; they can still come back.
    var draining = 0
    /// Out of service for good, and finishing what they hold.
    var finishing = 0
    var terminating = 0
    /// On the way out because fewer are desired.
    var scalingIn = 0
    var standby = 0
    var warmed = 0

    @inline(__always)
    init(_ fleet: [Instance]) {
        // By index: looking at one field copies nothing else.
        for index in fleet.indices {
            switch fleet[index].lifecycleState {
            case .pending, .pendingWait: pending += 1
            case .inService: inService += 1
            case .draining:
                if fleet[index].departure?.finishesItsWork ?? false { finishing += 1 } else { draining += 1 }
            // What leaves the warm pool was never part of the capacity.
            case .terminatingWait, .terminating: if fleet[index].departure != .pool { terminating += 1 }
            case .enteringStandby, .standby: standby += 1
            case .warmedPending, .warmedStopped, .warmedHibernated: warmed += 1
            }
            if fleet[index].isLeaving, fleet[index].departure == .scaleIn || fleet[index].departure == nil {
                scalingIn += 1
            }
        }
    }

    /// What counts as capacity.
    var active: Int { pending + inService }
    /// What is on its way out. One that finishes its work, however long that takes, does not count: another is launched in
    /// its place already.
    var leaving: Int { draining + terminating }
    /// A launch or a termination is under way.
    var isChanging: Bool { pending > 0 || leaving > 0 }
}

extension Tick {
    /// As they are now; it is counted each time.
    var fleetCount: FleetCount { state.fleet.counted() }
}

extension [Instance] {
    /// It changes nothing, and is called mutating all the same: for one that is not, the fleet is retained and released.
    @inline(__always)
    fileprivate mutating func counted() -> FleetCount { FleetCount(self) }
}

/// Finds instances by id. Launchers mostly list in the order of the launches, or in the opposite one; so the neighbours of
/// the one found last are tried first. A table is made only when that fails in a large fleet. (It is only asked, never
/// walked, as its order is random.)
struct FleetIndex {
    private var last = -1
    private var table: [InstanceID: Int]?

    /// The position of an instance, nil when it is not in the fleet. The fleet may grow at its end between two calls.
    mutating func find(_ id: InstanceID, in fleet: [Instance]) -> Int? {
        if last + 1 < fleet.count, fleet[last + 1].id == id {
            last += 1
        } else if last > 0, fleet[last - 1].id == id {
            last -= 1
        } else if let position = look(for: id, in: fleet) {
            last = position
        } else {
            return nil
        }
        return last
    }

    private mutating func look(for id: InstanceID, in fleet: [Instance]) -> Int? {
        if fleet.count <= 16 { return fleet.firstIndex { $0.id == id } }
        if table == nil {
            table = Dictionary(fleet.indices.map { (fleet[$0].id, $0) }) { first, _ in first }
        }
        return table?[id]
    }
}
