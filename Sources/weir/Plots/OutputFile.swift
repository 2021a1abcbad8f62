import Glibc

/// A file that can be written, known before there is anything to write. What was in it stays until then; one that was not there and
/// is not written, or not to its end, is not left behind.
final class OutputFile {
    private let path: String
    private let descriptor: Int32
    private let isNew: Bool
    private var isBegun = false
    private var isWritten = false

    /// - Throws: when it cannot be written.
    init(_ path: String) throws(Failure) {
        self.path = path
        let created = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        isNew = created >= 0
        descriptor = isNew ? created : open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path, String(cString: strerror(errno))) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if isNew, !isWritten { unlink(path) }
    }

    func write(_ text: String) throws(Failure) { try write(Array(text.utf8)) }

    /// All of it.
    func write(_ bytes: [UInt8]) throws(Failure) {
        if let reason = append(bytes) {
            isWritten = false
            throw Self.failure(path, reason)
        }
    }

    /// Behind what was written before; the first replaces what was in the file.
    /// - Returns: why it cannot be written.
    func append(_ bytes: [UInt8]) -> String? {
        // Pipes and terminals have no length to cut.
        if !isBegun, ftruncate(descriptor, 0) != 0, errno != EINVAL { return String(cString: strerror(errno)) }
        isBegun = true
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                return String(cString: strerror(errno))
            }
        }
        isWritten = true
        return nil
    }

    static func failure(_ path: String, _ reason: String) -> Failure { .world("cannot write \(path): \(reason)") }
}
