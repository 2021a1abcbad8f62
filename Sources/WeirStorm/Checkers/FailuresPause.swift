import WeirCore
import WeirRuntime

/// Whatever fails is tried again after longer and longer pauses: while the launcher is away, no call is repeated hot, and launches are
/// few.
struct FailuresPause {
    private struct Tries {
        var since: Int64
        var count = 0
    }

    private struct Spell {
        /// When the launcher returns; by that one spell is told from another.
        var until: Int64 = -1
        var calls: [Int: Tries] = [:]
        var launches: Tries?
    }

    private var spells: [Spell]
    /// Pauses of 1, 2, 4, … s up to a minute, and of others for what was begun meanwhile.
    private static let mostAtFirst = 12
    private static let pause: Int64 = 30_000

    init(_ groups: Int) {
        spells = Array(repeating: Spell(), count: groups)
    }

    /// A new process asks for everything again, and people may end pauses.
    mutating func reset(_ group: StormGroup) { spells[group.number] = Spell() }

    mutating func check(_ call: LauncherCall, _ run: HandRun, in storm: Storm) {
        guard follow(run.group, storm) else { return }
        let key = run.worker * 8 + kind(of: call)
        var tries = spells[run.group].calls[key] ?? Tries(since: storm.now)
        tries.count += 1
        spells[run.group].calls[key] = tries
        guard isHot(tries, storm) else { return }
        storm.violate(
            .failuresPause, "\(run.action.word) of \(run.action.instance) was asked \(tries.count) times, and fails")
    }

    mutating func check(_ record: Record, of group: StormGroup, in storm: Storm) {
        guard !group.plan.dryRun, record.plan.actions.contains(where: { isLaunch($0) }), follow(group.number, storm)
        else { return }
        var tries = spells[group.number].launches ?? Tries(since: storm.now)
        tries.count += 1
        spells[group.number].launches = tries
        guard isHot(tries, storm) else { return }
        storm.violate(.failuresPause, "\(group.name) launched \(tries.count) times while every launch fails")
    }

    private mutating func follow(_ group: Int, _ storm: Storm) -> Bool {
        guard storm.now < storm.engineIsAwayUntil else { return false }
        if spells[group].until != storm.engineIsAwayUntil { spells[group] = Spell(until: storm.engineIsAwayUntil) }
        return true
    }

    private func isHot(_ tries: Tries, _ storm: Storm) -> Bool {
        Int64(tries.count) > Int64(Self.mostAtFirst) + (storm.now - tries.since) / Self.pause
    }

    private func isLaunch(_ planned: PlannedAction) -> Bool {
        if case .launch = planned.action { LaunchesJustified.isForCapacity(planned) } else { false }
    }

    private func kind(of call: LauncherCall) -> Int {
        switch call {
        case .launch: 0
        case .prepare: 1
        case .pause: 2
        case .resume: 3
        case .terminate: 4
        case .remove: 5
        }
    }
}
