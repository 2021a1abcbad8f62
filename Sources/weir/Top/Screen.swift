import Glibc

/// The terminal while `weir top` has it: the alternate screen, no cursor, and keys as they are pressed.
final class Screen {
    private let former: termios
    private var shown: [String] = []

    /// - Returns: nil when input or output is no terminal, or one that can only print lines.
    init?() {
        var settings = termios()
        guard getenv("TERM").map({ String(cString: $0) }) != "dumb", isatty(STDIN_FILENO) == 1,
            isatty(STDOUT_FILENO) == 1, tcgetattr(STDIN_FILENO, &settings) == 0
        else { return nil }
        former = settings
    }

    func enter() {
        var settings = former
        cfmakeraw(&settings)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
        Terminal.write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[2J", to: STDOUT_FILENO)
        shown = []
    }

    /// All is as it was before.
    func leave() {
        Terminal.write("\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l", to: STDOUT_FILENO)
        var settings = former
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
    }

    /// After a resize nothing of what is on the screen can be relied on.
    func forget() { shown = [] }

    /// Writes the lines that have changed.
    func draw(_ lines: [StyledLine]) {
        let texts = lines.map { $0.text(coloured: Terminal.hasColour) }
        var output = shown.isEmpty ? "\u{1B}[2J" : ""
        for (row, text) in texts.enumerated() where row >= shown.count || shown[row] != text {
            // Erased before it is written: behind a line that is as long as the window is wide, its last character would go.
            output += "\u{1B}[\(row + 1);1H\u{1B}[2K\(text)"
        }
        shown = texts
        if !output.isEmpty { Terminal.write(output, to: STDOUT_FILENO) }
    }

    /// Stops the process group, as Ctrl-Z does elsewhere, and goes on when it is continued.
    func suspend() {
        leave()
        kill(0, SIGTSTP)
        enter()
    }

    /// What is typed, as it comes; it ends when the terminal does.
    static func input() -> AsyncStream<[UInt8]> {
        let (stream, continuation) = AsyncStream<[UInt8]>.makeStream()
        Thread.detach {
            var buffer = [UInt8](repeating: 0, count: 256)
            while true {
                let count = read(STDIN_FILENO, &buffer, buffer.count)
                if count > 0 {
                    continuation.yield(Array(buffer[..<count]))
                } else if count == 0 || errno != EINTR {
                    break
                }
            }
            continuation.finish()
        }
        return stream
    }
}
