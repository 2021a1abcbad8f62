import ArgumentParser
import FoundationEssentials
import Glibc
import Logging
import WeirAPI
import WeirCore
import WeirPolicy
import WeirRuntime

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs every group found in the files and folders named.",
        discussion: """
            Examples:
              weir run policies/
              weir run policies/thumbnails.yaml --dry-run

            SIGHUP, or a change of a file, reads the policies again. SIGTERM ends weir and leaves its instances at work;
            the next start goes on with them. With --drain, SIGTERM lets every instance finish and end first.
            """)

    @OptionGroup var policies: PathsArgument
    @OptionGroup var state: StateOption

    @Flag(help: "Decide from the real queue and the real instances, print what would be done and why, and do nothing.")
    var dryRun = false

    @Option(help: ArgumentHelp("Where the queue and its API listen; port 0 takes a free one.", valueName: "HOST:PORT"))
    var listen = "127.0.0.1:9324"

    @Option(
        help: ArgumentHelp("The URL that workers are given for it, when it is not the one above.", valueName: "URL"))
    var advertise: String?

    @Option(help: "The region that workers are told and that ARNs carry.")
    var region = ProcessInfo.processInfo.environment["AWS_REGION"] ?? "us-east-1"

    @Option(help: "The account in queue URLs and ARNs: 12 digits.")
    var account = "000000000000"

    @Flag(help: "On SIGTERM, let every instance finish its work and end before weir does.")
    var drain = false

    @Option(help: "Which log lines to print: trace, debug, info, notice, warning, error.")
    var logLevel: LogLevel = .info

    func validate() throws {
        guard case .tcp? = ListenAddress(listen) else {
            throw ValidationError("--listen '\(listen)' is not HOST:PORT, such as 127.0.0.1:9324")
        }
        guard account.utf8.count == 12, account.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw ValidationError("--account '\(account)' is not 12 digits")
        }
    }

    func run() async throws {
        let files = try PolicyLoading.load(policies.paths)
        if dryRun {
            try await DryRun(files, state: state.resolved, logger: LogLines.logger(level: logLevel.level)).run()
        } else {
            try await Daemon(self, files).run()
        }
    }
}

/// Log levels as they are written on the command line.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case trace, debug, info, notice, warning, error

    var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}
