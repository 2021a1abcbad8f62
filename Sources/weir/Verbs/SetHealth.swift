import ArgumentParser
import WeirAPI

struct SetHealth: OperatorVerb {
    static let configuration = CommandConfiguration(
        commandName: "set-health",
        abstract: "Says how an instance is: an unhealthy one finishes what it holds and is replaced.",
        usage: """
            weir set-health <INSTANCE> healthy|unhealthy [--respect-grace-period]
                 [--state <DIR>] [--format <format>]
            """,
        discussion: "Example:\n  weir set-health i-0123456789abcdef0 unhealthy")

    enum Health: String, ExpressibleByArgument, CaseIterable {
        case healthy, unhealthy
    }

    @Argument(help: ArgumentHelp("The instance id.", valueName: "INSTANCE"))
    var instance: String

    @Argument(help: "How it is.")
    var health: Health

    @Flag(help: "Change nothing while its health check grace period lasts.")
    var respectGracePeriod = false

    @OptionGroup var state: StateOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        var request = OperatorRequest(kind: .setHealth)
        request.instance = instance
        request.healthy = health == .healthy
        request.respectGracePeriod = respectGracePeriod
        try await ask(request)
    }
}
