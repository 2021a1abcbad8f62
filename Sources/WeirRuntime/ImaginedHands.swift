import Synchronization
import WeirCore

/// The hands of a dry run: they see the real instances and imagine the rest. They are made from a lister, so that no code
/// path from here can start or stop anything.
public final class ImaginedHands: Hands {
    private let lister: any InstanceLister
    private let imagination = Mutex(Imagination())

    private struct Imagination {
        /// Instances that would have been launched.
        var launched: [InstanceID] = []
        /// Instances, real or imagined, that would have been stopped.
        var ended: Set<InstanceID> = []
        /// Ended ones whose remains would have been removed.
        var removed: Set<InstanceID> = []
        /// Imagined ones that would only have been made, for the warm pool.
        var onlyMade: Set<InstanceID> = []
    }

    public init(lister: any InstanceLister) {
        self.lister = lister
    }

    public var imagined: Bool { true }

    public func list() async throws(LauncherFailure) -> [ListedInstance] {
        seen(try await lister.list())
    }

    /// What there would be, had all been done that was imagined.
    package func seen(_ real: [ListedInstance]) -> [ListedInstance] {
        imagination.withLock { imagination in
            let imaginary = imagination.launched.map {
                ListedInstance(id: $0, phase: imagination.onlyMade.contains($0) ? .starting : .running)
            }
            let seen = real.filter { !imagination.launched.contains($0.id) }
            return (seen + imaginary).compactMap { listed in
                if imagination.removed.contains(listed.id) { return nil }
                if imagination.ended.contains(listed.id) {
                    return ListedInstance(id: listed.id, phase: .exited(Exit(code: 0)))
                }
                return listed
            }
        }
    }

    public func changes() -> AsyncStream<Void> {
        lister.changes()
    }

    public func perform(_ action: Action, for group: String, template: Int?) async -> ActionOutcome.Result {
        imagine(action)
    }

    package func imagine(_ action: Action) -> ActionOutcome.Result {
        imagination.withLock { imagination in
            switch action {
            case .launch(let id):
                if !imagination.launched.contains(id) { imagination.launched.append(id) }
                imagination.onlyMade.remove(id)
                return .done
            case .prepare(let id, let started):
                if !imagination.launched.contains(id) { imagination.launched.append(id) }
                if started { imagination.onlyMade.remove(id) } else { imagination.onlyMade.insert(id) }
                return .done
            // A hook that nobody runs is imagined to end well.
            case .pause, .resume, .runHook:
                return .done
            case .drain:
                // Nothing is held back from a real worker; that it would have been idle is the best that can be said.
                return .drained(held: nil)
            case .restore:
                return .done
            case .terminate(let id, _):
                imagination.ended.insert(id)
                return .done
            case .remove(let id):
                imagination.removed.insert(id)
                return .done
            }
        }
    }
}
