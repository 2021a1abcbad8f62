import FoundationEssentials
import Glibc
import Logging
import Synchronization
import WeirAPI
import WeirBackends
import WeirCore
import WeirHTTP
import WeirPolicy
import WeirQueue
import WeirRuntime
import WeirSignature

/// `weir run`: where the real parts meet.
struct Daemon {
    private let options: Run
    private let files: [PolicyFile]
    /// Limits that the groups share.
    private let fleets: [FleetLimit]
    private let logger: Logger
    private let folder: StateFolder
    private let lock: StateLock
    private let endpointURL = Kept<String>()
    /// Why the policy files as they are now are not in force.
    private let policyTrouble = Kept<String>()
    /// It was told to end.
    private let ending = Kept<Bool>()
    /// Policies that decide beside the groups; nil when there are none.
    private let shadows: Shadows?

    init(_ options: Run, _ policies: ReadResult) throws {
        self.options = options
        files = policies.files
        fleets = policies.fleets.map(\.limit)
        logger = LogLines.logger(level: options.logLevel.level)
        do throws(StateFailure) {
            folder = try StateFolder(preparing: options.state.resolved)
            lock = try StateLock(folder, purpose: "weir run \(options.policies.paths.joined(separator: " "))")
        } catch {
            throw Failure.world(error.message)
        }
        shadows = options.shadow == nil ? nil : Shadows(folder, logger: logger)
    }

    func run() async throws {
        OpenFiles.allowMany()
        let signals = Signals.stream([SIGTERM, SIGINT, SIGHUP])
        let time = SystemTime()
        try followShadows(of: files)
        let stored = try storedGroups()
        let queues = try openQueues(time)
        let context = BackendContext(
            queues: queues, queueFolder: folder.queues, stateFolder: folder.path, fleetID: folder.fleetID,
            http: HTTPClient(), environment: ProcessInfo.processInfo.environment, logger: logger)
        try await prepare(queues, stored, context)
        let index = InstanceIndex()
        let supervisor = Supervisor(
            GroupController.Surroundings(
                time: time, store: FileStateStore(folder),
                recorder: RecordFile(folder, bounds: options.records.bounds, logger: logger), logger: logger,
                index: index, onlooker: shadows))
        let keyring = Keyring(secret: folder.secret)
        await supervisor.holdAnswers()
        let atWork = stored.reduce(0) { $0 + $1.state.fleet.count }
        let server = try await startServer(queues, supervisor, keyring, atWork)
        let endpoint = Endpoint(
            url: endpointURL.value ?? "", region: options.region, account: options.account, keyring: keyring,
            advertised: options.advertise != nil)
        noteEndpoint(endpoint.url, atWork)
        let wiring = Wiring(context: context, queues: queues, endpoint: endpoint, logger: logger)

        try await startGroups(supervisor, wiring, stored)
        await supervisor.beginAnswering()
        let happenings = follow(queues, supervisor)
        let accounts = Task { [shadows] in await shadows?.run() }
        logger.info(
            "weir runs",
            metadata: [
                "endpoint": "\(wiring.endpoint.url)", "groups": "\(files.count)", "state": "\(folder.path)",
                "process": "\(getpid())",
            ])
        let reason = await obey(signals, supervisor, wiring)
        await end(reason, supervisor, server, queues)
        accounts.cancel()
        await accounts.value
        happenings.cancel()
    }

    // MARK: Start

    private func openQueues(_ time: SystemTime) throws(Failure) -> QueueService {
        do throws(QueueError) {
            return try QueueService(folder: folder.queues, now: { time.now() })
        } catch {
            guard case .storeFailed(let why) = error else { throw .world("cannot open the queue: \(error)") }
            throw .world("cannot open the queue in \(folder.queues): \(why)")
        }
    }

    private func storedGroups() throws(Failure) -> [StoredGroup] {
        do throws(StateFailure) {
            return try FileStateStore(folder).loadAll()
        } catch {
            throw .world(error.message)
        }
    }

    /// What has to be so before the first worker can ask: the queues are there, and an instance that the last weir was
    /// about to end receives nothing, or it would be ended with a message in hand.
    private func prepare(_ queues: QueueService, _ stored: [StoredGroup], _ context: BackendContext) async throws {
        for group in stored {
            for instance in group.state.fleet where instance.receivesNothing {
                _ = await queues.closeGate(instance.id)
            }
        }
        for file in files where file.embeddedQueue != nil {
            do {
                _ = try await Wiring.source(of: file, context)
            } catch {
                throw Failure.world("group '\(file.group.name)': \(error)")
            }
        }
    }

