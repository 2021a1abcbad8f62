import Glibc

/// Reads files that are files. A pipe without a writer would hold up whoever opens it, and opening a device can do
/// things.
enum RegularFile {
    /// Why there is nothing to read, for people.
    struct Failure: Error, Equatable {
        var message: String
        var hint: String?
    }

    /// The first `limit` bytes.
    static func start(of path: String, limit: Int) throws(Failure) -> [UInt8] {
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure(code: errno, at: path) }
        try refuse(status)
        let file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { throw failure(code: errno, at: path) }
        defer { close(file) }
        // Another file may have taken its place in between.
        guard fstat(file, &status) == 0 else { throw failure(code: errno, at: path) }
        try refuse(status)
        return try bytes(of: file, limit: limit, path)
    }

    private static func bytes(of file: CInt, limit: Int, _ path: String) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < limit {
            var code: CInt = 0
            let part = [UInt8](unsafeUninitializedCapacity: min(limit - bytes.count, partBytes)) { buffer, count in
                let length = read(file, buffer.baseAddress, buffer.count)
                code = length < 0 ? errno : 0
                count = max(length, 0)
            }
            if code == EINTR { continue }
            guard code == 0 else { throw failure(code: code, at: path) }
            if part.isEmpty { break }
            bytes += part
        }
        return bytes
    }

    private static let partBytes = 64 << 10

    // MARK: What may be wrong

    private static func refuse(_ status: stat) throws(Failure) {
        let found: String
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: found = "a folder"
        case S_IFIFO: found = "a pipe"
        case S_IFSOCK: found = "a socket"
        case S_IFCHR, S_IFBLK: found = "a device"
        default: found = "no file"
        }
        throw Failure(message: "this is \(found)", hint: "expected a policy file")
    }

    static func failure(code: CInt, at path: String) -> Failure {
        switch code {
        case ENOENT where isLink(path):
            Failure(message: "the link leads to a file that is not there", hint: "expected a link to a policy file")
        case ENOENT, ENOTDIR:
            Failure(message: "there is no such file or folder")
        case ELOOP:
            Failure(message: "the link leads in a circle", hint: "expected a link to a policy file")
        case EACCES, EPERM:
            Failure(message: "reading the file is not permitted", hint: "expected a file that weir may read")
        default:
            Failure(message: "the file cannot be read: \(String(cString: strerror(code)))")
        }
    }

    private static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }
}
