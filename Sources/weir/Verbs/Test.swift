import ArgumentParser
import Glibc
import WeirBackends
import WeirCore
import WeirPolicy
import WeirSimulator
import WeirStories

struct TestVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Runs the stories that are written beside policies.",
        discussion: """
            A story file, thumbnails.stories.yaml beside thumbnails.yaml, says what the source tells minute by minute, what happens \
            besides, and what the group is to do then and because of which rule. Each story is decided about by the very code that \
            runs the group, on made-up time. The exit status is 1 when something that was expected does not hold.

            Example:
              weir test policies/
              weir test policies/thumbnails.yaml --verbose
            """)

    @Argument(
        help: ArgumentHelp(
            "Policy files, story files, and folders of them; a policy file stands for the stories beside it, and a folder for all in it "
                + "and in the folders below it.",
            valueName: "PATH"))
    var paths: [String]

    @Flag(name: .shortAndLong, help: "A line for each story.")
    var verbose = false

    @Flag(help: "Pictures in ASCII alone. Default: unless the locale is UTF-8.")
    var ascii = false

    @OptionGroup var format: FormatOption

    func run() throws {
        let read = StoryReader(catalogue: Registry.catalogue, loadMistakes: StoryLoads.mistakes).read(paths: paths)
        if format.format == .text, read.hasErrors { throw Failure(kind: .mistake, text: read.text) }
        var reports: [SuiteReport] = []
        var problems: [String] = []
        for suite in read.suites { reports.append(SuiteReport(suite, results(of: suite, &problems))) }
        // A trace may be wrong in a line that is read only then.
        if !problems.isEmpty { throw Failure.mistake(problems.joined(separator: "\n")) }
        switch format.format {
        case .text: Terminal.out(StoryText(isVerbose: verbose, isPlain: isPlain).text(reports, without: read.without))
        case .json: Terminal.out(try json(StoryJSON(reports, read)))
        }
        if read.hasErrors { throw Failure(kind: .mistake, text: "") }
        if reports.contains(where: { !$0.holds }) { throw ExitCode(1) }
    }

    private func results(of suite: StorySuite, _ problems: inout [String]) -> [StoryResult] {
        var results: [StoryResult] = []
        for story in suite.stories {
            do throws(TraceFailure) {
                let untold = Registry.untold(by: suite.policy.source)
                let course = try story.run(suite.policy.group, untold: untold) { load throws(TraceFailure) in
                    try StoryLoads.open(load, of: suite.path)
                }
                results.append(StoryResult(story, course))
            } catch {
                problems.append("\(suite.path):\(story.line): \(StoryLoads.inKeys("\(error)"))")
            }
        }
        return results
    }

    /// As the locale of the environment has it: `LC_ALL`, else `LC_CTYPE`, else `LANG`.
    private var isPlain: Bool {
        if ascii { return true }
        let names: [String] = ["LC_ALL", "LC_CTYPE", "LANG"]
        let words = names.compactMap { name in getenv(name).map { String(cString: $0) } }
        let locale = words.first { !$0.isEmpty } ?? ""
        return !locale.lowercased().contains("utf")
    }
}

/// One file of stories and what came of them.
struct SuiteReport {
    var suite: StorySuite
    var results: [StoryResult]

    init(_ suite: StorySuite, _ results: [StoryResult]) {
        self.suite = suite
        self.results = results
    }

    var failed: Int { results.count { !$0.holds } }
    var holds: Bool { failed == 0 }
}
