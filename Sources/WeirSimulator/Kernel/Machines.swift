import WeirCore

/// An instance as it really is in the made-up world. Moments are in nanoseconds since the beginning.
struct Machine {
    let id: InstanceID
    var phase = Phase.starting
    /// It receives messages.
    var gateIsOpen = true
    /// It does nothing any more, whatever becomes of it.
    var hangs = false
    /// Counts its phases, so that what was to happen in an earlier one does not.
    var generation = 0
    /// Messages that it holds.
    var busy = 0
    /// Its slots: from `firstSlot`, as many as it works on messages at a time. -1: it has none yet.
    var firstSlot = -1
    /// Since when it costs something.
    var launchedNs: Int64
    var exitCode: Int?

    enum Phase {
        /// Made, or ordered and on its way.
        case starting
        /// Made for a warm pool, and not started.
        case made
        case running
        /// It runs, and does nothing any more.
        case hung
        case paused
        /// It was told to stop.
        case stopping
        case exited
        /// Nothing is left of it.
        case gone
    }

    /// Until now it costs something.
    var isPaid: Bool {
        switch phase {
        case .starting, .running, .hung, .paused, .stopping: true
        case .made, .exited, .gone: false
        }
    }

    /// As a launcher lists it; nil: not at all.
    var listed: ListedInstance? {
        switch phase {
        case .starting, .made: ListedInstance(id: id, phase: .starting)
        case .running, .hung, .stopping: ListedInstance(id: id, phase: .running)
        case .paused: ListedInstance(id: id, phase: .paused)
        case .exited: ListedInstance(id: id, phase: .exited(Exit(code: exitCode)))
        case .gone: nil
        }
    }

    init(_ id: InstanceID, launchedNs: Int64) {
        self.id = id
        self.launchedNs = launchedNs
    }
}

/// One message that an instance works on at a time.
struct Slot {
    var machine: Int32
    var isBusy = false
    /// It stands in the line of those that wait for a message.
    var isListed = false
    // What it works on.
    var job = Job(arrivalNs: 0, serviceNs: 0)
    /// Which message it is, in the order in which they were sent.
    var number = 0
    var receivedNs: Int64 = 0
    var receives: Int32 = 0
    var isPoison = false

    init(machine: Int) {
        self.machine = Int32(truncatingIfNeeded: machine)
    }

    @inline(__always)
    mutating func begin(_ job: Job, number: Int, receives: Int32, isPoison: Bool, atNs nowNs: Int64) {
        isBusy = true
        isListed = false
        self.job = job
        self.number = number
        receivedNs = nowNs
        self.receives = receives
        self.isPoison = isPoison
    }
}

/// A message that was received before, and was not deleted.
struct ReturnedJob {
    var job: Job
    var number: Int
    /// When it became visible again.
    var visibleNs: Int64
    var receives: Int32
    var isPoison: Bool
}
