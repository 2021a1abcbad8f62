import Foundation
import Testing
import WeirCore
import WeirHTTP
import WeirPolicy
import WeirRuntime

@testable import WeirBackends

/// Containers of a real engine. Each subject is a fleet of its own, so that tests do not see each other's.
struct DockerSubject: LauncherSubject {
    static let group = "contract"

    let engine: DockerEngine
    let fleet = UUID().uuidString
    let starts: TemporaryFolder
    var options: DockerOptions

    /// - Parameter script: for `sh -c`; by default a worker that notes its start and goes on until it is told to stop.
    init(_ script: String = #"echo x >>"/starts/$WEIR_INSTANCE_ID.starts"; exec sleep 600"#) throws {
        let host = try #require(TestEngines.docker, "WEIR_TEST_DOCKER names no engine")
        engine = DockerEngine(address: try #require(DockerEngine.Address(host)), http: HTTPClient())
        starts = try TemporaryFolder()
        options = DockerOptions(Options(values: []))
        options.image = "busybox:local"
        options.network = "none"
        options.pull = .never
        options.command = ["sh", "-c", script]
        options.mounts = [try #require(.init("\(starts.path):/starts"))]
    }

    func with(_ change: (inout DockerOptions) -> Void) -> DockerSubject {
        var subject = self
        change(&subject.options)
        return subject
    }

    func docker() -> DockerLauncher {
        DockerLauncher(
            options, engine: engine, group: Self.group, fleet: fleet, slots: Slots(DockerLimits.launchesAtOnce))
    }

    func launcher() async throws -> any Launcher { docker() }

    func refusingLauncher() async throws -> any Launcher {
        with { $0.image = "no-such-image:here" }.docker()
    }

    func starts(of instance: InstanceID) async throws -> Int { starts.lines("\(instance).starts").count }

    func standsStill(_ instance: InstanceID) async throws -> Bool { try await phase(of: instance) == .paused }

    var preparesWithoutStarting: Bool { true }

    /// A container that has the name an instance would have, but that somebody else made.
    func bystander() async throws -> any Bystander {
        try await DockerBystander(engine, options, labels: [:])
    }

    // MARK: For the tests of this launcher alone

    func order(_ id: InstanceID) -> LaunchOrder { LaunchOrder(instance: id, group: Self.group) }

    func name(of id: InstanceID) -> String { "weir-\(Self.group)-\(id)" }

    func phase(of id: InstanceID) async throws -> ListedInstance.Phase? {
        try await docker().list().first { $0.id == id }?.phase
    }

    func exit(of id: InstanceID) async throws -> Exit? {
        try await eventually(within: .seconds(30)) {
            guard case .exited(let exit)? = try await phase(of: id) else { return nil }
            return exit
        }
    }

    /// Launches one instance, waits for its end, and removes it.
    func runToItsEnd() async throws -> Exit {
        let (launcher, id) = (docker(), InstanceID.fresh())
        try await launcher.launch(order(id))
        let exit = try await exit(of: id)
        try await launcher.remove(id)
        return try #require(exit, "it did not end")
    }

    func endAll() async throws {
        let launcher = docker()
        for instance in try await launcher.list() {
            try await launcher.terminate(instance.id, stopTimeout: .zero)
            try await launcher.remove(instance.id)
        }
    }
}

struct DockerBystander: Bystander {
    let id = InstanceID.fresh()
    private let engine: DockerEngine
    private let container: String

    init(_ engine: DockerEngine, _ options: DockerOptions, labels: [String: String]) async throws {
        self.engine = engine
        container = "weir-\(DockerSubject.group)-\(id)"
        let body: [String: Any] = [
            "Image": options.image, "Cmd": ["sleep", "600"], "Labels": labels, "HostConfig": ["NetworkMode": "none"],
        ]
        let hands = DockerHands(engine: engine)
        try await hands.post(
            "/containers/create", query: [("name", container)],
            body: Array(try JSONSerialization.data(withJSONObject: body)), timeLimit: .seconds(30))
        try await hands.post("/containers/\(container)/start", timeLimit: .seconds(30))
    }

    func isUntouched() async throws -> Bool {
        let lister = DockerLister(engine: engine, group: DockerSubject.group, fleet: "")
        return try await lister.inspect(container)?.container.state == .running
    }

    func end() async throws {
        try await DockerHands(engine: engine).delete("/containers/\(container)", query: [("force", "1")])
    }
}
