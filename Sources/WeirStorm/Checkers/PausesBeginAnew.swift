import WeirCore

/// Once a launch has come to something, the pauses after failures begin with the shortest again.
struct PausesBeginAnew {
    private struct Sight {
        /// Launches that came to nothing since the last one that came to something; nil: not known.
        var failures: Int?
        var lastFailure: Int64 = -1
        /// Who came into service, and when.
        var arrivals: [(worker: Int, at: Int64)] = []
    }

    private var sights: [Sight]
    /// In service for so long, and seen to be, nobody has died young.
    private static let survivalMs: Int64 = 40_000
    private static let shortestMs: Int64 = 1200

    init(_ groups: Int) {
        sights = Array(repeating: Sight(), count: groups)
    }

    mutating func begins(_ group: StormGroup) { sights[group.number] = Sight() }

    mutating func check(_ record: Record, of group: StormGroup, in storm: Storm) {
        guard !group.plan.dryRun else { return }
        var sight = sights[group.number]
        sight.arrivals.removeAll { !storm.workers[$0.worker].isReady }
        if record.events.contains(where: { isFailure($0.kind) }) {
            sight.failures = sight.failures.map { $0 + 1 }
            sight.lastFailure = storm.now
            sight.arrivals = []
        } else if case .instances? = record.observation.listing,
            sight.arrivals.contains(where: { storm.now - $0.at > Self.survivalMs })
        {
            sight.failures = 0
        }
        for event in record.events where storm.now > sight.lastFailure {
            guard case .cameIntoService = event.kind else { continue }
            sight.arrivals.append((storm.position(of: event.instance, in: group), storm.now))
        }
        for planned in record.plan.actions {
            let worker = storm.position(of: planned.action.instance, in: group)
            switch planned.action {
            case .drain, .terminate, .pause: sight.arrivals.removeAll { $0.worker == worker }
            case .launch, .prepare, .resume, .runHook, .restore, .remove: break
            }
        }
        sights[group.number] = sight
        guard let failures = sight.failures else { return }
        let most = Self.shortestMs << Int64(min(max(failures - 1, 0), 20))
        for reason in record.decision.reasons {
            guard case .heldByLaunchBackoff(let backoff, _) = reason.fact else { continue }
            let pause = (backoff.until - backoff.since).wholeMilliseconds
            guard pause > most else { continue }
            storm.violate(
                .pausesBeginAnew,
                "\(group.name) waits \(pause / 1000) s after \(failures) failures since a launch came to something")
        }
    }

    private func isFailure(_ kind: FleetEvent.Kind) -> Bool {
        switch kind {
        case .launchFailed, .launchGivenUp, .ended(_, asked: false, _, _), .departs(.abandoned): true
        default: false
        }
    }
}
