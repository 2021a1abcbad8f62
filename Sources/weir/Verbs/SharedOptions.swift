import ArgumentParser
import FoundationEssentials
import Glibc
import WeirRuntime

struct FormatOption: ParsableArguments {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Option(help: "How results are printed: for people, or as JSON objects for programs.")
    var format: Format = .text
}

struct StateOption: ParsableArguments {
    @Option(
        name: .customLong("state"),
        help: ArgumentHelp(
            """
            The folder where weir keeps everything it remembers. Default: $WEIR_STATE, else $XDG_STATE_HOME/weir, else \
            ~/.local/state/weir.
            """, valueName: "DIR"))
    var path: String?

    func validate() throws {
        var entry = stat()
        if stat(resolved, &entry) == 0, entry.st_mode & S_IFMT != S_IFDIR {
            throw ValidationError("\(resolved) is a file, not a folder")
        }
    }

    /// The folder named, or the default.
    var resolved: String {
        if let path { return path }
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["WEIR_STATE"], !path.isEmpty { return path }
        if let base = environment["XDG_STATE_HOME"], !base.isEmpty { return base + "/weir" }
        return (environment["HOME"] ?? "/var/lib") + "/.local/state/weir"
    }
}

struct PathsArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("Policy files, and folders of them.", valueName: "PATH"))
    var paths: [String]
}
