import ArgumentParser
import WeirExchange
import WeirPolicy

struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes a policy file as CloudFormation or Terraform.",
        discussion: """
            What AWS has no counterpart for is listed with the reason, on stderr and at the head of the file: \
            docs/import-export.md.

            Example:
              weir export policies/thumbnails.yaml --to cloudformation --output thumbnails-template.yaml
            """)

    @Argument(help: ArgumentHelp("The policy file of one group.", valueName: "PATH"))
    var path: String

    @Option(help: "The tool to write for.")
    var to: PolicyExport.Target

    @Option(
        help: "The syntax: yaml or json for cloudformation, hcl or json for terraform. Default: the first of these.")
    var syntax: PolicyExport.Syntax?

    @Option(help: ArgumentHelp("Where it is written, instead of stdout.", valueName: "FILE"))
    var output: String?

    @OptionGroup var format: FormatOption

    func validate() throws {
        if let syntax, !syntax.suits(to) {
            throw ValidationError(
                "--syntax \(syntax.rawValue) is none of \(to.rawValue): take \(Self.usual(to)) or json")
        }
    }

    func run() throws {
        let (file, read) = try PolicyLoading.read(oneGroupAt: path, toBe: "exported")
        var files = NamedFiles()
        files.reads("", read.paths)
        files.writes("--output", output)
        try files.check()
        let exported = PolicyExport.write(
            file, to: to, as: syntax ?? PolicyExport.Syntax(rawValue: Self.usual(to)) ?? .json)
        if let output { try OutputFile(output).write(exported.text) }
        switch format.format {
        case .text:
            if output == nil { Terminal.write(exported.text, to: 1) }
            for note in exported.notes { Terminal.error("weir: \(note.kind.sentence): \(note.text)") }
        case .json:
            Terminal.out(
                try json(ExportReport(text: exported.text, notes: exported.notes.map(ExchangeNote.init))))
        }
    }

    private static func usual(_ target: PolicyExport.Target) -> String {
        switch target {
        case .cloudformation: "yaml"
        case .terraform: "hcl"
        }
    }
}

/// What `weir export --format json` prints.
private struct ExportReport: Encodable {
    /// The template or configuration.
    var text: String
    var notes: [ExchangeNote]
}

extension PolicyExport.Target: ExpressibleByArgument {}
extension PolicyExport.Syntax: ExpressibleByArgument {}
