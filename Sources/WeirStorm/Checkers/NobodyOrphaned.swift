import WeirCore
import WeirRuntime

/// In the end everything that runs is in the fleet of its group, as the disk has it, or has ended and is removed.
enum NobodyOrphaned {
    static func check(_ group: StormGroup, in storm: Storm) {
        guard !group.plan.dryRun else { return }
        let fleet = storm.disk.kept[group.name]?.written.state.fleet ?? []
        for worker in group.present where !storm.workers[worker].isForeign {
            let id = storm.workers[worker].id
            if storm.workers[worker].isAlive, !fleet.contains(where: { $0.id == id }) {
                storm.violate(.nobodyOrphaned, "\(id) lives, and \(group.name) does not know it")
            }
            if storm.workers[worker].phase == .exited {
                storm.violate(.nobodyOrphaned, "\(id) of \(group.name) has ended, and what is left of it lies about")
            }
        }
    }

    static func checkLeft(_ group: StormGroup, in storm: Storm) {
        for worker in group.present where storm.workers[worker].isAlive && !storm.workers[worker].isForeign {
            // What came after the last look, unasked, nobody can know.
            guard storm.workers[worker].hasRun, !storm.isStormy else { continue }
            storm.violate(.nobodyOrphaned, "\(group.name) has left, and \(storm.workers[worker].id) lives")
        }
    }
}
