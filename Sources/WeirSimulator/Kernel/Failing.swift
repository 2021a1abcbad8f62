import WeirCore

/// Chance, one stream for each purpose, so that another rate of one thing leaves the others as they were.
struct Chances {
    var starts: Randomness
    var stops: Randomness
    var attempts: Randomness
    var poison: Randomness
    var launches: Randomness
    var hangs: Randomness

    init(_ seed: UInt64) {
        let root = Randomness(seed: seed)
        starts = root.split(1)
        stops = root.split(2)
        attempts = root.split(3)
        poison = root.split(4)
        launches = root.split(5)
        hangs = root.split(6)
    }

    mutating func isPoison(_ model: SimulationModel) -> Bool { poison.happens(model.poisonRate) }
}

/// Messages that were received, are not deleted and are hidden: by number, until they are visible again.
struct HiddenJobs {
    private var jobs: [Int: ReturnedJob] = [:]
    private var lastNumber = 0

    var count: Int { jobs.count }
    var isEmpty: Bool { jobs.isEmpty }

    mutating func add(_ job: ReturnedJob) -> Int {
        lastNumber += 1
        jobs[lastNumber] = job
        return lastNumber
    }

    mutating func take(_ number: Int) -> ReturnedJob? { jobs.removeValue(forKey: number) }

    mutating func keep(where stays: (ReturnedJob) -> Bool) { jobs = jobs.filter { stays($0.value) } }
}

/// Messages that are visible again, in the order in which they became so.
struct ReturnedLine {
    private var jobs: [ReturnedJob] = []
    private var head = 0

    var count: Int { jobs.count - head }
    var isEmpty: Bool { head == jobs.count }
    var first: ReturnedJob? { isEmpty ? nil : jobs[head] }
    /// When the first became visible again.
    var firstNs: Int64 { isEmpty ? .max : jobs[head].visibleNs }
    var oldestArrivalNs: Int64 { jobs[head...].reduce(.max) { min($0, $1.job.arrivalNs) } }

    mutating func append(_ job: ReturnedJob) { jobs.append(job) }

    mutating func keep(where stays: (ReturnedJob) -> Bool) {
        jobs = jobs[head...].filter(stays)
        head = 0
    }

    mutating func removeFirst() -> ReturnedJob {
        let job = jobs[head]
        head += 1
        if head > 1024, head * 2 > jobs.count {
            jobs.removeFirst(head)
            head = 0
        }
        return job
    }
}

extension Simulation {
    /// The attempt in the first place of the heap has ended. If it failed, its message is hidden until its time is over.
    /// - Returns: it failed; whatever is to be done about it is done.
    mutating func attemptFails(_ slot: Int) -> Bool {
        let crashes = chances.attempts.happens(model.crashRate)
        guard crashes || slots[slot].isPoison || chances.attempts.happens(model.failureRate) else { return false }
        counts.failedAttempts += 1
        let machine = Int(slots[slot].machine)
        if crashes {
            end(machine, exitCode: 1)
            return true
        }
        giveUp(slot)
        departures.removeFirst()
        release(slot)
        if machines[machine].takesWork { list(slot) }
        handOut()
        if idleMatters, machines[machine].busy == 0 { driver.nudge(atNs: nowNs) }
        return true
    }

    /// Whoever had this message does not delete it.
    mutating func giveUp(_ slot: Int) {
        costs.breaksOff(slots[slot].receivedNs + slots[slot].job.serviceNs - nowNs)
        let job = ReturnedJob(
            job: slots[slot].job, number: slots[slot].number, visibleNs: visibleAgain(slots[slot].receivedNs),
            receives: slots[slot].receives,
            isPoison: slots[slot].isPoison)
        agenda.add(.returns(message: hidden.add(job), sent: job.number), atNs: job.visibleNs)
        expectExpiry(ofSentAt: job.job.arrivalNs)
    }

    /// A message that was received too often becomes a dead letter when it would be received once more, and whoever would have got it
    /// gets the next one.
    mutating func setAsideDeadLetters() {
        guard let most = model.maxReceiveCount else { return }
        while returnedIsNext, let next = returned.first, Int(next.receives) >= most {
            _ = returned.removeFirst()
            counts.deadLetters += 1
            #if DEBUG
                deliveries?.append(Delivery(message: next.number, atNs: nowNs, receives: nil))
            #endif
        }
    }

    /// The message that has been visible for longest was received before.
    @inline(__always)
    var returnedIsNext: Bool {
        !returned.isEmpty && (waiting.isEmpty || returned.firstNs <= waiting.oldestArrivalNs)
    }

    /// A worker that needs longer prolongs the timeout by itself again and again; so the message is visible when the span is
    /// over that had begun.
    func visibleAgain(_ receivedNs: Int64) -> Int64 {
        let spanNs = max(model.visibilityTimeout.wholeMilliseconds * 1_000_000, 1)
        let spans = (nowNs - receivedNs + spanNs - 1) / spanNs
        return receivedNs + max(spans, 1) * spanNs
    }

    mutating func becomesVisible(_ number: Int) {
        guard let job = hidden.take(number) else { return }
        if hasExpired(job.job) {
            counts.expired += 1
            return handOut()
        }
        if wakes, waiting.isEmpty, returned.isEmpty { driver.wakes(atNs: nowNs, isEmpty: present.isEmpty) }
        returned.append(job)
        handOut()
    }
}
