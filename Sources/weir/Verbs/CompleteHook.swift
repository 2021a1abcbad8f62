import ArgumentParser
import WeirAPI
import WeirCore

struct CompleteHook: OperatorVerb {
    static let configuration = CommandConfiguration(
        commandName: "complete-hook",
        abstract: "Completes a lifecycle hook that an instance waits for, so that it goes on.",
        usage: """
            weir complete-hook <HOOK> <INSTANCE> [--abandon] [--state <DIR>]
                 [--format <format>]
            """,
        discussion: "Example:\n  weir complete-hook warm-cache i-0123456789abcdef0")

    @OptionGroup var target: HookArgument

    @Flag(help: "Give up: a launching instance is ended, a terminating one waits for no other hook.")
    var abandon = false

    @OptionGroup var state: StateOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        var request = OperatorRequest(kind: .completeHook)
        request.hook = target.hook
        request.instance = target.instance
        request.result = abandon ? .abandon : .continue
        try await ask(request) { group throws(Failure) in try group.check(hook: target.hook, of: target.instance) }
    }
}

/// A lifecycle hook, and who waits for it.
struct HookArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The name of the lifecycle hook.", valueName: "HOOK"))
    var hook: String

    @Argument(help: ArgumentHelp("The instance that waits for it.", valueName: "INSTANCE"))
    var instance: String
}
