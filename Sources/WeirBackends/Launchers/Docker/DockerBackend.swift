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
            slots: context.shared.slots(of: engine.address))
    }

    static func lister(
        _ options: Options, group: String, context: BackendContext
    ) throws(BackendFailure) -> any InstanceLister {
        DockerLister(engine: try engine(DockerOptions(options), context), group: group, fleet: context.fleetID)
    }

    /// The engine that the policy file names, or `DOCKER_HOST`, or the usual socket.
    private static func engine(
        _ options: DockerOptions, _ context: BackendContext
    ) throws(BackendFailure) -> DockerEngine {
        let host = options.host ?? context.environment.filled("DOCKER_HOST") ?? DockerEngine.defaultHost
        guard let address = DockerEngine.Address(host) else {
            throw BackendFailure(
                "'\(host)' is no address of a Docker engine: expected unix:///path or tcp://host:port",
                retryHelps: false)
        }
        return DockerEngine(address: address, http: context.http)
    }
}
