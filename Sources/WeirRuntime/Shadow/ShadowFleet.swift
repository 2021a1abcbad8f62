import WeirCore

/// The instances of a shadow: made up, and never busy. They start after a time that was measured, and end at once.
struct ShadowFleet: Sendable, Equatable, Codable {
    private struct One: Sendable, Equatable, Codable {
        var id: InstanceID
        /// When it runs; nil: it was made, and not started.
        var readyAt: Instant?
        var isPaused = false
        var hasEnded = false
    }

    private var all: [One] = []

    /// So many that run already.
    init(running count: Int, at now: Instant) {
        all = (0..<count).map { number in
            let digits = String(number, radix: 16)
            return One(
                id: InstanceID("i-" + String(repeating: "0", count: max(17 - digits.count, 0)) + digits), readyAt: now)
        }
    }

    func listing(at now: Instant) -> Listing {
        .instances(
            all.map { one in
                let runs = one.readyAt.map { $0 <= now } ?? false
                let phase: ListedInstance.Phase =
                    one.hasEnded ? .exited(Exit(code: 0)) : one.isPaused ? .paused : runs ? .running : .starting
                return ListedInstance(id: one.id, phase: phase)
            })
    }

    /// When the next one runs.
    func nextReady(after now: Instant) -> Instant? {
        all.compactMap { one in one.readyAt.flatMap { $0 > now && !one.hasEnded ? $0 : nil } }.min()
    }

    /// Those that are on their way start after another time than was assumed when they were launched; none does in the past.
    mutating func correct(_ assumed: Duration, to startup: Duration, after now: Instant) {
        for index in all.indices where !all[index].hasEnded {
            guard let ready = all[index].readyAt, ready > now else { continue }
            all[index].readyAt = max(ready - assumed + startup, now + .milliseconds(1))
        }
    }

    mutating func perform(_ action: Action, at now: Instant, startup: Duration) -> ActionOutcome.Result {
        switch action {
        case .launch(let id): start(id, at: now + startup)
        case .prepare(let id, let started): start(id, at: started ? now + startup : nil)
        case .pause(let id): change(id) { $0.isPaused = true }
        case .resume(let id): change(id) { $0.isPaused = false }
        case .drain: return .drained(held: 0)
        case .terminate(let id, _): change(id) { $0.hasEnded = true }
        case .remove(let id): all.removeAll { $0.id == id }
        case .restore, .runHook: break
        }
        return .done
    }

    private mutating func start(_ id: InstanceID, at ready: Instant?) {
        if let index = all.firstIndex(where: { $0.id == id }) {
            if all[index].readyAt == nil { all[index].readyAt = ready }
        } else {
            all.append(One(id: id, readyAt: ready))
        }
    }

    private mutating func change(_ id: InstanceID, _ change: (inout One) -> Void) {
        if let index = all.firstIndex(where: { $0.id == id }) { change(&all[index]) }
    }
}
