import Synchronization
import WeirCore
import WeirHTTP
import WeirRuntime

/// Lists the containers of one group. It can only look: all it has is an engine that can be asked and not told.
struct DockerLister: InstanceLister {
    let engine: DockerEngine
    let group: String
    /// The id of the state folder; containers of another weir on the same engine are not ours.
    let fleet: String
    /// How ended containers ended, by container id: it never changes, so the engine is asked once.
    private let exits = ExitCache()

    init(engine: DockerEngine, group: String, fleet: String) {
        self.engine = engine
        self.group = group
        self.fleet = fleet
    }

    /// Sorted by instance.
    func list() async throws(LauncherFailure) -> [ListedInstance] {
        do {
            let containers = try await containers()
            exits.keep(only: Set(containers.map(\.id)))
            let exits = try await exits(of: containers.filter { $0.state == .exited || $0.state == .removing })
            return containers.compactMap { container in
                guard let id = container.instance, let phase = phase(of: container, exits) else { return nil }
                return ListedInstance(
                    id: id, phase: phase, health: container.health, templateVersion: container.templateVersion)
            }.sorted { $0.id < $1.id }
        } catch {
            throw error.launcherFailure("the containers of '\(group)' were not listed")
        }
    }

    func changes() -> AsyncStream<Void> {
        DockerChanges(engine: engine, labels: labels).stream()
    }

    private var labels: [(String, String)] { [(DockerLabel.fleet, fleet), (DockerLabel.group, group)] }

    private func containers() async throws(DockerFailure) -> [DockerContainer] {
        let filters = try DockerWire.filters(labels: labels)
        let query = [("all", "1"), ("filters", filters)]
        return try DockerWire.containers(
            try await engine.get("/containers/json", query: query, maximumBytes: DockerLimits.listBytes)
        ).filter { $0.belongs(to: fleet, group: group) }
    }

    /// Nil: it went away while we looked, or goes and never started.
    private func phase(of container: DockerContainer, _ exits: [String: Exit?]) -> ListedInstance.Phase? {
        switch container.state {
        case .created: .starting
        case .running: .running
        case .paused: .paused
        case .exited, .removing: (exits[container.id] ?? nil).map { .exited($0) }
        }
    }

    // MARK: How they ended

    private func exits(of ended: [DockerContainer]) async throws(DockerFailure) -> [String: Exit?] {
        let slots = Slots(DockerLimits.inspectionsAtOnce)
        let results = await withTaskGroup(of: (String, Result<Exit?, DockerFailure>).self) { group in
            for container in ended {
                group.addTask {
                    do throws(DockerFailure) {
                        return (
                            container.id,
                            .success(
                                try await slots.run { () async throws(DockerFailure) in
                                    try await exit(of: container)
                                } ?? nil)
                        )
                    } catch {
                        return (container.id, .failure(error))
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        var exits: [String: Exit?] = [:]
        for (id, result) in results { exits[id] = .some(try known(result)) }
        return exits
    }

    /// The list has said that it ended. One that cannot be looked into is no reason not to know of the others; how it
    /// ended is asked again next time.
    private func known(_ result: Result<Exit?, DockerFailure>) throws(DockerFailure) -> Exit? {
        switch result {
        case .success(let exit): return exit
        case .failure(let failure) where failure.concernsAll: throw failure
        case .failure: return Exit(code: nil)
        }
    }

    private func exit(of container: DockerContainer) async throws(DockerFailure) -> Exit? {
        if let known = exits[container.id] { return known }
        guard let inspection = try await inspect(container.id) else { return nil }
        // A launch that was refused clears up after itself. The launch says so; that is no instance that has ended.
        if container.state == .removing, inspection.neverStarted { return nil }
        let exit = Exit(
            code: inspection.exitCode, outOfMemory: inspection.outOfMemory, logTail: await logTail(of: container.id))
        exits[container.id] = exit
        return exit
    }

    /// Nil: there is no such container.
    func inspect(_ nameOrID: String) async throws(DockerFailure) -> DockerInspection? {
        do {
            return try DockerWire.inspection(try await engine.get("/containers/\(DockerEngine.escape(nameOrID))/json"))
        } catch .refused(404, _) {
            return nil
        }
    }

    /// The last lines; none when the engine cannot give them, for that is no reason not to know that it ended.
    private func logTail(of id: String) async -> [String] {
        let query = [("stdout", "1"), ("stderr", "1"), ("tail", "\(DockerLimits.logLines)")]
        let frames = try? await engine.get("/containers/\(id)/logs", query: query, maximumBytes: DockerLimits.logBytes)
        return DockerWire.logTail(frames: frames ?? [])
    }
}

/// Remembers how containers ended, for as long as they are there.
private final class ExitCache: Sendable {
    private let exits = Mutex<[String: Exit]>([:])

    subscript(id: String) -> Exit? {
        get { exits.withLock { $0[id] } }
        set { exits.withLock { $0[id] = newValue } }
    }

    func keep(only ids: Set<String>) {
        exits.withLock { exits in
            exits = exits.filter { ids.contains($0.key) }
        }
    }
}
