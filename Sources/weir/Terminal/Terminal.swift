import Glibc
import Synchronization

/// Where results, logs and colours go. Results are the only thing on stdout.
enum Terminal {
    /// Prints a result.
    static func out(_ text: String) {
        write(text + "\n", to: STDOUT_FILENO)
    }

    /// Prints a mistake or a failure.
    static func error(_ text: String) {
        write(text.hasSuffix("\n") ? text : text + "\n", to: STDERR_FILENO)
    }

    /// Why a result could not be printed; nil when all was. Whoever closed a pipe has what they wanted.
    static var outputFailure: String? {
        let reason = outputError.load(ordering: .relaxed)
        return reason == 0 || reason == EPIPE ? nil : String(cString: strerror(reason))
    }

    static func write(_ text: String, to descriptor: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                bytes = bytes.dropFirst(count)
            } else if errno != EINTR {
                if descriptor == STDOUT_FILENO { outputError.store(errno, ordering: .relaxed) }
                return
            }
        }
    }

    static var isInteractive: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Colour only on a terminal and never with `NO_COLOR`.
    static var hasColour: Bool { isInteractive && getenv("NO_COLOR") == nil }

    enum Colour: String {
        case red = "31"
        case green = "32"
        case yellow = "33"
        case dim = "2"
        case bold = "1"
        case reverse = "7"
    }

    static func paint(_ text: String, _ colour: Colour) -> String {
        hasColour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }
}

/// What the last attempt to print a result failed with; 0: nothing.
private let outputError = Atomic<Int32>(0)
