import ArgumentParser
import WeirBackends
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
        let files = try PolicyLoading.load(policies.paths)
        for file in files {
            switch (format.format, explain) {
            case (.text, true): Terminal.out(PolicyReader(catalogue: Registry.catalogue).explain(file))
            case (.text, false): Terminal.out("\(file.path): group '\(file.group.name)' is right")
            case (.json, _): Terminal.out(#"{"file":\#(quoted(file.path)),"group":\#(quoted(file.group.name)),"ok":true}"#)
            }
        }
    }
}

struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Prints the JSON Schema of policy files, for editors.",
        discussion: "Example:\n  weir schema > weir.schema.json")

    func run() throws {
        Terminal.out(PolicyReader(catalogue: Registry.catalogue).schema())
    }
}
