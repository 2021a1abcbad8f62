import Glibc
import Testing
import WeirCore

@testable import WeirRuntime

@Suite("How long jobs would have waited beside a live group")
struct ShadowWaitsSpecs {
    /// Looked at each second.
    private struct World {
        var waits = ShadowWaits()
        var live: Int
        var shadow: Int
        var now = 0.0

        init(live: Int, shadow: Int) {
            self.live = live
            self.shadow = shadow
            look(arrived: 0, done: 0, visible: 0, inFlight: 0)
        }

        mutating func look(
            arrived: Double, done: Double, visible: Double, inFlight: Double, traffic: Traffic? = nil
        ) {
            if now > 0 {
                waits.pass(.init(from: now - 1, until: now, live: live, shadow: shadow))
            }
            var measurement = Measurement(
                visible: .value(visible), inFlight: .value(inFlight), delayed: .value(0), oldestAge: .value(0),
                arrivalRate: .value(arrived), completionRate: .value(done))
            measurement.traffic = traffic
            waits.measured(measurement, at: now, concurrency: (1, 1))
            now += 1
        }
    }

    @Test("what came before anybody knew how long a job takes does not wait until then")
    func firstJobs() {
        var world = World(live: 2, shadow: 2)
        // One is always visible, so that nothing is known to be empty.
        for second in 1...9 {
            world.look(arrived: 1, done: second == 1 ? 0 : 1, visible: 1, inFlight: 1)
            #expect(world.waits.serviceTime == nil && world.waits.live.waits.jobs == 0)
        }
        for _ in 1...11 { world.look(arrived: 1, done: 1, visible: 1, inFlight: 1) }
        // They flow twice as fast as they come.
        #expect(world.waits.live.backlog < 1e-6 && abs(world.waits.live.waits.jobs - 20) < 1e-6)
        #expect(world.waits.live.waits.longest < 1e-6)
        #expect(world.waits.shadow == world.waits.live)
    }

    @Test("a first burst of long jobs is not lost, however often somebody looks before ten are done")
    func longJobs() {
        var world = World(live: 10, shadow: 5)
        for second in 1...2000 {
            world.look(arrived: second <= 100 ? 1 : 0, done: 0, visible: Double(min(second, 100) - 10), inFlight: 10)
        }
        #expect(world.waits.serviceTime == nil)
        world.look(arrived: 0, done: 10, visible: 80, inFlight: 10)
        let (live, shadow) = (world.waits.live, world.waits.shadow)
        #expect(world.waits.arrivals == 100)
        for queue in [live, shadow] { #expect(abs(queue.backlog + queue.waits.jobs - 100) < 1e-6) }
        #expect(live.backlog > 80 && shadow.backlog > live.backlog)
    }

    @Test("after half a day without ten that are done it begins anew, with what waits then")
    func neverDone() {
        var world = World(live: 1, shadow: 1)
        for second in 1...(12 * 3600 + 2) {
            world.look(arrived: second <= 20 ? 1 : 0, done: 0, visible: Double(min(second, 20) - 1), inFlight: 1)
        }
        #expect(world.waits.arrivals == 0)
        #expect(world.waits.live.backlog == 19 && world.waits.shadow == world.waits.live)
    }

    @Test("when the real queue is empty so is its model; a shadow's own queue is not")
    func emptied() {
        var world = World(live: 1, shadow: 0)
        for _ in 1...40 {
            // A job of two seconds is begun at once, and in the model over two seconds.
            world.look(arrived: 1, done: 0, visible: 0, inFlight: 1)
            world.look(arrived: 0, done: 0, visible: 0, inFlight: 1)
            world.look(arrived: 0, done: 1, visible: 0, inFlight: 0)
        }
        #expect(world.waits.serviceTime == 2)
        #expect(world.waits.live.backlog == 0 && world.waits.live.waits.longest <= 1)
        #expect(abs(world.waits.shadow.backlog - 40) < 1e-6 && world.waits.shadow.waits.jobs == 0)
    }

    @Test("a shadow that does what the live group does has no queue when that has none")
    func emptiedBoth() {
        var world = World(live: 1, shadow: 1)
        for _ in 1...40 {
            world.look(arrived: 1, done: 0, visible: 0, inFlight: 1)
            world.look(arrived: 0, done: 1, visible: 0, inFlight: 0)
        }
        #expect(world.waits.shadow == world.waits.live && world.waits.shadow.backlog == 0)
    }

    @Test("one worker that is almost fully loaded: the model is near the truth", arguments: [1, 2, 3])
    func loaded(seed: Int) {
        var world = World(live: 1, shadow: 1)
        var (next, free, begun, waited) = (0.0, 0.0, 0.0, 0.0)
        var drawn = UInt64(seed)
        func chance() -> Double {
            drawn = drawn &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(drawn >> 11) / Double(1 << 53)
        }
        // When each is begun and done.
        var jobs: [(at: Double, begun: Double, done: Double)] = []
        while next < 1000 {
            next += -log(1 - chance()) * 1.5
            let start = max(next, free)
            free = start + 1 + 0.4 * chance()
            jobs.append((next, start, free))
        }
        for second in 1...1000 {
            let (from, until) = (Double(second) - 1, Double(second))
            world.look(
                arrived: Double(jobs.count { $0.at > from && $0.at <= until }),
                done: Double(jobs.count { $0.done > from && $0.done <= until }),
                visible: Double(jobs.count { $0.at <= until && $0.begun > until }),
                inFlight: Double(jobs.count { $0.begun <= until && $0.done > until }))
            for job in jobs where job.begun > from && job.begun <= until {
                (begun, waited) = (begun + 1, waited + job.begun - job.at)
            }
        }
        let (truth, told) = (waited / begun, world.waits.live.waits.mean ?? 0)
        #expect((0.6...1.4).contains(told / truth), "told \(told), truth \(truth)")
        #expect(world.waits.shadow == world.waits.live)
    }

    @Test("jobs that are too short to be seen in flight are known after ten as well")
    func short() {
        var world = World(live: 1, shadow: 0)
        for _ in 1...14 { world.look(arrived: 1, done: 1, visible: 0, inFlight: 0) }
        #expect(world.waits.serviceTime == 0)
        #expect(world.waits.live.waits.mean == 0 && abs(world.waits.shadow.backlog - 14) < 1e-6)
    }

    @Test("a source that tells of each message how long it took is believed before what was seen in flight")
    func toldOfEach() {
        var world = World(live: 1, shadow: 1)
        for _ in 1...20 {
            var traffic = Traffic(arrivals: 1)
            traffic.services.add(of: LogScale.work.bucket(0.7))
            world.look(arrived: 1, done: 1, visible: 0, inFlight: 0, traffic: traffic)
        }
        let time = world.waits.serviceTime ?? 0
        #expect(abs(time - 0.7) < 0.7 / 23, "\(time)")
    }
}
