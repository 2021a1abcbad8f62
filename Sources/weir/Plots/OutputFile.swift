import Glibc

/// A file that can be written, known before there is anything to write. What was in it stays until then; one that was not there and
/// is never written is not left behind.
final class OutputFile {
    private let path: String
    private let descriptor: Int32
    private let isNew: Bool
    private var isWritten = false

    /// - Throws: `Failure`, when it cannot be written.
    init(_ path: String) throws {
        self.path = path
        let created = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        isNew = created >= 0
        descriptor = isNew ? created : open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if isNew, !isWritten { unlink(path) }
    }

    func write(_ text: String) throws { try write(Array(text.utf8)) }

    func write(_ bytes: [UInt8]) throws {
        isWritten = true
        // Pipes and terminals have no length to cut.
        guard ftruncate(descriptor, 0) == 0 || errno == EINVAL else { throw Self.failure(path) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw Self.failure(path)
            }
        }
    }

    private static func failure(_ path: String) -> Failure {
        .world("cannot write \(path): \(String(cString: strerror(errno)))")
    }
}
