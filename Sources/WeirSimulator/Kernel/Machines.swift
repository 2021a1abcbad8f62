import WeirCore

/// An instance as it really is in the made-up world. Moments are in nanoseconds since the beginning.
struct Machine {
    let id: InstanceID
    var phase = Phase.starting
    /// Counts its phases, so that what was to happen in an earlier one does not.
    var generation = 0
    /// It receives messages.
    var gateIsOpen = true
    /// Messages that it holds.
    var busy = 0
    /// Its slots: from `firstSlot`, as many as it works on messages at a time. -1: it has none yet.
    var firstSlot = -1
    /// Since when it costs something.
    var launchedNs: Int64
    var exitCode: Int?
    var templateVersion: Int?

    enum Phase {
        /// Made, or ordered and on its way.
        case starting
        /// Made for a warm pool, and not started.
        case made
        case running
        case paused
        /// It was told to stop.
        case stopping
        case exited
        /// Nothing is left of it.
        case gone
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
    var receivedNs: Int64 = 0
    var receives: Int32 = 0
    var isPoison = false

    init(machine: Int) {
        self.machine = Int32(truncatingIfNeeded: machine)
    }
}

/// A message that was received before, and was not deleted.
struct ReturnedJob {
    var job: Job
    /// When it became visible again.
    var visibleNs: Int64
    var receives: Int32
    var isPoison: Bool
}

/// What happens besides arrivals and ends of jobs, by (moment, order of entry).
struct Agenda {
    enum Event {
        /// An instance that was started runs.
        case runs(machine: Int, generation: Int)
        /// One that was told to stop has ended.
        case ends(machine: Int, generation: Int, exitCode: Int)
        /// A message that was not deleted is visible again.
        case returns(message: Int)
        /// Whoever completes lifecycle hooks completes this one.
        case completesHook(machine: Int, hook: String, token: String?)
        /// The command of a lifecycle hook has ended.
        case hookCommandEnds(machine: Int, hook: String)
        /// The answer to an order is there.
        case answers(ActionOutcome)
    }

    private struct Entry {
        var atNs: Int64
        var number: Int
        var event: Event

        func comes(before other: Entry) -> Bool {
            atNs == other.atNs ? number < other.number : atNs < other.atNs
        }
    }

    private var heap: [Entry] = []
    private var entered = 0

    var firstNs: Int64 { heap.first?.atNs ?? .max }

    mutating func add(_ event: Event, atNs: Int64) {
        entered += 1
        heap.append(Entry(atNs: atNs, number: entered, event: event))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].comes(before: heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func removeFirst() -> Event? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return first.event
    }

    private mutating func sink() {
        var parent = 0
        while true {
            let left = parent * 2 + 1
            guard left < heap.count else { return }
            let right = left + 1
            let child = right < heap.count && heap[right].comes(before: heap[left]) ? right : left
            guard heap[child].comes(before: heap[parent]) else { return }
            heap.swapAt(child, parent)
            parent = child
        }
    }
}
