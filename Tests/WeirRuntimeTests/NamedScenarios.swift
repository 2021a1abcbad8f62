import Foundation
import Synchronization
import Testing
import WeirCore

@testable import WeirRuntime

/// The accidents that people tell of again and again, each as a timeline, with what goes wrong elsewhere: those for which
/// hands and a state folder are needed.
@Suite("Named scenarios")
struct NamedScenarios {
    private static let start = Instant(milliseconds: 1_700_000_000_000)

    /// A group that is live, with its state folder, and what happens to it in half an hour.
    private struct Live {
        let world = FakeWorld()
        let folder: TemporaryFolder
        let store: FileStateStore
        private(set) var player: Player

        init() throws {
            folder = try TemporaryFolder()
            store = FileStateStore(try StateFolder(preparing: folder.path))
            let stored = StoredGroup(
                name: "sample", policyPath: "p.yaml", policyText: "", launcher: "fake", measures: "queue",
                state: GroupState(seed: 42, createdAt: start, desiredCapacity: 0))
            player = Player(stored, .sample(), in: world, with: world, keeping: store, at: start)
        }

        mutating func step(_ second: Int) async throws {
            happen(second)
            // Killed, and started again from what it had stored.
            if second == 1000 {
                player = Player(try kept(), .sample(), in: world, with: world, keeping: store, at: at(second))
            }
            await player.step(at: at(second))
        }

        private func happen(_ second: Int) {
            world.set { state in
                switch second {
                case 20: state.visible = 12
                // Its worker crashes.
                case 100: if !state.listed.isEmpty { state.listed[0].phase = .exited(Exit(code: 1)) }
                case 200: if let busy = state.listed.last?.id { state.held[busy] = 1 }
                case 300: state.visible = 0
                case 600: state.held = [:]
                case 900: state.visible = 1
                case 1300: state.visible = nil
                case 1400: state.visible = 0
                default: break
                }
            }
        }

        func kept() throws -> StoredGroup { try #require(try store.loadAll().first) }

        /// All that is in the folder, by path.
        func files() throws -> [String: Data] {
            let manager = FileManager.default
            let paths = try manager.subpathsOfDirectory(atPath: folder.path)
            return Dictionary(
                uniqueKeysWithValues: paths.map { ($0, manager.contents(atPath: "\(folder.path)/\($0)") ?? Data()) })
        }
    }

    private static func at(_ second: Int) -> Instant { start + .seconds(second) }

    /// It can look at what is live, and do nothing to it.
    private struct Onlooker: InstanceLister {
        let world: FakeWorld
        func list() async throws(LauncherFailure) -> [ListedInstance] { try await world.list() }
        func changes() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
    }

    /// As `weir run --dry-run` beside it: from what is stored.
    private func dryRun(of live: Live, _ policy: GroupPolicy, at second: Int) throws -> Player {
        Player(
            try live.kept(), policy, in: live.world, with: ImaginedHands(lister: Onlooker(world: live.world)),
            keeping: live.store, at: Self.at(second))
    }

    /// Elsewhere a dry run is the live one with an `if` before each call. Where one is forgotten it ends a worker as an
    /// orphan; and its cooldowns and the instances that it imagined are in the state from which the live one starts next.
    @Test("a dry run leaves no trace in live state")
    func dryRun() async throws {
        var alone = try Live()
        var watched = try Live()
        var dry: [Player] = []
        for second in stride(from: 0, through: 1800, by: 5) {
            try await alone.step(second)
            try await watched.step(second)
            let (files, world) = (try watched.files(), watched.world.traces)
            // One wants fewer than the group has grown to, and another more where it has gone to zero.
            if second == 60 { dry.append(try dryRun(of: watched, .sample(max: 1), at: second)) }
            if second == 800 { dry.append(try dryRun(of: watched, .sample(min: 2), at: second)) }
            for index in dry.indices { await dry[index].step(at: Self.at(second)) }
            if second == 1700 { for index in dry.indices { await dry[index].end(at: Self.at(second)) } }
            let filesAfter = try watched.files()
            try #require(filesAfter == files, "after \(second) s")
            try #require(watched.world.traces == world, "after \(second) s")
        }
        // They had their way, as far as they know.
        #expect(dry[0].asked.contains { $0.word == "terminate" })
        #expect(dry[1].asked.contains { $0.word == "launch" })
        // And the live one did and remembers what it would have without them.
        #expect(alone.world.launched.count > 4 && !alone.world.terminated.isEmpty)
        #expect(watched.world.performed == alone.world.performed)
        let (kept, keptAlone) = (try watched.kept(), try alone.kept())
        #expect(kept == keptAlone)
    }
}

extension FakeWorld {
    /// All by which somebody who acted could be told.
    fileprivate struct Traces: Equatable {
        var listed: [ListedInstance]
        var closed: Set<InstanceID>
        var performed: [Action]
    }

    fileprivate var traces: Traces {
        state.withLock { Traces(listed: $0.listed, closed: $0.closed, performed: $0.performed) }
    }
}
