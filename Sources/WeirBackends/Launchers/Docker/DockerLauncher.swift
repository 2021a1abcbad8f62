import WeirCore
import WeirHTTP
import WeirRuntime

/// Starts and stops the containers of one group.
///
/// A container's name is made from its instance, so the engine itself keeps a launch from happening twice. Everything
/// that is stopped or removed is looked at first: what does not carry the labels of this weir is left alone.
struct DockerLauncher: Launcher {
    private let options: DockerOptions
    private let lister: DockerLister
    private let hands: DockerHands
    private let slots: Slots

    /// - Parameter slots: shared by all launchers of the engine.
    init(_ options: DockerOptions, engine: DockerEngine, group: String, fleet: String, slots: Slots) {
        self.options = options
        self.slots = slots
        lister = DockerLister(engine: engine, group: group, fleet: fleet)
        hands = DockerHands(engine: engine)
    }

    func list() async throws(LauncherFailure) -> [ListedInstance] { try await lister.list() }

    func changes() -> AsyncStream<Void> { lister.changes() }

    func launch(_ order: LaunchOrder) async throws(LauncherFailure) {
        do {
            try await start(order)
        } catch {
            throw error.launcherFailure("\(order.instance) was not started")
        }
    }

    func prepare(_ order: LaunchOrder) async throws(LauncherFailure) {
        do {
            try await start(order, onlyMaking: true)
        } catch {
            throw error.launcherFailure("\(order.instance) was not made")
        }
    }

    func pause(_ instance: InstanceID) async throws(LauncherFailure) {
        do throws(DockerFailure) {
            guard let container = try await find(instance) else {
                throw .refused(status: 404, message: "there is no such container")
            }
            // What does not run is refused by the engine, in its own words.
            if container.state == .paused { return }
            try await hands.post("/containers/\(container.id)/pause", timeLimit: DockerLimits.startTime)
        } catch {
            throw error.launcherFailure("\(instance) was not paused")
        }
    }

    func resume(_ instance: InstanceID) async throws(LauncherFailure) {
        do throws(DockerFailure) {
            guard let container = try await find(instance) else {
                throw DockerFailure.refused(status: 404, message: "there is no such container")
            }
            if container.state == .paused { try await unpause(container.id) }
        } catch {
            throw error.launcherFailure("\(instance) does not go on")
        }
    }

    private func unpause(_ id: String) async throws(DockerFailure) {
        try await hands.post("/containers/\(id)/unpause", timeLimit: DockerLimits.startTime)
    }

    func address(of instance: InstanceID) async throws(LauncherFailure) -> String? {
        do {
            guard let inspection = try await lister.inspect(name(of: instance)) else {
                throw DockerFailure.refused(status: 404, message: "there is no such container")
            }
            return inspection.address
        } catch let failure as DockerFailure {
            throw failure.launcherFailure("the address of \(instance) is not known")
        } catch {
            throw LauncherFailure("the address of \(instance) is not known: \(error)", retryHelps: true)
        }
    }

    func terminate(_ instance: InstanceID, stopTimeout: Duration) async throws(LauncherFailure) {
        do {
            guard let container = try await find(instance) else { return }
            switch container.state {
            case .exited, .removing: return
            // It was never started, so there is nothing to stop; it must only never start.
            case .created: try await delete(container.id)
            case .running: try await stop(container.id, stopTimeout)
            case .paused:
                // What stands still hears no SIGTERM.
                try await unpause(container.id)
                try await stop(container.id, stopTimeout)
            }
        } catch {
            throw error.launcherFailure("\(instance) was not stopped")
        }
    }

    func remove(_ instance: InstanceID) async throws(LauncherFailure) {
        do {
            guard let container = try await find(instance) else { return }
            try await delete(container.id)
        } catch {
            throw error.launcherFailure("\(instance) was not removed")
        }
    }

    // MARK: Starting

    /// A pull takes no slot: a slow registry would keep the other groups of the engine waiting.
    private func start(_ order: LaunchOrder, onlyMaking: Bool = false) async throws(DockerFailure) {
        if options.pull == .always {
            if try await adopt(order, onlyMaking) { return }
            try await pull()
        }
        if try await startInSlot(order, onlyMaking) { return }
        guard options.pull != .never else { throw .imageMissing(options.image) }
        try await pull()
        guard try await startInSlot(order, onlyMaking) else {
            throw .pullFailed(image: options.image, because: "it is not there after the pull")
        }
    }

    /// - Returns: false when the image is missing.
    private func startInSlot(_ order: LaunchOrder, _ onlyMaking: Bool) async throws(DockerFailure) -> Bool {
        let isStarted = try await slots.run { () async throws(DockerFailure) in
            switch try await create(order) {
            case .made(let id): if !onlyMaking { try await start(container: id) }
            case .nameTaken: try await adoptOrFail(order, onlyMaking)
            case .imageMissing: return false
            }
            return true
        }
        guard let isStarted else { throw .unreachable(.cancelled) }
        return isStarted
    }

    private enum Creation {
        case made(String)
        case nameTaken
        case imageMissing
    }

