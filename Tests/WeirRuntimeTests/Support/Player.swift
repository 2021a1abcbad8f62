import Logging
import WeirCore

@testable import WeirRuntime

/// Plays a loop on time that a test tells: all that it wishes for is done at once, by hands that the test gives it.
struct Player {
    private var loop: GroupLoop
    private let world: FakeWorld
    private let hands: any Hands
    /// What it asked its hands to do, in order.
    private(set) var asked: [Action] = []

    init(
        _ stored: StoredGroup, _ policy: GroupPolicy, in world: FakeWorld, with hands: any Hands,
        keeping store: any StateStore, at now: Instant
    ) {
        let books = GroupLoop.Books(
            store: store, recorder: MemoryRecorder(), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            index: InstanceIndex())
        self.world = world
        self.hands = hands
        loop = GroupLoop(stored, policy: policy, dryRun: hands.imagined, books: books, at: now)
        loop.begin(at: now)
    }

    /// One look, and what comes of it.
    mutating func step(at now: Instant) async {
        await carryOut(at: now)
        guard loop.look(at: now) else { return }
        // What became due by looking.
        await carryOut(at: now)
        loop.tick(held: await world.held(), at: now)
        await carryOut(at: now)
    }

    mutating func end(at now: Instant) async {
        loop.end(at: now)
        await carryOut(at: now)
    }

    private mutating func carryOut(at now: Instant) async {
        var wishes = loop.takeWishes()
        while !wishes.isEmpty {
            for wish in wishes { await grant(wish, at: now) }
            wishes = loop.takeWishes()
        }
    }

    private mutating func grant(_ wish: GroupLoop.Wish, at now: Instant) async {
        switch wish {
        case .measure(let number): loop.measured(await world.measure(at: now), by: number, at: now)
        case .list: loop.listed(await listing())
        case .perform(let ordered):
            asked.append(ordered.action)
            loop.finished(ordered.action, await hands.perform(ordered.action, for: "sample"))
        case .keepHooks, .tell, .answer: break
        }
    }

    private func listing() async -> Listing {
        do throws(LauncherFailure) {
            return .instances(try await hands.list())
        } catch {
            return .failed(error.message)
        }
    }
}
