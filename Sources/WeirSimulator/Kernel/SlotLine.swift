/// Slots that wait for a message: who has waited longest gets the next one, as long polls do. First in, first out, in one piece of
/// memory that grows by doubling.
struct SlotLine {
    private var entries: ContiguousArray<Int32> = ContiguousArray(repeating: 0, count: 64)
    private var head = 0
    private(set) var count = 0

    @inline(__always)
    mutating func append(_ slot: Int) {
        if count == entries.count { grow() }
        entries[(head &+ count) & (entries.count &- 1)] = Int32(truncatingIfNeeded: slot)
        count &+= 1
    }

    /// The one that has waited longest; there has to be one.
    @inline(__always)
    mutating func removeFirst() -> Int {
        let slot = entries[head]
        head = (head &+ 1) & (entries.count &- 1)
        count &-= 1
        return Int(slot)
    }

    /// It was taken out, and there was nothing for it: it is the first again.
    mutating func putBack(_ slot: Int) {
        if count == entries.count { grow() }
        head = (head &- 1) & (entries.count &- 1)
        entries[head] = Int32(truncatingIfNeeded: slot)
        count &+= 1
    }

    private mutating func grow() {
        var larger = ContiguousArray<Int32>(repeating: 0, count: entries.count * 2)
        for index in 0..<count { larger[index] = entries[(head + index) & (entries.count - 1)] }
        entries = larger
        head = 0
    }
}
