import WeirBackends
import WeirPolicy
import WeirRuntime

/// Reads policy files for a verb.
enum PolicyLoading {
    /// All groups of these files and folders, and the limits that they share.
    /// - Throws: `Failure.mistake` with every mistake of every file; warnings alone go to stderr.
    static func read(_ paths: [String]) throws(Failure) -> ReadResult {
        let result = PolicyReader(catalogue: Registry.catalogue, now: SystemTime().now()).read(paths: paths)
        if result.hasErrors { throw Failure(kind: .mistake, text: result.text) }
        if !result.text.isEmpty { Terminal.error(result.text) }
        return result
    }
}
