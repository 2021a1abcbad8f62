import WeirPolicy

/// How something is imported.
public struct ImportOptions: Sendable {
    /// Which group, as it is called there or here, when several were read; nil: the only one.
    public var group: String?
    /// The queue moves into weir too, with its settings.
    public var movesQueue: Bool
    /// Values of a template's parameters, for those that have no default or shall have another one.
    public var parameters: [String: String]

    public init(group: String? = nil, movesQueue: Bool = false, parameters: [String: String] = [:]) {
        self.group = group
        self.movesQueue = movesQueue
        self.parameters = parameters
    }
}

/// A policy file that was made from what other tools wrote.
public struct ImportedPolicy: Sendable {
    /// The group's name in the policy file.
    public var group: String
    /// The policy file.
    public var text: String
    /// What a person has to know, in the order of the files.
    public var notes: [Note]
    /// What became of each value, for tests.
    var accounts: [Account] = []
}

/// From what AWS, CloudFormation, KEDA and Elastic Beanstalk write to policy files.
public enum PolicyImport {
    /// Reads files in any order, each recognised by what is in it.
    /// - Parameter files: what complaints call each, and its text.
    /// - Returns: one policy for each group, or the one that the options name.
    /// - Throws: what cannot be read, or that there is nothing to carry over.
    public static func read(
        _ files: [(name: String, text: String)], options: ImportOptions = ImportOptions()
    ) throws(ImportMistake) -> [ImportedPolicy] {
        var documents: [Document] = []
        for file in files {
            let found = try DocumentReading.read(file.text, file: file.name)
            guard !found.isEmpty else { throw ImportMistake("\(file.name) is empty") }
            documents += found.flatMap(\.parts)
        }
        return try ImportRun(documents: documents, options: options).policies()
    }
}

extension Document {
    /// Answers that were put together, as `jq -s` does it, and Kubernetes lists, are the documents in them.
    fileprivate var parts: [Document] {
        switch root.content {
        case .list(let items): return items.map { Document(file: file, index: index, root: $0) }
        case .mapping where root["kind"]?.scalarText == "List":
            return (root["items"]?.items ?? []).map { Document(file: file, index: index, root: $0) }
        case .mapping, .nothing, .text, .number, .boolean, .unresolved: return [self]
        }
    }
}
