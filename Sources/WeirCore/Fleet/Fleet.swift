/// The instances of a group by lifecycle state.
struct FleetCount: Equatable {
    var pending = 0
    var inService = 0
    var draining = 0
    var terminating = 0

    init(_ fleet: [Instance]) {
        for instance in fleet {
            switch instance.lifecycleState {
            case .pending: pending += 1
            case .inService: inService += 1
            case .draining: draining += 1
            case .terminating: terminating += 1
            }
        }
    }

    /// What counts as capacity.
    var active: Int { pending + inService }
    /// What is on its way out.
    var leaving: Int { draining + terminating }
    /// A launch or a termination is under way.
    var isChanging: Bool { pending > 0 || leaving > 0 }
}

/// Finds instances by id. A small fleet is looked through from where the last one was found, as a launcher mostly lists in
/// the order of the launches; a large one has a table. (The table is only asked, never walked, as its order is random.)
struct FleetIndex {
    private var next = 0
    private let table: [InstanceID: Int]?

    init(_ fleet: [Instance]) {
        table = fleet.count <= 16 ? nil : Dictionary(fleet.indices.map { (fleet[$0].id, $0) }) { first, _ in first }
    }

    mutating func find(_ id: InstanceID, in fleet: [Instance]) -> Int? {
        if let table { return table[id] }
        for offset in 0..<fleet.count {
            let index = next + offset < fleet.count ? next + offset : next + offset - fleet.count
            if fleet[index].id == id {
                next = index + 1 == fleet.count ? 0 : index + 1
                return index
            }
        }
        return nil
    }
}
