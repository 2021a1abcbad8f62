import ArgumentParser
import FoundationEssentials
import WeirBackends
import WeirExchange
import WeirPolicy

struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes a policy file from what AWS, CloudFormation, KEDA or Elastic Beanstalk has written down.",
        discussion: """
            What cannot be carried over is listed with the reason, on stderr and at the head of the file: docs/import-export.md.

            Example:
              aws autoscaling describe-auto-scaling-groups > groups.json
              aws autoscaling describe-policies > policies.json
              aws cloudwatch describe-alarms > alarms.json
              weir import groups.json policies.json alarms.json --output thumbnails.yaml
            """)

    @Argument(
        help: ArgumentHelp(
            "Files in any order, each recognised by what is in it; '-' is the standard input.", valueName: "FILE"))
    var paths: [String]

    @Option(help: ArgumentHelp("Which group, when there are several.", valueName: "NAME"))
    var group: String?

    @Option(
        help: ArgumentHelp(
            "Where the policy file is written, instead of stdout; a folder takes one file for each group.",
            valueName: "PATH"))
    var output: String?

    @Flag(help: "The queue moves into weir too, with its visibility timeout and its dead-letter queue.")
    var embeddedQueue = false

    @Option(help: ArgumentHelp("The value of a template's parameter; repeatable.", valueName: "NAME=VALUE"))
    var parameter: [String] = []

    @OptionGroup var format: FormatOption

    func run() throws {
        var files: [(name: String, text: String)] = []
        for (path, name) in zip(paths, ExchangeFile.names(paths)) { files.append((name, try ExchangeFile.text(path))) }
        let policies: [ImportedPolicy]
        do {
            policies = try PolicyImport.read(
                files, options: ImportOptions(group: group, movesQueue: embeddedQueue, parameters: try parameters()))
        } catch let mistake as ImportMistake {
            throw Failure.mistake(mistake.text)
        }
        let isFolder = output.map(ExchangeFile.isFolder) ?? false
        guard policies.count == 1 || isFolder || format.format == .json else {
            let names = policies.map(\.group).joined(separator: ", ")
            throw Failure.mistake(
                "there are \(policies.count) groups: \(names); name one with --group, or a folder with --output")
        }
        let outputs = output.map { path in policies.map { Self.file(of: $0, in: path, isFolder: isFolder) } }
        try checkFiles(outputs ?? [])
        for (index, policy) in policies.enumerated() { try write(policy, to: outputs?[index]) }
        if format.format == .json {
            Terminal.out(try json(ImportReport(policies: policies.map { .init($0, mistakes: Self.mistakes(in: $0)) })))
        }
        let mistakes = policies.flatMap(Self.mistakes)
        if format.format == .text { tell(policies, mistakes) }
        if !mistakes.isEmpty { throw Failure(kind: .mistake, text: "") }
    }

    private func parameters() throws -> [String: String] {
        var values: [String: String] = [:]
        for text in parameter {
            guard let sign = text.firstIndex(of: "="), sign > text.startIndex else {
                throw Failure.mistake("--parameter takes NAME=VALUE, not '\(text)'")
            }
            values[String(text[..<sign])] = String(text[text.index(after: sign)...])
        }
        return values
    }

    private static func file(of policy: ImportedPolicy, in path: String, isFolder: Bool) -> String {
        isFolder ? "\(path.hasSuffix("/") ? String(path.dropLast()) : path)/\(policy.group).yaml" : path
    }

    /// What is read is not written over.
    private func checkFiles(_ outputs: [String]) throws(Failure) {
        var files = NamedFiles()
        files.reads("", paths.filter { $0 != "-" })
        for output in Set(outputs).sorted() { files.writes("--output", output) }
        try files.check()
    }

    private func write(_ policy: ImportedPolicy, to path: String?) throws {
        if let path {
            try OutputFile(path).write(policy.text)
        } else if format.format == .text {
            Terminal.write(policy.text, to: 1)
        }
    }

    private func tell(_ policies: [ImportedPolicy], _ mistakes: [Diagnostic]) {
        for policy in policies {
            for note in policy.notes { Terminal.error("weir: \(note.kind.sentence): \(note.text)") }
        }
        for mistake in mistakes { Terminal.error(mistake.text) }
    }

    /// What a person has to mend: values that AWS takes and weir does not.
    private static func mistakes(in policy: ImportedPolicy) -> [Diagnostic] {
        PolicyReader(catalogue: Registry.catalogue).read(text: policy.text, path: "\(policy.group).yaml").diagnostics
            .filter { $0.severity == .error }
    }
}

extension Note.Kind {
    /// For people.
    var sentence: String {
        switch self {
        case .notCarried: "not carried over"
        case .changed: "changed"
        case .fillIn: "to fill in"
        }
    }
}

/// What `weir import --format json` prints.
private struct ImportReport: Encodable {
    struct Policy: Encodable {
        var group: String
        /// The policy file.
        var policy: String
        var notes: [ExchangeNote]
        /// What `weir check` has against it; empty when it can be used.
        var mistakes: [String]

        init(_ policy: ImportedPolicy, mistakes: [Diagnostic]) {
            group = policy.group
            self.policy = policy.text
            notes = policy.notes.map(ExchangeNote.init)
            self.mistakes = mistakes.map(\.text)
        }
    }

    var policies: [Policy]
}

/// A note as programs read it.
struct ExchangeNote: Encodable {
    var kind: String
    var file: String?
    var line: Int?
    var path: String?
    var why: String

    init(_ note: Note) {
        kind = note.kind.rawValue
        file = note.file
        line = note.line
        path = note.path
        why = note.why
    }
}
