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

    /// Of the terminal that stderr goes to, for lines that tell how far something is.
    static var columnsOfErrors: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : usual.columns
    }

    static let usual = Window(columns: 80, rows: 24)

    /// As `COLUMNS` and `LINES` say, for output that goes to no terminal; else the usual one.
    static var written: Window {
        func number(_ name: String) -> Int? {
            getenv(name).flatMap { Int(String(cString: $0)) }.flatMap { (1...10_000).contains($0) ? $0 : nil }
        }
        return Window(columns: number("COLUMNS") ?? usual.columns, rows: number("LINES") ?? usual.rows)
    }
}
