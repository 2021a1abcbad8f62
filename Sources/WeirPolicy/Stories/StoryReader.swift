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

    /// Reads story files; the stories beside policy files; and in folders all story files, sorted, without going deeper.
    public func read(paths: [String]) -> StoryReadResult {
        var result = StoryReadResult()
        var seen: Set<String> = []
        for path in paths {
            for file in StoryFiles.list(path, &result) where seen.insert(file).inserted { read(file, into: &result) }
        }
        result.without.removeAll { result.told.contains(PolicyFiles.canonical($0)) }
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
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        if exists, isFolder.boolValue { return files(inFolder: path, &result) }
        if !exists || isStories(path) { return [path] }
        let stem = stem(of: path)
        if let found = endings.map({ stem + $0 }).first(where: FileManager.default.fileExists(atPath:)) {
            return [found]
        }
        result.diagnostics.append(
            Diagnostic(
                severity: .error, path: path, place: nil, message: "the policy has no stories",
                hint: "expected \(stem)\(endings[0])"))
        return []
    }

    private static func files(inFolder path: String, _ result: inout StoryReadResult) -> [String] {
        let folder = path.hasSuffix("/") ? String(path.dropLast()) : path
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).filter {
            !$0.hasPrefix(".") && ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml"))
        }.sorted()
        let stories = names.filter(isStories)
        if stories.isEmpty {
            result.diagnostics.append(
                Diagnostic(
                    severity: .error, path: path, place: nil, message: "the folder holds no stories",
                    hint: "expected files named *\(endings[0])"))
        }
        // Until it is read which of them the stories are about.
        result.without += names.filter { !isStories($0) }.map { "\(folder)/\($0)" }
        return stories.map { "\(folder)/\($0)" }
    }

    /// - Parameter name: as the story file has it, if it does.
    static func policy(of path: String, named name: String?) -> String {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let beside = path.contains("/") ? folder + "/" : ""
        if let name { return name.hasPrefix("/") ? name : beside + name }
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