    /// Starts to answer, before any worker could ask.
    private func startServer(
        _ queues: QueueService, _ supervisor: Supervisor, _ keyring: Keyring, _ atWork: Int
    ) async throws -> APIServer {
        let account = try AccountCredentials.remembered(in: folder)
        let time = SystemTime()
        let started = time.now().rfc3339
        let state = folder.path
        let options = options
        let endpointURL = endpointURL
        let policyTrouble = policyTrouble
        var setup = APIHandler.Setup(
            queues: queues, control: supervisor, keyring: keyring,
            accountSecret: { $0 == account.accessKeyID ? account.secretAccessKey : nil },
            now: { time.now() },
            daemon: {
                DaemonView(
                    pid: Int(getpid()), version: Version.text, startedAt: started, listen: [options.listen],
                    endpoint: endpointURL.value, region: options.region, state: state,
                    policyTrouble: policyTrouble.value)
            })
        setup.account = options.account
        setup.region = options.region
        setup.logger = logger
        let server = try await listen(APIHandler(setup), atWork)
        endpointURL.value = try url(of: server.addresses)
        return server
    }

    /// Listens where it was told to. A free port, when that was asked for, is the one of the last time if it is still
    /// free: workers that are still at work know weir by it.
    private func listen(_ handler: APIHandler, _ atWork: Int) async throws -> APIServer {
        let control = Listener(.unix(path: folder.controlSocket), entrance: .control)
        let logger = logger
        func start(_ address: ListenAddress) async throws(ListenFailure) -> APIServer {
            try await APIServer.start(handler, on: [Listener(address, entrance: .public), control], logger: logger)
        }
        do {
            guard case .tcp(let host, 0)? = ListenAddress(options.listen) else {
                return try await start(try address())
            }
            if let port = folder.rememberedPort {
                if let server = try? await start(.tcp(host: host, port: port)) { return server }
                guard atWork == 0 else {
                    throw Failure.world(
                        "port \(port), where \(atWork) of its instances at work know weir, is taken by another program; "
                            + "free it, or give them up with --listen \(host):PORT")
                }
            }
            let server = try await start(.tcp(host: host, port: 0))
            if case .tcp(_, let port)? = server.addresses.first { try folder.remember(port: port) }
            return server
        } catch let failure as ListenFailure {
            throw Failure.world(failure.description)
        }
    }

    /// Instances that are still at work know weir by the URL that it had when they were launched.
    private func noteEndpoint(_ url: String, _ atWork: Int) {
        if let former = folder.rememberedEndpoint, former != url, atWork > 0 {
            logger.error(
                """
                \(atWork) of the instances at work know weir as \(former): they can neither receive nor delete; start weir \
                there again, or end them
                """,
                metadata: ["endpoint": "\(url)"])
        }
        do {
            try folder.remember(endpoint: url)
        } catch {
            logger.warning("the endpoint is not remembered: \(error.message)")
        }
    }

    private func address() throws(Failure) -> ListenAddress {
        guard let address = ListenAddress(options.listen) else { throw .mistake("--listen is not HOST:PORT") }
        return address
    }

    private func url(of addresses: [ListenAddress]) throws(Failure) -> String {
        if let advertise = options.advertise { return advertise }
        for case .tcp(let host, let port) in addresses {
            let reachable = host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "::1" : host
            return "http://\(ListenAddress.tcp(host: reachable, port: port))"
        }
        throw .world("weir listens on no port")
    }

    private func startGroups(_ supervisor: Supervisor, _ wiring: Wiring, _ stored: [StoredGroup]) async throws {
        let names = Set(files.map(\.group.name))
        // What is at work for groups that are gone takes room too: it counts before anybody launches.
        let retiring = stored.filter { !names.contains($0.name) }.map { (group: $0, file: formerFile(of: $0)) }
        for (group, file) in retiring {
            if let file { await supervisor.expect(wiring.spec(file), from: group, leaving: true) }
        }
        let failures = await supervisor.apply(files.map(wiring.spec), fleets: fleets, stored: stored)
        guard failures.isEmpty else {
            throw Failure.world(failures.map(\.message).joined(separator: "\nweir: "))
        }
        for (group, file) in retiring { await retire(group, file, supervisor, wiring) }
    }

    /// The policy file that a group last ran under, which may be gone; nil when it cannot be read any more.
    private func formerFile(of group: StoredGroup) -> PolicyFile? {
        PolicyReader(catalogue: Registry.catalogue).read(former: group.policyText, path: group.policyPath).files.first
    }

    /// Its policy file went away while weir was down: what it left at work is looked after until it has finished.
    private func retire(
        _ group: StoredGroup, _ file: PolicyFile?, _ supervisor: Supervisor, _ wiring: Wiring
    ) async {
        guard !group.state.fleet.isEmpty || !group.state.remains.isEmpty else {
            return FileStateStore(folder).remove(group.name)
        }
        guard let file else {
            logger.error(
                "the former policy of this group cannot be read any more; its instances are left alone",
                metadata: ["group": "\(group.name)"])
            return
        }
        logger.info(
            "this group has no policy any more: it drains", metadata: ["group": "\(group.name)"])
        if let failure = await supervisor.retire(wiring.spec(file), from: group) {
            logger.error("\(failure.message)", metadata: ["group": "\(group.name)"])
        }
    }

