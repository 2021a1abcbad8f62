import WeirCore
import WeirRuntime

/// In the calm as many work as are desired, the rest is at peace, and what was to be done is done.
enum DesiredReached {
    static func check(_ group: StormGroup, in storm: Storm) {
        guard !group.plan.dryRun, let state = group.loop?.value.stored.state else { return }
        let working = group.present.count {
            storm.workers[$0].phase == .running && storm.workers[$0].isReady && !storm.workers[$0].gateIsClosed
                && !storm.workers[$0].isForeign && !storm.workers[$0].isStopping
        }
        let share = SharedLimitKept.share(of: group, wanting: state.desiredCapacity, in: storm)
        if working != share {
            storm.violate(
                .desiredReached,
                "\(group.name) wants \(state.desiredCapacity), may have \(share), and \(working) work: \(text(group))")
        }
        let pool = group.policy.warmPool?.size(
            desired: state.desiredCapacity, maxSize: storm.checks.boundsInForce(group).maximum)
        let waiting = state.fleet.count { $0.isWarmed }
        // What is hibernated has only what nobody's work takes.
        let mayBeLess = group.policy.fleet != nil && group.policy.warmPool?.state == .hibernated
        if waiting > pool ?? 0 || waiting < pool ?? 0 && !mayBeLess {
            storm.violate(.desiredReached, "\(group.name) has \(waiting) in its pool, not \(pool ?? 0): \(text(group))")
        }
        checkNobodyLingers(group, atMost: state.desiredCapacity + (pool ?? 0), in: storm)
        if state.refresh?.isUnderWay == true { storm.violate(.desiredReached, "\(group.name) refreshes without end") }
        // What is tried at the end may bring more work than there is time for.
        if !storm.exam.isOn { checkWork(group, desired: state.desiredCapacity, in: storm) }
    }

    /// Whoever lives works, or waits in the pool: nobody is on its way out for ever, with its gate closed.
    private static func checkNobodyLingers(_ group: StormGroup, atMost most: Int, in storm: Storm) {
        let alive = group.present.count { storm.workers[$0].isAlive && !storm.workers[$0].isForeign }
        guard alive > most else { return }
        storm.violate(.desiredReached, "\(group.name) needs \(most), and \(alive) live: \(text(group))")
    }

    private static func checkWork(_ group: StormGroup, desired: Int, in storm: Storm) {
        if let calls = group.plan.backlogThatCalls, group.letters.visible >= calls {
            storm.violate(
                .desiredReached, "\(group.name) leaves \(group.letters.visible) messages waiting: \(text(group))")
        }
        let minimum = storm.checks.boundsInForce(group).minimum
        if group.plan.shrinksWhenEmpty, group.letters.outstanding == 0, desired > max(minimum, 1) {
            storm.violate(.desiredReached, "\(group.name) has nothing to do, and keeps \(desired): \(text(group))")
        }
    }

    private static func text(_ group: StormGroup) -> String {
        guard let state = group.loop?.value.stored.state else { return "it is not there" }
        let fleet = state.fleet.map { "\($0.id) \($0.lifecycleState.rawValue)" }
        let alarms = state.alarms.map { "\($0.name) \($0.state.rawValue)" }
        let lastTick = state.lastTick.map { "last tick \($0.clock)" } ?? "no tick"
        return (fleet + alarms + [lastTick] + state.suspended.map(\.rawValue)).joined(separator: ", ")
    }
}
