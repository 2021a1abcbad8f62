/// Jobs that wait for their first receive, the oldest first: 16 bytes for each.
///
/// The oldest are in a ring of one length. What does not fit waits behind it in full blocks of the same length, which are
/// given back one by one: there is no larger memory to move to, and none that is half empty.
struct JobRing {
    private var ring: ContiguousArray<Job>
    private var head = 0
    private var inRing = 0
    /// Full ones, the oldest first, from `firstBlock` on.
    private var blocks: [ContiguousArray<Job>] = []
    private var firstBlock = 0
    /// The youngest, when there are more than fit into the ring.
    private var last: ContiguousArray<Job> = []
    private(set) var count = 0

    static let length = 4096

    init() {
        ring = ContiguousArray(repeating: Job(arrivalNs: 0, serviceNs: 0), count: Self.length)
    }

    @inline(__always)
    var isEmpty: Bool { count == 0 }

    /// When the oldest arrived.
    @inline(__always)
    var oldestArrivalNs: Int64 { ring[head].arrivalNs }

    @inline(__always)
    mutating func append(_ job: Job) {
        let fits = inRing == count && inRing < Self.length
        count &+= 1
        guard fits else { return appendBehind(job) }
        ring[(head &+ inRing) & (Self.length &- 1)] = job
        inRing &+= 1
    }

    private mutating func appendBehind(_ job: Job) {
        if last.isEmpty { last.reserveCapacity(Self.length) }
        last.append(job)
        guard last.count == Self.length else { return }
        blocks.append(last)
        last = []
    }

    /// The oldest; there has to be one.
    @inline(__always)
    mutating func removeFirst() -> Job {
        let job = ring[head]
        head = (head &+ 1) & (Self.length &- 1)
        count &-= 1
        inRing &-= 1
        if inRing == 0, count > 0 { refill() }
        return job
    }

    /// The block that comes next is the ring from now on.
    private mutating func refill() {
        head = 0
        guard firstBlock < blocks.count else {
            inRing = last.count
            for index in last.indices { ring[index] = last[index] }
            last = []
            return
        }
        ring = blocks[firstBlock]
        inRing = Self.length
        blocks[firstBlock] = []
        firstBlock += 1
        guard firstBlock * 2 > blocks.count else { return }
        blocks.removeFirst(firstBlock)
        firstBlock = 0
    }
}
