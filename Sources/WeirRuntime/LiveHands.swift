import WeirCore

/// Performs actions on a real launcher and a real queue.
public struct LiveHands: Hands {
    private let launcher: any Launcher
    private let gate: (any WorkGate)?
    private let hooks: (any HookRunner)?
    private let quietTime: Duration
    private let environment: @Sendable (InstanceID) -> [EnvironmentVariable]
    private let onBusyTermination: @Sendable (InstanceID, Int) -> Void

    /// - Parameters:
    ///   - gate: nil when nobody can tell who holds what; then an instance is idle unless it is protected.
    ///   - hooks: nil when no hook has a command.
    ///   - quietTime: how long an instance has to hold nothing, behind its closed gate, to be idle.
    ///   - environment: the variables that weir gives to one instance alone.
    ///   - onBusyTermination: told when an instance is stopped although it holds messages, which only an operator's
    ///     explicit `terminate` may cause.
    public init(
        launcher: any Launcher, gate: (any WorkGate)?, hooks: (any HookRunner)? = nil,
        quietTime: Duration = Limits.quietTime,
        environment: @escaping @Sendable (InstanceID) -> [EnvironmentVariable],
        onBusyTermination: @escaping @Sendable (InstanceID, Int) -> Void = { _, _ in }
    ) {
        self.launcher = launcher
        self.gate = gate
        self.hooks = hooks
        self.quietTime = quietTime
        self.environment = environment
        self.onBusyTermination = onBusyTermination
    }

    public var imagined: Bool { false }

    public func list() async throws(LauncherFailure) -> [ListedInstance] {
        try await launcher.list()
    }

    public func changes() -> AsyncStream<Void> {
        launcher.changes()
    }

    public func perform(_ action: Action, for group: String, template: Int?) async -> ActionOutcome.Result {
        func order(_ id: InstanceID) -> LaunchOrder {
            LaunchOrder(
                instance: id, group: group, templateVersion: template,
                environment: environment(id).sorted { $0.name < $1.name })
        }
        do throws(LauncherFailure) {
            switch action {
            case .launch(let id):
                // One from the warm pool may have been kept from work until now.
                await gate?.open(id)
                try await launcher.launch(order(id))
                return .done
            case .prepare(let id, started: false):
                try await launcher.prepare(order(id))
                return .done
            case .prepare(let id, started: true):
                // Before it runs: it is to load what it needs, and to receive nothing.
                _ = await gate?.close(id)
                try await launcher.launch(order(id))
                return .done
            case .pause(let id):
                _ = await gate?.close(id)
                try await launcher.pause(id)
                return .done
            case .resume(let id):
                try await launcher.resume(id)
                await gate?.open(id)
                return .done
            case .runHook(let id, let hook):
                guard let hooks else { throw LauncherFailure("the hook \(hook) has no command", retryHelps: false) }
                try await hooks.run(hook, for: id, of: group)
                return .done
            case .drain(let id):
                return .drained(held: await drain(id))
            case .restore(let id):
                await gate?.open(id)
                return .done
            case .terminate(let id, let stopTimeout):
                // Closing again costs nothing when it is closed, and is the second look: what does it hold right now?
                if let held = await gate?.close(id), held > 0 { onBusyTermination(id, held) }
                try await launcher.terminate(id, stopTimeout: stopTimeout)
                return .done
            case .remove(let id):
                await gate?.forget(id)
                try await launcher.remove(id)
                return .done
            }
        } catch {
            // Whoever tells of it names the instance.
            let beginning = "\(action.instance) was not started: "
            let message = error.message
            return .failed(message.hasPrefix(beginning) ? String(message.dropFirst(beginning.count)) : message)
        }
    }

    /// Closes the gate and waits a moment before it says "holds nothing": the answer to a delete may still be on its way,
    /// and a worker that has just finished a job has a last line to write.
    private func drain(_ id: InstanceID) async -> Int? {
        guard let gate else { return nil }
        let held = await gate.close(id)
        guard held == 0, quietTime > .zero else { return held }
        try? await Task.sleep(for: quietTime)
        return await gate.close(id)
    }
}
