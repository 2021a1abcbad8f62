import ArgumentParser
import WeirAPI

struct Heartbeat: OperatorVerb {
    static let configuration = CommandConfiguration(
        abstract: "Begins the timeout of a lifecycle hook again, for an instance that needs longer.",
        discussion: "Example:\n  weir heartbeat warm-cache i-0123456789abcdef0")

    @OptionGroup var target: HookArgument
    @OptionGroup var state: StateOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        var request = OperatorRequest(kind: .recordHeartbeat)
        request.hook = target.hook
        request.instance = target.instance
        try await ask(request) { group throws(Failure) in try group.check(hook: target.hook, of: target.instance) }
    }
}
