import WeirBackends
import WeirPolicy
import WeirRuntime

/// Reads policy files for a verb.
enum PolicyLoading {
    /// All groups of these files and folders, and the limits that they share.
    /// - Throws: `Failure.mistake` with every mistake of every file; warnings alone go to stderr.
    static func read(_ paths: [String]) throws(Failure) -> ReadResult {
        try told(PolicyReader(catalogue: Registry.catalogue, now: SystemTime().now()).read(paths: paths))
    }

    /// One group, with the limit that it shares with others when that is declared beside it.
    static func read(groupAt path: String) throws(Failure) -> ReadResult {
        try told(PolicyReader(catalogue: Registry.catalogue, now: SystemTime().now()).read(groupAt: path))
    }

    private static func told(_ result: ReadResult) throws(Failure) -> ReadResult {
        if result.hasErrors { throw Failure(kind: .mistake, text: result.text) }
        if !result.text.isEmpty { Terminal.error(result.text) }
        return result
    }
}
