import Dispatch
import Glibc
import Logging
import WeirCore
import WeirRuntime

/// Starts each instance as a process of this machine, in a session and process group of its own, so that it outlives
/// weir and is found again afterwards. What there is to know about it is in its folder (`InstanceFolder`).
final class ProcessLauncher: Launcher {
    private let options: ProcessOptions
    private let inherited: [String: String]
    private let lister: ProcessLister
    private let logFolder: String
    private let logger: Logger
    /// One launch or removal at a time: that makes "once for each token" true for callers that come together.
    private let queue: DispatchQueue
    /// Instances of a former weir are not among them.
    private let children: ChildList

    /// - Parameters:
    ///   - instances: `STATE/instances/GROUP`, made when it is not there.
    ///   - logs: `STATE/logs/GROUP`, for the logs of removed instances.
    ///   - children: shared by all launchers.
    init(
        options: ProcessOptions, instances: String, logs: String, inherited: [String: String], watcher: FolderWatcher,
        children: ChildList, logger: Logger
    ) throws(SystemFailure) {
        try Files.makeFolder(instances)
        self.options = options
        self.inherited = inherited
        self.lister = ProcessLister(folder: instances, watcher: watcher)
        self.logFolder = logs
        self.children = children
        self.logger = logger
        self.queue = DispatchQueue(label: "weir.launch")
    }

    func list() async throws(LauncherFailure) -> [ListedInstance] {
        let listed = try await lister.list()
        await offTask { () throws(Never) in self.tidy(listed) }
        return listed
    }

    func changes() -> AsyncStream<Void> { lister.changes() }

    func launch(_ order: LaunchOrder) async throws(LauncherFailure) {
        try await perform { () throws(ProcessFailure) in try self.start(order) }
    }

    /// A process cannot be made without being started.
    func prepare(_ order: LaunchOrder) async throws(LauncherFailure) {
        throw LauncherFailure(
            "\(order.instance) was not made: a process runs as soon as it is made; the warm pool has to be hibernated",
            retryHelps: false)
    }

    func pause(_ instance: InstanceID) async throws(LauncherFailure) {
        try await signal(SIGSTOP, instance)
        guard let group = InstanceFolder(instance, in: lister.folder).processGroup else { return }
        let deadline = ContinuousClock.now + ProcessLimits.pauseTime
        while !group.allStandStill {
            guard ContinuousClock.now < deadline else {
                throw LauncherFailure(
                    "\(instance) does not stand still \(ProcessLimits.pauseTime.text) after it was stopped",
                    retryHelps: true)
            }
            try? await Task.sleep(for: ProcessLimits.pauseCheckInterval)
        }
    }

    func resume(_ instance: InstanceID) async throws(LauncherFailure) {
        try await signal(SIGCONT, instance)
    }

    func address(of instance: InstanceID) async throws(LauncherFailure) -> String? { nil }

    /// To everything that the instance has started.
    private func signal(_ signal: Int32, _ instance: InstanceID) async throws(LauncherFailure) {
        guard InstanceFolder.isInstance(instance.text) else { return }
        let folder = InstanceFolder(instance, in: lister.folder)
        try await perform { () throws(ProcessFailure) in
            try ProcessFailure.naming(instance) { () throws(SystemFailure) in
                _ = try folder.processGroup?.signal(signal)
            }
        }
    }

    func terminate(_ instance: InstanceID, stopTimeout: Duration) async throws(LauncherFailure) {
        guard InstanceFolder.isInstance(instance.text) else { return }
        // A launch that is under way finishes first.
        try await perform {}
        let ending = ProcessEnding(folder: InstanceFolder(instance, in: lister.folder), stopTimeout: stopTimeout)
        do {
            try await ending.run()
        } catch {
            throw error.launcherFailure
        }
        children.reap()
    }

    func remove(_ instance: InstanceID) async throws(LauncherFailure) {
        guard InstanceFolder.isInstance(instance.text) else { return }
        try await perform { () throws(ProcessFailure) in try self.removeEnded(instance) }
    }

