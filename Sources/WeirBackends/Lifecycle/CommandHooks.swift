import WeirCore
import WeirRuntime

/// Runs the commands that a policy file gives to its lifecycle hooks.
public struct CommandHooks: HookRunner {
    /// Hook names, their transitions and their programs.
    private let hooks: [(hook: LifecycleHook, program: [String])]
    private let inherited: [String: String]

    public init(_ hooks: [(hook: LifecycleHook, program: [String])], environment: [String: String]) {
        self.hooks = hooks
        inherited = environment
    }

    public func run(_ name: String, for instance: InstanceID, of group: String) async throws(LauncherFailure) {
        guard let (hook, program) = hooks.first(where: { $0.hook.name == name }) else {
            throw LauncherFailure("the hook \(name) has no command", retryHelps: false)
        }
        let own = [
            EnvironmentVariable("WEIR_GROUP", group), EnvironmentVariable("WEIR_INSTANCE_ID", instance.text),
            EnvironmentVariable("WEIR_HOOK", name),
            EnvironmentVariable("WEIR_LIFECYCLE_TRANSITION", hook.transition.apiName),
        ]
        // The group ends its wait sooner, unless there are heartbeats.
        let command = OwnCommand(program, inherited: inherited, own: own, timeLimit: hook.globalTimeout)
        if let failure = await command.run() { throw LauncherFailure(failure, retryHelps: false) }
    }
}
