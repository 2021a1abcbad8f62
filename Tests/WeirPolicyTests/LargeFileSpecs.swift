import Testing
import WeirPolicy

/// Files that are as large as they may be, and as bad: reading them ends soon.
@Suite("Large files", .timeLimit(.minutes(1)))
struct LargeFileSpecs {
    private static let mebibyte = 1 << 20

    private func read(_ piece: String) -> ReadResult {
        reader.read(text: String(repeating: piece, count: Self.mebibyte / piece.utf8.count), path: "large.yaml")
    }

    @Test(
        "One file of one megabyte",
        arguments: [
            ("max_size: 5\n", "the same key again and again"),
            ("- a\n", "a list of very many"),
            ("a: {}\na: {}\n", "short keys that are all the same"),
            ("[", "nothing but the beginning of lists"),
            ("  [\n", "the same on many lines"),
            ("a,", "one line"),
            ("? ", "complex keys"),
            ("\"", "quotes"),
            ("# comment\n", "nothing but comments"),
            ("&a *a ", "anchors and aliases"),
        ])
    func ends(_ piece: String, _ what: String) {
        let result = read(piece)
        #expect(result.hasErrors, "\(what)")
        #expect(result.diagnostics.count <= 201)
    }

    @Test(
        "One file of as many entries as there may be",
        arguments: [
            ("max_size: 5\n", "the same key again and again"), ("a: {}\n", "a short key"), ("- a\n", "a list"),
        ])
    func most(_ piece: String, _ what: String) {
        let result = reader.read(text: String(repeating: piece, count: 10_000), path: "large.yaml")
        #expect(result.hasErrors, "\(what)")
        #expect(result.diagnostics.count <= 201)
    }

    /// `%` stands for a number. Each file is read several times: linear work ends in seconds, and quadratic work passes
    /// the time limit, also where the machine is fast.
    @Test(
        "As many different names as there may be",
        arguments: [
            ("", "key%: 1", "unknown keys of the file"),
            ("workers:\n docker:\n  environment:\n", "   NAME%: value", "variables"),
            ("workers:\n docker:\n  environment:\n", "   \"NAME=%\": value", "variables with wrong names"),
            ("workers:\n process:\n  command:\n", "   - argument%", "items of a list"),
            ("metrics:\n", " metric%: visibl", "metrics"),
            ("alarms:\n", " alarm%: {}", "alarms"),
            ("scaling_policies:\n", " policy%: { alarm: none }", "scaling policies"),
        ])
    func linear(_ head: String, _ line: String, _ what: String) {
        let text = head + (1...9_500).map { line.replacing("%", with: String($0)) + "\n" }.joined()
        for _ in 1...6 { #expect(reader.read(text: text, path: "large.yaml").hasErrors, "\(what)") }
    }

    @Test("Many values on lines that are as long as they may be")
    func longLines() {
        let lines = (1...9).map { line in (1...1_000).map { "N\(line)-\($0): a, " }.joined() + "\n" }
        let text = "workers: { docker: { environment: {\n" + lines.joined() + "}}}\n"
        for _ in 1...4 { #expect(reader.read(text: text, path: "large.yaml").hasErrors) }
    }

    @Test(
        "Where a file is too large to find every duplicate, those that were found are told, and that there may be more")
    func duplicates() {
        let pairs = "abcdefgh".map { "\($0): { x: 1, x: 2 }\n" }.joined()
        let result = reader.read(text: pairs + String(repeating: "- a\n", count: 9_000), path: "large.yaml")
        let all = reader.read(
            text: pairs + "b: [\n" + String(repeating: "1,\n", count: 4_500) + "]\n", path: "large.yaml")
        for diagnostics in [result.diagnostics, all.diagnostics] {
            let twice = diagnostics.filter { $0.message == "key 'x' is written twice" }
            #expect(twice.map(\.place?.line) == [1, 2, 3, 4, 5])
            #expect(twice.last?.hint == "it stands again further down; nothing else was checked")
        }
    }

    @Test("Many different unknown keys are told, up to a number, and then counted")
    func counted() {
        let text = (1...300).map { "key\($0): 1\n" }.joined()
        let result = reader.read(text: text, path: "large.yaml")
        #expect(result.diagnostics.count == 201)
        #expect(result.diagnostics.first?.message == "there are 104 more mistakes")
        #expect(result.files.isEmpty)
    }
}
