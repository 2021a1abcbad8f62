import ArgumentParser
import WeirAPI

struct Standby: OperatorVerb {
    static let configuration = CommandConfiguration(
        abstract: "Takes instances out of service for a while: each finishes what it holds and takes no more.",
        usage: """
            weir standby <INSTANCE> ... [--keep-desired] [--state <DIR>]
                 [--format <format>]
            weir standby --exit <INSTANCE> ...
            """,
        discussion: """
            Examples:
              weir standby i-0123456789abcdef0
              weir standby --exit i-0123456789abcdef0
            """)

    @Argument(help: ArgumentHelp("Instance ids of one group.", valueName: "INSTANCE"))
    var instances: [String]

    @Flag(help: "Leave the desired capacity as it is, so that others are launched in their place.")
    var keepDesired = false

    @Flag(help: "Bring them back into service; the desired capacity rises by as many.")
    var exit = false

    @OptionGroup var state: StateOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        if exit, keepDesired {
            throw ValidationError("--keep-desired does not go with --exit, which always raises the desired capacity")
        }
        var request = OperatorRequest(kind: exit ? .exitStandby : .enterStandby)
        request.instances = instances
        if !exit { request.decrementDesired = !keepDesired }
        try await ask(request)
    }
}
