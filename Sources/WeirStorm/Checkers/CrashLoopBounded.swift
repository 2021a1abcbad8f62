import WeirCore

/// While every instance dies young, an hour sees only so many attempts to launch: the pauses between them double.
struct CrashLoopBounded {
    /// 1 + 2 + 4 + … + 256 s, then every five minutes, all a fifth shorter, and as many again for needs that grow.
    private static let mostAnHour = 60
    private static let hour: Int64 = 3_600_000

    private var attempts: [[Int64]]

    init(_ groups: Int) {
        attempts = Array(repeating: [], count: groups)
    }

    mutating func reset(_ group: StormGroup) { attempts[group.number] = [] }

    mutating func check(_ record: Record, of group: StormGroup, in storm: Storm) {
        guard storm.now < group.crashLoopUntil else {
            if !attempts[group.number].isEmpty { attempts[group.number] = [] }
            return
        }
        // One that lives on shows that launching works.
        let last = attempts[group.number].last ?? -1
        let survives = group.present.contains {
            storm.workers[$0].isReady && storm.workers[$0].runs && storm.workers[$0].readyAt > last
        }
        // So does one that has outlived its youth, and has died since.
        if record.events.contains(where: { hadItsTime($0.kind) }) { attempts[group.number] = [] }
        guard record.plan.actions.contains(where: { LaunchesJustified.isForCapacity($0) }), !survives else { return }
        attempts[group.number].append(storm.now)
        attempts[group.number].removeAll { $0 < storm.now - Self.hour }
        // What waits in a warm pool is taken without a pause; filling the pool again has one.
        let pool = group.policy.warmPool?.size(desired: 0, maxSize: group.policy.maxSize) ?? 0
        if attempts[group.number].count > Self.mostAnHour * (pool + 1) {
            storm.violate(
                .crashLoopBounded, "\(group.name) launched \(attempts[group.number].count) times within an hour")
        }
    }

    private func hadItsTime(_ kind: FleetEvent.Kind) -> Bool {
        guard case .ended(_, _, let after?, _) = kind else { return false }
        return after >= WeirCore.Limits.youngDeath
    }
}
