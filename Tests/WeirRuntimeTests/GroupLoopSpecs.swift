import Logging
import Synchronization
import Testing
import WeirCore

@testable import WeirRuntime

@Suite("The loop of a group, as a value")
struct GroupLoopSpecs {
    private static let start = Instant(milliseconds: 1_700_000_000_000)

    private func at(_ seconds: Double) -> Instant { Self.start + .milliseconds(Int64(seconds * 1000)) }

    private func loop(_ store: any StateStore, desired: Int) -> GroupLoop {
        let stored = StoredGroup(
            name: "sample", policyPath: "p.yaml", policyText: "", launcher: "fake", measures: "queue",
            state: GroupState(seed: 42, createdAt: Self.start, desiredCapacity: desired))
        let books = GroupLoop.Books(
            store: store, recorder: NoRecorder(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            index: InstanceIndex())
        var loop = GroupLoop(stored, policy: .sample(), dryRun: false, books: books, at: Self.start)
        loop.begin(at: Self.start)
        return loop
    }

    /// The actions among its wishes.
    private func actions(_ loop: inout GroupLoop) -> [Action] {
        loop.takeWishes().compactMap { if case .perform(let ordered) = $0 { ordered.action } else { nil } }
    }

    @Test("what could not be stored is stored durably before it begins, also by a tick that decides nothing")
    func storedDurably() {
        let disk = FailingStore()
        var loop = loop(disk, desired: 1)
        disk.fail(true)
        loop.listed(.instances([]))
        loop.tick(held: [], at: at(1))
        #expect(actions(&loop).isEmpty)
        disk.fail(false)
        // Nothing has happened since.
        loop.tick(held: [], at: at(1.5))
        #expect(actions(&loop).map(\.word) == ["launch"])
        #expect(disk.lastWasDurable)
    }

    @Test("a listing that says what is known brings no tick; one that says more, or comes after a failure, does")
    func noNews() throws {
        var loop = loop(FailingStore(), desired: 1)
        loop.listed(.instances([]))
        loop.tick(held: [], at: at(1))
        let launch = try #require(actions(&loop).first)
        loop.finished(launch, .done)
        let running = Listing.instances([ListedInstance(id: launch.instance, phase: .running)])
        loop.listed(running)
        let isDue = loop.look(at: at(1.1))
        #expect(isDue)
        loop.tick(held: [], at: at(1.1))
        loop.listed(running)
        let isDueAgain = loop.look(at: at(1.2))
        #expect(!isDueAgain)
        let unwell = ListedInstance(id: launch.instance, phase: .running, health: .failed("no answer"))
        let news: [Listing] = [.instances([]), .instances([unwell]), .failed("refused"), running]
        for (number, listing) in news.enumerated() {
            var loop = loop
            // The last of them comes after a failure.
            if number == 3 {
                loop.listed(.failed("refused"))
                loop.tick(held: [], at: at(1.3))
            }
            loop.listed(listing)
            let isDue = loop.look(at: at(1.4))
            #expect(isDue, "\(listing)")
        }
    }

    @Test("a source that says nothing for a minute counts as one that failed, and is heard when it answers")
    func noAnswer() {
        var loop = loop(FailingStore(), desired: 1)
        loop.listed(.instances([]))
        loop.tick(held: [], at: at(1))
        for second in [61.0, 121.0] {
            _ = loop.look(at: at(second - 2))
            let next = loop.nextLook(after: at(second - 2))
            #expect(next <= at(second))
            let isDue = loop.look(at: at(second))
            #expect(isDue)
            loop.tick(held: [], at: at(second))
            #expect(loop.stored.state.silence?.why == "no answer for 60 s")
        }
        let asked = loop.takeWishes().count { if case .measure = $0 { true } else { false } }
        #expect(asked == 1)
        let answer = Measurement(visible: .value(3), inFlight: .value(0), delayed: .value(0), oldestAge: .value(9))
        loop.measured(answer, by: 0, at: at(130))
        loop.tick(held: [], at: at(130))
        #expect(loop.stored.state.silence == nil)
    }

    @Test("a source whose own limit is longer than a minute has that long")
    func slowSource() {
        var loop = loop(FailingStore(), desired: 1)
        loop.setPatience(.seconds(315))
        loop.measured(.missing(.notTold), by: 0, at: at(0))
        loop.listed(.instances([]))
        loop.tick(held: [], at: at(1))
        for second in stride(from: 2.0, through: 400, by: 1) where loop.look(at: at(second)) {
            loop.tick(held: [], at: at(second))
            // It was asked again within a minute of the start, and 315 s later is too late.
            if loop.stored.state.silence?.why == "no answer for 315 s" {
                #expect(second >= 315)
                return
            }
        }
        Issue.record("it is waited for without end")
    }

    @Test("a listing that fails before any has succeeded says that nobody knows who is there")
    func neverListed() throws {
        var loop = loop(FailingStore(), desired: 1)
        loop.listed(.failed("refused"))
        loop.tick(held: [], at: at(1))
        #expect(actions(&loop).isEmpty)
        loop.listed(.instances([]))
        loop.tick(held: [], at: at(2))
        #expect(actions(&loop).map(\.word) == ["launch"])
        loop.listed(.failed("refused"))
        _ = loop.request(.setDesired(2, honorCooldown: false))
        loop.tick(held: [], at: at(3))
        #expect(actions(&loop).map(\.word) == ["launch"])
    }

    @Test("who was ended while a listing was under way does not run, whatever that listing says")
    func endedMeanwhile() throws {
        var loop = loop(FailingStore(), desired: 1)
        loop.listed(.instances([]))
        loop.tick(held: [], at: at(1))
        let launch = try #require(actions(&loop).first)
        loop.finished(launch, .done)
        // It is ended before it was seen to run.
        _ = loop.request(.terminate(launch.instance, decrementDesired: true))
        loop.tick(held: [], at: at(2))
        let end = try #require(actions(&loop).first { $0.word == "terminate" })
        loop.finished(end, .done)
        loop.listed(.instances([ListedInstance(id: launch.instance, phase: .running)]))
        loop.tick(held: [], at: at(3))
        #expect(!loop.stored.state.fleet.contains { $0.id == launch.instance })
        #expect(loop.stored.state.remains.map(\.instance) == [launch.instance])
    }

    @Test("what could not begin while the disk was full does not begin for an instance that has gone meanwhile")
    func goneWhileTheDiskWasFull() throws {
        let disk = FailingStore()
        var loop = loop(disk, desired: 1)
        loop.listed(.instances([]))
        loop.tick(held: [], at: at(1))
        let launch = try #require(actions(&loop).first)
        loop.finished(launch, .done)
        loop.listed(.instances([ListedInstance(id: launch.instance, phase: .starting)]))
        loop.tick(held: [], at: at(2))
        // The next process orders it again, and cannot store that.
        let books = GroupLoop.Books(
            store: disk, recorder: NoRecorder(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            index: InstanceIndex())
        var next = GroupLoop(loop.stored, policy: .sample(), dryRun: false, books: books, at: at(3))
        next.begin(at: at(3))
        disk.fail(true)
        next.listed(.instances([ListedInstance(id: launch.instance, phase: .starting)]))
        next.tick(held: [], at: at(3))
        next.listed(.instances([ListedInstance(id: launch.instance, phase: .exited(Exit(code: 1)))]))
        next.tick(held: [], at: at(4))
        #expect(actions(&next).isEmpty)
        disk.fail(false)
        next.tick(held: [], at: at(5))
        #expect(!actions(&next).contains(launch))
    }

    @Test("a launch that waited behind one that failed is not done for an instance that was forgotten meanwhile")
    func forgottenMeanwhile() throws {
        var loop = loop(FailingStore(), desired: 1)
        loop.listed(.instances([]))
        loop.tick(held: [], at: at(1))
        let launch = try #require(actions(&loop).first)
        // It is not wanted any more, and then again: drain, restore and another launch wait behind the first.
        _ = loop.request(.setDesired(0, honorCooldown: false))
        loop.tick(held: [], at: at(2))
        _ = loop.request(.setDesired(1, honorCooldown: false))
        loop.tick(held: [], at: at(3))
        #expect(actions(&loop).isEmpty)
        loop.finished(launch, .failed("no answer"))
        loop.tick(held: [], at: at(4))
        loop.listed(.instances([]))
        loop.tick(held: [], at: at(5))
        #expect(loop.stored.state.fleet.allSatisfy { $0.id != launch.instance })
        let drain = try #require(actions(&loop).first { $0.instance == launch.instance })
        #expect(drain == .drain(launch.instance))
        loop.finished(drain, .drained(held: 0))
        loop.finished(.restore(launch.instance), .done)
        #expect(!actions(&loop).contains(launch))
    }
}

private struct NoRecorder: Recorder {
    func record(_ record: Record) {}
}

private final class FailingStore: StateStore {
    private let state = Mutex((fails: false, lastWasDurable: false))

    func fail(_ fails: Bool) { state.withLock { $0.fails = fails } }

    var lastWasDurable: Bool { state.withLock { $0.lastWasDurable } }

    func save(_ group: StoredGroup, durably: Bool) throws(StateFailure) {
        let fails = state.withLock { state in
            state.lastWasDurable = durably
            return state.fails
        }
        if fails { throw StateFailure("no space left on device") }
    }

    func remove(_ name: String) {}
}
