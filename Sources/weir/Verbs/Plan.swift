import ArgumentParser
import FoundationEssentials
import Logging
import WeirCore

struct Plan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "One look at the real queue, one decision for each group, and why. Changes nothing.",
        discussion: "Example:\n  weir plan policies/thumbnails.yaml")

    @OptionGroup var policies: PathsArgument
    @OptionGroup var state: StateOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        let read = try PolicyLoading.read(policies.paths)
        let dryRun = DryRun(read, state: state.resolved, logger: LogLines.logger(level: .error))
        if format.format == .text { Terminal.out(DryRun.heading) }
        try await dryRun.plan(format.format)
    }
}
