import ArgumentParser
import WeirAPI
import WeirCore

struct Protect: OperatorVerb {
    static let configuration = CommandConfiguration(
        abstract: "Protects instances from being chosen for scale-in.",
        discussion: "Example:\n  weir protect thumbnails i-0123456789abcdef0")

    @OptionGroup var target: InstancesArgument
    @OptionGroup var state: StateOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        var request = OperatorRequest(kind: .setProtection)
        request.instances = target.instances
        request.protected = true
        try await ask(request, of: target.group)
    }
}

struct Unprotect: OperatorVerb {
    static let configuration = CommandConfiguration(
        abstract: "Takes protection from instances.",
        discussion: "Example:\n  weir unprotect thumbnails i-0123456789abcdef0")

    @OptionGroup var target: InstancesArgument
    @OptionGroup var state: StateOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        var request = OperatorRequest(kind: .setProtection)
        request.instances = target.instances
        request.protected = false
        try await ask(request, of: target.group)
    }
}

struct SetDesired: OperatorVerb {
    static let configuration = CommandConfiguration(
        commandName: "set-desired", abstract: "Sets the desired capacity of a group; its alarms go on from there.",
        discussion: "Example:\n  weir set-desired thumbnails 5")

    @Argument(help: ArgumentHelp("The group.", valueName: "GROUP"))
    var group: String

    @Argument(help: ArgumentHelp("Instances; beyond minimum or maximum it is clamped.", valueName: "CAPACITY"))
    var capacity: Int

    @Flag(help: "Refuse while a cooldown runs, as HonorCooldown does.")
    var honorCooldown = false

    @OptionGroup var state: StateOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        guard capacity >= 0 else { throw Self.belowZero("\(capacity)") }
        var request = OperatorRequest(kind: .setDesired)
        request.capacity = capacity
        request.honorCooldown = honorCooldown
        try await ask(request, of: group)
    }

    static func belowZero(_ capacity: String) -> Failure {
        .mistake("capacity is \(capacity); expected 0 or more")
    }
}

struct Suspend: OperatorVerb {
    static let configuration = CommandConfiguration(
        abstract: "Suspends processes of a group: what is suspended does not happen until it is resumed.",
        discussion: "What each of them stops: docs/lifecycle.md.\n\nExample:\n  weir suspend thumbnails Terminate")

    @OptionGroup var target: ProcessesArgument
    @OptionGroup var state: StateOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        var request = OperatorRequest(kind: .suspend)
        request.processes = try ScalingProcess.named(target.processes)
        try await ask(request, of: target.group)
    }
}

struct Resume: OperatorVerb {
    static let configuration = CommandConfiguration(
        abstract: "Resumes suspended processes of a group; resuming Launch also ends a launch back-off.",
        discussion: "Example:\n  weir resume thumbnails")

    @OptionGroup var target: ProcessesArgument
    @OptionGroup var state: StateOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        var request = OperatorRequest(kind: .resume)
        request.processes = try ScalingProcess.named(target.processes)
        try await ask(request, of: target.group)
    }
}

struct Terminate: OperatorVerb {
    static let configuration = CommandConfiguration(
        abstract: "Ends one instance, protected or not: SIGTERM, then SIGKILL after the stop timeout.",
        discussion: """
            A lifecycle hook on termination is waited for first.

            Example:
              weir terminate thumbnails i-0123456789abcdef0 --decrement
            """)

    @Argument(help: ArgumentHelp("The group.", valueName: "GROUP"))
    var group: String

    @Argument(help: ArgumentHelp("The instance id.", valueName: "INSTANCE"))
    var instance: String

    @Flag(help: "Lower the desired capacity too, so that it is not replaced.")
    var decrement = false

    @OptionGroup var state: StateOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        var request = OperatorRequest(kind: .terminate)
        request.instance = instance
        request.decrementDesired = decrement
        try await ask(request, of: group) { before in
            guard decrement, before.isTerminating(instance) else { return nil }
            return "--decrement changed nothing, as it was no part of the desired capacity any more; "
                + "that is lowered by: weir set-desired \(group) N"
        }
    }
}
