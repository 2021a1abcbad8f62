import ArgumentParser
import WeirAPI

/// A verb that asks something of a running group, and prints what now holds.
protocol OperatorVerb: AsyncParsableCommand {
    var state: StateOption { get }
    var format: FormatOption { get }
}

extension OperatorVerb {
    /// - Parameter remark: what else to say, given the group as it stood before.
    func ask(
        _ request: OperatorRequest, of name: String, remark: (GroupView) -> String? = { _ in nil }
    ) async throws {
        let client = ControlClient(state: state.resolved)
        let group = try await client.group(named: name)
        try group.check(instances: (request.instances ?? []) + (request.instance.map { [$0] } ?? []))
        var message = try await client.request(request, of: group)
        if let remark = remark(group) { message += "; \(remark)" }
        switch format.format {
        case .text: Terminal.out(message)
        case .json: Terminal.out(try json(["group": name, "message": message]))
        }
    }
}

/// One instance of a group, or several.
struct InstancesArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The group.", valueName: "GROUP"))
    var group: String

    @Argument(help: ArgumentHelp("Instance ids, as `weir status` shows them.", valueName: "INSTANCE"))
    var instances: [String]
}

/// Which processes; none named means all.
struct ProcessesArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The group.", valueName: "GROUP"))
    var group: String

    @Argument(
        help: ArgumentHelp("Launch, Terminate, AlarmNotification, …; none named means all.", valueName: "PROCESS"))
    var processes: [String] = []
}
