import ArgumentParser
import WeirBackends
import WeirCore
import WeirPolicy

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reads policy files and reports every mistake in them.",
        discussion: "Example:\n  weir check policies/ --explain")

    @OptionGroup var policies: PathsArgument

    @Flag(help: "Print every value that is in force, with its default and where it comes from.")
    var explain = false

    @OptionGroup var format: FormatOption

    func run() throws {
        let result = try PolicyLoading.read(policies.paths)
        for file in result.files {
            switch (format.format, explain) {
            case (.text, true): Terminal.out(result.explain(file))
            case (.text, false): Terminal.out("\(file.path): group '\(file.group.name)' is right")
            case (.json, _):
                Terminal.out(#"{"file":\#(quoted(file.path)),"group":\#(quoted(file.group.name)),"ok":true}"#)
            }
        }
    }
}

struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints the JSON Schema of policy files, for editors.",
        discussion: "Example:\n  weir schema > weir.schema.json")

    func run() throws {
        Terminal.out(PolicySchema.text(catalogue: Registry.catalogue))
    }
}
