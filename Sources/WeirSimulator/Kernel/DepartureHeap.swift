/// Jobs at work, by the moment at which each ends: a heap of four children, 16 bytes for each.
///
/// Its memory is not checked at each access. That is safe: `count` never exceeds `capacity`, both are changed here only, and every
/// index below is a root, a parent of an index below `count`, or a child that was compared with `count` before it was read.
struct DepartureHeap: ~Copyable {
    /// Of two that end at one moment the one that began first is first: the moment, the order of entry and the slot are one
    /// number, so that which of two comes first is one comparison and no branch.
    private struct Entry {
        private let key: UInt128

        @inline(__always)
        init(atNs: Int64, number: UInt32, slot: Int) {
            // No moment is before the beginning.
            key =
                UInt128(UInt64(bitPattern: atNs)) << 64 | UInt128(number) << 32
                | UInt128(UInt32(truncatingIfNeeded: slot))
        }

        @inline(__always)
        var atNs: Int64 { Int64(truncatingIfNeeded: key >> 64) }
        @inline(__always)
        var slot: Int { Int(UInt32(truncatingIfNeeded: key)) }

        @inline(__always)
        func comes(before other: Entry) -> Bool { key < other.key }
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
        return entries[0].slot
    }

    @inline(__always)
    mutating func add(slot: Int, atNs: Int64) {
        if count == capacity { grow() }
        let entry = Entry(atNs: atNs, number: nextNumber(), slot: slot)
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

    /// The order of entry; when numbers run out, those that are there get the first ones again, in their order.
    @inline(__always)
    private mutating func nextNumber() -> UInt32 {
        if number == .max { numberAnew() }
        number &+= 1
        return number
    }

    private mutating func numberAnew() {
        let sorted = (0..<count).map { entries[$0] }.sorted { $0.comes(before: $1) }
        for index in 0..<count {
            entries[index] = Entry(atNs: sorted[index].atNs, number: UInt32(index), slot: sorted[index].slot)
        }
        number = UInt32(count)
    }

    /// The first has ended, and its slot began with another job at once.
    @inline(__always)
    mutating func replaceFirst(atNs: Int64) {
        precondition(count > 0)
        sink(Entry(atNs: atNs, number: nextNumber(), slot: entries[0].slot))
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
        for index in 0..<count where !isGone(entries[index].slot) {
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
            var best: Candidate
            if first &+ 3 < count {
                let left = earlier(candidate(first), candidate(first &+ 1))
                let right = earlier(candidate(first &+ 2), candidate(first &+ 3))
                best = earlier(left, right)
            } else {
                best = candidate(first)
                for child in first &+ 1..<max(count, first &+ 1) { best = earlier(best, candidate(child)) }
            }
            guard best.entry.comes(before: entry) else { break }
            entries[parent] = best.entry
            parent = best.place
        }
        entries[parent] = entry
    }

    /// One that may come first of some, with where it is: its entry goes along, so that nothing waits for it to be read again.
    private struct Candidate {
        var entry: Entry
        var place: Int
    }

    @inline(__always)
    private func candidate(_ place: Int) -> Candidate { Candidate(entry: entries[place], place: place) }

    /// The one of two that ends first.
    @inline(__always)
    private func earlier(_ left: Candidate, _ right: Candidate) -> Candidate {
        right.entry.comes(before: left.entry) ? right : left
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Entry>.allocate(capacity: capacity * 2)
        larger.moveInitialize(from: entries, count: count)
        entries.deallocate()
        entries = larger
        capacity *= 2
    }
}
