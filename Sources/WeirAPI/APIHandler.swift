import Logging
import Synchronization
import WeirCore
import WeirQueue
import WeirRuntime
import WeirSignature

/// Answers every request, whatever server it came through: AWS's APIs, `/healthz`, `/metrics`, and what operators ask.
public final class APIHandler: Sendable {
    /// What the answers are made from.
    public struct Setup: Sendable {
        public var queues: QueueService
        public var control: any ControlPlane
        public var keyring: Keyring
        /// The secret of one of the account's access keys; nil for any other key.
        public var accountSecret: @Sendable (_ accessKeyID: String) -> String?
        public var now: @Sendable () -> Instant
        /// What `GET /v1/daemon` tells.
        public var daemon: @Sendable () -> DaemonView
        /// 12 digits. Default: 000000000000.
        public var account = "000000000000"
        /// Appears in ARNs; requests may be signed for any region. Default: us-east-1.
        public var region = "us-east-1"
        public var logger = Logger(label: "weir.api")

        public init(
            queues: QueueService, control: any ControlPlane, keyring: Keyring,
            accountSecret: @escaping @Sendable (_ accessKeyID: String) -> String?,
            now: @escaping @Sendable () -> Instant, daemon: @escaping @Sendable () -> DaemonView
        ) {
            self.queues = queues
            self.control = control
            self.keyring = keyring
            self.accountSecret = accountSecret
            self.now = now
            self.daemon = daemon
        }
    }

    private let setup: Setup
    private let gatekeeper: Gatekeeper
    private let routes: ControlRoutes
    private let isShuttingDown = Atomic(false)

    public init(_ setup: Setup) {
        self.setup = setup
        gatekeeper = Gatekeeper(keyring: setup.keyring, accountSecret: setup.accountSecret, control: setup.control)
        routes = ControlRoutes(control: setup.control, daemon: setup.daemon, now: setup.now)
    }

    /// Answers one request. When the task is cancelled, which means that the client went away, a waiting receive ends at
    /// once and takes no message. An answer to HEAD has the body that GET would have, for the server to leave out.
    public func respond(to request: APIRequest, entrance: Entrance) async -> APIResponse {
        let id = RequestID()
        var response = await route(request, entrance, id)
        response.headers.append(("x-amzn-RequestId", id.description))
        setup.logger.debug("\(request.logLine) \(response.status)")
        return response
    }

    /// Whether answering may take long, because the request may wait for messages.
    public func mayWait(_ request: APIRequest) -> Bool {
        SQSProtocol.action(of: request) == ReceiveMessage.name
    }

    /// From now on `/healthz` says that weir is going.
    public func beginShutdown() {
        isShuttingDown.store(true, ordering: .relaxed)
    }

    /// The answer to a request whose body is larger than `APILimits.bodyBytes`.
    public static func bodyTooLarge() -> APIResponse { SQSProtocol.response(ErrorTable.bodyTooLarge()) }

    /// The answer to a request with a large body while others hold all that large bodies may have together.
    public static func tooManyBodies() -> APIResponse { SQSProtocol.response(ErrorTable.tooManyBodies()) }

    private func route(_ request: APIRequest, _ entrance: Entrance, _ id: RequestID) async -> APIResponse {
        if let action = SQSProtocol.action(of: request) { return await sqs(request, action, entrance) }
        if request.isRead, request.path == "/healthz" {
            let isShuttingDown = isShuttingDown.load(ordering: .relaxed)
            return Health.answer(
                groups: await setup.control.groups(), policyTrouble: setup.daemon().policyTrouble,
                isShuttingDown: isShuttingDown)
        }
        if request.isRead, request.path == "/metrics" { return await metrics() }
        switch entrance {
        case .control where request.path.hasPrefix(ControlRoutes.prefix): return await routes.answer(request)
        case .control, .public: break
        }
        if let form = AutoScalingProtocol.form(of: request) { return await autoScaling(request, form, entrance, id) }
        return SQSProtocol.response(ErrorTable.nothingHere(request.path))
    }

    // MARK: Protocols

    private func sqs(_ request: APIRequest, _ action: String, _ entrance: Entrance) async -> APIResponse {
        do throws(APIError) {
            let principal =
                switch entrance {
                case .control: Principal.operator
                case .public:
                    try await gatekeeper.signer(
                        of: request, for: .sqs, at: setup.now(), mayHaveEnded: SQSActionTable.isReport(action))
                }
            let call = SQSCall(
                queues: setup.queues, account: setup.account, region: setup.region, host: request.host,
                principal: principal)
            return try await SQSProtocol.answer(request, action: action, call)
        } catch {
            return SQSProtocol.response(error)
        }
    }

    private func autoScaling(
        _ request: APIRequest, _ form: FormParameters, _ entrance: Entrance, _ id: RequestID
    ) async -> APIResponse {
        do throws(APIError) {
            let now = setup.now()
            let call = AutoScalingCall(
                control: setup.control, account: setup.account, region: setup.region,
                principal: try await principal(of: request, entrance, at: now), now: now)
            return try await AutoScalingProtocol.answer(form, call, id)
        } catch {
            return AutoScalingProtocol.response(error, id)
        }
    }

    /// A capability in the URL wins over a signature: SDKs sign with whatever credentials they have.
    private func principal(
        of request: APIRequest, _ entrance: Entrance, at now: Instant
    ) async throws(APIError) -> Principal {
        if let capability = CapabilityPath(request.path) { return try await gatekeeper.holder(of: capability, at: now) }
        switch entrance {
        case .control: return .operator
        case .public: return try await gatekeeper.signer(of: request, for: .autoScaling, at: now)
        }
    }

    // MARK: Plain HTTP

    private func metrics() async -> APIResponse {
        var depths: [(name: String, depth: QueueDepth)] = []
        for name in await setup.queues.queueNames(prefix: "") {
            // A queue that was deleted in between has no depth.
            if let depth = try? await setup.queues.depth(of: name) { depths.append((name, depth)) }
        }
        let metrics = Metrics(
            groups: await setup.control.groups(), queues: depths,
            policiesAreInForce: setup.daemon().policyTrouble == nil, now: setup.now())
        return APIResponse(
            status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8", body: Array(metrics.text.utf8))
    }
}
