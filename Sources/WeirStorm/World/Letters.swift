/// The queue of one group: messages one by one, with their visibility and their holders.
///
/// A message is held from its receive until it is deleted, given back or received by another, or its holder's end is known; not
/// only until its visibility timeout ends (decision 4).
struct Letters {
    private struct Letter {
        var sentAt: Int64
        /// Position of the worker that received it last and has not given it back; -1: nobody.
        var holder = -1
        /// Invisible until then.
        var visibleAt: Int64 = 0
        var state = State.visible
    }

    private enum State {
        case visible
        case inFlight
        case deleted
    }

    private var letters: [Letter] = []
    /// Visible ones in the order in which they are handed out, from `head` on.
    private var waiting: [Int] = []
    private var head = 0
    private var flights: [Int] = []
    private(set) var sent = 0
    private(set) var deleted = 0
    let visibilityMs: Int64

    init(visibilityMs: Int64) {
        self.visibilityMs = visibilityMs
    }

    var visible: Int { waiting.count - head }
    var inFlight: Int { flights.count }
    /// What the queue has, and nobody has deleted.
    var outstanding: Int { visible + inFlight }

    func oldestAgeMs(at now: Int64) -> Int64 {
        visible == 0 ? 0 : now - letters[waiting[head]].sentAt
    }

    mutating func send(_ count: Int, at now: Int64) {
        for _ in 0..<count {
            letters.append(Letter(sentAt: now))
            waiting.append(letters.count - 1)
        }
        sent += count
    }

    /// The next message for a worker.
    mutating func receive(by worker: Int, at now: Int64) -> (letter: Int, formerHolder: Int)? {
        guard visible > 0 else { return nil }
        let letter = waiting[head]
        head += 1
        if head > 256, head * 2 > waiting.count {
            waiting.removeFirst(head)
            head = 0
        }
        let former = letters[letter].holder
        letters[letter].holder = worker
        letters[letter].state = .inFlight
        letters[letter].visibleAt = now + visibilityMs
        flights.append(letter)
        return (letter, former)
    }

    /// - Returns: false when it is somebody else's by now, or gone.
    mutating func delete(_ letter: Int, by worker: Int) -> Bool {
        guard letters[letter].holder == worker, letters[letter].state != .deleted else { return false }
        if letters[letter].state == .visible {
            guard let place = waiting[head...].firstIndex(of: letter) else { return false }
            waiting.remove(at: place)
        } else {
            flights.removeAll { $0 == letter }
        }
        letters[letter].state = .deleted
        letters[letter].holder = -1
        deleted += 1
        return true
    }

    /// Given back: it is visible at once.
    mutating func giveBack(_ letter: Int, by worker: Int) {
        guard letters[letter].holder == worker else { return }
        letters[letter].holder = -1
        guard letters[letter].state == .inFlight else { return }
        flights.removeAll { $0 == letter }
        letters[letter].state = .visible
        waiting.append(letter)
    }

    /// Its end is known: it holds nothing. What it had becomes visible when its time comes.
    mutating func forget(_ letter: Int, by worker: Int) {
        if letters[letter].holder == worker { letters[letter].holder = -1 }
    }

    func isHeld(_ letter: Int, by worker: Int) -> Bool { letters[letter].holder == worker }

    /// Invisible, and so in flight for all the world to see.
    func sentAt(_ letter: Int) -> Int64 { letters[letter].sentAt }

    func isInFlight(_ letter: Int) -> Bool { letters[letter].state == .inFlight }

    /// Makes visible what was invisible long enough.
    /// - Returns: there was any.
    mutating func expire(at now: Int64) -> Bool {
        var any = false
        for letter in flights where letters[letter].visibleAt <= now {
            letters[letter].state = .visible
            waiting.append(letter)
            any = true
        }
        if any { flights.removeAll { letters[$0].state != .inFlight } }
        return any
    }

    /// A mistake that somebody may plant: gone without having been deleted.
    mutating func lose(_ letter: Int) {
        guard letters[letter].state == .inFlight else { return }
        flights.removeAll { $0 == letter }
        letters[letter].state = .deleted
        letters[letter].holder = -1
    }
}
