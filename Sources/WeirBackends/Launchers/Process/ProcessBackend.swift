import WeirPolicy
import WeirRuntime

/// Makes launchers and listers of processes for the registry.
enum ProcessBackend {
    static func launcher(
        _ options: Options, group: String, context: BackendContext
    ) throws(BackendFailure) -> any Launcher {
        do {
            return try ProcessLauncher(
                options: ProcessOptions(options), instances: instances(of: group, context),
                logs: "\(context.stateFolder)/logs/\(group)", inherited: context.environment,
                watcher: context.shared.folders, children: context.shared.children, logger: context.logger)
        } catch {
            throw BackendFailure("the process launcher could not \(error)", retryHelps: error.isShortage)
        }
    }

    static func lister(
        _ options: Options, group: String, context: BackendContext
    ) throws(BackendFailure) -> any InstanceLister {
        ProcessLister(folder: instances(of: group, context), watcher: context.shared.folders)
    }

    private static func instances(of group: String, _ context: BackendContext) -> String {
        "\(context.stateFolder)/instances/\(group)"
    }
}
