import Glibc

/// An open file, closed when the last holder lets go of it. Programs started by weir never inherit it unless it is
/// handed to them by number.
final class Descriptor: Sendable {
    let number: Int32

    init(owning number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// - Parameter flags: of `open(2)`; `O_CLOEXEC` is added.
    static func open(
        _ path: String, _ flags: Int32, mode: mode_t = FileMode.privateFile
    ) throws(SystemFailure) -> Descriptor {
        let number = Glibc.open(path, flags | O_CLOEXEC, mode)
        guard number >= 0 else { throw SystemFailure("open \(path)", code: errno) }
        return Descriptor(owning: number)
    }

    /// A pipe whose reading end does not block.
    static func pipe() throws(SystemFailure) -> (reading: Descriptor, writing: Descriptor) {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { throw SystemFailure("make a pipe", code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        return (Descriptor(owning: ends[0]), Descriptor(owning: ends[1]))
    }

    /// The same open file under a number of at least `lowest`.
    func duplicate(atLeast lowest: Int32) throws(SystemFailure) -> Descriptor {
        let number = fcntl(number, F_DUPFD_CLOEXEC, lowest)
        guard number >= 0 else { throw SystemFailure("duplicate a descriptor", code: errno) }
        return Descriptor(owning: number)
    }

    /// Reads up to `count` bytes from where it stands; empty at the end of the file.
    func read(upTo count: Int) throws(SystemFailure) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let got = Glibc.read(number, buffer.baseAddress, count)
            if got < 0 { failure = errno }
            filled = max(got, 0)
        }
        guard failure == 0 else { throw SystemFailure("read", code: failure) }
        return bytes
    }

    func write(_ bytes: some Sequence<UInt8>) throws(SystemFailure) {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
            guard written >= 0 || errno == EINTR else { throw SystemFailure("write", code: errno) }
            rest = rest.dropFirst(max(written, 0))
        }
    }
}

/// Who may read what weir writes: nobody but its own user.
enum FileMode {
    static let privateFile: mode_t = 0o600
    static let privateFolder: mode_t = 0o700
}
