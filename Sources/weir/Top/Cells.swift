/// How much room text takes in a terminal. Unit: columns.
extension String {
    var cells: Int { reduce(0) { $0 + $1.cells } }

    /// At most so many columns of it; what is cut ends with an ellipsis. A character that takes two columns is never halved.
    func cut(toCells columns: Int) -> String {
        guard cells > columns else { return self }
        guard columns > 0 else { return "" }
        var kept = ""
        var used = 0
        for character in self {
            guard used + character.cells <= columns - 1 else { break }
            kept.append(character)
            used += character.cells
        }
        return kept + "…"
    }

    /// Without what a terminal would obey: a worker's last words are shown, and may hold anything.
    var harmless: String {
        guard unicodeScalars.contains(where: { !$0.isPlain }) else { return self }
        return String(compactMap { $0.unicodeScalars.first?.isPlain == true ? $0 : $0.isWhitespace ? " " : nil })
    }
}

extension Character {
    /// 0 for what is drawn onto the character before it, 2 for those of East Asian scripts and emoji, else 1.
    var cells: Int {
        guard let first = unicodeScalars.first else { return 0 }
        if first.value < 0x300 { return 1 }
        if unicodeScalars.contains("\u{FE0F}") { return 2 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return first.isWide ? 2 : 1
        }
    }
}

extension Unicode.Scalar {
    /// Neither a control character nor one that turns the direction of writing.
    fileprivate var isPlain: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate: false
        case .format: value == 0x200D
        default: true
        }
    }

    /// Source: Unicode, East Asian Width, wide and fullwidth.
    fileprivate var isWide: Bool {
        if properties.isEmojiPresentation { return true }
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x20000...0x3FFFD:
            return true
        default: return false
        }
    }
}
