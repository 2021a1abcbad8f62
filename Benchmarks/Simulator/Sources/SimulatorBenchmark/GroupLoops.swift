import FoundationEssentials
import Glibc
import Logging
import WeirCore
import WeirRuntime

/// The loops of many groups, as the daemon runs them, one after the other: the clock is looked at, an answer of the source
/// and a listing arrive, the tick decides, and its record and the state go to whoever keeps them. What sources, launchers
/// and the disk do is not part of it.
struct GroupLoops {
    /// Where records and states go.
    enum Keeping: String {
        /// Nowhere.
        case nothing
        /// Each record is written down, and the line is dropped.
        case records
        /// And each state.
        case states
    }

    private let count: Int
    private let keeping: Keeping
    private let start = Instant(milliseconds: 1_767_571_200_000)

    init(_ count: Int, _ keeping: Keeping) {
        self.count = count
        self.keeping = keeping
    }

    func run() throws {
        let kept = Kept()
        let books = GroupLoop.Books(
            store: keeping == .states ? kept : nil, recorder: keeping == .nothing ? Dropped() : kept,
            logger: Logger(label: "weir") { _ in SwiftLogNoOpLogHandler() }, index: InstanceIndex())
        var loops = (0..<count).map { loop(UInt64($0), books) }
        var now = start
        // The first ticks make what the others only change.
        for round in 0..<3 { tick(&loops, round, at: &now) }
        let (recordsBefore, recordBytesBefore) = (kept.records, kept.recordBytes)
        var longest = 0.0
        for round in 3..<8 {
            let before = Processor.seconds
            tick(&loops, round, at: &now)
            longest = max(longest, Processor.seconds - before)
        }
        let records = kept.records - recordsBefore
        print(
            """
            {"groups":\(count),"seconds":\(longest),\
            "record_bytes":\(records == 0 ? 0 : (kept.recordBytes - recordBytesBefore) / records),\
            "state_bytes":\(kept.states == 0 ? 0 : kept.stateBytes / kept.states)}
            """)
    }

    private func tick(_ loops: inout [GroupLoop], _ round: Int, at now: inout Instant) {
        now = now + .seconds(60)
        for index in loops.indices {
            _ = loops[index].look(at: now)
            loops[index].measured(measurement(busy: (index + round) % 5), by: 0, at: now)
            loops[index].listed(
                .instances(loops[index].stored.state.fleet.map { ListedInstance(id: $0.id, phase: .running) }))
            if loops[index].look(at: now) {
                let held = loops[index].stored.state.fleet.prefix((index + round) % 5)
                loops[index].tick(held: held.map { HeldMessages(instance: $0.id, messages: 1) }, at: now)
            }
            _ = loops[index].takeWishes()
        }
    }

    private func loop(_ seed: UInt64, _ books: GroupLoop.Books) -> GroupLoop {
        var policy = Policies.steps
        policy.name = "group-\(seed)"
        policy.minSize = 4
        policy.maxSize = 4
        var state = GroupState(startingWith: policy, seed: seed, at: start)
        state.desiredCapacity = 4
        for number in 0..<4 as Range<UInt64> {
            let digits = String(1 << 64 + UInt128(seed * 4 + number), radix: 16)
            state.fleet.append(
                Instance(
                    id: InstanceID("i-" + digits), lifecycleState: .inService, launchedAt: start, inServiceAt: start,
                    stateSince: start))
        }
        let stored = StoredGroup(
            name: policy.name, policyPath: "policies/\(policy.name).yaml", policyText: "", launcher: "process",
            measures: "embedded", state: state)
        var loop = GroupLoop(stored, policy: policy, dryRun: false, books: books, at: start)
        loop.begin(at: start)
        _ = loop.takeWishes()
        return loop
    }

    private func measurement(busy: Int) -> Measurement {
        Measurement(
            visible: .value(Double(busy)), inFlight: .value(Double(min(busy, 4))), delayed: .value(0),
            oldestAge: .value(Double(busy)), arrivalRate: .value(1), completionRate: .value(1))
    }
}

/// Keeps no record.
private struct Dropped: Recorder {
    func record(_ record: Record) {}
}

/// Writes down what it is given as `RecordFile` and `FileStateStore` do, and keeps only how much that was. One thread uses it.
private final class Kept: Recorder, StateStore, @unchecked Sendable {
    private(set) var records = 0
    private(set) var recordBytes = 0
    private(set) var states = 0
    private(set) var stateBytes = 0
    private var begun: Set<String> = []

    func record(_ record: Record) {
        records += 1
        recordBytes += (try? RecordLine.encode(record).count) ?? 0
        if record.checkpoint != nil { begun.insert(record.group) }
    }

    func needsCheckpoint(of group: String, at now: Instant) -> Bool { !begun.contains(group) }

    func save(_ group: StoredGroup, durably: Bool) throws(StateFailure) {
        states += 1
        stateBytes += (try? group.written.count) ?? 0
    }

    func remove(_ name: String) {}
    func loadAll() throws(StateFailure) -> [StoredGroup] { [] }
}

/// What this process has used of processors.
enum Processor {
    static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
