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

    /// The same, only to know which files it is in: what is wrong with them is told when they are read to be used.
    static func look(groupAt path: String) -> ReadResult {
        PolicyReader(catalogue: Registry.catalogue).read(groupAt: path)
    }

    /// The one group of a file or folder, with the limit that it shares.
    /// - Parameter done: what is done with it, as in `exported`.
    static func read(oneGroupAt path: String, toBe done: String) throws(Failure) -> (PolicyFile, ReadResult) {
        let read = try read(groupAt: path)
        guard let file = read.files.first, read.files.count == 1 else {
            let groups = read.files.isEmpty ? "no group" : "\(read.files.count) groups"
            throw .mistake("\(path) has \(groups); one is \(done) at a time: name its file")
        }
        return (file, read)
    }

    private static func told(_ result: ReadResult) throws(Failure) -> ReadResult {
        if result.hasErrors { throw Failure(kind: .mistake, text: result.text) }
        if !result.text.isEmpty { Terminal.error(result.text) }
        return result
    }
}
