import WeirCore

/// Reads policy files. One reading tells every mistake of every file.
public struct PolicyReader: Sendable {
    private let root: Section
    private let homes: KeyHomes
    private let now: Instant?

    /// - Parameters:
    ///   - catalogue: the sources and launchers that exist, with their keys.
    ///   - now: what the clock says, for warnings of what is past; nil: none of these.
    public init(catalogue: Catalogue, now: Instant? = nil) {
        self.now = now
        root = PolicyDeclaration.root(catalogue)
        homes = KeyHomes(root: root)
    }

    /// Reads files, and in folders the files that end in `.yaml` or `.yml`, sorted, without going deeper.
    public func read(paths: [String]) -> ReadResult {
        let listing = PolicyFiles.list(paths)
        var texts: [(path: String, text: String)] = []
        var diagnostics = listing.diagnostics
        for path in listing.paths {
            switch PolicyFiles.text(of: path) {
            case .success(let text): texts.append((path, text))
            case .failure(let failure): diagnostics.append(failure.diagnostic)
            }
        }
        return read(texts: texts, diagnostics: diagnostics)
    }

    /// Reads one file whose text is at hand. `path` is what complaints call it.
    public func read(text: String, path: String) -> ReadResult {
        read(texts: [(path, text)], diagnostics: [])
    }

    private func read(texts: [(path: String, text: String)], diagnostics: [Diagnostic]) -> ReadResult {
        var readings: [Reading] = []
        for (path, text) in texts {
            var reading = read(text, path)
            reading.refuseNames(of: readings)
            readings.append(reading)
        }
        let all = diagnostics + readings.flatMap(\.findings.told)
        return ReadResult(
            documents: readings.compactMap { $0.findings.errors == 0 ? $0.document : nil },
            diagnostics: all.sorted(by: Diagnostic.comesBefore))
    }

    private func read(_ text: String, _ path: String) -> Reading {
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        var findings = Findings(source: SourceText(path: path, text: text))
        guard let node = YAMLReading.read(text, findings: &findings) else { return Reading(findings: findings) }
        var reading = SectionReading(homes: homes, findings: findings)
        let values = reading.read(root, from: node, title: nil, span: node.span)
        var checks = CrossChecks(root: values, findings: reading.findings, now: now)
        checks.run()
        return Reading(findings: checks.findings, document: PolicyDocument(path: path, text: text, root: values))
    }
}

/// What came of reading.
public struct ReadResult: Sendable {
    /// The files without an error, in the order in which they were named or sorted.
    public let files: [PolicyFile]
    /// Sorted by file, line and column. Warnings are among them.
    public let diagnostics: [Diagnostic]
    private let documents: [PolicyDocument]

    init(documents: [PolicyDocument], diagnostics: [Diagnostic]) {
        self.documents = documents
        self.files = documents.compactMap(\.file)
        self.diagnostics = diagnostics
    }

    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    /// All complaints as a person sees them; empty when there are none.
    public var text: String { diagnostics.map { $0.text + "\n" }.joined() }

    /// A file of this result as weir understands it: every value, with where it came from. It is a policy file itself,
    /// and reads back to the same values, except that secrets are not shown.
    public func explain(_ file: PolicyFile) -> String {
        documents.first { $0.path == file.path }.map { Explanation(document: $0).text } ?? ""
    }
}

/// One file on its way.
private struct Reading {
    var findings: Findings
    var document: PolicyDocument?

    init(findings: Findings, document: PolicyDocument? = nil) {
        self.findings = findings
        self.document = document
    }

    private var groupName: String? { document?.root.options.text("group") }

    /// Group names are unique in the fleet, also when the files have other mistakes.
    mutating func refuseNames(of others: [Reading]) {
        guard let document, let name = groupName, let first = others.first(where: { $0.groupName == name }) else {
            return
        }
        let line = first.document?.root.place(of: "group").line ?? 1
        findings.error(
            "there is another group '\(name)'", at: document.root.place(of: "group"),
            hint: "first in \(first.findings.source.path):\(line)")
    }
}
