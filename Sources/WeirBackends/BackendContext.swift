import Logging
import Synchronization
import WeirHTTP
import WeirQueue

/// What backends are made from: the parts of weir that they share. One for the whole of a weir; copies share the parts.
public struct BackendContext: Sendable {
    /// The embedded queues; nil in a dry run, which looks at their folder instead.
    public var queues: QueueService?
    public var queueFolder: String
    /// The folder that `--state` names, as an absolute path.
    public var stateFolder: String
    /// Names the state folder. What is launched carries it, so that two folders never touch each other's instances.
    public var fleetID: String
    public var http: HTTPClient
    /// The variables of weir itself.
    public var environment: [String: String]
    public var logger: Logger
    let shared = SharedParts()

    public init(
        queues: QueueService?, queueFolder: String, stateFolder: String, fleetID: String, http: HTTPClient,
        environment: [String: String], logger: Logger
    ) {
        self.queues = queues
        self.queueFolder = queueFolder
        self.stateFolder = stateFolder
        self.fleetID = fleetID
        self.http = http
        self.environment = environment
        self.logger = logger
    }
}

/// What the backends of all groups share among themselves.
final class SharedParts: Sendable {
    let folders = FolderWatcher()
    let children = ChildList()
    private let engines = Mutex<[DockerEngine.Address: EngineParts]>([:])

    /// The same ones for all who ask for an engine.
    func parts(of engine: DockerEngine.Address) -> EngineParts {
        engines.withLock { engines in
            if let found = engines[engine] { return found }
            let made = EngineParts()
            engines[engine] = made
            return made
        }
    }
}

/// What all who speak to one engine share.
struct EngineParts: Sendable {
    /// For launches.
    let slots = Slots(DockerLimits.launchesAtOnce)
    let version = AgreedVersion()
}
