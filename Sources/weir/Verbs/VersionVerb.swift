import ArgumentParser

/// The version of this program.
enum Version {
    static let text = "0.1.0"
}

struct VersionVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Prints the version.", discussion: "Example:\n  weir version")

    @OptionGroup var format: FormatOption

    func run() throws {
        switch format.format {
        case .text: Terminal.out("weir \(Version.text)")
        case .json: Terminal.out(#"{"version":"\#(Version.text)"}"#)
        }
    }
}
