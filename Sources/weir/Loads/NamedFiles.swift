import Glibc

/// The files of one command, so that none is written over another.
struct NamedFiles {
    struct Named {
        var option: String
        var path: String
    }

    /// What is read, and stays as it is.
    private var read: [Named] = []
    private var written: [Named] = []

    static func areOne(_ path: String, _ other: String) -> Bool {
        FileIdentity(path).map { $0 == FileIdentity(other) } ?? false
    }

    /// A file, which is there as often as somebody looks; not the standard input, nor a pipe.
    static func canBeReadAgain(_ path: String) -> Bool { path != "-" && FileIdentity(path) != nil }

    mutating func reads(_ option: String, _ paths: [String]) {
        read += paths.map { Named(option: option, path: $0) }
    }

    mutating func writes(_ option: String, _ path: String?) {
        if let path { written.append(Named(option: option, path: path)) }
    }

    /// - Throws: for two names of one file of which one is written.
    func check() throws(Failure) {
        for (place, output) in written.enumerated() {
            guard let identity = FileIdentity(output.path) else { continue }
            if let lost = read.first(where: { FileIdentity($0.path) == identity }) {
                throw .mistake("\(output.option) \(output.path) would be written over \(lost.text): name another file")
            }
            if let other = written[..<place].first(where: { FileIdentity($0.path) == identity }) {
                throw .mistake("\(other.text) and \(output.text) are one file: name two")
            }
        }
    }
}

extension NamedFiles.Named {
    fileprivate var text: String { option.isEmpty ? path : "\(option) \(path)" }
}

/// Which file a path means, whatever it is called.
private struct FileIdentity: Equatable {
    private var device: dev_t
    private var node: ino_t
    /// Of one that is not there yet, within its folder.
    private var name: String?

    /// Nil for what holds nothing that could be lost, such as /dev/null, and where nothing can be.
    init?(_ path: String) {
        var entry = stat()
        if stat(path, &entry) == 0 {
            guard entry.st_mode & S_IFMT == S_IFREG else { return nil }
            (device, node) = (entry.st_dev, entry.st_ino)
            return
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let folder = parts.dropLast().joined(separator: "/")
        guard let last = parts.last, stat(parts.count == 1 ? "." : folder + "/", &entry) == 0 else { return nil }
        (device, node, name) = (entry.st_dev, entry.st_ino, String(last))
    }
}
