import FoundationEssentials
import Logging
import WeirBackends
import WeirCore
import WeirHTTP
import WeirPolicy
import WeirQueue
import WeirRuntime

/// Turns a policy file into a group that can run.
struct Wiring: Sendable {
    let context: BackendContext
    let queues: QueueService
    let endpoint: Endpoint
    let logger: Logger

    func spec(_ file: PolicyFile) -> GroupSpec {
        let place = try? Registry.place(of: file.launcher, context: context)
        return GroupSpec(
            policy: file.group, path: file.path, text: file.text, launcher: place ?? file.launcher.word,
            measures: file.measures, embeddedQueue: file.embeddedQueue
        ) { onBusyTermination in
            try await parts(of: file, onBusyTermination)
        }
    }

    /// Where the group's work waits; an embedded queue is there, with its settings, when this returns.
    static func source(of file: PolicyFile, _ context: BackendContext) async throws -> any QueueSource {
        let source = try Registry.makeSource(file.source, group: file.group, context: context)
        guard let embedded = source as? EmbeddedSource else { return source }
        do throws(BackendFailure) {
            try await embedded.prepare()
        } catch {
            guard error.retryHelps else { throw error }
            // The name of a queue that was just deleted rests for a minute, a disk may be full: no reason for a group, let
            // alone for weir, not to run. Until the queue is there it measures *missing*.
            context.logger.warning(
                "the queue is not as the policy says yet: \(error)", metadata: ["group": "\(file.group.name)"])
        }
        return source
    }

    private func parts(
        of file: PolicyFile, _ onBusyTermination: @escaping @Sendable () -> Void
    ) async throws -> GroupController.Parts {
        let source = try await Self.source(of: file, context)
        // Also where work waits elsewhere: an instance from the time of another source may hold an embedded message.
        let gate = QueueGate(queues: queues)
        let launcher = try Registry.makeLauncher(file.launcher, group: file.group, context: context)
        let hands = hands(of: file, launchedBy: file, launcher, gate, onBusyTermination)
        return GroupController.Parts(
            source: source, holders: gate, hands: hands,
            checker: Registry.makeHealthChecker(file, launcher: launcher, context: context),
            notifier: AlarmNotifier(http: context.http, environment: context.environment),
            formerHands: { text in try formerHands(of: file, from: text, gate, onBusyTermination) })
    }

    /// - Parameter template: whose launcher it is; it says on which network its instances are.
    private func hands(
        of file: PolicyFile, launchedBy template: PolicyFile, _ launcher: any Launcher, _ gate: QueueGate,
        _ onBusyTermination: @escaping @Sendable () -> Void
    ) -> LiveHands {
        let url = reachableURL(for: template)
        let logger = logger
        return LiveHands(
            launcher: launcher, gate: gate, hooks: Registry.makeHookRunner(file, context: context),
            environment: { endpoint.environment(for: $0, of: file, url: url) },
            onBusyTermination: { instance, held in
                logger.error("\(instance) was told to stop while it holds \(held) messages")
                onBusyTermination()
            })
    }

    /// Hands that launch what an earlier policy file of the group said. Its queue is the present one: that is no part of what
    /// is launched.
    private func formerHands(
        of file: PolicyFile, from text: String, _ gate: QueueGate, _ onBusyTermination: @escaping @Sendable () -> Void
    ) throws -> LiveHands {
        let read = PolicyReader(catalogue: Registry.catalogue).read(former: text, path: file.path)
        guard let former = read.files.first else {
            throw BackendFailure("the policy file that it came from cannot be read any more", retryHelps: false)
        }
        let launcher = try Registry.makeLauncher(former.launcher, group: file.group, context: context)
        return hands(of: file, launchedBy: former, launcher, gate, onBusyTermination)
    }

    /// Where a worker of this group reaches weir: a container on a network of its own has another 127.0.0.1.
    private func reachableURL(for file: PolicyFile) -> String {
        guard !endpoint.advertised, let network = file.containerNetwork, network != "host", network != "none" else {
            return endpoint.url
        }
        logger.notice(
            """
            containers on a network of their own reach weir as host.docker.internal: it must listen where they can, for \
            instance with --listen 0.0.0.0:9324, or the policy says network: host
            """,
            metadata: ["group": "\(file.group.name)", "network": "\(network)"])
        let port = endpoint.url.split(separator: ":").last.map(String.init) ?? ""
        return "http://host.docker.internal:\(port)"
    }
}

extension PolicyFile {
    /// What its samples are made from; no secret, as references stand unresolved.
    var measures: String { "\(source) \(group.metrics)" }
}

/// Who holds which message of any embedded queue.
struct QueueGate: WorkGate {
    let queues: QueueService

    func held() async -> [HeldMessages] { await queues.held() }
    func close(_ instance: InstanceID) async -> Int { await queues.closeGate(instance) }
    func open(_ instance: InstanceID) async { await queues.openGate(instance) }
    func forget(_ instance: InstanceID) async { await queues.forget(instance) }
}
