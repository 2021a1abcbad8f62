import Synchronization

/// Many seeds, on as many threads as one likes; what comes of it does not depend on the threads.
package struct StormTotals: Sendable {
    package var seeds = 0
    package var hours = 0.0
    package var ticks = 0
    package var launches = 0
    package var restarts = 0
    package var faults = FaultCounts()
    /// Of each seed that broke a rule, in the order of the seeds.
    package var failures: [StormReport] = []
    package var digest: UInt64 = 0

    package init() {}

    package mutating func add(_ report: StormReport) {
        seeds += 1
        hours += report.hours
        ticks += report.ticks
        launches += report.launches
        restarts += report.restarts
        faults.add(report.faults)
        // Order does not show in a sum.
        digest &+= report.digest &* (report.seed | 1)
        guard !report.violations.isEmpty else { return }
        let place = failures.firstIndex { $0.seed > report.seed } ?? failures.count
        failures.insert(report, at: place)
    }

    package mutating func add(_ other: StormTotals) {
        seeds += other.seeds
        hours += other.hours
        ticks += other.ticks
        launches += other.launches
        restarts += other.restarts
        faults.add(other.faults)
        digest &+= other.digest
        failures = (failures + other.failures).sorted { $0.seed < $1.seed }
    }
}

/// Hands out seeds one by one to whoever asks, until they are used up or one has failed.
package final class SeedDispenser: Sendable {
    private struct State {
        var next: UInt64
        var isStopped = false
    }

    private let state: Mutex<State>
    private let last: UInt64

    package init(_ seeds: ClosedRange<UInt64>) {
        state = Mutex(State(next: seeds.lowerBound))
        last = seeds.upperBound
    }

    package func take() -> UInt64? {
        state.withLock { state in
            guard !state.isStopped, state.next <= last else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    /// No further seeds: what was asked is answered.
    package func stop() {
        state.withLock { $0.isStopped = true }
    }
}
