import ArgumentParser
import WeirAPI

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "How the running groups stand: capacity, instances, alarms, last decisions.",
        discussion: "Examples:\n  weir status\n  weir status thumbnails --watch")

    @Argument(help: ArgumentHelp("Only this group.", valueName: "GROUP"))
    var group: String?

    @Flag(help: "Show it again each second, until interrupted.")
    var watch = false

    @OptionGroup var state: StateOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        let client = ControlClient(state: state.resolved, patience: .seconds(10))
        var isFirst = true
        repeat {
            if !isFirst { try await Task.sleep(for: .seconds(1)) }
            // In JSON it is a field of `GET /v1/daemon` and of /healthz; here one line for each group is promised.
            let trouble = format.format == .text ? try await client.daemon().policyTrouble : nil
            try show(try await groups(client), trouble, isFirst: isFirst)
            isFirst = false
        } while watch
    }

    private func groups(_ client: ControlClient) async throws -> [GroupView] {
        guard let group else { return try await client.groups() }
        return [try await client.group(named: group)]
    }

    private func show(_ groups: [GroupView], _ policyTrouble: String?, isFirst: Bool) throws {
        switch format.format {
        case .json:
            for group in groups { Terminal.out(try json(group)) }
        case .text:
            let window = Window.current
            let notice = policyTrouble.map {
                HangingLine(text: "policies  not in force as they are now, \($0)", hanging: 10)
                    .wrapped(to: window?.columns)
            }
            let blocks = (notice.map { [$0] } ?? []) + StatusText.blocks(groups, columns: window?.columns)
            if watch, let window {
                Frame.draw(blocks, in: window, isFirst: isFirst, of: "group")
            } else {
                Terminal.out(blocks.map { $0.joined(separator: "\n") }.joined(separator: "\n\n"))
            }
        }
    }
}
