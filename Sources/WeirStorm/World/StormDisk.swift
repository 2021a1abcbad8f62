import WeirCore
import WeirRuntime

/// The state folder of a storm. A storm runs on one thread, and nobody else has its disk.
final class StormDisk: StateStore, @unchecked Sendable {
    struct Kept {
        var written: StoredGroup
        /// What a loss of power leaves.
        var durable: StoredGroup?
    }

    private(set) var kept: [String: Kept] = [:]
    /// Saving fails while this is true.
    var fails = false
    /// The process is killed at the next durable save: before it writes, or just after.
    var killer: Killer?
    /// It was.
    var hasKilled = false
    /// The last attempt for this group went well.
    private(set) var isStored: [String: Bool] = [:]
    var saves = 0
    var failures = 0

    enum Killer {
        case beforeSaving
        case afterSaving
    }

    func save(_ group: StoredGroup, durably: Bool) throws(StateFailure) {
        if hasKilled { throw StateFailure("the process is dead") }
        if durably, killer == .beforeSaving {
            hasKilled = true
            killer = nil
            isStored[group.name] = false
            throw StateFailure("the process is dead")
        }
        if fails {
            failures += 1
            isStored[group.name] = false
            throw StateFailure("no space left on device")
        }
        saves += 1
        isStored[group.name] = true
        let durable = durably ? group : kept[group.name]?.durable
        kept[group.name] = Kept(written: group, durable: durable)
        if durably, killer == .afterSaving {
            hasKilled = true
            killer = nil
        }
    }

    func remove(_ name: String) {
        kept[name] = nil
    }

    /// What was not written durably is as it was before.
    func losePower() {
        for name in kept.keys.sorted() {
            guard let durable = kept[name]?.durable else {
                kept[name] = nil
                continue
            }
            kept[name]?.written = durable
        }
    }
}

/// Collects the records of a tick. A storm runs on one thread, and nobody else has its recorder.
final class StormRecorder: Recorder, @unchecked Sendable {
    private var records: [Record] = []

    func record(_ record: Record) {
        records.append(record)
    }

    func take() -> [Record] {
        defer { records.removeAll(keepingCapacity: true) }
        return records
    }
}
