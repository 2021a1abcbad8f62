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
        try group.check(instances: request.named)
        var message = try await client.request(request, of: group)
        if let remark = remark(group) { message += "; \(remark)" }
        try tell(message, of: group)
    }

    /// Asks something about instances, which say by themselves of which group they are.
    /// - Parameter check: looks at the group before it is asked.
    func ask(_ request: OperatorRequest, check: (GroupView) throws(Failure) -> Void = { _ in }) async throws {
        let client = ControlClient(state: state.resolved)
        let group = try GroupView.group(of: request.named, among: await client.groups())
        try check(group)
        try tell(try await client.request(request, of: group), of: group)
    }

    private func tell(_ message: String, of group: GroupView) throws {
        switch format.format {
        case .text: Terminal.out(message)
        case .json: Terminal.out(try json(["group": group.group, "message": message]))
        }
    }
}

extension OperatorRequest {
    /// The instances that it is about.
    fileprivate var named: [String] { (instances ?? []) + (instance.map { [$0] } ?? []) }
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
