import ArgumentParser
import WeirAPI

/// One instance of a group, or several.
struct InstancesArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The group.", valueName: "GROUP"))
    var group: String

    @Argument(help: ArgumentHelp("Instance ids, as `weir status` shows them.", valueName: "INSTANCE"))
    var instances: [String]
}

struct Protect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Protects instances from being chosen for scale-in.",
        discussion: "Example:\n  weir protect thumbnails i-0123456789abcdef0")

    @OptionGroup var target: InstancesArgument
    @OptionGroup var state: StateOption

    func run() async throws {
        var request = OperatorRequest(kind: .setProtection)
        request.instances = target.instances
        request.protected = true
        Terminal.out(try await ControlClient(state: state.resolved).request(request, of: target.group))
    }
}

struct Unprotect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Takes protection from instances.",
        discussion: "Example:\n  weir unprotect thumbnails i-0123456789abcdef0")

    @OptionGroup var target: InstancesArgument
    @OptionGroup var state: StateOption

    func run() async throws {
        var request = OperatorRequest(kind: .setProtection)
        request.instances = target.instances
        request.protected = false
        Terminal.out(try await ControlClient(state: state.resolved).request(request, of: target.group))
    }
}

struct SetDesired: AsyncParsableCommand {
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

    func validate() throws {
        guard capacity >= 0 else { throw ValidationError("CAPACITY \(capacity) is below 0") }
    }

    func run() async throws {
        var request = OperatorRequest(kind: .setDesired)
        request.capacity = capacity
        request.honorCooldown = honorCooldown
        Terminal.out(try await ControlClient(state: state.resolved).request(request, of: group))
    }
}

/// Which processes; none named means all.
struct ProcessesArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The group.", valueName: "GROUP"))
    var group: String

    @Argument(
        help: ArgumentHelp("Launch, Terminate, AlarmNotification, …; none named means all.", valueName: "PROCESS"))
    var processes: [String] = []
}

struct Suspend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Suspends processes of a group: what is suspended does not happen until it is resumed.",
        discussion: "Example:\n  weir suspend thumbnails Terminate")

    @OptionGroup var target: ProcessesArgument
    @OptionGroup var state: StateOption

    func run() async throws {
        var request = OperatorRequest(kind: .suspend)
        request.processes = target.processes
        Terminal.out(try await ControlClient(state: state.resolved).request(request, of: target.group))
    }
}

struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Resumes suspended processes of a group; resuming Launch also ends a launch back-off.",
        discussion: "Example:\n  weir resume thumbnails")

    @OptionGroup var target: ProcessesArgument
    @OptionGroup var state: StateOption

    func run() async throws {
        var request = OperatorRequest(kind: .resume)
        request.processes = target.processes
        Terminal.out(try await ControlClient(state: state.resolved).request(request, of: target.group))
    }
}

struct Terminate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ends one instance, protected or not: SIGTERM, then SIGKILL after the stop timeout.",
        discussion: "Example:\n  weir terminate thumbnails i-0123456789abcdef0 --decrement")

    @Argument(help: ArgumentHelp("The group.", valueName: "GROUP"))
    var group: String

    @Argument(help: ArgumentHelp("The instance id.", valueName: "INSTANCE"))
    var instance: String

    @Flag(help: "Lower the desired capacity too, so that it is not replaced.")
    var decrement = false

    @OptionGroup var state: StateOption

    func run() async throws {
        var request = OperatorRequest(kind: .terminate)
        request.instance = instance
        request.decrementDesired = decrement
        Terminal.out(try await ControlClient(state: state.resolved).request(request, of: group))
    }
}
