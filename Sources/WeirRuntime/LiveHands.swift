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
        let id = action.instance
        var held: Int?
        do throws(LauncherFailure) {
            for step in action.steps {
                switch step {
                case .openGate: await gate?.open(id)
                case .closeGate: _ = await gate?.close(id)
                case .lookBehindGate:
                    held = await gate?.close(id)
                    if held != 0 { return action.outcome(held: held) }
                case .waitQuietTime: if quietTime > .zero { try? await Task.sleep(for: quietTime) }
                case .countBusy: if let held = await gate?.close(id), held > 0 { onBusyTermination(id, held) }
                case .forget: await gate?.forget(id)
                case .call(let call): try await ask(call, id, group, template)
                case .runHook(let hook):
                    guard let hooks else { throw LauncherFailure("the hook \(hook) has no command", retryHelps: false) }
                    try await hooks.run(hook, for: id, of: group)
                }
            }
            return action.outcome(held: held)
        } catch {
            return action.outcome(failed: error.message)
        }
    }

    private func ask(
        _ call: LauncherCall, _ id: InstanceID, _ group: String, _ template: Int?
    ) async throws(LauncherFailure) {
        var order: LaunchOrder {
            LaunchOrder(
                instance: id, group: group, templateVersion: template,
                environment: environment(id).sorted { $0.name < $1.name })
        }
        switch call {
        case .launch: try await launcher.launch(order)
        case .prepare: try await launcher.prepare(order)
        case .pause: try await launcher.pause(id)
        case .resume: try await launcher.resume(id)
        case .terminate(let stopTimeout): try await launcher.terminate(id, stopTimeout: stopTimeout)
        case .remove: try await launcher.remove(id)
        }
    }
}
