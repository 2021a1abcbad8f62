/// Jobs at work, by the moment at which each ends: a heap of four children, 16 bytes for each.
///
/// Its memory is not checked at each access. That is safe: `count` never exceeds `capacity`, both are changed here only, and every
/// index below is a root, a parent of an index below `count`, or a child that was compared with `count` before it was read.
struct DepartureHeap: ~Copyable {
    struct Entry {
        /// Unit: nanoseconds since the beginning.
        var atNs: Int64
        /// Which slot ends; of two that end at one moment, the one that began first is first.
        var number: UInt32
        var slot: UInt32

        @inline(__always)
        func comes(before other: Entry) -> Bool {
            atNs < other.atNs || (atNs == other.atNs && Int32(bitPattern: number &- other.number) < 0)
        }
    }

    private var entries: UnsafeMutablePointer<Entry>
    private var capacity: Int
    private(set) var count = 0
    private var number: UInt32 = 0

    init() {
        capacity = 64
        entries = .allocate(capacity: capacity)
    }

    deinit { entries.deallocate() }

    /// When the first of them ends; never, when there is none.
    @inline(__always)
    var firstNs: Int64 { count == 0 ? .max : entries[0].atNs }

    /// Which one ends first; there has to be one.
    @inline(__always)
    var firstSlot: Int {
        precondition(count > 0)
        return Int(entries[0].slot)
    }

    @inline(__always)
    mutating func add(slot: Int, atNs: Int64) {
        if count == capacity { grow() }
        number &+= 1
        let entry = Entry(atNs: atNs, number: number, slot: UInt32(truncatingIfNeeded: slot))
        var child = count
        count &+= 1
        while child > 0 {
            let parent = (child &- 1) >> 2
            guard entry.comes(before: entries[parent]) else { break }
            entries[child] = entries[parent]
            child = parent
        }
        entries[child] = entry
    }

    /// The first has ended, and its slot began with another job at once.
    @inline(__always)
    mutating func replaceFirst(atNs: Int64) {
        precondition(count > 0)
        number &+= 1
        sink(Entry(atNs: atNs, number: number, slot: entries[0].slot))
    }

    /// The first has ended.
    @inline(__always)
    mutating func removeFirst() {
        precondition(count > 0)
        count &-= 1
        if count > 0 { sink(entries[count]) }
    }

    /// Those of one slot are taken out, wherever they are: for an instance that ended in the midst of its work.
    mutating func removeAll(where isGone: (Int) -> Bool) {
        var kept = 0
        for index in 0..<count where !isGone(Int(entries[index].slot)) {
            entries[kept] = entries[index]
            kept += 1
        }
        count = kept
        guard count > 1 else { return }
        for parent in stride(from: (count - 2) >> 2, through: 0, by: -1) { sink(entries[parent], from: parent) }
    }

    @inline(__always)
    private mutating func sink(_ entry: Entry, from root: Int = 0) {
        var parent = root
        while true {
            let first = parent &* 4 &+ 1
            guard first < count else { break }
            var best = first
            let last = min(first &+ 3, count &- 1)
            var child = first &+ 1
            while child <= last {
                if entries[child].comes(before: entries[best]) { best = child }
                child &+= 1
            }
            guard entries[best].comes(before: entry) else { break }
            entries[parent] = entries[best]
            parent = best
        }
        entries[parent] = entry
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Entry>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: entries, count: count)
        entries.deallocate()
        entries = larger
        capacity *= 2
    }
}
