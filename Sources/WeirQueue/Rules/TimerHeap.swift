import WeirCore

/// What is due when, earliest first. Entries are not removed when they lose their meaning: whoever takes one asks whether it
/// is still true, and `keepOnly` sweeps the stale ones out once they are the majority.
struct TimerHeap<Payload> {
    struct Entry {
        var at: Instant
        var payload: Payload
    }

    private var entries: [Entry] = []
    private var compactionThreshold = EngineLimits.timersBeforeCompaction

    var count: Int { entries.count }
    var top: Entry? { entries.first }
    /// Whether it has doubled since stale entries were last swept out.
    var needsCompaction: Bool { entries.count > compactionThreshold }

    mutating func push(_ payload: Payload, at instant: Instant) {
        entries.append(Entry(at: instant, payload: payload))
        siftUp(entries.count - 1)
    }

    @discardableResult
    mutating func pop() -> Entry? {
        guard let first = entries.first else { return nil }
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            siftDown(0)
        }
        return first
    }

    mutating func keepOnly(_ isLive: (Entry) -> Bool) {
        entries.removeAll { !isLive($0) }
        for index in stride(from: entries.count / 2 - 1, through: 0, by: -1) { siftDown(index) }
        compactionThreshold = max(EngineLimits.timersBeforeCompaction, 2 * entries.count)
    }

    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].at < entries[parent].at else { return }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var parent = start
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
                if entries[child].at < entries[least].at { least = child }
            }
            guard least != parent else { return }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
