import FoundationEssentials
import Glibc

/// Small files, written whole and atomically: after a crash there is the old content or the new, never half of it.
enum Files {
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// With all the folders above it; nothing when it is there.
    static func makeFolder(_ path: String) throws(StateFailure) {
        if mkdir(path, 0o700) == 0 { return }
        if errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex {
            try makeFolder(String(path[..<slash]))
            if mkdir(path, 0o700) == 0 { return }
        }
        let failure = errno
        var entry = stat()
        if failure == EEXIST, stat(path, &entry) == 0 {
            if entry.st_mode & S_IFMT == S_IFDIR { return }
            throw StateFailure("\(path) is a file, not a folder; move it away")
        }
        throw StateFailure("cannot make the folder \(path): \(String(cString: strerror(failure)))")
    }

    static func read(_ path: String) throws(StateFailure) -> String {
        String(decoding: try readBytes(path), as: UTF8.self)
    }

    static func readBytes(_ path: String) throws(StateFailure) -> Data {
        do {
            return try Data(contentsOf: URL(filePath: path))
        } catch {
            throw StateFailure("cannot read \(path): \(reason())")
        }
    }

    /// The file names in a folder, sorted; none when the folder is not there.
    static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    static func remove(_ path: String) {
        unlink(path)
    }

    static func write(_ text: String, to path: String, mode: mode_t, durably: Bool) throws(StateFailure) {
        try write(Data(text.utf8), to: path, mode: mode, durably: durably)
    }

    /// - Parameter durably: also force it to the disk, so that it survives a loss of power and not just of the process.
    static func write(_ content: Data, to path: String, mode: mode_t, durably: Bool) throws(StateFailure) {
        let temporary = path + ".new"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard file >= 0 else { throw StateFailure("cannot write \(temporary): \(reason())") }
        var failure: String?
        content.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count, failure == nil {
                let count = Glibc.write(file, bytes.baseAddress! + done, bytes.count - done)
                if count > 0 { done += count } else if errno != EINTR { failure = reason() }
            }
        }
        if failure == nil, durably, fsync(file) != 0 { failure = reason() }
        Glibc.close(file)
        if failure == nil, rename(temporary, path) != 0 { failure = reason() }
        if let failure {
            unlink(temporary)
            throw StateFailure("cannot write \(path): \(failure)")
        }
        if durably { syncFolder(of: path) }
    }

    /// A rename is on the disk when its folder is.
    private static func syncFolder(of path: String) {
        guard let slash = path.lastIndex(of: "/") else { return }
        let folder = open(String(path[..<slash]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        Glibc.close(folder)
    }

    static func reason() -> String { String(cString: strerror(errno)) }
}
