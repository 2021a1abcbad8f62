import WeirPolicy
import WeirRuntime

/// Makes launchers and listers of containers for the registry.
enum DockerBackend {
    static func launcher(
        _ options: Options, group: String, context: BackendContext
    ) throws(BackendFailure) -> any Launcher {
        let options = DockerOptions(options)
        let engine = try engine(options, context)
        return DockerLauncher(
            options, engine: engine, group: group, fleet: context.fleetID,
            slots: context.shared.parts(of: engine.address).slots)
    }

    static func lister(
        _ options: Options, group: String, context: BackendContext
    ) throws(BackendFailure) -> any InstanceLister {
        DockerLister(engine: try engine(DockerOptions(options), context), group: group, fleet: context.fleetID)
    }

    /// The address of the engine.
    static func place(_ options: Options, _ context: BackendContext) -> String {
        host(DockerOptions(options), context)
    }

    /// The engine that the policy file names, or `DOCKER_HOST`, or the usual socket.
    private static func host(_ options: DockerOptions, _ context: BackendContext) -> String {
        options.host ?? context.environment.filled("DOCKER_HOST") ?? DockerEngine.defaultHost
    }

    private static func engine(
        _ options: DockerOptions, _ context: BackendContext
    ) throws(BackendFailure) -> DockerEngine {
        let host = host(options, context)
        guard let address = DockerEngine.Address(host) else {
            throw BackendFailure(
                "'\(host)' is no address of a Docker engine: expected unix:///path or tcp://host:port",
                retryHelps: false)
        }
        return DockerEngine(
            address: address, http: context.http, version: context.shared.parts(of: address).version)
    }
}
