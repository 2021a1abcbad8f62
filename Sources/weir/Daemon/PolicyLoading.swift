import WeirBackends
import WeirPolicy

/// Reads policy files for a verb.
enum PolicyLoading {
    /// All groups of these files and folders.
    /// - Throws: `Failure.mistake` with every mistake of every file; warnings alone go to stderr.
    static func load(_ paths: [String]) throws(Failure) -> [PolicyFile] {
        let result = PolicyReader(catalogue: Registry.catalogue).read(paths: paths)
        let text = result.diagnostics.map(\.text).joined(separator: "\n")
        if result.diagnostics.contains(where: \.isError) {
            throw Failure(kind: .mistake, text: text)
        }
        if !text.isEmpty { Terminal.error(text) }
        return result.files
    }
}
