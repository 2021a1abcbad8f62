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

    @Test("Many different unknown keys are told, up to a number, and then counted")
    func counted() {
        let text = (1...300).map { "key\($0): 1\n" }.joined()
        let result = reader.read(text: text, path: "large.yaml")
        #expect(result.diagnostics.count == 201)
        #expect(result.diagnostics.first?.message == "there are 104 more mistakes")
        #expect(result.files.isEmpty)
    }
}
