import Testing
import WeirCore

@testable import WeirQueue

@Suite("The ledger counts without looking")
struct LedgerSpecs {
    private static func at(_ seconds: Int) -> Instant { Scene.start + .seconds(seconds) }

    private func expect(
        _ ledger: Ledger, visible: Int, inFlight: Int, delayed: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(
            [ledger.visible, ledger.inFlight, ledger.delayed] == [visible, inFlight, delayed],
            sourceLocation: sourceLocation)
    }

    /// Outside of the macro, which cannot call what changes its subject.
    private func due(_ ledger: inout Ledger, _ id: Int64, at seconds: Int) -> Bool {
        ledger.due(id, at: Self.at(seconds))
    }

    @Test("a message's life: delayed, visible, in flight, visible, in flight, gone")
    func life() {
        var ledger = Ledger()
        ledger.waits(1, until: Self.at(5), sentAt: Self.at(0), inFlight: false)
        expect(ledger, visible: 0, inFlight: 0, delayed: 1)
        let due4 = due(&ledger, 1, at: 4)
        #expect(!due4, "a timer that comes early changes nothing")
        let due5 = due(&ledger, 1, at: 5)
        #expect(due5)
        expect(ledger, visible: 1, inFlight: 0, delayed: 0)
        ledger.received(1, until: Self.at(35), sentAt: Self.at(0))
        expect(ledger, visible: 0, inFlight: 1, delayed: 0)
        ledger.changed(1, until: Self.at(60), at: Self.at(10))
        let due35 = due(&ledger, 1, at: 35)
        #expect(!due35, "the timer of before the change means nothing now")
        let due60 = due(&ledger, 1, at: 60)
        #expect(due60)
        ledger.received(1, until: Self.at(90), sentAt: Self.at(0))
        ledger.removed(1)
        expect(ledger, visible: 0, inFlight: 0, delayed: 0)
        let due90 = due(&ledger, 1, at: 90)
        #expect(!due90)
        #expect(ledger.pending.isEmpty)
    }

    @Test("given back at once")
    func givenBack() {
        var ledger = Ledger()
        ledger.arrived(sentAt: Self.at(0))
        ledger.received(1, until: Self.at(30), sentAt: Self.at(0))
        ledger.changed(1, until: Self.at(7), at: Self.at(7))
        expect(ledger, visible: 1, inFlight: 0, delayed: 0)
    }

    @Test("visible messages are removed by number alone")
    func removedWhileVisible() {
        var ledger = Ledger()
        ledger.found(visible: 3, oldestSentAt: Self.at(0))
        ledger.removed(7)
        expect(ledger, visible: 2, inFlight: 0, delayed: 0)
    }

    @Test("the bound of the oldest never passes a visible message")
    func bound() {
        var ledger = Ledger()
        #expect(ledger.oldestBound == nil)
        ledger.arrived(sentAt: Self.at(10))
        ledger.oldestFound(sentAt: Self.at(10))
        ledger.arrived(sentAt: Self.at(20))
        #expect(ledger.oldestBound == Self.at(10))
        ledger.waits(1, until: Self.at(30), sentAt: Self.at(2), inFlight: true)
        #expect(ledger.oldestBound == Self.at(10), "what is in flight is not visible")
        _ = due(&ledger, 1, at: 30)
        #expect(ledger.oldestBound == Self.at(2), "an older one came back")
        for id in 1...3 { ledger.received(Int64(id), until: Self.at(90), sentAt: Self.at(2)) }
        #expect(ledger.oldestBound == nil, "none is visible")
    }
}

@Suite("Timers")
struct TimerHeapSpecs {
    @Test(
        "come out in the order of their times, whatever the order in which they were set",
        arguments: 0..<20 as Range<UInt64>)
    func order(seed: UInt64) {
        var random = Seeded(seed)
        var heap = TimerHeap<Int>()
        let times = (0..<200).map { _ in Int64.random(in: 0..<50, using: &random) }
        for (index, time) in times.enumerated() { heap.push(index, at: Instant(milliseconds: time)) }
        var out: [Int64] = []
        while let entry = heap.pop() {
            #expect(times[entry.payload] == entry.at.milliseconds)
            out.append(entry.at.milliseconds)
        }
        #expect(out == times.sorted())
    }

    @Test("stale entries are swept out once they are the majority, and order stays")
    func compaction() {
        var heap = TimerHeap<Int>()
        let count = EngineLimits.timersBeforeCompaction + 1
        for index in 0..<count { heap.push(index, at: Instant(milliseconds: Int64(count - index))) }
        #expect(heap.needsCompaction)
        heap.keepOnly { $0.payload.isMultiple(of: 2) }
        #expect(heap.count == (count + 1) / 2)
        #expect(!heap.needsCompaction)
        #expect(heap.top?.payload == count - 1)
    }
}

@Suite("A clock that never steps back")
struct SteadyTimeSpecs {
    @Test("a step back is absorbed, and time goes on from there")
    func stepBack() {
        var clock = SteadyTime(wall: Instant(milliseconds: 10_000), floor: nil)
        #expect(clock.read(wall: Instant(milliseconds: 12_000)).milliseconds == 12_000)
        #expect(clock.read(wall: Instant(milliseconds: 5_000)).milliseconds == 12_000)
        #expect(clock.read(wall: Instant(milliseconds: 6_000)).milliseconds == 13_000)
        #expect(clock.wall(Instant(milliseconds: 13_000)).milliseconds == 6_000)
    }

    @Test("it starts no earlier than the latest moment that the store knows")
    func floor() {
        var clock = SteadyTime(wall: Instant(milliseconds: 5_000), floor: Instant(milliseconds: 12_000))
        #expect(clock.now.milliseconds == 12_000)
        #expect(clock.read(wall: Instant(milliseconds: 5_500)).milliseconds == 12_500)
    }
}
