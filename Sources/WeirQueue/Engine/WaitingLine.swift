import WeirCore

/// Long polls that wait, first come first served within a queue. Waiting costs memory only: nobody looks at a waiting
/// receive until a message becomes visible, its time is over, or its caller leaves.
struct WaitingLine {
    struct Place: Equatable {
        var queue: Int64
        /// Grows with every receive that joins.
        var number: Int
    }

    private var byQueue: [Int64: [ReceiveJob]] = [:]
    private var byNumber: [Int: ReceiveJob] = [:]
    private var byTicket: [ObjectIdentifier: ReceiveJob] = [:]
    private var timeouts = TimerHeap<Int>()
    private var lastNumber = 0

    /// Queues that somebody waits for, in order of their numbers.
    var queues: [Int64] { byQueue.keys.sorted() }

    func isEmpty(_ queue: Int64) -> Bool { byQueue[queue] == nil }

    func waiting(in queue: Int64) -> [ReceiveJob] { byQueue[queue] ?? [] }

    mutating func join(_ job: ReceiveJob, queue: Int64, until deadline: Instant) {
        lastNumber += 1
        enter(job, Place(queue: queue, number: lastNumber))
        job.deadline = deadline
        timeouts.push(lastNumber, at: deadline)
        if timeouts.needsCompaction { timeouts.keepOnly { byNumber[$0.payload] != nil } }
    }

    /// Puts back, where it was, one that was served in a transaction that failed. Its time limit may have been swept out
    /// meanwhile, so it is noted again; a second note of the same does no harm.
    mutating func putBack(_ job: ReceiveJob, at place: Place) {
        job.outcome = nil
        enter(job, place)
        if let deadline = job.deadline { timeouts.push(place.number, at: deadline) }
    }

    mutating func leave(_ job: ReceiveJob) {
        guard let place = job.place else { return }
        byNumber[place.number] = nil
        byTicket[ObjectIdentifier(job.ticket)] = nil
        byQueue[place.queue]?.removeAll { $0 === job }
        if byQueue[place.queue]?.isEmpty == true { byQueue[place.queue] = nil }
        job.place = nil
    }

    /// Those whose time is over leave, in the order of their time limits.
    mutating func leave(at now: Instant) -> [ReceiveJob] {
        var left: [ReceiveJob] = []
        while let top = timeouts.top, top.at <= now {
            timeouts.pop()
            guard let job = byNumber[top.payload] else { continue }
            leave(job)
            left.append(job)
        }
        return left
    }

    /// The one with this ticket leaves; nil when it does not wait.
    mutating func leave(_ ticket: ReceiveTicket) -> ReceiveJob? {
        guard let job = byTicket[ObjectIdentifier(ticket)] else { return nil }
        leave(job)
        return job
    }

    /// Everyone leaves for whom it holds, in the order in which they came.
    mutating func leave(where isLeaving: (ReceiveJob) -> Bool) -> [ReceiveJob] {
        let leaving = byNumber.sorted { $0.key < $1.key }.map(\.value).filter(isLeaving)
        for job in leaving { leave(job) }
        return leaving
    }

    /// When the first of those still waiting has waited long enough.
    mutating func nextTimeout() -> Instant? {
        while let top = timeouts.top, byNumber[top.payload] == nil { timeouts.pop() }
        return timeouts.top?.at
    }

    private mutating func enter(_ job: ReceiveJob, _ place: Place) {
        job.place = place
        byNumber[place.number] = job
        byTicket[ObjectIdentifier(job.ticket)] = job
        var line = byQueue[place.queue] ?? []
        let index = line.lastIndex { ($0.place?.number ?? 0) < place.number }.map { $0 + 1 } ?? 0
        line.insert(job, at: index)
        byQueue[place.queue] = line
    }
}
