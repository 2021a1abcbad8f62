import WeirCore

/// All queues, run by one thread. It decides nothing about timing itself (the rules do) and waits for nothing (the inbox
/// does): it takes a round of jobs, performs them in one transaction, commits, answers.
final class Engine {
    let store: Store
    let limits: QueueLimits
    let happenings: Happenings
    private let wall: @Sendable () -> Instant

    var clock: SteadyTime
    /// The moment of this round; all its jobs happen at it.
    private(set) var now: Instant
    var books: Books
    var line = WaitingLine()
    /// Instances that get no messages.
    var closed: Set<InstanceID> = []
    /// Instances that ended a moment ago, and get none either.
    var ended = EndedInstances()
    /// Instances that ended, but whose messages could not be written free yet.
    var unforgotten: [InstanceID] = []
    /// The number of the next message.
    var nextMessage: Int64
    var notes = RoundNotes()
    /// Queues of which somebody wants to know what happens, by number.
    var watches: [Int64: [TrafficWatch]] = [:]
    /// Whether the disk has room for messages.
    var room: DiskRoom

    /// Messages sent and deleted since the store was opened, by queue.
    private(set) var totals: [Int64: RoundNotes.Totals] = [:]
    /// Commits made since the store was opened, empty ones counted.
    private(set) var commits = 0
    /// The books do not show what the store holds, and could not be read again.
    private(set) var failure: StoreFailure?
    /// No background work before this: the store failed.
    private var restUntil: Instant?

    init(
        store: Store, limits: QueueLimits, happenings: Happenings, room: DiskRoom,
        wall: @escaping @Sendable () -> Instant
    ) throws(StoreFailure) {
        self.store = store
        self.limits = limits
        self.happenings = happenings
        self.room = room
        self.wall = wall
        clock = SteadyTime(wall: wall(), floor: try MessageCensus(store.database).latestMoment())
        now = clock.now
        books = try Books(reading: store, at: now)
        nextMessage = books.reservedNumbers
    }

    // MARK: A round

    /// Performs the jobs in one transaction, after everything that is due by now.
    func round(_ jobs: [any Job]) {
        now = clock.read(wall: wall())
        passTime()
        maintain()
        let failure = transact { () throws(StoreFailure) in
            for job in jobs { try job.perform(self) }
            try self.serveWaiting()
        }
        for job in notes.ended { job.settle(self, nil) }
        notes.ended = []
        if let failure, failure.isDiskFull {
            performSingly(jobs)
        } else {
            for job in jobs { job.settle(self, failure) }
        }
        tell()
    }

    /// The disk was full. The log was folded into the database, which may have made room; now every job is tried once more
    /// in a transaction of its own, and sends are refused, so that what takes messages away gets what room there is.
    private func performSingly(_ jobs: [any Job]) {
        room.isShut = true
        defer { room.isShut = false }
        var failure: StoreFailure?
        for job in jobs {
            // Each failure reads the books again, so after the first one the others are told, and may come again.
            if failure == nil { failure = transact { () throws(StoreFailure) in try job.perform(self) } }
            job.settle(self, failure)
        }
        if failure == nil { _ = transact { () throws(StoreFailure) in try self.serveWaiting() } }
        for job in notes.ended { job.settle(self, nil) }
    }

    /// Runs the work and commits it, all or nothing.
    private func transact(_ work: () throws(StoreFailure) -> Void) -> StoreFailure? {
        do throws(StoreFailure) {
            if let failure { throw failure }
            try work()
            try store.commit()
            room.committed()
            commits += 1
            for (queue, more) in notes.totals { totals[queue, default: .init()].add(more) }
            notes.totals = [:]
            notes.ended += notes.served.map(\.job)
            notes.served = []
            return nil
        } catch {
            undo()
            if error.isDiskFull { store.makeRoom() }
            return error
        }
    }

    /// Back to what the store holds. Receives that were served from the line wait on.
    private func undo() {
        store.rollback()
        room.undone()
        for served in notes.served.reversed() { line.putBack(served.job, at: served.place) }
        notes.served = []
        notes.totals = [:]
        restUntil = now + EngineLimits.restAfterFailure
        readAgain()
    }

    /// Reads the books again. While that fails nothing is accepted, and the next round tries again.
    private func readAgain() {
        do throws(StoreFailure) {
            books = try Books(reading: store, at: now)
            failure = nil
            notes.touched.formUnion(line.queues)
        } catch {
            failure = error
        }
    }

