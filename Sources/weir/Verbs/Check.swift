import ArgumentParser
import WeirBackends
import WeirCore
import WeirPolicy
import WeirRuntime

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reads policy files and reports every mistake in them.",
        discussion: "Example:\n  weir check policies/ --explain")

    @OptionGroup var policies: PathsArgument

    @Flag(help: "Print every value that is in force, with its default and where it comes from.")
    var explain = false

    @OptionGroup var format: FormatOption

    func run() throws {
        switch format.format {
        case .text:
            let result = try PolicyLoading.read(policies.paths)
            for file in result.files {
                Terminal.out(explain ? result.explain(file) : "\(file.path): group '\(file.group.name)' is right")
            }
            for file in result.fleets {
                Terminal.out(explain ? result.explain(file) : "\(file.path): fleet '\(file.limit.name)' is right")
            }
        case .json:
            let result = PolicyReader(catalogue: Registry.catalogue, now: SystemTime().now()).read(
                paths: policies.paths)
            Terminal.out(try json(CheckReport(result, explain: explain)))
            if result.hasErrors { throw Failure(kind: .mistake, text: "") }
        }
    }
}

/// What `weir check --format json` prints: one object, whether there are mistakes or not.
private struct CheckReport: Encodable {
    struct File: Encodable {
        var file: String
        var group: String
        /// The file as weir understands it; left out unless it was asked for.
        var explained: String?
    }

    struct Fleet: Encodable {
        var file: String
        var fleet: String
        var explained: String?
    }

    struct Mistake: Encodable {
        var file: String
        /// Counted from 1, as is the column; left out when the complaint is about the file as a whole.
        var line: Int?
        var column: Int?
        /// `error`, or `warning` for what can be used all the same.
        var severity: String
        var message: String
        var hint: String?
    }

    /// There is no error; there may be warnings.
    var ok: Bool
    /// Those without an error.
    var files: [File]
    /// Likewise, those that declare a limit that groups share.
    var fleets: [Fleet]
    var mistakes: [Mistake]

    init(_ result: ReadResult, explain: Bool) {
        ok = !result.hasErrors
        files = result.files.map { file in
            File(file: file.path, group: file.group.name, explained: explain ? result.explain(file) : nil)
        }
        fleets = result.fleets.map { file in
            Fleet(
                file: file.path, fleet: file.limit.name, explained: explain ? result.explain(file) : nil)
        }
        mistakes = result.diagnostics.map { diagnostic in
            Mistake(
                file: diagnostic.path, line: diagnostic.place?.line, column: diagnostic.place?.column,
                severity: diagnostic.severity.rawValue, message: diagnostic.message, hint: diagnostic.hint)
        }
    }
}

struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints the JSON Schema of policy files, or of story files, for editors.",
        discussion: "Example:\n  weir schema > weir.schema.json\n  weir schema --for stories > stories.schema.json")

    enum Files: String, ExpressibleByArgument, CaseIterable {
        case policies, stories
    }

    @Option(name: .customLong("for"), help: "Which files it is of.")
    var files = Files.policies

    func run() throws {
        switch files {
        case .policies: Terminal.out(PolicySchema.text(catalogue: Registry.catalogue))
        case .stories: Terminal.out(StorySchema.text())
        }
    }
}
