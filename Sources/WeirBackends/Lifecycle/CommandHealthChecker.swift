import WeirCore
import WeirRuntime

/// Asks an instance how it is by running a program beside it; exit code 0 is healthy.
public struct CommandHealthChecker: HealthChecker {
    public let interval: Duration
    private let program: [String]
    private let timeLimit: Duration
    private let group: String
    private let launcher: any Launcher
    private let inherited: [String: String]

    public init(
        _ program: [String], every interval: Duration, timeLimit: Duration, group: String, launcher: any Launcher,
        environment: [String: String]
    ) {
        self.interval = interval
        self.program = program
        self.timeLimit = timeLimit
        self.group = group
        self.launcher = launcher
        inherited = environment
    }

    public func check(_ instance: InstanceID) async -> HealthCheckResult {
        let address: String
        do throws(LauncherFailure) {
            address = try await launcher.address(of: instance) ?? "127.0.0.1"
        } catch {
            // Whoever cannot find an instance knows nothing of its health.
            return .starting
        }
        let own = [
            EnvironmentVariable("WEIR_GROUP", group), EnvironmentVariable("WEIR_INSTANCE_ID", instance.text),
            EnvironmentVariable("WEIR_INSTANCE_ADDRESS", address),
        ]
        let command = OwnCommand(program, inherited: inherited, own: own, timeLimit: timeLimit)
        return await command.run().map { .failed($0) } ?? .healthy
    }
}