    /// One after another, in the order in which they were asked for.
    private func perform(_ work: @escaping @Sendable () throws(ProcessFailure) -> Void) async throws(LauncherFailure) {
        do {
            try await offTask(on: queue, work)
        } catch {
            throw error.launcherFailure
        }
    }

    // MARK: Starting

    private func start(_ order: LaunchOrder) throws(ProcessFailure) {
        guard InstanceFolder.isInstance(order.instance.text) else { throw .strangeID(order.instance) }
        let folder = InstanceFolder(order.instance, in: lister.folder)
        if Files.exists(folder.started) { return }
        let program = try program(for: order, folder)
        do {
            try start(program, in: folder)
        } catch {
            throw .notStarted(order.instance, error)
        }
    }

    /// Everything that can be wrong with the order is found before anything is done.
    private func program(for order: LaunchOrder, _ folder: InstanceFolder) throws(ProcessFailure) -> Program {
        let id = order.instance
        let variables = ProcessEnvironment.variables(inherited: inherited, policy: options.environment, order: order)
        let arguments = Supervisor.arguments(folder: folder.path, options: options)
        if arguments.contains(where: { $0.utf8.contains(0) }) { throw .nulByte(id, what: "its command") }
        if let variable = variables.first(where: { "\($0.name)\($0.value)".utf8.contains(0) }) {
            throw .nulByte(id, what: "its variable \(variable.name)")
        }
        if let directory = options.workingDirectory, !Files.isFolder(directory) {
            throw .noWorkingDirectory(id, directory)
        }
        let path = variables.first { $0.name == "PATH" }?.value
        let search = ProgramSearch(path: path, workingDirectory: options.workingDirectory)
        if let name = options.command.first, !search.finds(name) { throw .noProgram(id, name) }
        return Program(
            name: Supervisor.shell, arguments: arguments, environment: variables.map { "\($0.name)=\($0.value)" },
            descriptors: [])
    }

    /// First the lock, then the mark that it was begun, then the start: whoever looks meanwhile, or after weir was killed
    /// in between, sees either an instance that is not there yet, or one that is alive or has ended; never one that it
    /// would start again.
    private func start(_ program: Program, in folder: InstanceFolder) throws(SystemFailure) {
        try Files.makeFolder(folder.path)
        let lock = try Descriptor.open(folder.lock, O_RDWR | O_CREAT)
        guard try FileLock.take(lock), try folder.markOnce(folder.started) else { return }
        do throws(SystemFailure) {
            let log = try Descriptor.open(folder.log, O_WRONLY | O_CREAT | O_APPEND)
            var program = program
            program.descriptors = [(log, 1), (log, 2), (lock, Supervisor.lockDescriptor)]
            children.add(try program.start())
        } catch {
            try folder.delete()
            throw error
        }
    }

    // MARK: Removing

    private func removeEnded(_ instance: InstanceID) throws(ProcessFailure) {
        let folder = InstanceFolder(instance, in: lister.folder)
        switch try ProcessFailure.naming(instance, folder.phase) {
        case .starting, .running, .paused: throw .stillRunning(instance)
        case .exited, nil: break
        }
        children.reap()
        try ProcessFailure.naming(instance) { () throws(SystemFailure) in
            _ = try folder.processGroup?.signal(SIGKILL)
            try LogFile.archive(folder.log, as: instance.text, in: logFolder)
            try folder.delete()
        }
    }

    // MARK: Tidying

    private func tidy(_ listed: [ListedInstance]) {
        children.reap()
        for instance in listed {
            let log = InstanceFolder(instance.id, in: lister.folder).log
            do throws(SystemFailure) {
                try LogFile.cap(log)
            } catch {
                logger.warning(
                    "a log grows without bounds", metadata: ["log": "\(log)", "because": "\(error)"])
            }
        }
    }
}