    private func tell() {
        var news: [QueueHappening] = []
        for id in notes.arrived {
            if let queue = books.byID[id] { news.append(.arrived(queue: queue.name)) }
        }
        for instance in notes.idle where books.held[instance] == nil { news.append(.becameIdle(instance: instance)) }
        for id in notes.traffic.sorted() {
            if let queue = books.byID[id] { news.append(.traffic(queue: queue.name)) }
        }
        notes.arrived = []
        notes.traffic = []
        notes.idle = []
        notes.ended = []
        if !news.isEmpty { happenings.tell(news) }
    }

    // MARK: What is due

    /// Everything that time alone does: timeouts and delays end, long polls run out. Writes nothing.
    private func passTime() {
        if failure != nil { readAgain() }
        while let top = books.timers.top, top.at <= now {
            books.timers.pop()
            switch top.payload {
            case .message(let id, let lane):
                if let queue = books.byLane[lane] { update(queue) { _ = $0.due(id, at: now) } }
            case .retention(let lane):
                if books.isLive(top), !books.expiringLanes.contains(lane) { books.expiringLanes.append(lane) }
            }
        }
        if books.timers.needsCompaction {
            let books = books
            self.books.timers.keepOnly { books.isLive($0) }
        }
        for job in line.leave(at: now) {
            job.outcome = .success([])
            notes.ended.append(job)
        }
    }

    /// A bounded piece of background work, in a transaction of its own, so that its failing fails nobody else.
    private func maintain() {
        guard hasBackgroundWork, !isResting else { return }
        restUntil = nil
        let toForget = unforgotten
        if transact({ () throws(StoreFailure) in try self.sweep() }) != nil { unforgotten = toForget }
    }

    /// Work is waiting that needs no caller.
    var hasBackgroundWork: Bool {
        !books.expiringLanes.isEmpty || !books.deadLanes.isEmpty || !unforgotten.isEmpty
    }

    /// Messages that are due to expire by now are still there, and can be taken away.
    var hasDueWork: Bool { !books.expiringLanes.isEmpty && !isResting }

    private var isResting: Bool { restUntil.map { now < $0 } ?? false }

    /// How long nothing is due, if nobody asks for anything; nil: for ever.
    func idleTime() -> Duration? {
        now = clock.read(wall: wall())
        var next: Instant?
        func consider(_ instant: Instant?) {
            if let instant { next = min(next ?? instant, instant) }
        }
        if hasBackgroundWork || !notes.touched.isEmpty { consider(isResting ? restUntil : now) }
        consider(books.nextTimer())
        consider(line.nextTimeout())
        guard let next else { return nil }
        return min(max(next - now, .zero), EngineLimits.longestSleep)
    }

    // MARK: The end

    /// Ends the long polls with nothing and closes the files.
    func close() {
        for job in line.leave(where: { _ in true }) { job.answer(.success([])) }
        store.close()
        happenings.end()
    }

    // MARK: Parts that every verb uses

    /// Changes the counts of a queue, and notes for whom that matters.
    func update(_ queue: OpenQueue, _ change: (inout Ledger) -> Void) {
        let before = queue.ledger.visible
        change(&queue.ledger)
        if before == 0, queue.ledger.visible > 0 { notes.arrived.append(queue.id) }
        notes.touched.insert(queue.id)
    }

    func release(_ holder: InstanceID?) {
        guard let holder, books.release(holder) else { return }
        notes.idle.append(holder)
    }

    func isClosed(_ instance: InstanceID?) -> Bool {
        instance.map { closed.contains($0) || hasEnded($0) } ?? false
    }

    func hasEnded(_ instance: InstanceID?) -> Bool { ended.contains(instance, at: now) }
}

/// What a round leaves to be done after its commit.
struct RoundNotes {
    struct Totals {
        var sent = 0
        var deleted = 0

        mutating func add(_ other: Totals) {
            sent += other.sent
            deleted += other.deleted
        }
    }

    struct Served {
        var job: ReceiveJob
        var place: WaitingLine.Place
    }

    var totals: [Int64: Totals] = [:]
    /// Long polls that got messages in this transaction.
    var served: [Served] = []
    /// Long polls to be answered.
    var ended: [ReceiveJob] = []
    /// Queues whose waiting line should be looked at.
    var touched: Set<Int64> = []
    /// Queues that had no visible message and got one, in order.
    var arrived: [Int64] = []
    /// Queues that are watched, and to which a message was sent or from which one was deleted.
    var traffic: Set<Int64> = []
    /// Instances that held messages and let go of the last, in order.
    var idle: [InstanceID] = []
}
