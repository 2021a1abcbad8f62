import Glibc

/// A call of the system that failed.
struct SystemFailure: Error, Equatable, CustomStringConvertible {
    /// What was attempted, as a phrase: `open /var/lib/weir/lock`.
    var attempt: String
    /// The system's number for the cause (`errno`).
    var code: Int32

    init(_ attempt: String, code: Int32) {
        self.attempt = attempt
        self.code = code
    }

    var cause: String { String(cString: strerror(code)) }
    var description: String { "\(attempt): \(cause)" }

    /// The machine is short of something at the moment (processes, descriptors, memory), so that trying again can help.
    var isShortage: Bool {
        [EAGAIN, ENOMEM, EMFILE, ENFILE, EINTR, ENOSPC, EDQUOT].contains(code)
    }
}
