/// Jobs that wait for their first receive, the oldest first: 16 bytes for each, in one piece of memory that doubles when it is
/// full and halves when three quarters of it are empty.
struct JobRing {
    private var slots: ContiguousArray<Job>
    private var head = 0
    private(set) var count = 0
    private static let smallest = 64

    init() {
        slots = ContiguousArray(repeating: Job(arrivalNs: 0, serviceNs: 0), count: Self.smallest)
    }

    @inline(__always)
    var isEmpty: Bool { count == 0 }

    /// When the oldest arrived.
    @inline(__always)
    var oldestArrivalNs: Int64 { slots[head].arrivalNs }

    @inline(__always)
    mutating func append(_ job: Job) {
        if count == slots.count { resize(to: slots.count * 2) }
        slots[(head &+ count) & (slots.count &- 1)] = job
        count &+= 1
    }

    /// The oldest; there has to be one.
    @inline(__always)
    mutating func removeFirst() -> Job {
        let job = slots[head]
        head = (head &+ 1) & (slots.count &- 1)
        count &-= 1
        if count < slots.count / 4, slots.count > 4096 { resize(to: slots.count / 2) }
        return job
    }

    private mutating func resize(to capacity: Int) {
        var other = ContiguousArray(repeating: Job(arrivalNs: 0, serviceNs: 0), count: capacity)
        for index in 0..<count { other[index] = slots[(head + index) & (slots.count - 1)] }
        slots = other
        head = 0
    }
}