    private func create(_ order: LaunchOrder) async throws(DockerFailure) -> Creation {
        let body = try DockerWire.create(order, options, fleet: lister.fleet)
        let query = [("name", name(of: order.instance))]
        do {
            let answer = try await hands.post(
                "/containers/create", query: query, body: body, timeLimit: DockerLimits.createTime)
            return .made(try DockerWire.created(answer.body))
        } catch .refused(409, _) {
            return .nameTaken
        } catch .refused(500, let message) where message.contains("already in use") {
            // Podman's way to say 409.
            return .nameTaken
        } catch .refused(404, let message) {
            guard try await !imageExists() else { throw .refused(status: 404, message: message) }
            return .imageMissing
        }
    }

    private func start(container id: String) async throws(DockerFailure) {
        do {
            try await hands.post("/containers/\(id)/start", timeLimit: DockerLimits.startTime)
        } catch .refused(let status, let message) {
            // It will not start by itself; what is left of it would look like a launch under way. Without force, the
            // engine refuses to delete it if it did start.
            try? await hands.delete("/containers/\(id)", query: [("v", "1")])
            throw .refused(status: status, message: message)
        }
    }

    /// The container is there from an earlier call: that is this launch, and it is only helped on if it stopped halfway.
    /// - Returns: false when there is none.
    private func adopt(_ order: LaunchOrder, _ onlyMaking: Bool) async throws(DockerFailure) -> Bool {
        guard let container = try await find(order.instance) else { return false }
        switch container.state {
        case .created: if !onlyMaking { try await start(container: container.id) }
        case .running, .paused, .exited, .removing: break
        }
        return true
    }

    /// The engine gives a name away before it shows the container that will have it: another launch of this instance, or
    /// of a weir that was killed meanwhile, may still be making it.
    private func adoptOrFail(_ order: LaunchOrder, _ onlyMaking: Bool) async throws(DockerFailure) {
        let deadline = ContinuousClock.now + DockerLimits.createTime
        while try await !adopt(order, onlyMaking) {
            // Throws only when it is cancelled; the question after it then fails at once.
            try? await Task.sleep(for: DockerLimits.adoptionPause)
            guard ContinuousClock.now < deadline else {
                throw .refused(
                    status: 500, message: "something has the name \(name(of: order.instance)) and does not show")
            }
        }
    }

    // MARK: Images

    private func imageExists() async throws(DockerFailure) -> Bool {
        do {
            _ = try await lister.engine.get("/images/\(DockerEngine.escape(options.image))/json")
            return true
        } catch .refused(404, _) {
            return false
        }
    }

    /// The engine answers 200 and tells afterwards, in the last line of its progress, that it failed.
    private func pull() async throws(DockerFailure) {
        let image = options.image
        let result = await withTimeLimit(DockerLimits.pullTime) { () async -> Result<Void, DockerFailure> in
            do throws(DockerFailure) {
                return .success(try await pullToTheEnd())
            } catch {
                return .failure(error)
            }
        }
        guard let result else {
            throw .pullFailed(image: image, because: "it was not there after \(DockerLimits.pullTime)")
        }
        switch result {
        case .success: return
        case .failure(.refused(_, let message)): throw .pullFailed(image: image, because: message)
        case .failure(let failure): throw failure
        }
    }

    private func pullToTheEnd() async throws(DockerFailure) {
        let chunks = try await hands.postStream(
            "/images/create", query: DockerWire.pull(options.image), timeLimit: DockerLimits.pullTime)
        var lines = ByteLines(limitBytes: DockerLimits.streamLineBytes)
        do {
            for try await chunk in chunks {
                for line in lines.take(chunk) { try check(line) }
            }
            if let line = lines.finish() { try check(line) }
        } catch let failure as DockerFailure {
            throw failure
        } catch let failure as HTTPFailure {
            throw .unreachable(failure)
        } catch {
            throw .unreadable("\(error)")
        }
    }

    private func check(_ line: [UInt8]) throws(DockerFailure) {
        if let error = DockerWire.pullError(line) { throw .pullFailed(image: options.image, because: error) }
    }

    // MARK: Ending

    private func stop(_ id: String, _ stopTimeout: Duration) async throws(DockerFailure) {
        let seconds = Int64(stopTimeout.inSeconds.rounded(.up))
        do {
            try await hands.post(
                "/containers/\(id)/stop", query: [("t", "\(seconds)")], timeLimit: stopTimeout + DockerLimits.stopMargin
            )
        } catch .refused(404, _) {
            return
        }
    }

    private func delete(_ id: String) async throws(DockerFailure) {
        do {
            try await hands.delete("/containers/\(id)", query: [("v", "1")])
        } catch .refused(404, _) {
            return
        } catch .refused(409, let message) where message.contains("in progress") {
            return
        }
    }

    // MARK: Which container

    private func name(of instance: InstanceID) -> String { "weir-\(lister.group)-\(instance.text)" }

    /// The instance's container; nil when there is none.
    /// - Throws: `notOurs` when something else has its name.
    private func find(_ instance: InstanceID) async throws(DockerFailure) -> DockerContainer? {
        let name = name(of: instance)
        guard let container = try await lister.inspect(name)?.container else { return nil }
        guard container.belongs(to: lister.fleet, group: lister.group), container.instance == instance else {
            throw .notOurs(container: name)
        }
        return container
    }
}
