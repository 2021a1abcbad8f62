import Foundation
import WeirCore

/// Reads story files, each with the policy that it is about. One reading tells every mistake of every file.
public struct StoryReader: Sendable {
    private let policies: PolicyReader
    private let homes = KeyHomes(root: StorySection.file)
    private let loadMistakes: LoadCheck

    /// What is wrong with the load of the story file at this path.
    public typealias LoadCheck = @Sendable (_ load: StoryLoad, _ path: String) -> [StoryLoad.Mistake]

    /// - Parameters:
    ///   - catalogue: the sources and launchers that a policy may name.
    ///   - loadMistakes: default: loads are looked at when they are opened.
    public init(catalogue: Catalogue, loadMistakes: @escaping LoadCheck = { _, _ in [] }) {
        policies = PolicyReader(catalogue: catalogue)
        self.loadMistakes = loadMistakes
    }

    /// Reads story files; the stories beside policy files; and in folders, and the folders below them, all story files, sorted.
    public func read(paths: [String]) -> StoryReadResult {
        var result = StoryReadResult()
        var seen: Set<String> = []
        for path in paths {
            for file in StoryFiles.list(path, &result) where seen.insert(StoryFiles.place(of: file)).inserted {
                read(file, into: &result)
            }
        }
        var told = result.told
        result.without.removeAll { path in
            !told.insert(PolicyFiles.canonical(path)).inserted || !StoryFiles.isPolicy(path)
        }
        result.diagnostics.sort(by: Diagnostic.comesBefore)
        return result
    }

    private func read(_ path: String, into result: inout StoryReadResult) {
        switch PolicyFiles.text(of: path) {
        case .failure(let failure):
            result.diagnostics.append(failure.diagnostic)
            result.told.insert(PolicyFiles.canonical(StoryFiles.policy(of: path, named: nil)))
        case .success(let text):
            read(text: text, path: path, into: &result) { PolicyFiles.text(of: $0) }
        }
    }

    /// Reads one story file whose text is at hand, about a policy whose text is at hand.
    public func read(text: String, path: String, policyText: String) -> StoryReadResult {
        var result = StoryReadResult()
        read(text: text, path: path, into: &result) { _ in .success(policyText) }
        return result
    }

    private func read(
        text: String, path: String, into result: inout StoryReadResult,
        policyText: (String) -> Result<String, PolicyFiles.Failure>
    ) {
        var findings = Findings(source: SourceText(path: path, text: text))
        defer { result.diagnostics += findings.told }
        guard let node = YAMLReading.read(text, first: "stories", findings: &findings) else {
            result.told.insert(PolicyFiles.canonical(StoryFiles.policy(of: path, named: nil)))
            return
        }
        var reading = SectionReading(homes: homes, findings: findings)
        let root = reading.read(StorySection.file, from: node, title: nil, span: node.span)
        findings = reading.findings
        let policyPath = StoryFiles.policy(of: path, named: root.options.text("policy"))
        result.told.insert(PolicyFiles.canonical(policyPath))
        let policy: PolicyFile
        switch policyText(policyPath) {
        case .failure(let failure):
            findings.error(
                "the policy cannot be read: \(failure.diagnostic.path): \(failure.diagnostic.message)",
                at: root.place(of: "policy"), hint: "expected 'policy:' with the name of a file beside this one")
            return
        case .success(let text):
            // Alone: what it shares with the files beside it is none of its stories' business.
            let read = policies.read(former: text, path: policyPath)
            result.diagnostics += read.diagnostics.filter { $0.severity == .error }
            guard let file = read.files.first else { return }
            policy = file
        }
        var values = StoryValues(policy: policy.group, findings: findings)
        values.loadMistakes = { loadMistakes($0, path) }
        let stories = values.stories(root)
        findings = values.findings
        if findings.errors == 0 { result.suites.append(StorySuite(path: path, policy: policy, stories: stories)) }
    }
}

