import Glibc

/// A line that is written again and again, on a terminal only.
final class ProgressDisplay {
    private let isShown = isatty(STDERR_FILENO) == 1
    private let began = ContinuousClock.now
    private var nextLook: ContinuousClock.Instant
    private var hasDrawn = false

    private static let pause: Duration = .milliseconds(100)
    /// Short work shows nothing.
    static let usualPatience: Duration = .milliseconds(500)

    /// - Parameter patience: nothing is shown before.
    init(patience: Duration) {
        nextLook = began + patience
    }

    /// - Parameter line: is asked for when it is to be written, with what has passed since the beginning.
    func show(_ line: (_ elapsed: Duration) -> String) {
        guard isShown else { return }
        let now = ContinuousClock.now
        guard now >= nextLook else { return }
        nextLook = now + Self.pause
        hasDrawn = true
        Terminal.write("\r\(line(now - began))\u{1B}[K", to: STDERR_FILENO)
    }

    /// The line is gone, so that the report stands where it stood.
    func clear() {
        if hasDrawn { Terminal.write("\r\u{1B}[K", to: STDERR_FILENO) }
        hasDrawn = false
    }
}
