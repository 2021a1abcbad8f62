import Logging
import Synchronization
import WeirAPI
import WeirCore
import WeirQueue
import WeirRuntime
import WeirSignature

/// A whole API on a clock that is moved by hand: queues in memory, a pretended fleet of one group, no sockets.
final class Bench: Sendable {
    /// 1 March 2026, 12:00:00 UTC.
    static let start = Instant(milliseconds: 1_772_366_400_000)
    static let accessKeyID = "AKIDEXAMPLE"
    static let secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    /// In service, in group `thumbnails`.
    static let worker = InstanceID("i-0123456789abcdef0")
    /// Chosen to end, in the same group.
    static let leaver = InstanceID("i-0123456789abcdef1")
    static let host = "weir.test:4100"

    let clock: HandClock
    let queues: QueueService
    let fleet: PretendFleet
    let keyring = Keyring(secret: Array(0..<32))
    let handler: APIHandler

    init(log: Lines? = nil, groups: [GroupSnapshot] = [Bench.thumbnails]) throws {
        let clock = HandClock(Self.start)
        let fleet = PretendFleet(groups, now: { clock.now() })
        let queues = try QueueService(folder: nil, now: { clock.now() })
        var setup = APIHandler.Setup(
            queues: queues, control: fleet, keyring: keyring,
            accountSecret: { $0 == Self.accessKeyID ? Self.secret : nil }, now: { clock.now() },
            daemon: {
                DaemonView(
                    pid: 4242, version: "1.2.3", startedAt: Self.start.rfc3339, listen: [Self.host],
                    endpoint: "http://\(Self.host)", region: "us-east-1", state: "/var/lib/weir")
            })
        setup.logger = log?.logger ?? Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        self.clock = clock
        self.fleet = fleet
        self.queues = queues
        handler = APIHandler(setup)
    }

    static var thumbnails: GroupSnapshot {
        let policy = GroupPolicy(name: "thumbnails", minSize: 1, maxSize: 10)
        var state = GroupState(startingWith: policy, seed: 7, at: start)
        state.fleet = [
            Instance(
                id: worker, lifecycleState: .inService, launchedAt: start, inServiceAt: start, stateSince: start,
                heldMessages: 1),
            Instance(id: leaver, lifecycleState: .draining, launchedAt: start, inServiceAt: start, stateSince: start),
        ]
        state.alarms = [AlarmStatus(name: "backlog \"high\"", state: .alarm, since: start)]
        return GroupSnapshot(policy: policy, state: state)
    }

    func pass(_ time: Duration) async {
        clock.move(by: time)
        await queues.timePassed()
    }
}

/// What was logged, every level.
final class Lines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    private struct Handler: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { lines.lines.withLock { $0.append("\(event.message)") } }
    }
}

/// Time as a value.
final class HandClock: Sendable {
    private let instant: Mutex<Instant>

    init(_ start: Instant) {
        instant = Mutex(start)
    }

    func now() -> Instant { instant.withLock { $0 } }

    func move(by time: Duration) { instant.withLock { $0 = $0 + time } }
}

/// Who sends a request of a spec.
enum Sender: Sendable, Equatable {
    case account
    case instance(String)
    case `operator`
    case nobody

    init?(_ word: Substring) {
        switch word {
        case "account": self = .account
        case "operator": self = .operator
        case "nobody": self = .nobody
        case _ where word.hasPrefix("i-"): self = .instance(String(word))
        default: return nil
        }
    }

    var entrance: Entrance { self == .operator ? .control : .public }
}

extension Bench {
    /// The request as this sender sends it, signed when it signs.
    func request(_ request: APIRequest, from sender: Sender) -> APIRequest {
        let credentials: Credentials
        switch sender {
        case .operator, .nobody: return request
        case .account: credentials = Credentials(accessKeyID: Self.accessKeyID, secretAccessKey: Self.secret)
        case .instance(let id): credentials = keyring.credentials(forInstance: id)
        }
        let service = request.headers.contains { $0.name.lowercased() == "x-amz-target" } ? "sqs" : "autoscaling"
        let signer = Signer(credentials: credentials, region: "eu-west-3", service: service)
        let signed = signer.sign(
            SignableRequest(
                method: request.method, path: request.path, query: request.query, headers: request.headers,
                body: request.body), at: clock.now().milliseconds)
        var copy = request
        copy.headers = signed.headers
        return copy
    }

    /// One SQS action, as the account or somebody else asks for it.
    func sqs(_ action: String, _ json: String, from sender: Sender = .account) async -> APIResponse {
        let request = APIRequest(
            method: "POST", path: "/",
            headers: [
                ("host", Self.host), ("content-type", "application/x-amz-json-1.0"),
                ("x-amz-target", "AmazonSQS.\(action)"),
            ], body: Array(json.utf8))
        return await handler.respond(to: self.request(request, from: sender), entrance: sender.entrance)
    }
}

extension APIResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}
