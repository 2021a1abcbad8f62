import WeirCore

/// Reads policy files. One reading tells every mistake of every file.
public struct PolicyReader: Sendable {
    private let root: Section
    private let homes: KeyHomes
    private let now: Instant?
    private let fleetHomes = KeyHomes(root: FleetSection.file)

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
            if StoryFiles.isStories(path) {
                diagnostics.append(StoryFiles.notAPolicy(path))
                continue
            }
            switch PolicyFiles.text(of: path) {
            case .success(let text): texts.append((path, text))
            case .failure(let failure): diagnostics.append(failure.diagnostic)
            }
        }
        return read(texts: texts, diagnostics: diagnostics)
    }

    /// Reads the file of one group. The limit that it shares with others is looked for in the files beside it.
    public func read(groupAt path: String) -> ReadResult {
        guard case .success(let text) = PolicyFiles.text(of: path),
            let fleet = read(text, path).joinedFleet?.options.text("name")
        else { return read(paths: [path]) }
        let beside = PolicyFiles.beside(path).first { other in
            guard case .success(let text) = PolicyFiles.text(of: other) else { return false }
            return read(text, other).fleetName == fleet
        }
        guard let beside else { return read(texts: [(path, text)], diagnostics: [], fleetsAre: "beside it") }
        return read(paths: [path, beside])
    }

    /// Reads one file whose text is at hand. `path` is what complaints call it.
    public func read(text: String, path: String) -> ReadResult {
        read(texts: [(path, text)], diagnostics: [])
    }

    /// Reads several files whose texts are at hand.
    public func read(texts: [(path: String, text: String)]) -> ReadResult {
        read(texts: texts, diagnostics: [])
    }

    /// Reads again what was read before and was right then: rules that span files are left out, as the files beside it may be
    /// others now.
    public func read(former text: String, path: String) -> ReadResult {
        ReadResult(of: [read(text, path)], diagnostics: [])
    }

    /// - Parameter fleetsAre: where fleets are looked for.
    private func read(
        texts: [(path: String, text: String)], diagnostics: [Diagnostic], fleetsAre: String = "among the paths"
    ) -> ReadResult {
        var readings: [FileReading] = []
        for (path, text) in texts {
            var reading = read(text, path)
            reading.refuseNames(of: readings)
            readings.append(reading)
        }
        var checks = FleetChecks(readings, fleetsAre: fleetsAre)
        checks.run()
        return ReadResult(of: checks.readings, diagnostics: diagnostics)
    }

    private func read(_ text: String, _ path: String) -> FileReading {
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        var findings = Findings(source: SourceText(path: path, text: text))
        guard let node = YAMLReading.read(text, findings: &findings) else { return FileReading(findings: findings) }
        let declaresFleet = FleetSection.declares(node)
        var reading = SectionReading(homes: declaresFleet ? fleetHomes : homes, findings: findings)
        let values = reading.read(
            declaresFleet ? FleetSection.file : root, from: node, title: nil, span: node.span)
        let document = PolicyDocument(path: path, text: text, root: values, declaresFleet: declaresFleet)
        if declaresFleet { return FileReading(findings: reading.findings, document: document) }
        var checks = CrossChecks(root: values, findings: reading.findings, now: now)
        checks.run()
        return FileReading(findings: checks.findings, document: document)
    }
}

/// What came of reading.
public struct ReadResult: Sendable {
    /// The files without an error, in the order in which they were named or sorted.
    public let files: [PolicyFile]
    /// Limits that groups share, likewise.
    public let fleets: [FleetFile]
    /// Sorted by file, line and column. Warnings are among them.
    public let diagnostics: [Diagnostic]
    private let documents: [PolicyDocument]

    init(of readings: [FileReading], diagnostics: [Diagnostic]) {
        documents = readings.compactMap { $0.findings.errors == 0 ? $0.document : nil }
        files = documents.compactMap(\.file)
        fleets = documents.compactMap(\.fleet)
        self.diagnostics = (diagnostics + readings.flatMap(\.findings.told)).sorted(by: Diagnostic.comesBefore)
    }

    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    /// Of all these files.
    public var paths: [String] { files.map(\.path) + fleets.map(\.path) }

    /// All complaints as a person sees them; empty when there are none.
    public var text: String { diagnostics.map { $0.text + "\n" }.joined() }

    /// A file of this result as weir understands it: every value, with where it came from. It is a policy file itself,
    /// and reads back to the same values, except that secrets are not shown.
    public func explain(_ file: PolicyFile) -> String { explain(path: file.path) }

    public func explain(_ fleet: FleetFile) -> String { explain(path: fleet.path) }

    func document(of file: PolicyFile) -> PolicyDocument? { documents.first { $0.path == file.path } }

    private func explain(path: String) -> String {
        documents.first { $0.path == path }.map { Explanation(document: $0).text } ?? ""
    }
}
