import WeirCore

/// What happens besides arrivals and ends of jobs, by (moment, order of entry). Messages that are visible again come first at their
/// moment, in the order in which they were sent: so the queue has it.
struct Agenda {
    /// What is rare and large is in a place of its own, so that the others are quick to move.
    enum Event {
        /// An instance that was started runs.
        case runs(machine: Int, generation: Int)
        /// One that was told to stop has ended.
        case ends(machine: Int, generation: Int, exitCode: Int)
        /// A message that was not deleted is visible again.
        case returns(message: Int, sent: Int)
        /// Whoever completes lifecycle hooks completes this one.
        indirect case completesHook(machine: Int, hook: String, token: String?)
        /// The command of a lifecycle hook has ended.
        indirect case hookCommandEnds(machine: Int, hook: String)
        /// The answer to an order is there.
        indirect case answers(ActionOutcome)
        /// An instance does nothing any more.
        case hangs(machine: Int)
        /// The visibility timeout of a message that a hung instance held is over.
        case letsGo(machine: Int, generation: Int)
        /// All instances in service are asked for their health.
        case asksForHealth
        /// What they answered.
        case tellsHealth([HealthReport])
        /// A message may have reached its retention. `again`: the next one is looked for.
        case expires(again: Bool)
        /// A worker asks for its next message.
        case asks(slot: Int)
        /// What was written down for this moment.
        case scripted(happening: Int)
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

    /// When the first of it happens; never, when there is nothing. Looked at again and again, and so kept.
    private(set) var firstNs = Int64.max

    mutating func add(_ event: Event, atNs: Int64) {
        entered += 1
        let number =
            switch event {
            case .returns(_, let sent): Int.min + sent
            case .runs, .ends, .completesHook, .hookCommandEnds, .answers, .hangs, .letsGo, .asksForHealth,
                .tellsHealth, .expires, .asks, .scripted:
                entered
            }
        heap.append(Entry(atNs: atNs, number: number, event: event))
        firstNs = min(firstNs, atNs)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].comes(before: heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func removeFirst() -> Event? {
        guard var first = heap.popLast() else { return nil }
        if !heap.isEmpty {
            swap(&heap[0], &first)
            sink()
        }
        firstNs = heap.first?.atNs ?? .max
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