    // MARK: While it runs

    /// What happens in the queue reaches the groups that care.
    private func follow(_ queues: QueueService, _ supervisor: Supervisor) -> Task<Void, Never> {
        let happenings = queues.happenings()
        return Task {
            for await happening in happenings {
                switch happening {
                case .arrived(let queue), .traffic(let queue): await supervisor.queueHappened(queue)
                case .becameIdle(let instance): await supervisor.instanceBecameIdle(instance)
                }
            }
        }
    }

    /// Reloads on SIGHUP and when a policy file changed; returns at SIGTERM or SIGINT.
    private func obey(
        _ signals: AsyncStream<Int32>, _ supervisor: Supervisor, _ wiring: Wiring
    ) async -> Int32 {
        let (events, continuation) = AsyncStream<Event>.makeStream()
        let ending = ending
        // One reader for the whole life of weir: the signal that ends it may be followed by one that means "now".
        Task {
            for await signal in signals {
                if ending.value == true, signal != SIGHUP {
                    Terminal.error(
                        "weir: ended before everything was finished; the next start goes on with what is left")
                    exit(1)
                }
                continuation.yield(.signal(signal))
            }
        }
        let watching = Task {
            var watcher = PolicyWatcher(options.policies.paths + (options.shadow.map { [$0] } ?? []))
            while (try? await Task.sleep(for: .seconds(1))) != nil {
                if watcher.changed() { continuation.yield(.filesChanged) }
            }
        }
        defer {
            ending.value = true
            watching.cancel()
        }
        for await event in events {
            switch event {
            case .signal(SIGHUP), .filesChanged: await reload(supervisor, wiring)
            case .signal(let number): return number
            }
        }
        return SIGTERM
    }

    private enum Event {
        case signal(Int32)
        case filesChanged
    }

    private func reload(_ supervisor: Supervisor, _ wiring: Wiring) async {
        do throws(Failure) {
            let read = try PolicyLoading.read(options.policies.paths)
            let files = read.files
            try followShadows(of: files)
            let failures = await supervisor.apply(files.map(wiring.spec), fleets: read.fleets.map(\.limit))
            policyTrouble.value = failures.isEmpty ? nil : trouble(failures.map(\.message).joined(separator: "; "))
            for failure in failures {
                logger.error("\(failure.message); \(failure.goesOn ? "it goes on as before" : "it does not run")")
            }
            logger.info(
                "policies read again", metadata: ["files": "\(files.count)", "failed": "\(failures.count)"])
        } catch {
            policyTrouble.value = trouble(error.text.split(separator: "\n").first.map(String.init) ?? error.text)
            Terminal.error(error.text)
            logger.error("the policies cannot be used; every group goes on as before")
        }
    }

    /// Reads the shadows' policies; an account goes on where neither of its policies has changed.
    private func followShadows(of files: [PolicyFile]) throws(Failure) {
        guard let path = options.shadow, let shadows else { return }
        let read = try PolicyLoading.read([path])
        shadows.follow(try ShadowMatching.match(read.files, beside: files), fleets: read.fleets.map(\.limit))
    }

    private func trouble(_ why: String) -> String { "since \(SystemTime().now().rfc3339): \(why)" }

    // MARK: End

    private func end(_ signal: Int32, _ supervisor: Supervisor, _ server: APIServer, _ queues: QueueService) async {
        if options.drain {
            let groups = await supervisor.groups()
            logger.info(
                "weir drains: every instance finishes its work and ends; a second signal ends weir at once",
                metadata: waitedFor(groups))
            await supervisor.drainAll()
            logger.info("drained: no instance is left")
        } else {
            let left = await supervisor.groups().reduce(0) { $0 + $1.state.fleet.count }
            await supervisor.stop()
            logger.info("weir ends\(leaves(left))", metadata: ["state": "\(folder.path)"])
        }
        await server.stop()
        await queues.close()
    }
}

/// How many instances a drain waits for, and why: a protected one ends when its protection does.
private func waitedFor(_ groups: [GroupSnapshot]) -> Logger.Metadata {
    let fleet = groups.flatMap(\.state.fleet)
    return [
        "instances": "\(fleet.count)", "busy": "\(fleet.count { $0.heldMessages > 0 })",
        "protected": "\(fleet.count(where: \.protectedFromScaleIn))",
    ]
}

/// ` and leaves 3 instances at work; …`; nothing when there is none.
private func leaves(_ count: Int) -> String {
    guard count > 0 else { return "; no instance is at work" }
    return " and leaves \(count) \(count == 1 ? "instance" : "instances") at work; the next start goes on with "
        + (count == 1 ? "it" : "them")
}

/// A value that is known only after whoever asks for it was made.
final class Kept<Value: Sendable>: Sendable {
    private let kept = Mutex<Value?>(nil)

    var value: Value? {
        get { kept.withLock { $0 } }
        set { kept.withLock { $0 = newValue } }
    }
}
