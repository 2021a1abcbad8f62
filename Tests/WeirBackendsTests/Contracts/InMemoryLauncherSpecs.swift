import Testing
import WeirCore
import WeirRuntime

@Suite("The in-memory launcher")
struct InMemoryLauncherSpecs {
    private struct Subject: LauncherSubject {
        let world = InMemoryLauncher.World()

        func launcher() async throws -> any Launcher { InMemoryLauncher(world) }
        func refusingLauncher() async throws -> any Launcher { InMemoryLauncher(world, refusal: "it has no hands") }
        func bystander() async throws -> any Bystander { Nobody() }
        func starts(of instance: InstanceID) async throws -> Int { world.starts(of: instance) }
        func standsStill(_ instance: InstanceID) async throws -> Bool { world.phase(of: instance) == .paused }
        var preparesWithoutStarting: Bool { true }
    }

    /// There is nothing else in its world that it could touch.
    private struct Nobody: Bystander {
        let id = InstanceID.fresh()
        func isUntouched() async throws -> Bool { true }
        func end() async throws {}
    }

    @Test("keeps what every launcher promises", arguments: LauncherPromise.allCases)
    func keeps(_ promise: LauncherPromise) async throws {
        try await promise.check(Subject())
    }
}
