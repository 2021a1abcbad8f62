import ArgumentParser
import WeirAPI

struct Reset: OperatorVerb {
    static let configuration = CommandConfiguration(
        abstract: "Ends what a group waits for after failures, so that it tries again at once.",
        discussion: """
            That is: the back-off of launches, the hold on scale-out without
            progress, and that of a source that fails.

            Example:
              weir reset thumbnails
            """)

    @Argument(help: ArgumentHelp("The group.", valueName: "GROUP"))
    var group: String

    @OptionGroup var state: StateOption
    @OptionGroup var format: FormatOption

    func run() async throws {
        try await ask(OperatorRequest(kind: .reset), of: group)
    }
}
