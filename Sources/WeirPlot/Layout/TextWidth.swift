/// How wide a text is, so that labels do not lie over each other: the widths of DejaVu Sans, which is wider than most.
enum TextWidth {
    static func of(_ text: String, size: Double, isBold: Bool = false) -> Double {
        let units = text.unicodeScalars.reduce(0.0) { $0 + width($1) }
        return units * size * (isBold ? 1.1 : 1)
    }

    /// The text, or as much of its beginning as is not wider, and an ellipsis.
    static func cut(_ text: String, size: Double, isBold: Bool = false, to room: Double) -> String {
        guard of(text, size: size, isBold: isBold) > room else { return text }
        var shorter = text
        while !shorter.isEmpty, of(shorter + "…", size: size, isBold: isBold) > room { shorter.removeLast() }
        return shorter + "…"
    }

    /// Lines of whole words, none wider than `room` unless a single word is.
    static func wrapped(_ text: String, size: Double, to room: Double) -> [String] {
        var lines: [String] = []
        for word in text.split(separator: " ") {
            if let last = lines.last, of("\(last) \(word)", size: size) <= room {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(cut(String(word), size: size, to: room))
            }
        }
        return lines
    }

    /// Unit: of the font's size.
    private static func width(_ character: Unicode.Scalar) -> Double {
        switch character {
        case "i", "j", "l", "'", "|": 0.28
        case " ", ".", ",", ":", ";", "I", "!", "f", "t", "r", "(", ")", "/", "-": 0.38
        case "m", "M", "W", "w", "@", "%", "…": 0.98
        case "A"..."Z": 0.7
        case "a"..."z", "0"..."9": 0.62
        default: character.value < 0x2000 ? 0.65 : 1
        }
    }
}
