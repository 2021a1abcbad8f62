import Synchronization
import WeirCore
import WeirQueue
import WeirRuntime

/// A queue of weir itself: asked directly, so it is never stale, and it knows who holds what.
public final class EmbeddedSource: QueueSource, WorkGate, TrafficSource {
    private let options: EmbeddedOptions
    private let queues: QueueService
    private let measurement = Mutex(EmbeddedMeasurement())
    /// Who asks for the traffic: of several groups that work on one queue each has its own account of it.
    private let watcher = watchers.add(1, ordering: .relaxed).newValue

    private static let watchers = Atomic(0)

    init(options: EmbeddedOptions, queues: QueueService) {
        self.options = options
        self.queues = queues
    }

    /// Makes the queue, and its dead-letter queue, when they are not there, and gives it the settings of the file. The
    /// settings of a dead-letter queue that exists are left alone; a new one keeps messages as long as it may, because
    /// they bring their age with them.
    public func prepare() async throws(BackendFailure) {
        do {
            try await make()
        } catch {
            throw EmbeddedFailure.backendFailure(error)
        }
    }

    private func make() async throws(QueueError) {
        if let name = options.deadLetterQueue {
            var attributes = QueueAttributes()
            attributes.retention = QueueLimits.strict.retention.upperBound
            try await queues.createQueue(name, attributes, given: [], tags: [])
        }
        var attributes = QueueAttributes()
        options.apply(to: &attributes)
        try await queues.createQueue(options.queue, attributes, given: [], tags: [])
        let present = try await queues.describe(options.queue).attributes
        var wanted = present
        options.apply(to: &wanted)
        if wanted != present {
            try await queues.setAttributes(of: options.queue) { [options] in options.apply(to: &$0) }
        }
    }

    public func measure(at now: Instant) async -> Measurement {
        do {
            let depth = try await depth()
            return measurement.withLock { $0.next(depth, at: now) }
        } catch {
            return .missing(.sourceFailed(EmbeddedFailure.sentence(error)))
        }
    }

    /// A queue that somebody deleted is made again as the policy says, once its name has rested.
    private func depth() async throws(QueueError) -> QueueDepth {
        do {
            return try await queues.depth(of: options.queue)
        } catch {
            guard case .queueDoesNotExist = error else { throw error }
            try await make()
            return try await queues.depth(of: options.queue)
        }
    }

    public func traffic() async -> Traffic? { try? await queues.traffic(of: options.queue, for: watcher) }

    public func held() async -> [HeldMessages] { await queues.held() }
    public func close(_ instance: InstanceID) async -> Int { await queues.closeGate(instance) }
    public func open(_ instance: InstanceID) async { await queues.openGate(instance) }
    public func forget(_ instance: InstanceID) async { await queues.forget(instance) }
}
