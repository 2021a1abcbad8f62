/// What is shown again and again in one window: blocks of lines, as many of them as fit.
enum Frame {
    /// Draws over the frame before it, line by line, so that nothing flickers: the screen is cleared for the first only.
    static func draw(_ blocks: [[String]], in window: Window, isFirst: Bool, of noun: String) {
        let lines = fitting(blocks, rows: window.rows, noun: noun)
        let drawn = lines.map { $0 + "\u{1B}[K\n" }.joined()
        Terminal.write((isFirst ? "\u{1B}[2J" : "") + "\u{1B}[H" + drawn + "\u{1B}[J", to: 1)
    }

    /// Whole blocks with an empty line between them. The last line of the window stays free for the cursor.
    static func fitting(_ blocks: [[String]], rows: Int, noun: String) -> [String] {
        let room = max(rows - 1, 2)
        var lines: [String] = []
        for (number, block) in blocks.enumerated() {
            let left = blocks.count - number
            let gap = lines.isEmpty ? 0 : 1
            // Behind every block but the last there has to be room for the line that says what is left out.
            if lines.count + gap + block.count + (left > 1 ? 1 : 0) > room {
                guard !lines.isEmpty else { return cut(block, to: room, andAlso: left - 1, noun) }
                return lines + [more(left, noun)]
            }
            lines += (gap == 0 ? [] : [""]) + block
        }
        return lines
    }

    /// A first block that is larger than the window.
    private static func cut(_ block: [String], to room: Int, andAlso others: Int, _ noun: String) -> [String] {
        let shown = Array(block.prefix(room - 1))
        let hidden = more(block.count - shown.count, "line")
        return shown + [others == 0 ? hidden : "\(hidden) and \(others) more \(noun)\(others == 1 ? "" : "s")"]
    }

    private static func more(_ count: Int, _ noun: String) -> String {
        "… \(count) more \(noun)\(count == 1 ? "" : "s")"
    }
}
