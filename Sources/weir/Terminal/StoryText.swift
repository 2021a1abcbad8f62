import WeirPolicy
import WeirStories

/// What `weir test` tells people: a line for each file, and of what does not hold all that there is to see.
struct StoryText {
    /// A line for each story.
    let isVerbose: Bool
    let isPlain: Bool

    /// - Parameter without: policies that have no stories.
    func text(_ reports: [SuiteReport], without: [String]) -> String {
        var lines = reports.flatMap(lines)
        let stories = reports.reduce(0) { $0 + $1.results.count }
        let failed = reports.reduce(0) { $0 + $1.failed }
        if reports.count > 1 {
            let all = "\(stories) stories of \(reports.count) policies"
            lines.append(failed == 0 ? "\(all): all hold" : "\(all): \(failed) \(failed == 1 ? "does" : "do") not hold")
        }
        if !without.isEmpty { lines.append("without stories: \(without.joined(separator: ", "))") }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    /// What does not hold stands between blank lines.
    private func lines(_ report: SuiteReport) -> [String] {
        let path = report.suite.path
        let count = report.results.count
        let noun = count == 1 ? "story" : "stories"
        var lines: [String] = []
        lines.append(
            report.holds
                ? "\(path): \(count) \(noun), \(Terminal.paint("all hold", .green))"
                : "\(path): \(count) \(noun), \(Terminal.paint("\(report.failed) not holding", .red))")
        for result in report.results {
            if isVerbose { lines.append("  \(result.holds ? "holds" : "FAILS")  \(result.story.title)") }
            guard !result.holds else { continue }
            if lines.last?.isEmpty == false { lines.append("") }
            lines += [result.text(path: path, isPlain: isPlain), ""]
        }
        return lines
    }
}
