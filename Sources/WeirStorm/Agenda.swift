/// What is to happen, by (instant, order of entry): a binary heap.
struct Agenda<Event> {
    private struct Entry {
        var at: Int64
        var number: UInt64
        var event: Event

        func comes(before other: Entry) -> Bool {
            at == other.at ? number < other.number : at < other.at
        }
    }

    private var heap: [Entry] = []
    private var entered: UInt64 = 0

    var count: Int { heap.count }

    mutating func add(_ event: Event, at moment: Int64) {
        entered += 1
        heap.append(Entry(at: moment, number: entered, event: event))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].comes(before: heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// The earliest, if it comes before `end`.
    mutating func next(before end: Int64) -> (at: Int64, event: Event)? {
        guard let first = heap.first, first.at < end else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return (first.at, first.event)
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
