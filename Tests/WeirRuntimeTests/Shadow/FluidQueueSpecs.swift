import Testing

@testable import WeirRuntime

@Suite("A queue as a fluid")
struct FluidQueueSpecs {
    private func near(_ value: Double?, _ expected: Double, within: Double = 1e-6) -> Bool {
        value.map { abs($0 - expected) <= within } ?? false
    }

    @Test("with more capacity than arrivals nothing waits")
    func enough() {
        var queue = FluidQueue()
        queue.arrive(10, from: 0, until: 10)
        queue.flow(from: 0, until: 10, rate: 2)
        #expect(near(queue.waits.jobs, 10) && near(queue.waits.mean, 0) && near(queue.backlog, 0))
    }

    @Test("with half the capacity each job waits as long as those before it need longer than they took to come")
    func half() {
        var queue = FluidQueue()
        queue.arrive(10, from: 0, until: 10)
        queue.flow(from: 0, until: 10, rate: 0.5)
        // The share x came at 10x and is begun at 20x; by 10 that is so for half of it, whose last job came at 5.
        #expect(near(queue.backlog, 5) && near(queue.waits.jobs, 5))
        #expect(near(queue.waits.longest, 5) && near(queue.waits.mean, 2.5))
        queue.flow(from: 10, until: 100, rate: 0.5)
        #expect(near(queue.backlog, 0) && near(queue.waits.longest, 10) && near(queue.waits.mean, 5))
    }

    @Test("a burst that waited is caught up with, and what comes after that waits for nothing")
    func catchingUp() {
        var queue = FluidQueue()
        queue.arrive(10, from: 0, until: 0)
        queue.arrive(10, from: 0, until: 10)
        queue.flow(from: 0, until: 10, rate: 2)
        // The burst is begun by 5; from then on 2 a second meet the 5 that came meanwhile and 1 a second: done by 10.
        #expect(near(queue.backlog, 0, within: 1e-3))
        #expect(near(queue.waits.longest, 5))
        // Each of the burst waited 2.5 on average, and so did those that came while it was begun and after.
        #expect(near(queue.waits.mean, 2.5))
    }

    @Test("nobody serves: all of it waits, and nothing is said of waits that are not over")
    func nobody() {
        var queue = FluidQueue()
        queue.arrive(10, from: 0, until: 10)
        queue.flow(from: 0, until: 10, rate: 0)
        #expect(queue.backlog == 10 && queue.waits.mean == nil && queue.waits.quantile(0.5) == nil)
    }

    @Test("cut into short pieces it is the same")
    func pieces() {
        var whole = FluidQueue()
        var cut = FluidQueue()
        whole.arrive(30, from: 0, until: 10)
        whole.flow(from: 0, until: 10, rate: 2)
        whole.flow(from: 10, until: 30, rate: 2)
        for second in 0..<30 {
            let now = Double(second)
            if second < 10 { cut.arrive(3, from: now, until: now + 1) }
            cut.flow(from: now, until: now + 1, rate: 2)
        }
        #expect(near(cut.waits.mean, whole.waits.mean ?? -1) && near(cut.waits.longest, whole.waits.longest))
        #expect(near(cut.backlog, whole.backlog))
    }

    @Test("very much that waits is joined, and none of it is lost")
    func bounded() {
        var queue = FluidQueue()
        for second in 0..<10_000 { queue.arrive(1, from: Double(second), until: Double(second) + 1) }
        #expect(near(queue.backlog, 10_000))
        queue.flow(from: 10_000, until: 30_000, rate: 1)
        #expect(near(queue.waits.jobs, 10_000, within: 1e-3) && near(queue.waits.mean, 10_000, within: 20))
    }

    @Test("quantiles are true to within a tenth")
    func quantiles() {
        var tally = WaitTally()
        for wait in 1...1000 { tally.add(1, from: Double(wait), to: Double(wait)) }
        for share in [0.1, 0.5, 0.95, 0.99] {
            let exact = 1000 * share
            #expect(near(tally.quantile(share), exact, within: exact * 0.1))
        }
        #expect(tally.quantile(1) == 1000 && tally.mean == 500.5)
    }
}
