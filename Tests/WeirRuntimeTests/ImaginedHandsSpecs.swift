import Testing
import WeirCore

@testable import WeirRuntime

@Suite("The hands of a dry run")
struct ImaginedHandsSpecs {
    /// It can be asked, and nothing else: there is no method through which it could be told to do anything.
    private struct Lister: InstanceLister {
        var instances: [ListedInstance]
        func list() async throws(LauncherFailure) -> [ListedInstance] { instances }
        func changes() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
    }

    private static let real = InstanceID("i-00000000000000001")
    private static let imaginary = InstanceID("i-00000000000000002")

    @Test("what would have been launched is listed beside what is real")
    func launches() async throws {
        let hands = ImaginedHands(lister: Lister(instances: [ListedInstance(id: Self.real, phase: .running)]))
        #expect(await hands.perform(.launch(Self.imaginary), for: "g") == .done)
        #expect(await hands.perform(.launch(Self.imaginary), for: "g") == .done)
        #expect(try await hands.list().map(\.id) == [Self.real, Self.imaginary])
        #expect(hands.imagined)
    }

    @Test("what would have been stopped looks stopped, and when removed is not listed any more")
    func terminates() async throws {
        let hands = ImaginedHands(lister: Lister(instances: [ListedInstance(id: Self.real, phase: .running)]))
        #expect(await hands.perform(.drain(Self.real), for: "g") == .drained(held: nil))
        #expect(await hands.perform(.terminate(Self.real, stopTimeout: .seconds(1)), for: "g") == .done)
        #expect(try await hands.list() == [ListedInstance(id: Self.real, phase: .exited(Exit(code: 0)))])
        #expect(await hands.perform(.remove(Self.real), for: "g") == .done)
        #expect(try await hands.list().isEmpty)
    }
}
