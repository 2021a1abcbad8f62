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
        abstract: "Runs every group that the named files and folders describe.",
        usage: """
            weir run <PATH> ... [--dry-run] [--drain] [--shadow <PATH>]
                 [--listen <HOST:PORT>]
                 [--advertise <URL>] [--region <REGION>] [--account <ACCOUNT>]
                 [--state <DIR>] [--log-level <LEVEL>]
                 [--records-age <TIME>] [--records-size <SIZE>]
            """,
        discussion: """
            Examples:
              weir run policies/
              weir run policies/thumbnails.yaml --dry-run
              weir run policies/thumbnails.yaml --shadow thumbnails-new.yaml

            SIGHUP, or a change of a file, makes weir read the policies again.
            SIGTERM ends weir and leaves its instances at work; the next start goes
            on with them. With --drain, every instance finishes and ends first.
            """)

    @OptionGroup var policies: PathsArgument
    @OptionGroup var state: StateOption

    @Flag(help: "Decide from the real queue and the real instances, print what would be done and why, and do nothing.")
    var dryRun = false

    @Option(help: ArgumentHelp("Where the queue and its API listen; port 0 takes a free one.", valueName: "HOST:PORT"))
    var listen = "127.0.0.1:9324"

    @Option(
        help: ArgumentHelp(
            "The URL by which workers reach weir, when it is not where weir listens.", valueName: "URL"))
    var advertise: String?

    @Option(help: ArgumentHelp("The region that workers are told and that ARNs carry.", valueName: "REGION"))
    var region = ProcessInfo.processInfo.environment["AWS_REGION"] ?? "us-east-1"

    @Option(help: ArgumentHelp("The account in queue URLs and ARNs: 12 digits.", valueName: "ACCOUNT"))
    var account = "000000000000"

    @Flag(help: "On SIGTERM, let every instance finish its work and end before weir does.")
    var drain = false

    @Option(
        help: ArgumentHelp(
            "Policies that decide beside the running ones, can do nothing, and keep an account of what they would have done.",
            valueName: "PATH"))
    var shadow: String?

    @Option(help: ArgumentHelp("Which log lines to print: those of this level and above.", valueName: "LEVEL"))
    var logLevel: LogLevel = .info

    @OptionGroup var records: RecordOptions

    mutating func validate() throws {
        if dryRun, shadow != nil {
            throw ValidationError("--shadow decides beside live groups, and with --dry-run there are none")
        }
        guard case .tcp? = ListenAddress(listen) else {
            throw ValidationError("--listen '\(listen)' is not HOST:PORT, such as 127.0.0.1:9324")
        }
        guard account.utf8.count == 12, account.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw ValidationError("--account '\(account)' is not 12 digits")
        }
        guard !region.isEmpty, region.utf8.allSatisfy(Self.isRegionCharacter) else {
            throw ValidationError("--region '\(region)' is not letters, digits and '-', such as us-east-1")
        }
        if let url = advertise {
            guard Self.isPlainURL(url) else {
                throw ValidationError("--advertise '\(url)' is not a URL such as http://10.0.0.5:9324")
            }
            // What stands behind it begins with a slash.
            advertise = String(url.reversed().drop { $0 == "/" }.reversed())
        }
    }

    private static func isRegionCharacter(_ byte: UInt8) -> Bool { isLetterOrDigit(byte) || byte == UInt8(ascii: "-") }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    /// `http` or `https`, a host and perhaps a path, to which workers and `weir env` can add theirs as it stands: no user,
    /// no query, and nothing that a shell would take for something else.
    private static func isPlainURL(_ text: String) -> Bool {
        guard let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host()?.isEmpty == false else {
            return false
        }
        return text.utf8.allSatisfy { isLetterOrDigit($0) || "-._~:/%[]".utf8.contains($0) }
    }

    func run() async throws {
        let read = try PolicyLoading.read(policies.paths)
        if dryRun {
            try await DryRun(read, state: state.resolved, logger: LogLines.logger(level: logLevel.level)).run()
        } else {
            try await Daemon(self, read).run()
        }
    }
}

/// Log levels as they are written on the command line.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case trace, debug, info, notice, warning, error

    var level: Logger.Level { Logger.Level(rawValue: rawValue) ?? .info }
}