/// What came of reading.
public struct StoryReadResult: Sendable {
    /// The files without an error, in the order in which they were named or sorted.
    public internal(set) var suites: [StorySuite] = []
    /// Policies in the folders that were named that have no stories.
    public internal(set) var without: [String] = []
    /// Policies that story files are about.
    var told: Set<String> = []
    /// Sorted by file, line and column.
    public internal(set) var diagnostics: [Diagnostic] = []

    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    /// All complaints as a person sees them; empty when there are none.
    public var text: String { diagnostics.map { $0.text + "\n" }.joined() }
}

/// Where stories are: `thumbnails.stories.yaml` beside `thumbnails.yaml`, either of them with `.yml` as well.
enum StoryFiles {
    private static let endings = [".stories.yaml", ".stories.yml"]
    private static let policyEndings = [".yaml", ".yml"]

    static func isStories(_ path: String) -> Bool { endings.contains(where: path.hasSuffix) }

    /// The complaint about a story file where a policy is read.
    static func notAPolicy(_ path: String) -> Diagnostic {
        Diagnostic(
            severity: .error, path: path, place: nil, message: "these are stories of a policy, and no policy",
            hint: "weir test reads them")
    }

    /// The story files that a path stands for; what is wrong with it goes into the result.
    static func list(_ path: String, _ result: inout StoryReadResult) -> [String] {
        if PolicyFiles.isFolder(path) { return files(below: path, &result) }
        if isStories(path) || !FileManager.default.fileExists(atPath: path) { return [path] }
        let stem = stem(of: path)
        if let found = endings.map({ stem + $0 }).first(where: FileManager.default.fileExists(atPath:)) {
            return [found]
        }
        let (message, hint) =
            isPolicy(path)
            ? ("the policy has no stories", "expected \(stem)\(endings[0])")
            : ("only policies of groups have stories", "expected the policy file of a group, or a story file")
        result.diagnostics.append(Diagnostic(severity: .error, path: path, place: nil, message: message, hint: hint))
        return []
    }

    private static func files(below path: String, _ result: inout StoryReadResult) -> [String] {
        var tree = FolderTree()
        let files = tree.files(below: path, endingIn: policyEndings)
        result.diagnostics += tree.diagnostics
        let stories = files.filter(isStories)
        if stories.isEmpty, tree.diagnostics.isEmpty {
            result.diagnostics.append(
                Diagnostic(
                    severity: .error, path: path, place: nil, message: "the folder holds no stories",
                    hint: "expected files named *\(endings[0]), in it or in a folder below it"))
        }
        // Until it is read which of them the stories are about.
        result.without += files.filter { !isStories($0) }
        return stories
    }

    /// Whether there could be stories of it: it is the file of a group, as far as it can be read, and not that of a fleet, nor
    /// another program's.
    static func isPolicy(_ path: String) -> Bool {
        guard case .success(let text) = PolicyFiles.text(of: path) else { return true }
        var findings = Findings(source: SourceText(path: path, text: text))
        guard let node = YAMLReading.read(text, findings: &findings) else { return true }
        guard case .mapping(let entries) = node.content else { return false }
        return entries.contains { ["group", "queue", "workers"].contains($0.key) }
    }

    /// One name for a story file, however its folder is written. A link keeps its own, as it says which policy it is about.
    static func place(of path: String) -> String {
        let beside = beside(path)
        return PolicyFiles.canonical(beside.isEmpty ? "." : beside) + "/" + path.dropFirst(beside.count)
    }

    /// What stands before the name of a file in the same folder.
    private static func beside(_ path: String) -> String {
        path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    }

    /// - Parameter name: as the story file has it, if it does.
    static func policy(of path: String, named name: String?) -> String {
        if let name { return name.hasPrefix("/") ? name : beside(path) + name }
        let likely = policyEndings.map { stem(of: path) + $0 }
        return likely.first(where: FileManager.default.fileExists(atPath:)) ?? likely[0]
    }

    private static func stem(of path: String) -> String {
        for ending in endings + policyEndings where path.hasSuffix(ending) {
            return String(path.dropLast(ending.count))
        }
        return path
    }
}
