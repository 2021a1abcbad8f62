import Glibc

/// The window that a person looks at.
struct Window {
    /// Unit: characters.
    var columns: Int
    /// Unit: lines.
    var rows: Int

    /// As it is now; nil when results do not go to a terminal.
    static var current: Window? {
        guard Terminal.isInteractive else { return nil }
        var size = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0
        return Window(
            columns: isKnown && size.ws_col > 0 ? Int(size.ws_col) : usual.columns,
            rows: isKnown && size.ws_row > 0 ? Int(size.ws_row) : usual.rows)
    }

    private static let usual = Window(columns: 80, rows: 24)
}
